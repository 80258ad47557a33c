/* SPDX-License-Identifier: MPL-2.0 */
// A bounded queue without locks, after Dmitry Vyukov's bounded queue: many threads push, one at a time
// pops. A cell's turn tells whose it is: at the position it is free for that push, one later it is full.
//
// Nobody waits for a lock. A thread that is stopped between claiming a cell and filling it holds up the
// pops at that cell, and nobody's pushes before the queue is full.
#pragma once

#include <atomic>
#include <bit>
#include <cstddef>
#include <memory>
#include <optional>
#include <utility>

namespace models {

template <typename Value>
class RequestQueue {
public:
    // The next power of two is taken.
    explicit RequestQueue(std::size_t capacity)
        : mask_(std::bit_ceil(capacity) - 1), cells_(std::make_unique<Cell[]>(mask_ + 1))
    {
        for (std::size_t position = 0; position <= mask_; position++)
            cells_[position].turn.store(position, std::memory_order_relaxed);
    }

    // False, and the value is as it was, when there is no room.
    bool push(Value&& value)
    {
        auto position = tail_.load(std::memory_order_relaxed);
        for (;;) {
            Cell& cell = cells_[position & mask_];
            // Pairs with the release in pop(): the cell's last value is out.
            const auto turn = cell.turn.load(std::memory_order_acquire);
            if (turn == position) {
                if (tail_.compare_exchange_weak(position, position + 1, std::memory_order_relaxed)) {
                    cell.value = std::move(value);
                    // Pairs with the acquire in pop(): publishes the value.
                    cell.turn.store(position + 1, std::memory_order_release);
                    return true;
                }
            } else if (static_cast<std::ptrdiff_t>(turn - position) < 0) {
                return false;
            } else {
                position = tail_.load(std::memory_order_relaxed);
            }
        }
    }

    // One caller at a time.
    std::optional<Value> pop()
    {
        Cell& cell = cells_[head_ & mask_];
        // Pairs with the release in push().
        if (cell.turn.load(std::memory_order_acquire) != head_ + 1)
            return {};
        std::optional value(std::move(cell.value));
        // Pairs with the acquire in push(): free for the push one round later.
        cell.turn.store(head_ + mask_ + 1, std::memory_order_release);
        head_++;
        return value;
    }

private:
    // Neighbours do not share a cache line: they belong to different threads.
    static constexpr std::size_t cacheLine = 64;

    struct alignas(cacheLine) Cell {
        std::atomic<std::size_t> turn;
        Value value{};
    };

    const std::size_t mask_;
    const std::unique_ptr<Cell[]> cells_;
    alignas(cacheLine) std::atomic<std::size_t> tail_ = 0;
    alignas(cacheLine) std::size_t head_ = 0;
};

} // namespace models

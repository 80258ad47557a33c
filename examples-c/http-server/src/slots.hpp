// The connections of one worker, made once. Nothing is allocated when a connection comes.
#pragma once

#include "connection.hpp"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

namespace eventcore {

class Slots {
public:
    explicit Slots(std::size_t count);

    // None when all are in use.
    std::optional<std::uint32_t> acquire();
    void release(std::uint32_t slot);

    Connection& operator[](std::uint32_t slot) { return connections_[slot]; }
    std::size_t in_use() const { return in_use_.load(std::memory_order_acquire); }
    // No slot from here on was ever used.
    std::uint32_t used_end() const { return used_end_.load(std::memory_order_relaxed); }

private:
    std::unique_ptr<Connection[]> connections_;
    std::mutex mutex_;
    std::vector<std::uint32_t> free_;
    std::atomic<std::size_t> in_use_{0};
    std::atomic<std::uint32_t> used_end_{0};
};

}  // namespace eventcore

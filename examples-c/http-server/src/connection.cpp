#include "connection.hpp"

#include "log.hpp"

#include <cassert>

namespace eventcore {
namespace {

const char* name_of(Connection::State state)
{
    switch (state) {
    case Connection::State::connecting: return "connecting";
    case Connection::State::connected: return "connected";
    case Connection::State::disconnecting: return "disconnecting";
    case Connection::State::disconnected: return "disconnected";
    }
    return "?";
}

[[maybe_unused]] bool may_follow(Connection::State now, Connection::State next)
{
    using enum Connection::State;
    switch (next) {
    case connecting: return now == disconnected;
    case connected: return now == connecting;
    case disconnecting: return now == connected;
    case disconnected: return now != disconnected;
    }
    return false;
}

}  // namespace

std::uint32_t Ownership::begin()
{
    const auto word = word_.load(std::memory_order_relaxed);
    assert(state_of(word) == free);
    const auto generation = static_cast<std::uint32_t>((word >> 2) + 1);
    word_.store(with(std::uint64_t{generation} << 2, busy), std::memory_order_relaxed);
    return generation;
}

Ownership::Taken Ownership::take(std::uint32_t of)
{
    auto word = word_.load(std::memory_order_relaxed);
    for (;;) {
        const State state = state_of(word);
        if (static_cast<std::uint32_t>(word >> 2) != of || state == free) {
            return Taken::stale;
        }
        if (state == busy_again) {
            return Taken::later;
        }
        const State next = state == parked ? busy : busy_again;
        if (word_.compare_exchange_weak(word, with(word, next), std::memory_order_acquire,
                                        std::memory_order_relaxed)) {
            return state == parked ? Taken::yes : Taken::later;
        }
    }
}

bool Ownership::take_parked()
{
    auto word = word_.load(std::memory_order_relaxed);
    return state_of(word) == parked &&
           word_.compare_exchange_strong(word, with(word, busy), std::memory_order_acquire,
                                         std::memory_order_relaxed);
}

bool Ownership::park()
{
    auto word = with(word_.load(std::memory_order_relaxed), busy);
    // Releases to whoever takes it next.
    if (word_.compare_exchange_strong(word, with(word, parked), std::memory_order_release,
                                      std::memory_order_relaxed)) {
        return true;
    }
    word_.store(with(word, busy), std::memory_order_relaxed);
    return false;
}

void Ownership::end()
{
    const auto word = word_.load(std::memory_order_relaxed);
    word_.store(with(word, free), std::memory_order_relaxed);
}

std::uint32_t Ownership::generation() const
{
    return static_cast<std::uint32_t>(word_.load(std::memory_order_relaxed) >> 2);
}

bool Ownership::is_parked() const
{
    // Acquires the deadline that was set before it was parked.
    return state_of(word_.load(std::memory_order_acquire)) == parked;
}

void Connection::become(State next)
{
    assert(may_follow(state_, next));
    DLT_LOG(log::connection, DLT_LOG_DEBUG, DLT_STRING("connection"), DLT_UINT32(number),
            DLT_STRING(name_of(state_)), DLT_STRING("->"), DLT_STRING(name_of(next)));
    state_ = next;
}

}  // namespace eventcore

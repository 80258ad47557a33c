// One connection: who may touch it, what state it is in, and until when it may wait.
#pragma once

#include "exchange.hpp"

#include <atomic>
#include <cstdint>
#include <memory>

namespace eventcore {

// A slot is used by one connection after another; the generation tells an event of the present one
// from an event of an earlier one, whose descriptor may have had the same number.
//
// free -> busy -> parked <-> busy -> free. Parked, it waits in epoll and nobody may touch it; whoever
// makes it busy owns it: an event, or a timeout, never both. An event that finds it busy leaves
// busy_again behind, and the owner looks again instead of parking.
class Ownership {
public:
    enum class Taken { yes, later, stale };

    // By the acceptor, of a free slot; the next generation begins.
    std::uint32_t begin();
    // By an event of that generation.
    Taken take(std::uint32_t generation);
    // By a timeout: only what is parked.
    bool take_parked();
    // By its owner; false when there was an event meanwhile, and it goes on owning it.
    bool park();
    // By its owner.
    void end();

    std::uint32_t generation() const;
    bool is_parked() const;

private:
    enum State : std::uint64_t { free, busy, busy_again, parked };
    static constexpr std::uint64_t with(std::uint64_t word, State state)
    {
        return (word & ~std::uint64_t{3}) | state;
    }
    static constexpr State state_of(std::uint64_t word) { return static_cast<State>(word & 3); }

    // Generation above, state in the two lowest bits. Taking acquires what parking has released: all
    // that the last owner did to the connection.
    std::atomic<std::uint64_t> word_{free};
};

class Connection {
public:
    enum class State : std::uint8_t { connecting, connected, disconnecting, disconnected };

    Ownership ownership;
    int fd = -1;
    std::uint32_t number = 0;             // for the log
    std::unique_ptr<Exchange> exchange;  // only while something is under way

    State state() const { return state_; }
    // Logs it, and asserts that it may happen.
    void become(State next);

    // Read by the event loop while the connection is parked.
    std::atomic<std::int64_t> deadline_ms{0};
    std::atomic<bool> at_rest{false};

private:
    State state_ = State::disconnected;
};

}  // namespace eventcore

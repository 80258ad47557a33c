/* SPDX-License-Identifier: MPL-2.0 */
// Waits for descriptors by epoll, and resumes the coroutines that wait for them. All of them run on the
// thread that calls run().
#pragma once

#include "net/descriptor.hpp"

#include <sys/epoll.h>

#include <array>
#include <atomic>
#include <chrono>
#include <coroutine>
#include <cstdint>

namespace models::net {

// Told by the loop what it does not do itself.
class LoopOwner {
public:
    // wake() was called, or descriptors were ready: at most once for all that came at a time.
    virtual void turned() = 0;
    // About once a second.
    virtual void ticked() = 0;

protected:
    ~LoopOwner() = default;
};

class Loop {
public:
    Loop();

    // Until leave() is called, by a coroutine or by the owner.
    void run(LoopOwner& owner);
    void leave() { leaving_ = true; }

    // From any thread, and from signal handlers.
    void wake() noexcept;

private:
    friend class Watch;

    Descriptor epoll_;
    Descriptor bell_;
    std::atomic<bool> rung_ = false;
    bool leaving_ = false;
};

// What coroutines wait for at one descriptor. Registered once, edge-triggered: whoever waits has met
// EAGAIN before, so that the next edge is still to come.
class Watch {
public:
    // One coroutine may wait on each side, for either direction: with TLS, who wants to send may have
    // to receive first.
    enum class Side { receiver, sender };

    Watch(Loop& loop, int descriptor);
    ~Watch();
    Watch(const Watch&) = delete;
    Watch& operator=(const Watch&) = delete;

    auto readable(Side side) { return Readiness{waiter(side), EPOLLIN | EPOLLRDHUP}; }
    auto writable(Side side) { return Readiness{waiter(side), EPOLLOUT}; }

private:
    friend class Loop;

    struct Waiter {
        std::coroutine_handle<> coroutine;
        std::uint32_t events = 0;
    };
    struct Readiness {
        Waiter& waiter;
        std::uint32_t events;

        bool await_ready() const noexcept { return false; }
        void await_suspend(std::coroutine_handle<> coroutine) noexcept
        {
            waiter = {coroutine, events};
        }
        void await_resume() const noexcept {}
    };

    Waiter& waiter(Side side) { return waiters_[static_cast<std::size_t>(side)]; }
    void resume(std::uint32_t events);

    Loop& loop_;
    const int descriptor_;
    std::array<Waiter, 2> waiters_;
};

// One coroutine waits for something that happens on the same thread.
class Signal {
public:
    void give()
    {
        if (auto coroutine = std::exchange(waiting_, nullptr))
            coroutine.resume();
    }

    auto wait()
    {
        struct Awaiter {
            std::coroutine_handle<>& waiting;

            bool await_ready() const noexcept { return false; }
            void await_suspend(std::coroutine_handle<> coroutine) noexcept { waiting = coroutine; }
            void await_resume() const noexcept {}
        };
        return Awaiter{waiting_};
    }

private:
    std::coroutine_handle<> waiting_;
};

} // namespace models::net

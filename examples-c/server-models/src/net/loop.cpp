/* SPDX-License-Identifier: MPL-2.0 */
#include "net/loop.hpp"

#include <sys/eventfd.h>

#include <algorithm>

namespace models::net {

Loop::Loop()
    : epoll_(orFail(epoll_create1(EPOLL_CLOEXEC), "epoll_create1")),
      bell_(orFail(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK), "eventfd"))
{
    epoll_event event{.events = EPOLLIN | EPOLLET, .data = {.ptr = nullptr}};
    orFail(epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, bell_.get(), &event), "epoll_ctl");
}

void Loop::wake() noexcept
{
    // One ring is enough until it has been heard. Pairs with the exchange in run().
    if (!rung_.exchange(true)) {
        const int before = errno;
        const std::uint64_t one = 1;
        [[maybe_unused]] const auto written = ::write(bell_.get(), &one, sizeof one);
        errno = before;
    }
}

void Loop::run(LoopOwner& owner)
{
    using namespace std::chrono_literals;
    using Clock = std::chrono::steady_clock;
    constexpr auto period = 1s;

    auto tick = Clock::now() + period;
    std::array<epoll_event, 256> events;
    while (!leaving_) {
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(tick - Clock::now()).count();
        const int count = epoll_wait(epoll_.get(), events.data(), events.size(),
                                     static_cast<int>(std::max<decltype(left)>(left, 0)));
        if (count < 0 && errno != EINTR)
            fail("epoll_wait");
        for (int n = 0; n < count; n++) {
            const auto& event = events[static_cast<std::size_t>(n)];
            if (event.data.ptr)
                static_cast<Watch*>(event.data.ptr)->resume(event.events);
            else
                rung_ = false; // before turned() looks: what comes later rings again
        }
        owner.turned();
        if (Clock::now() >= tick) {
            tick = Clock::now() + period;
            owner.ticked();
        }
    }
}

Watch::Watch(Loop& loop, int descriptor) : loop_(loop), descriptor_(descriptor)
{
    epoll_event event{.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET, .data = {.ptr = this}};
    orFail(epoll_ctl(loop.epoll_.get(), EPOLL_CTL_ADD, descriptor, &event), "epoll_ctl");
}

Watch::~Watch()
{
    epoll_ctl(loop_.epoll_.get(), EPOLL_CTL_DEL, descriptor_, nullptr);
}

void Watch::resume(std::uint32_t events)
{
    // An error ends every wait: the next call at the descriptor tells which it is.
    constexpr std::uint32_t errors = EPOLLERR | EPOLLHUP;
    for (auto& waiter : waiters_) {
        if (waiter.coroutine && (events & (waiter.events | errors)))
            std::exchange(waiter, {}).coroutine.resume();
    }
}

} // namespace models::net

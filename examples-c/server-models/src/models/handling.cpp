/* SPDX-License-Identifier: MPL-2.0 */
#include "models/handling.hpp"

#include <ctime>
#include <thread>

namespace models {
namespace {

std::chrono::nanoseconds processorTime()
{
    timespec time{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
}

std::uint64_t microseconds(Clock::duration time)
{
    using namespace std::chrono;
    return static_cast<std::uint64_t>(duration_cast<std::chrono::microseconds>(time).count());
}

std::string answer(const Request& request, std::size_t handler)
{
    const auto head = "OK h=" + std::to_string(handler);
    switch (request.verb) {
    case Verb::echo: return head + ' ' + request.text;
    case Verb::work: return head + " worked";
    case Verb::sleep: return head + " slept";
    case Verb::stats:
    case Verb::quit: break;
    }
    return "ERR not for a handler";
}

} // namespace

void compute(std::chrono::microseconds time)
{
    const auto end = processorTime() + time;
    // The clock is a system call, so that most of the time goes into something that is none.
    for (std::uint64_t state = 1; processorTime() < end;) {
        for (int step = 0; step < 1000; step++)
            state = state * 6364136223846793005u + 1442695040888963407u;
        volatile std::uint64_t kept = state;
        static_cast<void>(kept);
    }
}

void Handlers::accepted(const Event& event)
{
    logs_.dispatch(DLT_LOG_DEBUG, "accepted", name(event.request.verb),
                   log::Named{"connection", event.ticket.connection},
                   log::Named{"request", event.ticket.number},
                   log::Named{"priority", event.request.priority});
}

void Handlers::handle(const Event& event, std::size_t handler)
{
    const auto begun = Clock::now();
    if (event.request.verb == Verb::work)
        compute(event.request.time);
    else if (event.request.verb == Verb::sleep)
        std::this_thread::sleep_for(event.request.time);
    finish(event, handler, begun);
}

void Handlers::finish(const Event& event, std::size_t handler, Clock::time_point begun)
{
    // The line is before the answer: who has an answer finds its line in the log.
    logs_.handler(DLT_LOG_INFO, name(event.request.verb),
                  log::Named{"connection", event.ticket.connection},
                  log::Named{"request", event.ticket.number},
                  log::Named{"waited_us", microseconds(begun - event.arrived)},
                  log::Named{"took_us", microseconds(Clock::now() - begun)},
                  log::Named{"handler", handler});
    handled_[handler].fetch_add(1, std::memory_order_relaxed);
    event.replyTo->reply(event.ticket, answer(event.request, handler));
}

void Handlers::refuse(const Event& event)
{
    logs_.dispatch(DLT_LOG_WARN, "no room for", name(event.request.verb),
                   log::Named{"connection", event.ticket.connection});
    refused_.fetch_add(1, std::memory_order_relaxed);
    event.replyTo->reply(event.ticket, "ERR busy");
}

std::vector<std::uint64_t> Handlers::handled() const
{
    std::vector<std::uint64_t> counts;
    for (const auto& count : handled_)
        counts.push_back(count.load(std::memory_order_relaxed));
    return counts;
}

} // namespace models

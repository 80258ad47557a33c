/* SPDX-License-Identifier: MPL-2.0 */
#include "models/coroutines.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <utility>

namespace models {
namespace {

// In slices, between which the more urgent go first.
Task<> work(std::chrono::microseconds time)
{
    constexpr std::chrono::microseconds slice(1000);
    for (auto left = time; left > left.zero(); left -= slice) {
        compute(std::min(left, slice));
        if (left > slice)
            co_await Scheduler::yield();
    }
}

} // namespace

Coroutines::Coroutines(std::size_t workers, Policy policy, log::Logs& logs, std::size_t queued)
    : handlers_(workers, logs), scheduler_(workers, policy, logs.scheduler, queued)
{
}

void Coroutines::addEvent(Event event)
{
    handlers_.accepted(event);
    const Event asked{.request = {.verb = event.request.verb},
                      .ticket = event.ticket,
                      .replyTo = event.replyTo,
                      .arrived = event.arrived};
    const auto priority = event.request.priority;
    if (!scheduler_.submit(handleRequest(std::move(event)), priority))
        handlers_.refuse(asked);
}

Task<> Coroutines::handleRequest(Event event)
{
    const auto begun = Clock::now();
    if (event.request.verb == Verb::work)
        co_await work(event.request.time);
    else if (event.request.verb == Verb::sleep)
        co_await Scheduler::sleep(event.request.time);
    handlers_.finish(event, Scheduler::currentWorker(), begun);
}

nlohmann::json Coroutines::counts() const
{
    return {{"handled", handlers_.handled()},
            {"refused", handlers_.refused()},
            {"steals", scheduler_.steals()},
            {"policy", name(scheduler_.policy())}};
}

bool Coroutines::setPolicy(std::string_view text)
{
    const auto policy = policyNamed(text);
    if (policy)
        scheduler_.setPolicy(*policy);
    return policy.has_value();
}

} // namespace models

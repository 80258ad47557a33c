/* SPDX-License-Identifier: MPL-2.0 */
#include "models/task_per_request.hpp"

#include <nlohmann/json.hpp>

#include <system_error>
#include <utility>

namespace models {

TaskPerRequest::TaskPerRequest(std::size_t tasks, log::Logs& logs)
    : handlers_(tasks, logs), tasks_(tasks)
{
    for (std::size_t place = tasks; place-- > 0;)
        free_.push_back(place);
}

void TaskPerRequest::addEvent(Event event)
{
    handlers_.accepted(event);
    const auto place = takePlace();
    try {
        // A task that has left its place may still be on its last steps: assigning waits for them.
        tasks_[place] = std::async(std::launch::async, [this, event, place] {
            handlers_.handle(event, place);
            leave(place);
        });
    } catch (const std::system_error&) {
        // There is no thread to be had: better late than never.
        withoutThread_.fetch_add(1, std::memory_order_relaxed);
        handlers_.handle(event, place);
        leave(place);
    }
}

std::size_t TaskPerRequest::takePlace()
{
    std::unique_lock lock(mutex_);
    left_.wait(lock, [this] { return !free_.empty(); });
    const auto place = free_.back();
    free_.pop_back();
    return place;
}

void TaskPerRequest::leave(std::size_t place)
{
    {
        const std::lock_guard lock(mutex_);
        free_.push_back(place);
    }
    left_.notify_one();
}

nlohmann::json TaskPerRequest::counts() const
{
    return {{"handled", handlers_.handled()},
            {"without_thread", withoutThread_.load(std::memory_order_relaxed)}};
}

} // namespace models

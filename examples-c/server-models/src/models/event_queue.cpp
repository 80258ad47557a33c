/* SPDX-License-Identifier: MPL-2.0 */
#include "models/event_queue.hpp"

#include <utility>

namespace models {

void EventQueue::push(Event event)
{
    {
        const std::lock_guard lock(mutex_);
        events_.push_back(std::move(event));
    }
    changed_.notify_one();
}

std::optional<Event> EventQueue::pop()
{
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return closed_ || !events_.empty(); });
    if (events_.empty())
        return {};
    std::optional event(std::move(events_.front()));
    events_.pop_front();
    return event;
}

void EventQueue::close()
{
    {
        const std::lock_guard lock(mutex_);
        closed_ = true;
    }
    changed_.notify_all();
}

} // namespace models

/* SPDX-License-Identifier: MPL-2.0 */
// Events wait here, under a lock, for threads that sleep while there is none.
#pragma once

#include "protocol/event.hpp"

#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>

namespace models {

class EventQueue {
public:
    void push(Event event);

    // The oldest event, as soon as there is one; none once the queue is closed and empty.
    std::optional<Event> pop();

    void close();

private:
    std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<Event> events_;
    bool closed_ = false;
};

} // namespace models

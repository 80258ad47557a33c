/* SPDX-License-Identifier: MPL-2.0 */
// Handling of one event: what it says or costs, its answer, its line in the log.
#pragma once

#include "log/logs.hpp"
#include "protocol/event.hpp"

#include <atomic>
#include <cstdint>
#include <string>
#include <vector>

namespace models {

// The handlers of a server: what each has handled, and where they log.
class Handlers {
public:
    Handlers(std::size_t count, log::Logs& logs) : handled_(count), logs_(logs) {}

    // What comes before the work is done, by whichever model.
    void accepted(const Event& event);

    // Handles an event on this thread, which waits where the event waits.
    void handle(const Event& event, std::size_t handler);

    // Answers an event that began to be handled at a time, and whose work is done.
    void finish(const Event& event, std::size_t handler, Clock::time_point begun);

    // Answers an event for which there is no room.
    void refuse(const Event& event);

    std::vector<std::uint64_t> handled() const;
    std::uint64_t refused() const { return refused_.load(std::memory_order_relaxed); }
    log::Logs& logs() const { return logs_; }

private:
    std::vector<std::atomic<std::uint64_t>> handled_;
    std::atomic<std::uint64_t> refused_ = 0;
    log::Logs& logs_;
};

// Computes until this thread has used so much of a processor, however often it is interrupted.
void compute(std::chrono::microseconds time);

} // namespace models

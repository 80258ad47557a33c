/* SPDX-License-Identifier: MPL-2.0 */
// Where workers sleep while there is nothing to do. The others only look at a number, unless one sleeps.
#pragma once

#include "protocol/event.hpp"

#include <atomic>
#include <condition_variable>
#include <concepts>
#include <mutex>

namespace models {

class Parking {
public:
    // Sleeps until somebody is to wake, or until a time; not at all if there is something to do. Both
    // are asked for under the lock, after this sleeper can be seen: whoever gives work afterwards
    // sees it.
    void sleep(std::predicate auto somethingToDo, std::invocable auto until)
    {
        std::unique_lock lock(mutex_);
        sleepers_.fetch_add(1); // before the question: pairs with the load in wakeOne()
        if (somethingToDo()) {
            sleepers_.fetch_sub(1);
            return;
        }
        const auto isWoken = [this] { return wakes_ > 0 || open_; };
        if (const Clock::time_point alarm = until(); alarm == Clock::time_point::max())
            changed_.wait(lock, isWoken);
        else
            changed_.wait_until(lock, alarm, isWoken);
        if (wakes_ > 0)
            wakes_--;
        else
            sleepers_.fetch_sub(1);
    }

    // Called after there is something to do.
    void wakeOne()
    {
        if (sleepers_.load() <= 0)
            return;
        const std::lock_guard lock(mutex_);
        if (sleepers_.load() <= 0)
            return;
        // Taken off here, or everyone until it runs would wake it again.
        sleepers_.fetch_sub(1);
        wakes_++;
        changed_.notify_one();
    }

    // From now on nobody sleeps.
    void open()
    {
        const std::lock_guard lock(mutex_);
        open_ = true;
        changed_.notify_all();
    }

private:
    std::mutex mutex_;
    std::condition_variable changed_;
    std::atomic<int> sleepers_ = 0; // those to whom no wake was given
    int wakes_ = 0;
    bool open_ = false;
};

} // namespace models

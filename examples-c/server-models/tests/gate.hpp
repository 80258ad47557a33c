/* SPDX-License-Identifier: MPL-2.0 */
// Holds up whoever comes until a test opens it.
#pragma once

#include <condition_variable>
#include <mutex>

namespace models {

class Gate {
public:
    void pass()
    {
        std::unique_lock lock(mutex_);
        waiting_++;
        changed_.notify_all();
        changed_.wait(lock, [this] { return open_; });
    }

    void open()
    {
        const std::lock_guard lock(mutex_);
        open_ = true;
        changed_.notify_all();
    }

    // Whether so many have come, within a minute.
    bool hasWaiting(int count)
    {
        std::unique_lock lock(mutex_);
        return changed_.wait_for(lock, std::chrono::minutes(1), [&] { return waiting_ >= count; });
    }

private:
    std::mutex mutex_;
    std::condition_variable changed_;
    int waiting_ = 0;
    bool open_ = false;
};

} // namespace models

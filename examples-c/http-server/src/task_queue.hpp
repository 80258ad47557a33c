// From an event loop to its pool: which connection has something to be done.
#pragma once

#include <algorithm>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <mutex>
#include <optional>
#include <span>

namespace eventcore {

// Its socket is ready, its time is over, or so is everyone's.
enum class Why : std::uint8_t { ready, expired, forced };

struct Task {
    std::uint32_t slot;
    Why why;
};

class TaskQueue {
public:
    void push(std::span<const Task> tasks)
    {
        std::size_t wake = 0;
        {
            const std::lock_guard lock(mutex_);
            tasks_.insert(tasks_.end(), tasks.begin(), tasks.end());
            wake = std::min(waiting_, tasks.size());
        }
        for (; wake > 0; --wake) {
            ready_.notify_one();
        }
    }

    // Nothing, once it is closed and empty.
    std::optional<Task> pop()
    {
        std::unique_lock lock(mutex_);
        ++waiting_;
        ready_.wait(lock, [&] { return !tasks_.empty() || closed_; });
        --waiting_;
        if (tasks_.empty()) {
            return std::nullopt;
        }
        const Task task = tasks_.front();
        tasks_.pop_front();
        return task;
    }

    void close()
    {
        {
            const std::lock_guard lock(mutex_);
            closed_ = true;
        }
        ready_.notify_all();
    }

private:
    std::mutex mutex_;
    std::condition_variable ready_;
    std::deque<Task> tasks_;
    std::size_t waiting_ = 0;
    bool closed_ = false;
};

}  // namespace eventcore

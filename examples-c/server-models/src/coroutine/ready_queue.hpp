/* SPDX-License-Identifier: MPL-2.0 */
// The tasks of one worker that could go on, the first of the policy in front. Whoever calls holds the
// worker's lock: a queue without locks could not be put in another order.
#pragma once

#include "coroutine/policy.hpp"
#include "coroutine/task.hpp"

#include <limits>
#include <memory>
#include <vector>

namespace models {

using TaskId = std::uint64_t;

// A task with all that the scheduler knows of it. Whoever holds it alone may resume it.
struct Job {
    TaskId id = 0;
    Task<> task;
    std::coroutine_handle<> next; // where it goes on: the task itself, or one that it awaits
    unsigned priority = ordinaryPriority;
    Clock::time_point arrived = Clock::now();
    Clock::time_point wakeAt{}; // when it waits for a time
};

class ReadyQueue {
public:
    static constexpr Rank nothing = std::numeric_limits<Rank>::max();

    void push(std::unique_ptr<Job> job, Policy policy);
    std::unique_ptr<Job> pop();

    // The rank of the first one.
    Rank best() const { return entries_.empty() ? nothing : entries_.front().rank; }

    Job* find(TaskId id);

    // After the policy or a priority has changed.
    void rearrange(Policy policy);

private:
    struct Entry {
        Rank rank;
        std::uint64_t turn;
        std::unique_ptr<Job> job;
    };
    static bool isLater(const Entry& left, const Entry& right);

    std::vector<Entry> entries_; // a heap
    std::uint64_t turns_ = 0;
};

} // namespace models

/* SPDX-License-Identifier: MPL-2.0 */
#include "coroutine/ready_queue.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

namespace models {
namespace {

Rank rankOf(const Job& job, Policy policy)
{
    return rank(policy, job.priority, deadline(job.arrived, job.priority));
}

} // namespace

bool ReadyQueue::isLater(const Entry& left, const Entry& right)
{
    return std::tie(left.rank, left.turn) > std::tie(right.rank, right.turn);
}

void ReadyQueue::push(std::unique_ptr<Job> job, Policy policy)
{
    const auto rank = rankOf(*job, policy);
    entries_.push_back({rank, turns_++, std::move(job)});
    std::push_heap(entries_.begin(), entries_.end(), isLater);
}

std::unique_ptr<Job> ReadyQueue::pop()
{
    if (entries_.empty())
        return nullptr;
    std::pop_heap(entries_.begin(), entries_.end(), isLater);
    auto job = std::move(entries_.back().job);
    entries_.pop_back();
    return job;
}

Job* ReadyQueue::find(TaskId id)
{
    for (const auto& entry : entries_) {
        if (entry.job->id == id)
            return entry.job.get();
    }
    return nullptr;
}

void ReadyQueue::rearrange(Policy policy)
{
    for (auto& entry : entries_)
        entry.rank = rankOf(*entry.job, policy);
    std::make_heap(entries_.begin(), entries_.end(), isLater);
}

} // namespace models

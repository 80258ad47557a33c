/* SPDX-License-Identifier: MPL-2.0 */
#include "coroutine/scheduler.hpp"

#include <algorithm>
#include <utility>

namespace models {
namespace {

// What the worker of this thread runs.
struct Current {
    std::size_t worker = 0;
    Job* job = nullptr;
};
thread_local Current current;

bool wakesLater(const std::unique_ptr<Job>& left, const std::unique_ptr<Job>& right)
{
    return left->wakeAt > right->wakeAt;
}

} // namespace

Scheduler::Scheduler(std::size_t workers, Policy policy, log::Context& log, std::size_t queued)
    : log_(log), policy_(policy), requests_(queued), workers_(workers)
{
    log_(DLT_LOG_INFO, "workers", workers, "policy", name(policy));
    for (std::size_t self = 0; self < workers; self++)
        threads_.emplace_back([this, self] { work(self); });
}

Scheduler::~Scheduler()
{
    stopping_ = true;
    if (unfinished_.load() == 0)
        parking_.open();
    // The threads, which are destroyed first, end with the last task.
}

std::optional<TaskId> Scheduler::submit(Task<> task, unsigned priority)
{
    auto job = std::make_unique<Job>();
    const TaskId id = job->id = ids_.fetch_add(1, std::memory_order_relaxed) + 1;
    job->next = task.handle();
    job->task = std::move(task);
    job->priority = priority;
    unfinished_.fetch_add(1);
    if (!requests_.push(std::move(job))) {
        unfinished_.fetch_sub(1);
        return {};
    }
    waiting_.fetch_add(1); // before the look at who sleeps: pairs with the load in work()
    parking_.wakeOne();
    return id;
}

bool Scheduler::setPriority(TaskId id, unsigned priority)
{
    // What no worker has seen yet would not be found.
    takeIn(0);
    const auto locks = lockAll();
    const auto found = [&](Job* job) {
        if (job)
            job->priority = priority;
        return job != nullptr;
    };
    for (auto& worker : workers_) {
        if (worker.running && worker.running->id == id)
            return found(worker.running);
        if (found(worker.ready.find(id))) {
            worker.ready.rearrange(policy_.load());
            worker.best = worker.ready.best();
            return true;
        }
    }
    const auto sleeper = std::ranges::find(sleepers_, id, [](const auto& job) { return job->id; });
    return sleeper != sleepers_.end() && found(sleeper->get());
}

void Scheduler::setPolicy(Policy policy)
{
    {
        const auto locks = lockAll();
        policy_ = policy;
        for (auto& worker : workers_) {
            worker.ready.rearrange(policy);
            worker.best = worker.ready.best();
        }
    }
    log_(DLT_LOG_INFO, "policy", name(policy));
}

std::size_t Scheduler::currentWorker()
{
    return current.worker;
}

// The worker does the rest after the task has given its thread back: until then nobody else may have it.
void Scheduler::Pause::await_suspend(std::coroutine_handle<> task) const noexcept
{
    current.job->next = task;
    current.job->wakeAt = wakeAt;
}

void Scheduler::work(std::size_t self)
{
    while (!stopping_.load() || unfinished_.load() > 0) {
        takeIn(self);
        wakeSleepers(self);
        if (auto job = next(self)) {
            run(self, std::move(job));
            continue;
        }
        parking_.sleep([this] { return waiting_.load() > 0; }, [this] { return alarm_.load(); });
    }
}

// What has been submitted goes into the ready queue of this worker; the others take from there.
void Scheduler::takeIn(std::size_t self)
{
    // Pairs with clear(): what the last consumer did is seen.
    if (takingIn_.test_and_set(std::memory_order_acquire))
        return;
    while (auto job = requests_.pop()) {
        const std::lock_guard lock(workers_[self].mutex);
        makeReady(workers_[self], std::move(*job));
    }
    takingIn_.clear(std::memory_order_release);
}

void Scheduler::wakeSleepers(std::size_t self)
{
    const auto now = Clock::now();
    if (alarm_.load() > now)
        return;
    const std::scoped_lock lock(workers_[self].mutex, sleepersMutex_);
    while (!sleepers_.empty() && sleepers_.front()->wakeAt <= now) {
        std::ranges::pop_heap(sleepers_, wakesLater);
        makeReady(workers_[self], std::move(sleepers_.back()));
        sleepers_.pop_back();
        waiting_.fetch_add(1);
        // This worker runs one; for each of the others somebody may be asleep.
        if (waiting_.load() > 1)
            parking_.wakeOne();
    }
    alarm_ = sleepers_.empty() ? Clock::time_point::max() : sleepers_.front()->wakeAt;
}

// The worker whose first task comes before all others; this one, if none comes before its own.
std::size_t Scheduler::mostUrgent(std::size_t self) const
{
    auto chosen = self;
    auto best = workers_[self].best.load();
    for (std::size_t other = 0; other < workers_.size(); other++) {
        if (const auto rank = workers_[other].best.load(); rank < best) {
            chosen = other;
            best = rank;
        }
    }
    return chosen;
}

std::unique_ptr<Job> Scheduler::next(std::size_t self)
{
    Worker& mine = workers_[self];
    for (;;) {
        const auto chosen = mostUrgent(self);
        Worker& from = workers_[chosen];
        if (from.best.load() == ReadyQueue::nothing)
            return nullptr;

        std::unique_lock own(mine.mutex, std::defer_lock);
        std::unique_lock others(from.mutex, std::defer_lock);
        if (chosen == self)
            own.lock();
        else
            std::lock(own, others);
        auto job = from.ready.pop();
        from.best = from.ready.best();
        if (!job)
            continue; // somebody was quicker
        mine.running = job.get();
        waiting_.fetch_sub(1);
        if (chosen != self) {
            steals_.fetch_add(1, std::memory_order_relaxed);
            log_(DLT_LOG_DEBUG, "worker", self, "takes a task of", chosen);
        }
        return job;
    }
}

void Scheduler::run(std::size_t self, std::unique_ptr<Job> job)
{
    current = {self, job.get()};
    job->wakeAt = {};
    job->next.resume();

    Worker& mine = workers_[self];
    if (job->task.isDone()) {
        {
            const std::lock_guard lock(mine.mutex);
            mine.running = nullptr;
        }
        job.reset();
        if (unfinished_.fetch_sub(1) == 1 && stopping_.load())
            parking_.open();
        return;
    }

    if (job->wakeAt == Clock::time_point()) {
        const std::lock_guard lock(mine.mutex);
        mine.running = nullptr;
        waiting_.fetch_add(1);
        makeReady(mine, std::move(job));
        return;
    }

    bool isNext = false;
    {
        const std::scoped_lock lock(mine.mutex, sleepersMutex_);
        mine.running = nullptr;
        const auto wakeAt = job->wakeAt;
        sleepers_.push_back(std::move(job));
        std::ranges::push_heap(sleepers_, wakesLater);
        isNext = wakeAt < alarm_.load();
        if (isNext)
            alarm_ = wakeAt;
    }
    // Who sleeps does so until an alarm that is later.
    if (isNext)
        parking_.wakeOne();
}

void Scheduler::makeReady(Worker& worker, std::unique_ptr<Job> job)
{
    worker.ready.push(std::move(job), policy_.load());
    worker.best = worker.ready.best();
}

// Two workers that lock each other's queues back off where they would wait, so that this cannot get
// stuck with them.
std::vector<std::unique_lock<std::mutex>> Scheduler::lockAll()
{
    std::vector<std::unique_lock<std::mutex>> locks;
    for (auto& worker : workers_)
        locks.emplace_back(worker.mutex);
    locks.emplace_back(sleepersMutex_);
    return locks;
}

} // namespace models

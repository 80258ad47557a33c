/* SPDX-License-Identifier: MPL-2.0 */
// Runs tasks on a few threads. What is submitted comes in through a queue without locks; a worker moves
// it into its own ready queue; a worker whose own has nothing, or nothing as urgent, takes from another.
//
//     submit() -> request queue -> ready queue of a worker -> worker <-+
//                                       ^      (stolen by another) ----+
//                                       +---- yield(), sleep() over ---+
#pragma once

#include "coroutine/parking.hpp"
#include "coroutine/ready_queue.hpp"
#include "coroutine/request_queue.hpp"
#include "log/context.hpp"

#include <mutex>
#include <thread>
#include <vector>

namespace models {

class Scheduler {
public:
    static constexpr std::size_t capacity = 65536; // tasks that no worker has seen yet

    Scheduler(std::size_t workers, Policy policy, log::Context& log,
              std::size_t queued = capacity);
    // Runs everything that was submitted to its end.
    ~Scheduler();

    // From any thread. Nothing, and the task has not run, when the queue is full.
    std::optional<TaskId> submit(Task<> task, unsigned priority = ordinaryPriority);

    // False if the task is over.
    bool setPriority(TaskId id, unsigned priority);

    void setPolicy(Policy policy);
    Policy policy() const { return policy_.load(); }

    // Tasks that another worker has run than the one that had them.
    std::uint64_t steals() const { return steals_.load(std::memory_order_relaxed); }

    // Within a task: which worker runs it at this moment.
    static std::size_t currentWorker();

    // co_await within a task: lets others go first that are before it in the order.
    static auto yield() { return Pause{}; }

    // co_await within a task: goes on after a time, and takes no thread until then.
    static auto sleep(Clock::duration time) { return Pause{Clock::now() + time}; }

private:
    struct Pause {
        Clock::time_point wakeAt{};

        bool await_ready() const noexcept { return false; }
        void await_suspend(std::coroutine_handle<> task) const noexcept;
        void await_resume() const noexcept {}
    };

    struct alignas(64) Worker {
        std::mutex mutex;
        ReadyQueue ready;
        Job* running = nullptr;
        // The first rank of the ready queue, for others to look at without the lock.
        std::atomic<Rank> best = ReadyQueue::nothing;
    };

    void work(std::size_t self);
    std::unique_ptr<Job> next(std::size_t self);
    void run(std::size_t self, std::unique_ptr<Job> job);
    void takeIn(std::size_t self);
    void wakeSleepers(std::size_t self);
    std::size_t mostUrgent(std::size_t self) const;
    void makeReady(Worker& worker, std::unique_ptr<Job> job);
    std::vector<std::unique_lock<std::mutex>> lockAll();

    log::Context& log_;
    std::atomic<Policy> policy_;
    std::atomic<TaskId> ids_ = 0;
    std::atomic<std::uint64_t> steals_ = 0;

    RequestQueue<std::unique_ptr<Job>> requests_;
    std::atomic_flag takingIn_; // who has set it is the one consumer

    std::vector<Worker> workers_;

    std::mutex sleepersMutex_;
    std::vector<std::unique_ptr<Job>> sleepers_; // a heap, the next to wake in front
    std::atomic<Clock::time_point> alarm_ = Clock::time_point::max();

    // Jobs in the request queue and the ready queues; may be below zero for the moment between a push
    // and its count.
    std::atomic<std::int64_t> waiting_ = 0;
    std::atomic<std::int64_t> unfinished_ = 0;
    std::atomic<bool> stopping_ = false;
    Parking parking_;

    std::vector<std::jthread> threads_;
};

} // namespace models

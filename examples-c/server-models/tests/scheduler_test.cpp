/* SPDX-License-Identifier: MPL-2.0 */
#include "coroutine/scheduler.hpp"

#include "gate.hpp"
#include "log/logs.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <set>
#include <string>

using namespace models;
using namespace std::chrono_literals;

namespace {

// Runs tasks that write their name, behind one that holds up the only worker.
class Order : public testing::Test {
protected:
    void hold(Scheduler& scheduler)
    {
        ASSERT_TRUE(scheduler.submit(call([this] { gate_.pass(); }), mostUrgent));
        ASSERT_TRUE(gate_.hasWaiting(1));
    }

    static Task<> call(std::function<void()> body)
    {
        body();
        co_return;
    }

    Task<> named(char name) { return call([this, name] { order_ += name; }); }

    Task<> inSteps(char name, int steps)
    {
        for (int step = 0; step < steps; step++) {
            order_ += name;
            co_await Scheduler::yield();
        }
    }

    log::Logs logs_{false};
    Gate gate_;
    std::string order_;
};

TEST_F(Order, FifoIsTheOrderOfSubmission)
{
    {
        Scheduler scheduler(1, Policy::fifo, logs_.scheduler);
        hold(scheduler);
        scheduler.submit(named('a'), 1);
        scheduler.submit(named('b'), 9);
        scheduler.submit(named('c'), 5);
        gate_.open();
    }
    EXPECT_EQ(order_, "abc");
}

TEST_F(Order, PriorityLetsTheMostUrgentGoFirst)
{
    {
        Scheduler scheduler(1, Policy::priority, logs_.scheduler);
        hold(scheduler);
        scheduler.submit(named('a'), 1);
        scheduler.submit(named('b'), 9);
        scheduler.submit(named('c'), 5);
        scheduler.submit(named('d'), 9);
        gate_.open();
    }
    EXPECT_EQ(order_, "bdca");
}

TEST_F(Order, ADeadlineComesNearerForWhatIsNotUrgentToo)
{
    {
        Scheduler scheduler(1, Policy::deadline, logs_.scheduler);
        hold(scheduler);
        scheduler.submit(named('a'), 9);
        scheduler.submit(named('b'), 4);
        // Longer than the difference of their allowances: 'b' is due before an urgent one of now.
        const auto later = Clock::now() + 60ms;
        while (Clock::now() < later)
            std::this_thread::sleep_until(later);
        scheduler.submit(named('c'), 9);
        gate_.open();
    }
    EXPECT_EQ(order_, "abc");
}

TEST_F(Order, APriorityCanBeChangedWhileItsTaskWaits)
{
    {
        Scheduler scheduler(1, Policy::priority, logs_.scheduler);
        hold(scheduler);
        scheduler.submit(named('a'), 5);
        const auto later = scheduler.submit(named('b'), 1);
        EXPECT_TRUE(scheduler.setPriority(*later, 9));
        EXPECT_FALSE(scheduler.setPriority(12345, 9));
        gate_.open();
    }
    EXPECT_EQ(order_, "ba");
}

TEST_F(Order, APolicyCanBeChangedWhileTasksWait)
{
    {
        Scheduler scheduler(1, Policy::fifo, logs_.scheduler);
        hold(scheduler);
        const auto first = scheduler.submit(named('a'), 1);
        scheduler.submit(named('b'), 9);
        EXPECT_TRUE(scheduler.setPriority(*first, 1)); // it is in a ready queue by now
        scheduler.setPolicy(Policy::priority);
        gate_.open();
    }
    EXPECT_EQ(order_, "ba");
}

TEST_F(Order, WhoYieldsLetsOthersOfTheSameRankGo)
{
    {
        Scheduler scheduler(1, Policy::fifo, logs_.scheduler);
        hold(scheduler);
        scheduler.submit(inSteps('a', 3));
        scheduler.submit(inSteps('b', 3));
        gate_.open();
    }
    EXPECT_EQ(order_, "ababab");
}

TEST_F(Order, SleepersTakeNoThreadAndWakeInOrder)
{
    const auto sleeper = [](std::string& order, char name, Clock::time_point until) -> Task<> {
        co_await Scheduler::sleep(until - Clock::now());
        order += name;
    };
    {
        Scheduler scheduler(1, Policy::fifo, logs_.scheduler);
        hold(scheduler);
        const auto soon = Clock::now() + 500ms;
        scheduler.submit(sleeper(order_, 'c', soon + 2ms));
        scheduler.submit(sleeper(order_, 'a', soon));
        scheduler.submit(sleeper(order_, 'b', soon + 1ms));
        scheduler.submit(named('0'));
        gate_.open();
    }
    EXPECT_EQ(order_, "0abc");
}

TEST_F(Order, WhatFindsNoRoomIsRefusedAndNotRun)
{
    {
        Scheduler scheduler(1, Policy::fifo, logs_.scheduler, 2);
        hold(scheduler);
        EXPECT_TRUE(scheduler.submit(named('a')));
        EXPECT_TRUE(scheduler.submit(named('b')));
        EXPECT_FALSE(scheduler.submit(named('c')));
        gate_.open();
    }
    EXPECT_EQ(order_, "ab");
}

TEST_F(Order, AnotherWorkerStealsWhatWaitsForABusyOne)
{
    std::mutex mutex;
    std::set<std::size_t> workers;
    Gate all;
    {
        Scheduler scheduler(2, Policy::fifo, logs_.scheduler);
        // Whichever worker takes both into its queue cannot run the second while the first holds it.
        const auto holding = [&] {
            {
                const std::lock_guard lock(mutex);
                workers.insert(Scheduler::currentWorker());
            }
            all.pass();
        };
        scheduler.submit(call(holding));
        scheduler.submit(call(holding));
        EXPECT_TRUE(all.hasWaiting(2));
        all.open();
    }
    EXPECT_EQ(workers.size(), 2u);
}

TEST_F(Order, ThousandsOfTasksFromManyThreadsAllRunOnce)
{
    std::atomic<int> runs = 0;
    const auto task = [](std::atomic<int>& count, int n) -> Task<> {
        if (n % 3 == 0)
            co_await Scheduler::yield();
        if (n % 7 == 0)
            co_await Scheduler::sleep(std::chrono::microseconds(n));
        count++;
    };
    std::uint64_t steals = 0;
    {
        Scheduler scheduler(4, Policy::priority, logs_.scheduler);
        {
            std::vector<std::jthread> producers;
            for (int producer = 0; producer < 3; producer++) {
                producers.emplace_back([&] {
                    for (int n = 0; n < 3000; n++) {
                        while (!scheduler.submit(task(runs, n), n % 10))
                            std::this_thread::yield();
                        if (n % 500 == 0)
                            scheduler.setPolicy(n % 1000 ? Policy::deadline : Policy::priority);
                        if (n % 100 == 0)
                            scheduler.setPriority(n, 9);
                    }
                });
            }
        }
        steals = scheduler.steals();
    }
    EXPECT_EQ(runs, 9000);
    EXPECT_GT(steals, 0u);
}

} // namespace

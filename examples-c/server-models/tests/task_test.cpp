/* SPDX-License-Identifier: MPL-2.0 */
#include "coroutine/task.hpp"

#include <gtest/gtest.h>

#include <stdexcept>
#include <memory>
#include <string>

using namespace models;

namespace {

Task<long> number(long value)
{
    co_return value;
}

Task<int> failing()
{
    throw std::runtime_error("failed");
    co_return 0;
}

Task<long> sum(long count)
{
    long total = 0;
    for (long n = 0; n < count; n++)
        total += co_await number(n);
    co_return total;
}

TEST(Task, ReturnsWhatItAwaited)
{
    auto task = sum(4);
    EXPECT_FALSE(task.isDone());
    task.start();
    ASSERT_TRUE(task.isDone());
    EXPECT_EQ(task.result(), 6);
}

// Each co_await that did not give its frame back would take a piece of the stack; so it is with the
// sanitizers, whose code stands where one coroutine would jump into the next.
#if defined(__SANITIZE_THREAD__) || defined(__SANITIZE_ADDRESS__)
constexpr long many = 1000;
#else
constexpr long many = 1000000;
#endif

TEST(Task, AMillionThatFinishAtOnceLeaveTheStackAsItWas)
{
    auto task = sum(many);
    task.start();
    EXPECT_EQ(task.result(), many * (many - 1) / 2);
}

TEST(Task, WhatItThrowsReachesWhoAwaitsIt)
{
    const auto outer = []() -> Task<std::string> {
        try {
            co_await failing();
        } catch (const std::runtime_error& error) {
            co_return error.what();
        }
        co_return "nothing";
    };
    auto task = outer();
    task.start();
    EXPECT_EQ(task.result(), "failed");
}

TEST(Task, ItsEndDestroysWhatItHolds)
{
    const auto held = std::make_shared<int>(1);
    const auto suspended = [](std::shared_ptr<int>) -> Task<> {
        co_await std::suspend_always();
    };
    {
        auto task = suspended(held);
        task.start();
        EXPECT_EQ(held.use_count(), 2);
    }
    EXPECT_EQ(held.use_count(), 1);
}

} // namespace

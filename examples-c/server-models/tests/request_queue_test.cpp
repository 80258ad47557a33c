/* SPDX-License-Identifier: MPL-2.0 */
#include "coroutine/request_queue.hpp"

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <thread>
#include <vector>

using namespace models;

namespace {

TEST(RequestQueue, GivesBackInOrderWhatItTook)
{
    RequestQueue<int> queue(4);
    for (int round = 0; round < 10; round++) {
        for (int value = 0; value < 3; value++)
            EXPECT_TRUE(queue.push(round * 10 + value));
        for (int value = 0; value < 3; value++)
            EXPECT_EQ(queue.pop(), round * 10 + value);
        EXPECT_EQ(queue.pop(), std::nullopt);
    }
}

TEST(RequestQueue, WhatFindsNoRoomStaysWithItsOwner)
{
    RequestQueue<std::unique_ptr<int>> queue(2);
    auto value = std::make_unique<int>(7);
    EXPECT_TRUE(queue.push(std::make_unique<int>(1)));
    EXPECT_TRUE(queue.push(std::make_unique<int>(2)));
    EXPECT_FALSE(queue.push(std::move(value)));
    ASSERT_NE(value, nullptr);
    EXPECT_EQ(**queue.pop(), 1);
    EXPECT_TRUE(queue.push(std::move(value)));
}

TEST(RequestQueue, LosesNothingAndKeepsTheOrderOfEachProducer)
{
    constexpr std::uint64_t producers = 4;
    constexpr std::uint64_t each = 20000;
    RequestQueue<std::uint64_t> queue(64);
    std::vector<std::jthread> threads;
    for (std::uint64_t producer = 0; producer < producers; producer++) {
        threads.emplace_back([&queue, producer] {
            for (std::uint64_t n = 0; n < each; n++) {
                while (!queue.push(producer << 32 | n))
                    std::this_thread::yield();
            }
        });
    }
    std::map<std::uint64_t, std::uint64_t> next;
    for (std::uint64_t popped = 0; popped < producers * each;) {
        const auto value = queue.pop();
        if (!value) {
            std::this_thread::yield();
            continue;
        }
        ASSERT_EQ(*value & 0xffffffff, next[*value >> 32]++);
        popped++;
    }
    EXPECT_EQ(queue.pop(), std::nullopt);
}

} // namespace

#include "slots.hpp"

#include <gtest/gtest.h>

#include <set>
#include <thread>
#include <vector>

using namespace eventcore;
using Taken = Ownership::Taken;

TEST(AnOwner, is_alone_until_it_parks)
{
    Ownership ownership;
    const auto generation = ownership.begin();
    EXPECT_FALSE(ownership.is_parked());
    EXPECT_FALSE(ownership.take_parked());
    ASSERT_TRUE(ownership.park());
    EXPECT_EQ(ownership.take(generation), Taken::yes);
    EXPECT_FALSE(ownership.take_parked());
}

TEST(AnOwner, looks_again_when_there_was_an_event_while_it_worked)
{
    Ownership ownership;
    const auto generation = ownership.begin();
    EXPECT_EQ(ownership.take(generation), Taken::later);
    EXPECT_EQ(ownership.take(generation), Taken::later);
    EXPECT_FALSE(ownership.park());
    EXPECT_TRUE(ownership.park());
}

TEST(AnEvent, of_an_earlier_connection_is_stale)
{
    Ownership ownership;
    const auto first = ownership.begin();
    ownership.end();
    EXPECT_EQ(ownership.take(first), Taken::stale);
    const auto second = ownership.begin();
    EXPECT_NE(first, second);
    ASSERT_TRUE(ownership.park());
    EXPECT_EQ(ownership.take(first), Taken::stale);
    EXPECT_EQ(ownership.take(second), Taken::yes);
}

// The loop takes for events and for timeouts while owners park; the number they count has no lock of
// its own, so that two owners at one time would lose a count.
TEST(AnOwner, is_one_at_a_time_however_events_and_timeouts_fall)
{
    constexpr int rounds = 200000;
    Ownership ownership;
    const auto generation = ownership.begin();
    long counted = 0;
    std::atomic<int> tasks{0};
    std::atomic<bool> over{false};
    ASSERT_TRUE(ownership.park());

    std::vector<std::thread> owners;
    for (int i = 0; i < 2; ++i) {
        owners.emplace_back([&] {
            for (;;) {
                int task = tasks.load();
                if (task == 0) {
                    if (over.load()) {
                        return;
                    }
                    std::this_thread::yield();
                    continue;
                }
                if (!tasks.compare_exchange_strong(task, task - 1)) {
                    continue;
                }
                do {
                    ++counted;
                } while (!ownership.park());
            }
        });
    }
    long taken = 0;
    for (int i = 0; i < rounds; ++i) {
        const bool mine = i % 4 == 0 ? ownership.take_parked()
                                     : ownership.take(generation) == Taken::yes;
        if (mine) {
            ++taken;
            tasks.fetch_add(1);
        }
    }
    while (!ownership.is_parked()) {
        std::this_thread::yield();
    }
    over = true;
    for (auto& owner : owners) {
        owner.join();
    }
    EXPECT_GE(counted, taken);
    EXPECT_GT(taken, 0);
}

TEST(Slots, are_given_out_once_and_refused_when_there_is_none_left)
{
    Slots slots(3);
    std::set<std::uint32_t> given;
    for (int i = 0; i < 3; ++i) {
        given.insert(slots.acquire().value());
    }
    EXPECT_EQ(given, (std::set<std::uint32_t>{0, 1, 2}));
    EXPECT_EQ(slots.acquire(), std::nullopt);
    EXPECT_EQ(slots.in_use(), 3u);
    slots.release(1);
    EXPECT_EQ(slots.acquire(), 1u);
    EXPECT_EQ(slots.used_end(), 3u);
}

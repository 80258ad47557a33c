/* SPDX-License-Identifier: MPL-2.0 */
#include "models/server.hpp"

#include "answers.hpp"
#include "models/coroutines.hpp"
#include "models/inlined.hpp"
#include "models/static_pool.hpp"
#include "models/task_per_request.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <set>

using namespace models;
using namespace std::chrono_literals;

namespace {

class EveryModel : public testing::TestWithParam<std::pair<std::string, Model>> {
protected:
    std::unique_ptr<Server> server(std::size_t workers = 3)
    {
        return makeServer(GetParam().second, {.workers = workers, .tasks = 8}, logs_);
    }

    log::Logs logs_{false};
    Answers answers_;
};

TEST_P(EveryModel, AnswersEveryEventOnce)
{
    constexpr std::size_t count = 500;
    const auto server = this->server();
    for (std::size_t n = 0; n < count; n++)
        server->addEvent(event(n % 5 ? "ECHO " + std::to_string(n) : "WORK 100", n, answers_));
    const auto answers = answers_.wait(count);
    ASSERT_EQ(answers.size(), count);
    std::set<std::uint64_t> numbers;
    for (const auto& answer : answers) {
        const auto n = answer.ticket.number;
        numbers.insert(n);
        const auto end = n % 5 ? ' ' + std::to_string(n) : std::string(" worked");
        EXPECT_TRUE(answer.text.starts_with("OK h=")) << answer.text;
        EXPECT_TRUE(answer.text.ends_with(end)) << answer.text;
    }
    EXPECT_EQ(numbers.size(), count);
}

TEST_P(EveryModel, HandlesBeforeItEndsWhatItAccepted)
{
    auto server = this->server();
    for (std::size_t n = 0; n < 50; n++)
        server->addEvent(event(n % 2 ? "SLEEP 2" : "WORK 500", n, answers_));
    server.reset();
    EXPECT_EQ(answers_.wait(50).size(), 50u);
}

TEST_P(EveryModel, CountsWhatEachHandlerHasHandled)
{
    const auto server = this->server();
    for (std::size_t n = 0; n < 60; n++)
        server->addEvent(event("ECHO", n, answers_));
    answers_.wait(60);
    std::size_t sum = 0;
    const auto counts = server->counts();
    for (const auto& handled : counts.at("handled"))
        sum += handled.get<std::size_t>();
    EXPECT_EQ(sum, 60u);
}

INSTANTIATE_TEST_SUITE_P(, EveryModel, testing::ValuesIn(modelNames()), [](const auto& info) {
    auto name = info.param.first;
    std::erase(name, '-');
    return name;
});

TEST(StaticPool, GivesEachHandlerEveryNthEvent)
{
    log::Logs logs(false);
    Answers answers;
    StaticPool server(3, logs);
    for (std::size_t n = 0; n < 100; n++)
        server.addEvent(event("ECHO", n, answers));
    for (const auto& answer : answers.wait(100))
        EXPECT_TRUE(answer.text.starts_with("OK h=" + std::to_string(answer.ticket.number % 3)));
    EXPECT_EQ(server.counts().at("handled"), (nlohmann::json{34, 33, 33}));
}

TEST(SharedQueue, WhoIsFreeTakesWhatWouldWaitForABusyOne)
{
    log::Logs logs(false);
    HeldAnswers answers(1);
    const auto server = makeServer(Model::sharedQueue, {.workers = 2}, logs);
    for (std::size_t n = 0; n <= 10; n++)
        server->addEvent(event("ECHO", n, answers));
    EXPECT_EQ(answers.wait(10).size(), 10u);
    answers.gate.open();
    EXPECT_EQ(answers.wait(11).size(), 11u);
}

TEST(Inline, HandlesOnTheThreadThatBringsTheEvent)
{
    log::Logs logs(false);
    Answers answers;
    Inlined server(logs);
    server.addEvent(event("WORK 1", 0, answers));
    const auto all = answers.wait(1);
    ASSERT_EQ(all.size(), 1u);
    EXPECT_EQ(all[0].thread, std::this_thread::get_id());
}

TEST(TaskPerRequest, HasAThreadForEachUpToItsBound)
{
    log::Logs logs(false);
    HeldAnswers answers(4);
    TaskPerRequest server(4, logs);
    for (std::size_t n = 0; n < 4; n++)
        server.addEvent(event("ECHO", n, answers));
    EXPECT_TRUE(answers.gate.hasWaiting(4));

    // One more than the bound: who brings it waits, too.
    std::atomic<bool> isAdded = false;
    std::jthread more([&] {
        server.addEvent(event("ECHO", 4, answers));
        isAdded = true;
    });
    EXPECT_FALSE(isAdded);
    answers.gate.open();
    more.join();
    std::set<std::string> places;
    for (const auto& answer : answers.wait(5)) {
        EXPECT_NE(answer.thread, std::this_thread::get_id());
        if (answer.ticket.number < 4)
            places.insert(answer.text);
    }
    EXPECT_EQ(places.size(), 4u);
}

TEST(Coroutines, WhatWaitsTakesNoThread)
{
    log::Logs logs(false);
    Answers answers;
    Coroutines server(1, Policy::fifo, logs);
    for (std::size_t n = 0; n < 100; n++)
        server.addEvent(event("SLEEP 2000", n, answers));
    server.addEvent(event("ECHO", 100, answers));
    // On the only worker, which would otherwise sleep for minutes before.
    EXPECT_EQ(answers.wait(1).front().ticket.number, 100u);
    EXPECT_EQ(answers.wait(101).size(), 101u);
}

TEST(Coroutines, LongWorkLetsTheUrgentGoFirst)
{
    log::Logs logs(false);
    Answers answers;
    Coroutines server(1, Policy::priority, logs);
    for (std::size_t n = 0; n < 3; n++)
        server.addEvent(event("PRIO 1 WORK 200000", n, answers));
    server.addEvent(event("PRIO 9 WORK 2000", 3, answers));
    EXPECT_EQ(answers.wait(4).front().ticket.number, 3u);
}

TEST(Coroutines, WhatFindsNoRoomIsToldSo)
{
    log::Logs logs(false);
    HeldAnswers answers(1);
    Coroutines server(1, Policy::fifo, logs, 2);
    server.addEvent(event("ECHO", 0, answers));
    EXPECT_TRUE(answers.gate.hasWaiting(1));
    for (std::size_t n = 1; n <= 3; n++)
        server.addEvent(event("ECHO", n, answers));
    EXPECT_EQ(answers.wait(1).front().text, "ERR busy");
    answers.gate.open();
    EXPECT_EQ(answers.wait(4).size(), 4u);
    EXPECT_EQ(server.counts().at("refused"), 1u);
    EXPECT_EQ(server.counts().at("handled"), nlohmann::json{3});
}

TEST(Coroutines, KnowTheirPoliciesByName)
{
    log::Logs logs(false);
    Coroutines server(1, Policy::fifo, logs);
    EXPECT_TRUE(server.setPolicy("deadline"));
    EXPECT_EQ(server.counts().at("policy"), "deadline");
    EXPECT_FALSE(server.setPolicy("best"));
    EXPECT_EQ(server.counts().at("policy"), "deadline");
}

} // namespace

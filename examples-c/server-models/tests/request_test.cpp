/* SPDX-License-Identifier: MPL-2.0 */
#include "protocol/request.hpp"

#include <gtest/gtest.h>

using namespace models;
using namespace std::chrono_literals;

namespace {

Request request(std::string_view line)
{
    const auto parsed = parse(line);
    EXPECT_TRUE(std::holds_alternative<Request>(parsed)) << line;
    const auto* request = std::get_if<Request>(&parsed);
    return request ? *request : Request{};
}

TEST(Request, ASaidTextIsTakenAsItIs)
{
    EXPECT_EQ(request("ECHO  two  spaces ").text, " two  spaces ");
    EXPECT_EQ(request("ECHO").text, "");
}

TEST(Request, TimesHaveTheUnitOfTheirVerb)
{
    EXPECT_EQ(request("WORK 250").time, 250us);
    EXPECT_EQ(request("SLEEP 250").time, 250ms);
}

TEST(Request, APriorityGoesBeforeAnyRequest)
{
    EXPECT_EQ(request("WORK 1").priority, ordinaryPriority);
    const auto urgent = request("PRIO 9 SLEEP 3");
    EXPECT_EQ(urgent.priority, 9u);
    EXPECT_EQ(urgent.verb, Verb::sleep);
    EXPECT_EQ(urgent.time, 3ms);
}

TEST(Request, ALineMayEndAsTelnetEndsIt)
{
    EXPECT_EQ(request("STATS\r").verb, Verb::stats);
    EXPECT_EQ(request("ECHO a\r").text, "a");
}

TEST(Request, WhatIsNoRequestIsMalformed)
{
    for (const auto* line :
         {"", " ", "echo a", "WORK", "WORK x", "WORK -1", "WORK 1 ", "WORK 1x", "SLEEP 10001",
          "WORK 10000001", "WORK 18446744073709551616", "PRIO", "PRIO 10 STATS", "PRIO 1",
          "PRIO x ECHO", "PRIO 1 PRIO 2 STATS", "STATS now", "QUIT QUIT", "GET / HTTP/1.1"}) {
        EXPECT_TRUE(std::holds_alternative<Malformed>(parse(line))) << line;
    }
}

TEST(Request, TheLongestTimesAreStillRequests)
{
    EXPECT_EQ(request("WORK 10000000").time, longestWork);
    EXPECT_EQ(request("SLEEP 10000").time, longestWork);
}

} // namespace

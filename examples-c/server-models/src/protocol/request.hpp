/* SPDX-License-Identifier: MPL-2.0 */
// The line protocol, one request a line:
//
//   ECHO text      says the text
//   WORK us        computes for so long
//   SLEEP ms       waits for so long, as for a disk or another server
//   PRIO n REQUEST the request, with an urgency from 0 to 9; 5 without
//   STATS          tells the counts of the server, as JSON
//   QUIT           ends the connection, after all answers
//
// Answers come in the order of the requests: "OK h=<handler> ...", "ERR <reason>" or "BYE".
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <variant>

namespace models {

enum class Verb { echo, work, sleep, stats, quit };

constexpr unsigned mostUrgent = 9;
constexpr unsigned ordinaryPriority = 5;

// Nobody may keep a handler for longer, and so hold up the end of the server.
constexpr std::chrono::microseconds longestWork = std::chrono::seconds(10);

struct Request {
    Verb verb = Verb::echo;
    std::string text{};               // of ECHO
    std::chrono::microseconds time{}; // of WORK and SLEEP
    unsigned priority = ordinaryPriority;
};

// What the client is told of a line that is no request.
struct Malformed {
    std::string_view reason;
};

std::variant<Request, Malformed> parse(std::string_view line);

std::string_view name(Verb verb) noexcept;

} // namespace models

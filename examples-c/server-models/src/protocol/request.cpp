/* SPDX-License-Identifier: MPL-2.0 */
#include "protocol/request.hpp"

#include <charconv>
#include <cstdint>
#include <optional>
#include <utility>

namespace models {
namespace {

// The first word, and what is behind the space that ends it.
std::pair<std::string_view, std::string_view> split(std::string_view line)
{
    const auto space = line.find(' ');
    if (space == line.npos)
        return {line, {}};
    return {line.substr(0, space), line.substr(space + 1)};
}

// All of a text as a number; none if anything else is in it.
std::optional<std::uint64_t> number(std::string_view text)
{
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size())
        return {};
    return value;
}

std::variant<Request, Malformed> timed(Verb verb, std::string_view argument,
                                       std::chrono::microseconds unit)
{
    const auto count = number(argument);
    if (!count)
        return Malformed{"a number is missing"};
    if (*count > static_cast<std::uint64_t>(longestWork / unit))
        return Malformed{"at most ten seconds"};
    Request request;
    request.verb = verb;
    request.time = unit * *count;
    return request;
}

std::variant<Request, Malformed> prioritised(std::string_view argument)
{
    const auto [digits, rest] = split(argument);
    const auto priority = number(digits);
    if (!priority || *priority > mostUrgent)
        return Malformed{"a priority from 0 to 9 is missing"};
    // Otherwise a line of many PRIO would be parsed that deep.
    if (split(rest).first == "PRIO")
        return Malformed{"one priority is enough"};
    auto inner = parse(rest);
    if (auto* request = std::get_if<Request>(&inner))
        request->priority = static_cast<unsigned>(*priority);
    return inner;
}

} // namespace

std::variant<Request, Malformed> parse(std::string_view line)
{
    using namespace std::chrono_literals;

    // What telnet and nc -C send.
    if (line.ends_with('\r'))
        line.remove_suffix(1);
    const auto [verb, argument] = split(line);
    if (verb == "ECHO")
        return Request{.verb = Verb::echo, .text = std::string(argument)};
    if (verb == "WORK")
        return timed(Verb::work, argument, 1us);
    if (verb == "SLEEP")
        return timed(Verb::sleep, argument, 1ms);
    if (verb == "PRIO")
        return prioritised(argument);
    if (line == "STATS")
        return Request{.verb = Verb::stats};
    if (line == "QUIT")
        return Request{.verb = Verb::quit};
    return Malformed{"ECHO, WORK, SLEEP, PRIO, STATS or QUIT"};
}

std::string_view name(Verb verb) noexcept
{
    switch (verb) {
    case Verb::echo: return "ECHO";
    case Verb::work: return "WORK";
    case Verb::sleep: return "SLEEP";
    case Verb::stats: return "STATS";
    case Verb::quit: return "QUIT";
    }
    return "?";
}

} // namespace models

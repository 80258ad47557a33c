/* SPDX-License-Identifier: MPL-2.0 */
// What clients ask of a server, and how long they wait for it.
#pragma once

#include "protocol/event.hpp"

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace models::compare {

struct Load {
    std::string name;
    std::string description;
    std::size_t connections;
    std::size_t depth;              // requests at a time on a connection
    std::vector<std::string> lines; // in turn
    // Without a period, each answer is followed by the next request. With one, all connections ask at
    // these times, whether answers have come or not, and the time waited counts from then.
    std::chrono::milliseconds period{};
};

// Computing, waiting, bursts, and as much as goes.
const std::vector<Load>& loads();

struct Answered {
    std::vector<Clock::duration> latencies; // sorted
    double seconds = 0;
    std::uint64_t failed = 0; // answers that are not OK

    double perSecond() const { return static_cast<double>(latencies.size()) / seconds; }
    double microseconds(double quantile) const;
};

// Puts a server of this machine under a load; calls the last argument every now and then.
Answered ask(std::uint16_t port, const Load& load, Clock::duration time,
             const std::function<void()>& watch);

} // namespace models::compare

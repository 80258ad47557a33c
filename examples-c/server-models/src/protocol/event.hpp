/* SPDX-License-Identifier: MPL-2.0 */
// A request on its way through a server, and whom to answer.
#pragma once

#include "protocol/request.hpp"

#include <chrono>
#include <cstdint>
#include <string>

namespace models {

using Clock = std::chrono::steady_clock;

// Which answer it is: the connection, and the number of the request there.
struct Ticket {
    std::uint64_t connection = 0;
    std::uint64_t number = 0;
};

// Takes answers, from any thread. It outlives the server whose events name it.
class ReplyTo {
public:
    virtual void reply(Ticket ticket, std::string answer) = 0;

protected:
    ~ReplyTo() = default;
};

struct Event {
    Request request{};
    Ticket ticket{};
    ReplyTo* replyTo = nullptr;
    Clock::time_point arrived = Clock::now();
};

} // namespace models

/* SPDX-License-Identifier: MPL-2.0 */
// Takes the answers of a server in a test, and lets the test wait for them.
#pragma once

#include "gate.hpp"
#include "protocol/event.hpp"

#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace models {

class Answers : public ReplyTo {
public:
    struct Answer {
        Ticket ticket;
        std::string text;
        std::thread::id thread;
    };

    void reply(Ticket ticket, std::string text) override
    {
        {
            const std::lock_guard lock(mutex_);
            answers_.push_back({ticket, std::move(text), std::this_thread::get_id()});
        }
        came_.notify_all();
    }

    // All answers, as soon as there are so many; those that came within a minute, otherwise.
    std::vector<Answer> wait(std::size_t count)
    {
        std::unique_lock lock(mutex_);
        came_.wait_for(lock, std::chrono::minutes(1), [&] { return answers_.size() >= count; });
        return answers_;
    }

private:
    std::mutex mutex_;
    std::condition_variable came_;
    std::vector<Answer> answers_;
};

// Holds up the handlers that answer the first so many requests.
class HeldAnswers final : public Answers {
public:
    explicit HeldAnswers(std::uint64_t held) : held_(held) {}

    void reply(Ticket ticket, std::string text) override
    {
        if (ticket.number < held_)
            gate.pass();
        Answers::reply(ticket, std::move(text));
    }

    Gate gate;

private:
    const std::uint64_t held_;
};

// The event of a line that is a request.
inline Event event(std::string_view line, std::uint64_t number, ReplyTo& replyTo)
{
    return {.request = std::get<Request>(parse(line)), .ticket = {1, number}, .replyTo = &replyTo};
}

} // namespace models

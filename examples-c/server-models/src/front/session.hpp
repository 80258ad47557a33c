/* SPDX-License-Identifier: MPL-2.0 */
// One connection: a coroutine that reads requests, and one that sends answers, in the order of the
// requests. A client that does not read its answers is not read from.
#pragma once

#include "coroutine/task.hpp"
#include "net/loop.hpp"
#include "net/stream.hpp"
#include "protocol/event.hpp"
#include "protocol/line_buffer.hpp"

#include <deque>
#include <optional>

namespace models {

class Session;

// What a session asks for. It is called on the session's thread.
class SessionHost {
public:
    // A request that a server is to handle; the answer comes through Session::deliver().
    virtual void handle(Event event) = 0;
    virtual std::string statistics() = 0;
    // The session wants flush() to be called, soon but not within this call.
    virtual void isToBeFlushed(Session& session) = 0;
    // It may be destroyed, but not within this call.
    virtual void isOver(Session& session) = 0;

protected:
    ~SessionHost() = default;
};

class Session {
public:
    // Requests of a connection that are not answered, and bytes of answers that are not taken, beyond
    // which no more is read.
    static constexpr std::size_t mostUnanswered = 64;
    static constexpr std::size_t mostUnsent = 65536;

    Session(SessionHost& host, std::uint64_t id, net::Loop& loop, net::Stream stream);

    void start();
    void deliver(std::uint64_t number, std::string answer);
    void flush();

    // Reads nothing more; ends as soon as everything is answered.
    void stop();

    // Whether the client takes too long where it has no reason to.
    bool isOverdue(Clock::time_point now) const;

    std::uint64_t id() const { return id_; }
    std::uint64_t requests() const { return first_ + answers_.size(); }

private:
    Task<> receive();
    Task<> send();
    void take(std::string_view line);
    void answer(std::string text);
    bool isFull() const;
    void end();

    SessionHost& host_;
    const std::uint64_t id_;
    net::Stream stream_;
    net::Watch watch_;
    LineBuffer lines_;

    // Places for answers; the first belongs to request number first_.
    std::deque<std::optional<std::string>> answers_;
    std::uint64_t first_ = 0;
    std::string unsent_;

    bool takesRequests_ = true;
    bool isReading_ = true;
    bool isSent_ = false;
    bool isToBeFlushed_ = false;
    bool isOver_ = false;
    std::optional<Clock::time_point> overdue_; // set while only the client's next step is waited for

    net::Signal hasRoom_;
    net::Signal hasOutput_;
    net::Signal sent_;

    // Destroyed first: they use everything above.
    Task<> receiver_;
    Task<> sender_;
};

} // namespace models

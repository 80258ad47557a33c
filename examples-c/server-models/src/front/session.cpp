/* SPDX-License-Identifier: MPL-2.0 */
#include "front/session.hpp"

#include <utility>

namespace models {
namespace {

using namespace std::chrono_literals;
using net::Progress;
using Side = net::Watch::Side;

constexpr auto longestHandshake = 10s;
// For a client that goes on sending after its connection has ended. Closed at once, the system would
// reset the connection, and the last answers might be lost with it.
constexpr auto longestGoodbye = 2s;

} // namespace

Session::Session(SessionHost& host, std::uint64_t id, net::Loop& loop, net::Stream stream)
    : host_(host), id_(id), stream_(std::move(stream)), watch_(loop, stream_.descriptor())
{
}

void Session::start()
{
    receiver_ = receive();
    sender_ = send();
    receiver_.start();
    sender_.start();
}

Task<> Session::receive()
{
    overdue_ = Clock::now() + longestHandshake;
    bool isReady = false;
    bool isAtEnd = false;
    while (takesRequests_ && !isAtEnd) {
        // The space may not be asked for before all lines are out.
        const auto step = isReady ? stream_.receive(lines_.space()) : stream_.handshake();
        switch (step.progress) {
        case Progress::done:
            if (!std::exchange(isReady, true))
                overdue_.reset();
            lines_.filled(step.bytes);
            break;
        case Progress::wantsToRead: co_await watch_.readable(Side::receiver); break;
        case Progress::wantsToWrite: co_await watch_.writable(Side::receiver); break;
        case Progress::ended: isAtEnd = true; break;
        case Progress::broken: end(); co_return;
        }
        while (takesRequests_) {
            while (isFull())
                co_await hasRoom_.wait();
            const auto line = lines_.next();
            if (!line)
                break;
            take(*line);
        }
        if (takesRequests_ && lines_.isTooLong()) {
            answer("ERR line too long");
            takesRequests_ = false;
        }
    }

    isReading_ = false;
    if (!std::exchange(isToBeFlushed_, true))
        host_.isToBeFlushed(*this);
    while (!isSent_)
        co_await sent_.wait();
    overdue_ = Clock::now() + longestGoodbye;
    while (!isAtEnd) {
        const auto step = stream_.discard();
        if (step.progress == Progress::wantsToRead)
            co_await watch_.readable(Side::receiver);
        else
            isAtEnd = step.progress != Progress::done;
    }
    end();
}

Task<> Session::send()
{
    for (;;) {
        while (unsent_.empty()) {
            if (!isReading_ && answers_.empty()) {
                stream_.endSending();
                isSent_ = true;
                sent_.give();
                co_return;
            }
            co_await hasOutput_.wait();
        }
        const auto step = stream_.send(unsent_);
        switch (step.progress) {
        case Progress::done:
            unsent_.erase(0, step.bytes);
            if (!isFull())
                hasRoom_.give();
            break;
        case Progress::wantsToRead: co_await watch_.readable(Side::sender); break;
        case Progress::wantsToWrite: co_await watch_.writable(Side::sender); break;
        case Progress::ended:
        case Progress::broken: end(); co_return;
        }
    }
}

void Session::take(std::string_view line)
{
    auto parsed = parse(line);
    if (const auto* malformed = std::get_if<Malformed>(&parsed)) {
        answer("ERR " + std::string(malformed->reason));
        return;
    }
    auto& request = std::get<Request>(parsed);
    if (request.verb == Verb::stats) {
        answer("OK " + host_.statistics());
    } else if (request.verb == Verb::quit) {
        answer("BYE");
        takesRequests_ = false;
    } else {
        const auto number = requests();
        answers_.emplace_back();
        host_.handle({.request = std::move(request), .ticket = {id_, number}});
    }
}

void Session::answer(std::string text)
{
    const auto number = requests();
    answers_.emplace_back();
    deliver(number, std::move(text));
}

void Session::deliver(std::uint64_t number, std::string answer)
{
    answers_[number - first_] = std::move(answer);
    while (!answers_.empty() && answers_.front()) {
        unsent_ += *answers_.front();
        unsent_ += '\n';
        answers_.pop_front();
        first_++;
    }
    if (!std::exchange(isToBeFlushed_, true))
        host_.isToBeFlushed(*this);
}

void Session::flush()
{
    isToBeFlushed_ = false;
    hasOutput_.give();
    if (!isFull())
        hasRoom_.give();
}

void Session::stop()
{
    takesRequests_ = false;
    stream_.endReceiving();
}

bool Session::isOverdue(Clock::time_point now) const
{
    return overdue_ && now >= *overdue_;
}

bool Session::isFull() const
{
    return answers_.size() >= mostUnanswered || unsent_.size() > mostUnsent;
}

void Session::end()
{
    if (!std::exchange(isOver_, true))
        host_.isOver(*this);
}

} // namespace models

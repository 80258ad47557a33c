/* SPDX-License-Identifier: MPL-2.0 */
#include "front/front_end.hpp"

#include "front/threads.hpp"

#include <nlohmann/json.hpp>
#include <sys/socket.h>

#include <utility>

namespace models {
namespace {

using namespace std::chrono_literals;

// A request may take ten seconds, and its client a while to read the answer.
constexpr auto longestStop = 15s;

} // namespace

FrontEnd::FrontEnd(log::Logs& logs, std::string model, std::size_t mostConnections)
    : logs_(logs), model_(std::move(model)), mostConnections_(mostConnections)
{
}

std::uint16_t FrontEnd::listen(const net::ListenerOptions& options, std::uint16_t port,
                               SSL_CTX* context)
{
    auto& listener = *listeners_.emplace_back(std::make_unique<net::TcpListener>(loop_));
    listener.configure(options);
    listener.bind(port);
    logs_.listener(DLT_LOG_INFO, context ? "listening with TLS" : "listening",
                   log::Named{"port", listener.port()});
    takers_.push_back(takeConnections(listener, context));
    return listener.port();
}

void FrontEnd::run(Server& server)
{
    server_ = &server;
    thread_ = std::this_thread::get_id();
    for (auto& taker : takers_)
        taker.start();
    loop_.run(*this);
    // What has thrown tells it here.
    for (auto& taker : takers_) {
        if (taker.isDone())
            taker.result();
    }
}

void FrontEnd::stop() noexcept
{
    isToStop_ = true;
    loop_.wake();
}

void FrontEnd::post(std::function<void()> order)
{
    {
        const std::lock_guard lock(mutex_);
        orders_.push_back(std::move(order));
    }
    loop_.wake();
}

void FrontEnd::reply(Ticket ticket, std::string answer)
{
    if (std::this_thread::get_id() == thread_) {
        deliver(ticket, std::move(answer));
        return;
    }
    {
        const std::lock_guard lock(mutex_);
        answers_.emplace_back(ticket, std::move(answer));
    }
    loop_.wake();
}

Task<> FrontEnd::takeConnections(net::TcpListener& listener, SSL_CTX* context)
{
    for (;;) {
        net::Descriptor socket = co_await listener.accept();
        open(std::move(socket), context);
    }
}

void FrontEnd::open(net::Descriptor socket, SSL_CTX* context)
{
    if (sessions_.size() >= mostConnections_) {
        refused_++;
        logs_.listener(DLT_LOG_WARN, "too many connections", sessions_.size());
        if (!context)
            net::Stream(std::move(socket), nullptr).send("ERR full\n");
        return;
    }
    const auto id = ++connections_;
    logs_.listener(DLT_LOG_INFO, context ? "accepted with TLS" : "accepted",
                   log::Named{"connection", id});
    net::Stream stream(std::move(socket), context);
    SessionHost& host = *this;
    auto session = std::make_unique<Session>(host, id, loop_, std::move(stream));
    // In its place before it runs: the first request may be answered at once.
    sessions_.emplace(id, std::move(session)).first->second->start();
}

void FrontEnd::handle(Event event)
{
    requests_++;
    event.replyTo = this;
    server_->addEvent(std::move(event));
}

void FrontEnd::deliver(Ticket ticket, std::string answer)
{
    // Who is gone needs no answer.
    if (const auto session = sessions_.find(ticket.connection); session != sessions_.end())
        session->second->deliver(ticket.number, std::move(answer));
}

void FrontEnd::isToBeFlushed(Session& session)
{
    toBeFlushed_.push_back(session.id());
}

void FrontEnd::isOver(Session& session)
{
    ended_.push_back(session.id());
}

void FrontEnd::turned()
{
    std::vector<std::pair<Ticket, std::string>> answers;
    std::vector<std::function<void()>> orders;
    {
        const std::lock_guard lock(mutex_);
        answers.swap(answers_);
        orders.swap(orders_);
    }
    for (auto& [ticket, answer] : answers)
        deliver(ticket, std::move(answer));
    for (const auto& order : orders)
        order();
    if (isToStop_ && !stopped_)
        beginToStop();
    // One call sends all that a session has got; it may make room for requests, which the thread's
    // own server answers at once.
    while (!toBeFlushed_.empty()) {
        for (const auto id : std::exchange(toBeFlushed_, {}))
            sessions_.at(id)->flush();
    }
    removeEnded();
    if (stopped_ && sessions_.empty())
        loop_.leave();
}

// Here nobody is within a session, as would be where it says that it is over.
void FrontEnd::removeEnded()
{
    for (const auto id : std::exchange(ended_, {})) {
        logs_.listener(DLT_LOG_INFO, "closed", log::Named{"connection", id},
                       log::Named{"requests", sessions_.at(id)->requests()});
        sessions_.erase(id);
    }
}

void FrontEnd::ticked()
{
    const auto now = Clock::now();
    for (const auto& [id, session] : sessions_) {
        if (session->isOverdue(now))
            ended_.push_back(id);
    }
    removeEnded();
    if (stopped_ && now >= *stopped_ + longestStop) {
        logs_.listener(DLT_LOG_WARN, "connections that did not end", sessions_.size());
        loop_.leave();
    }
}

void FrontEnd::beginToStop()
{
    stopped_ = Clock::now();
    logs_.listener(DLT_LOG_INFO, "stopping", log::Named{"connections", sessions_.size()});
    for (const auto& listener : listeners_)
        listener->close();
    for (const auto& [id, session] : sessions_)
        session->stop();
}

std::string FrontEnd::statistics()
{
    std::uint64_t turnedAway = 0;
    for (const auto& listener : listeners_)
        turnedAway += listener->turnedAway();
    nlohmann::json all = {
        {"model", model_},
        {"threads", threadsOfThisProcess()},
        {"connections",
         {{"open", sessions_.size()}, {"taken", connections_}, {"refused", refused_ + turnedAway}}},
        {"requests", requests_},
        {"log",
         {{"on", logs_.isOn()},
          {"accepted", logs_.counts.accepted.load()},
          {"refused", logs_.counts.refused.load()},
          {"lost_by_library", logs_.isOn() ? log::lostByLibrary() : 0}}},
    };
    if (server_)
        all.update(server_->counts());
    return all.dump();
}

} // namespace models

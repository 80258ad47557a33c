/* SPDX-License-Identifier: MPL-2.0 */
#include "compare/load.hpp"

#include "net/descriptor.hpp"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <deque>
#include <stdexcept>
#include <string_view>

namespace models::compare {
namespace {

using namespace std::chrono_literals;

// How long after the end answers are waited for.
constexpr auto patience = 30s;

net::Descriptor connectTo(std::uint16_t port)
{
    net::Descriptor socket(
        net::orFail(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), "socket"));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    net::orFail(::connect(socket.get(), reinterpret_cast<sockaddr*>(&address), sizeof address),
                "connect");
    const int on = 1;
    setsockopt(socket.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    return socket;
}

struct Client {
    net::Descriptor socket;
    std::deque<Clock::time_point> asked;
    std::string received;
    std::size_t next = 0; // the line to ask
};

class Clients {
public:
    Clients(std::uint16_t port, const Load& load, Answered& answered)
        : load_(load), answered_(answered), clients_(load.connections)
    {
        for (std::size_t n = 0; n < clients_.size(); n++) {
            clients_[n].socket = connectTo(port);
            clients_[n].next = n;
            polled_.push_back({clients_[n].socket.get(), POLLIN, 0});
        }
    }

    void askAll(Clock::time_point when)
    {
        for (auto& client : clients_)
            ask(client, load_.depth, when);
    }

    // Takes the answers that are there, until a time; to each, asks again if wanted.
    void takeAnswers(Clock::time_point until, bool asksAgain)
    {
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - Clock::now());
        if (poll(polled_.data(), polled_.size(), static_cast<int>(std::max(left, 0ms).count())) < 0
            && errno != EINTR)
            net::fail("poll");
        for (std::size_t n = 0; n < clients_.size(); n++) {
            if (polled_[n].revents)
                take(clients_[n], asksAgain);
        }
    }

    std::size_t unanswered() const { return unanswered_; }

private:
    void ask(Client& client, std::size_t count, Clock::time_point when)
    {
        std::string text;
        for (std::size_t n = 0; n < count; n++) {
            text += load_.lines[client.next++ % load_.lines.size()] + '\n';
            client.asked.push_back(when);
        }
        unanswered_ += count;
        for (std::string_view left = text; !left.empty();) {
            const auto sent = ::send(client.socket.get(), left.data(), left.size(), MSG_NOSIGNAL);
            left.remove_prefix(static_cast<std::size_t>(net::orFail(static_cast<int>(sent), "send")));
        }
    }

    void take(Client& client, bool asksAgain)
    {
        char bytes[16384];
        const auto count = ::recv(client.socket.get(), bytes, sizeof bytes, MSG_DONTWAIT);
        if (count == 0)
            throw std::runtime_error("the server has closed a connection");
        if (count < 0)
            return;
        const auto now = Clock::now();
        client.received.append(bytes, static_cast<std::size_t>(count));
        std::size_t begin = 0, answers = 0;
        for (auto end = client.received.find('\n'); end != client.received.npos;
             end = client.received.find('\n', begin)) {
            if (client.received.compare(begin, 3, "OK ") == 0)
                answered_.latencies.push_back(now - client.asked.front());
            else
                answered_.failed++;
            client.asked.pop_front();
            begin = end + 1;
            answers++;
        }
        client.received.erase(0, begin);
        unanswered_ -= answers;
        if (asksAgain && answers)
            ask(client, answers, now);
    }

    const Load& load_;
    Answered& answered_;
    std::vector<Client> clients_;
    std::vector<pollfd> polled_;
    std::size_t unanswered_ = 0;
};

} // namespace

const std::vector<Load>& loads()
{
    static const std::vector<Load> all = {
        {"cpu", "8 connections, each waits for WORK 200 and asks again", 8, 1, {"WORK 200"}},
        {"io", "64 connections, each waits for SLEEP 2 and asks again", 64, 1, {"SLEEP 2"}},
        {"burst", "every 50 ms, 32 connections ask for 4 of ECHO and WORK 100 at once", 32, 4,
         {"ECHO burst", "WORK 100"}, 50ms},
        {"echo", "16 connections, each with 8 of ECHO on their way", 16, 8, {"ECHO 0123456789"}},
    };
    return all;
}

double Answered::microseconds(double quantile) const
{
    if (latencies.empty())
        return 0;
    const auto last = static_cast<double>(latencies.size() - 1);
    return std::chrono::duration<double, std::micro>(
               latencies[static_cast<std::size_t>(last * quantile)])
        .count();
}

Answered ask(std::uint16_t port, const Load& load, Clock::duration time,
             const std::function<void()>& watch)
{
    Answered answered;
    Clients clients(port, load, answered);
    const auto begun = Clock::now();
    const auto end = begun + time;
    const bool asksAgain = load.period == 0ms;
    constexpr auto pause = 20ms; // at most, between two looks at the server
    auto look = begun;
    auto next = begun;
    for (auto now = begun; now < end; now = Clock::now()) {
        if (now >= look) {
            watch();
            look = now + pause;
        }
        if (now >= next) {
            clients.askAll(next);
            next = asksAgain ? Clock::time_point::max() : next + load.period;
        }
        clients.takeAnswers(std::min({next, end, look}), asksAgain);
    }
    while (clients.unanswered() > 0 && Clock::now() < end + patience)
        clients.takeAnswers(Clock::now() + pause, false);
    answered.failed += clients.unanswered();
    answered.seconds = std::chrono::duration<double>(Clock::now() - begun).count();
    std::ranges::sort(answered.latencies);
    return answered;
}

} // namespace models::compare

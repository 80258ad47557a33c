/* SPDX-License-Identifier: MPL-2.0 */
// The front of every server: listens, reads requests, gives them to a model, and sends its answers.
#pragma once

#include "front/session.hpp"
#include "log/logs.hpp"
#include "models/server.hpp"
#include "net/tcp_listener.hpp"
#include "net/tls.hpp"

#include <functional>
#include <mutex>
#include <thread>
#include <unordered_map>
#include <vector>

namespace models {

class FrontEnd final : public ReplyTo, private SessionHost, private net::LoopOwner {
public:
    FrontEnd(log::Logs& logs, std::string model, std::size_t mostConnections);

    // With a TLS context, connections there begin with TLS. Gives the port.
    std::uint16_t listen(const net::ListenerOptions& options, std::uint16_t port, SSL_CTX* context);

    // Serves until stop() is called, and then until everything accepted is answered and taken, or
    // that takes too long. The server ends before this object does.
    void run(Server& server);

    // From any thread, and from signal handlers.
    void stop() noexcept;

    // Carried out by the thread that serves. From any thread.
    void post(std::function<void()> order);

    // While it serves, by the thread that does, and afterwards.
    std::string statistics() override;

    void reply(Ticket ticket, std::string answer) override;

private:
    Task<> takeConnections(net::TcpListener& listener, SSL_CTX* context);
    void open(net::Descriptor socket, SSL_CTX* context);
    void deliver(Ticket ticket, std::string answer);
    void removeEnded();
    void beginToStop();

    void handle(Event event) override;
    void isToBeFlushed(Session& session) override;
    void isOver(Session& session) override;
    void turned() override;
    void ticked() override;

    log::Logs& logs_;
    const std::string model_;
    const std::size_t mostConnections_;
    Server* server_ = nullptr;
    std::thread::id thread_;

    // What other threads have left for the one that serves.
    std::mutex mutex_;
    std::vector<std::pair<Ticket, std::string>> answers_;
    std::vector<std::function<void()>> orders_;
    std::atomic<bool> isToStop_ = false;

    net::Loop loop_;
    std::vector<std::unique_ptr<net::TcpListener>> listeners_;
    std::unordered_map<std::uint64_t, std::unique_ptr<Session>> sessions_;
    std::vector<std::uint64_t> toBeFlushed_;
    std::vector<std::uint64_t> ended_;
    std::optional<Clock::time_point> stopped_;

    std::uint64_t connections_ = 0;
    std::uint64_t refused_ = 0;
    std::uint64_t requests_ = 0;

    std::vector<Task<>> takers_;
};

} // namespace models

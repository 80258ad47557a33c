/* SPDX-License-Identifier: MPL-2.0 */
// Takes connections, without a thread that waits for them.
#pragma once

#include "coroutine/task.hpp"
#include "net/loop.hpp"

#include <cstdint>
#include <memory>
#include <string>

namespace models::net {

struct ListenerOptions {
    std::string address = "127.0.0.1"; // or an IPv6 address
    int backlog = 4096;
    int sendBuffer = 0; // bytes; 0 leaves it to the system
    int receiveBuffer = 0;
};

class TcpListener {
public:
    explicit TcpListener(Loop& loop) : loop_(loop) {}

    void configure(ListenerOptions options) { options_ = std::move(options); }

    // Port 0 is one that is free.
    void bind(std::uint16_t port);
    std::uint16_t port() const;

    // The next connection, which does not block.
    Task<Descriptor> accept();

    // From now on nobody can connect. Who waits for a connection does so for ever.
    void close();

    // Connections that were closed at once, for there was no descriptor left for them.
    std::uint64_t turnedAway() const { return turnedAway_; }

private:
    bool turnAway();

    Loop& loop_;
    ListenerOptions options_;
    Descriptor socket_;
    Descriptor spare_;
    std::unique_ptr<Watch> watch_;
    std::uint64_t turnedAway_ = 0;
};

} // namespace models::net

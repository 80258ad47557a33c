/* SPDX-License-Identifier: MPL-2.0 */
// The server as a program: from its options to its last count.
#pragma once

#include "models/server.hpp"
#include "net/tcp_listener.hpp"

#include <cstdint>
#include <string>

namespace models {

struct ServeOptions {
    std::string model = "coroutines";
    ServerOptions server;
    net::ListenerOptions listener;
    std::uint16_t port = 8080;
    std::uint16_t tlsPort = 0;
    std::string certificates; // with them, the second port is there
    std::string key;
    std::size_t connections = 10000;
    bool logging = true;
};

// Until SIGINT, SIGTERM or an injection. Says on standard output where it listens, and its counts at
// the end.
int serve(const ServeOptions& options);

} // namespace models

// The server as a whole: routes are added, it is started, and it is stopped.
#pragma once

#include "acceptor.hpp"
#include "config.hpp"
#include "router.hpp"
#include "worker.hpp"

#include <memory>
#include <vector>

namespace eventcore {

class Server {
public:
    explicit Server(Config config);
    ~Server();

    // Before start(): afterwards many threads read it.
    Router& router() { return router_; }

    // Throws std::system_error when it cannot listen.
    void start();
    // Every request that has come is answered, or 10 s have passed.
    void stop();

    const Config& config() const { return config_; }
    const std::vector<std::unique_ptr<Worker>>& workers() const { return workers_; }
    const Acceptor& acceptor() const { return *acceptor_; }

private:
    Config config_;
    Router router_;
    std::vector<std::unique_ptr<Worker>> workers_;
    std::unique_ptr<Acceptor> acceptor_;
};

// As many descriptors as a million connections need, or as the system allows; both are logged.
void raise_descriptor_limit();

}  // namespace eventcore

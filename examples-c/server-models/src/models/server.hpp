/* SPDX-License-Identifier: MPL-2.0 */
// What all models have in common: events go in, answers come out, in any order and from any thread.
#pragma once

#include "log/logs.hpp"
#include "protocol/event.hpp"

#include <nlohmann/json_fwd.hpp>

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace models {

// The end of a server handles what was accepted; afterwards none of its threads is there.
class Server {
public:
    virtual ~Server() = default;

    // One thread calls it.
    virtual void addEvent(Event event) = 0;

    // How many events each handler has handled, and what else the model counts.
    virtual nlohmann::json counts() const = 0;

    // Orders requests anew, where a model has a choice; false if it has none of that name.
    virtual bool setPolicy(std::string_view) { return false; }
};

enum class Model { staticPool, sharedQueue, taskPerRequest, inlined, coroutines };

struct ServerOptions {
    std::size_t workers = 0; // 0: as many as the machine has processors
    std::size_t tasks = 64;  // most tasks at a time, of taskPerRequest
    std::string policy = "fifo"; // of the coroutines: fifo, priority or deadline
};

// By the name that users see.
const std::vector<std::pair<std::string, Model>>& modelNames();

std::unique_ptr<Server> makeServer(Model model, const ServerOptions& options, log::Logs& logs);

} // namespace models

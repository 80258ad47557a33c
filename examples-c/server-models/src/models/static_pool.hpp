/* SPDX-License-Identifier: MPL-2.0 */
// Threads that are there from the start, each with a queue of its own; events go round. No thread
// takes what waits for another, however long that one is busy.
#pragma once

#include "models/event_queue.hpp"
#include "models/handling.hpp"
#include "models/server.hpp"

#include <thread>

namespace models {

class StaticPool final : public Server {
public:
    StaticPool(std::size_t workers, log::Logs& logs);
    ~StaticPool() override;

    void addEvent(Event event) override;
    nlohmann::json counts() const override;

private:
    Handlers handlers_;
    std::vector<EventQueue> queues_;
    std::size_t requestCounter_ = 0;
    std::vector<std::jthread> threads_;
};

} // namespace models

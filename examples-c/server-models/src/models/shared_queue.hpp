/* SPDX-License-Identifier: MPL-2.0 */
// Threads that are there from the start and wait at one queue: whoever is free takes the next event.
#pragma once

#include "models/event_queue.hpp"
#include "models/handling.hpp"
#include "models/server.hpp"

#include <thread>

namespace models {

class SharedQueue final : public Server {
public:
    SharedQueue(std::size_t workers, log::Logs& logs);
    ~SharedQueue() override;

    void addEvent(Event event) override;
    nlohmann::json counts() const override;

private:
    Handlers handlers_;
    EventQueue queue_;
    std::vector<std::jthread> threads_;
};

} // namespace models

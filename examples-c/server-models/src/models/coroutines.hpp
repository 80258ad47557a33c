/* SPDX-License-Identifier: MPL-2.0 */
// A coroutine for every event. A few threads run all that could go on; what waits takes none.
#pragma once

#include "coroutine/scheduler.hpp"
#include "models/handling.hpp"
#include "models/server.hpp"

namespace models {

class Coroutines final : public Server {
public:
    Coroutines(std::size_t workers, Policy policy, log::Logs& logs,
               std::size_t queued = Scheduler::capacity);

    void addEvent(Event event) override;
    nlohmann::json counts() const override;
    bool setPolicy(std::string_view name) override;

private:
    Task<> handleRequest(Event event);

    Handlers handlers_;
    Scheduler scheduler_;
};

} // namespace models

/* SPDX-License-Identifier: MPL-2.0 */
// The baseline: the thread that brings an event handles it. While it does, nothing else is served.
#pragma once

#include "models/handling.hpp"
#include "models/server.hpp"

namespace models {

class Inlined final : public Server {
public:
    explicit Inlined(log::Logs& logs) : handlers_(1, logs) {}

    void addEvent(Event event) override;
    nlohmann::json counts() const override;

private:
    Handlers handlers_;
};

} // namespace models

/* SPDX-License-Identifier: MPL-2.0 */
// The contexts of the server programs, one for each component.
#pragma once

#include "log/context.hpp"

namespace models::log {

// The application is registered before its contexts, and leaves after them, with all they have said.
class Application {
public:
    explicit Application(bool logging);
    ~Application();
    Application(const Application&) = delete;
    Application& operator=(const Application&) = delete;

private:
    const bool logging_;
};

class Logs {
public:
    static constexpr const char* applicationId = "SRVM";

    explicit Logs(bool logging) : logging_(logging), application_(logging) {}

    bool isOn() const { return logging_; }

private:
    // Before the contexts, which it outlives.
    const bool logging_;
    Application application_;

public:
    Counts counts;
    Context listener{logging_, counts, "LIST", "connections"};
    Context dispatch{logging_, counts, "DISP", "requests on their way to a handler"};
    Context handler{logging_, counts, "HNDL", "requests that were handled"};
    Context scheduler{logging_, counts, "SCHD", "scheduler of the coroutines"};
    Context administration{logging_, counts, "ADMN", "administration by injection"};
};

} // namespace models::log

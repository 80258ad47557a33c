/* SPDX-License-Identifier: MPL-2.0 */
#include "compare/compare.hpp"
#include "serve.hpp"

#include <CLI/CLI.hpp>

#include <exception>
#include <iostream>

namespace {

std::vector<std::string> names()
{
    std::vector<std::string> names;
    for (const auto& [name, model] : models::modelNames())
        names.push_back(name);
    return names;
}

void addServe(CLI::App& app, models::ServeOptions& options)
{
    app.add_option("--model", options.model, "How requests are handled")
        ->check(CLI::IsMember(names()))
        ->capture_default_str();
    app.add_option("--workers", options.server.workers, "Threads that handle; 0: one a processor");
    app.add_option("--tasks", options.server.tasks, "Most tasks at a time, of task-per-request")
        ->check(CLI::PositiveNumber)
        ->capture_default_str();
    app.add_option("--policy", options.server.policy, "Order of the coroutines")
        ->check(CLI::IsMember({"fifo", "priority", "deadline"}))
        ->capture_default_str();
    app.add_option("--address", options.listener.address)->capture_default_str();
    app.add_option("--port", options.port, "0: one that is free")->capture_default_str();
    auto* certificates = app.add_option("--tls-certificates", options.certificates,
                                        "PEM file; with it there is a second port, with TLS");
    app.add_option("--tls-key", options.key, "PEM file")->needs(certificates);
    app.add_option("--tls-port", options.tlsPort, "0: one that is free")->needs(certificates);
    app.add_option("--backlog", options.listener.backlog)->capture_default_str();
    app.add_option("--send-buffer", options.listener.sendBuffer, "Bytes; 0: as the system has it");
    app.add_option("--receive-buffer", options.listener.receiveBuffer, "The same");
    app.add_option("--connections", options.connections, "Most at a time")->capture_default_str();
    app.add_flag("!--no-log", options.logging, "The library is not called at all");
}

void addCompare(CLI::App& app, models::compare::CompareOptions& options)
{
    app.add_option("--milliseconds", options.time, "Of each measurement")
        ->transform(CLI::Number)
        ->default_str("1000");
    app.add_option("--runs", options.runs, "Of which the median is taken")->check(CLI::PositiveNumber);
    app.add_option("--library", options.libraries,
                   "NAME DIRECTORY of a libdlt; by default the one the program finds");
    app.add_option("--collector", options.collector, "What plays the daemon: dlt-collect");
}

} // namespace

int main(int argc, char** argv)
try {
    CLI::App app("One line protocol, five ways to serve it");
    app.require_subcommand(1);
    models::ServeOptions options;
    auto* const serve = app.add_subcommand("serve", "Serves until SIGTERM");
    addServe(*serve, options);
    models::compare::CompareOptions comparing;
    auto* const compare = app.add_subcommand("compare", "Puts all models under load, one table");
    addCompare(*compare, comparing);
    CLI11_PARSE(app, argc, argv);
    if (compare->parsed())
        return models::compare::compare(comparing);
    return models::serve(options);
} catch (const std::exception& error) {
    std::cerr << "server-models: " << error.what() << '\n';
    return 1;
}

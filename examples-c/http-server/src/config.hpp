// The configuration: seventeen fields of the server, and what belongs to the demonstration.
#pragma once

#include <cstddef>
#include <cstdint>
#include <iosfwd>
#include <optional>
#include <string>

namespace eventcore {

struct Config {
    std::string host = "0.0.0.0";
    std::uint16_t port = 8080;
    int backlog = 4096;
    std::size_t num_workers = 0;  // as many as there are processors
    std::size_t num_threads_per_worker = 4;
    std::size_t max_connections = 100000;
    std::size_t connection_pool_size = 100000;
    std::size_t max_request_size = 1024 * 1024;
    int keepalive_timeout_sec = 60;
    std::size_t read_buffer_size = 4096;
    std::size_t write_buffer_size = 4096;
    bool tcp_nodelay = true;
    bool tcp_reuseaddr = true;
    bool tcp_reuseport = true;
    int accept_batch_size = 100;
    std::string log_file;
    std::string log_level = "info";
};

// What the demonstration needs beyond them.
struct AppConfig {
    std::string static_dir;        // none: no static files
    std::string admin_token_file;  // none: no administration
};

struct CommandLine {
    Config server;
    AppConfig app;
};

// The configuration, or the exit code when there is nothing to serve: help, --dump-config, an error.
struct Parsed {
    std::optional<CommandLine> run;
    int exit_code = 0;
};

Parsed parse_command_line(int argc, const char* const* argv, std::ostream& out, std::ostream& err);

}  // namespace eventcore

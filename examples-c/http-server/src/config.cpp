#include "config.hpp"

#include <CLI/CLI.hpp>

#include <limits>
#include <ostream>

namespace eventcore {
namespace {

void add_options(CLI::App& app, Config& config, AppConfig& demo)
{
    const auto most = std::numeric_limits<int>::max();
    const CLI::Range count(1, most);
    app.add_option("--host", config.host, "address to listen at");
    app.add_option("--port", config.port, "port to listen at; 0: any that is free");
    app.add_option("--backlog", config.backlog, "connections that may wait to be accepted")
        ->check(count);
    app.add_option("--num_workers", config.num_workers, "event loops; 0: one a processor")
        ->check(CLI::Range(0, 256));
    app.add_option("--num_threads_per_worker", config.num_threads_per_worker,
                   "threads of each event loop's pool")
        ->check(CLI::Range(1, 1024));
    app.add_option("--max_connections", config.max_connections, "connections at one time")
        ->check(count);
    app.add_option("--connection_pool_size", config.connection_pool_size,
                   "connection slots made at the start; no more connections than slots")
        ->check(CLI::Range(1, 16000000));
    app.add_option("--max_request_size", config.max_request_size, "bytes of a request's body")
        ->check(count);
    app.add_option("--keepalive_timeout_sec", config.keepalive_timeout_sec,
                   "seconds until an idle connection is closed, and half a request answered with 408")
        ->check(CLI::Range(1, 86400));
    app.add_option("--read_buffer_size", config.read_buffer_size,
                   "first size of the buffer for what is received")
        ->check(CLI::Range(512, 1 << 20));
    app.add_option("--write_buffer_size", config.write_buffer_size,
                   "first size of the buffer for replies")
        ->check(CLI::Range(512, 1 << 20));
    app.add_option("--tcp_nodelay", config.tcp_nodelay, "TCP_NODELAY");
    app.add_option("--tcp_reuseaddr", config.tcp_reuseaddr, "SO_REUSEADDR");
    app.add_option("--tcp_reuseport", config.tcp_reuseport, "SO_REUSEPORT");
    app.add_option("--accept_batch_size", config.accept_batch_size,
                   "connections accepted before anything else is looked at")
        ->check(count);
    app.add_option("--log_file", config.log_file, "a .dlt file instead of the daemon");
    app.add_option("--log_level", config.log_level, "level that the contexts start with")
        ->check(CLI::IsMember({"off", "error", "warn", "info", "debug"}));
    app.add_option("--static_dir", demo.static_dir, "directory served below /static/");
    app.add_option("--admin_token_file", demo.admin_token_file,
                   "file with the token for /admin; none: no administration");
}

}  // namespace

Parsed parse_command_line(int argc, const char* const* argv, std::ostream& out, std::ostream& err)
{
    CommandLine line;
    CLI::App app("EventCore: an HTTP/1.1 server that logs to DLT", "eventcore-httpd");
    // The last one counts, as with most tools.
    app.option_defaults()->always_capture_default()->multi_option_policy(
        CLI::MultiOptionPolicy::TakeLast);
    add_options(app, line.server, line.app);
    app.set_config("--config", "", "file with the same names: port = 8080")->configurable(false);
    app.allow_config_extras(false);
    bool dump = false;
    app.add_flag("--dump-config", dump, "print the configuration as such a file")
        ->configurable(false);
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return {std::nullopt, app.exit(error, out, err)};
    }
    if (dump) {
        out << app.config_to_str(true, false);
        return {};
    }
    return {std::move(line), 0};
}

}  // namespace eventcore

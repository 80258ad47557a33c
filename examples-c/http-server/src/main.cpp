// eventcore-httpd: serves until SIGINT or SIGTERM, then lets what is in flight end.
#include "app/app.hpp"
#include "config.hpp"
#include "log.hpp"
#include "server.hpp"

#include <csignal>
#include <cstring>
#include <exception>
#include <iostream>
#include <string_view>

#include <unistd.h>

namespace {

using namespace eventcore;

constexpr std::uint32_t inject_command = 0x1000;

// dlt-control -s 4096 -m stop -a EVHS -c ADMN localhost. DLT has no check of who asks: whoever
// reaches the daemon may.
int command(std::uint32_t, void* data, std::uint32_t length)
{
    std::string_view text(static_cast<const char*>(data), length);
    text = text.substr(0, text.find('\0'));
    DLT_LOG(log::admin, DLT_LOG_WARN, DLT_STRING("injection:"),
            DLT_SIZED_STRING(text.data(),
                             static_cast<std::uint16_t>(std::min<std::size_t>(text.size(), 64))));
    if (text == "stop") {
        ::kill(::getpid(), SIGTERM);
    }
    return 0;
}

int serve(const CommandLine& line)
{
    // Before the first thread, the library's included: then only sigwait() gets them.
    sigset_t ends;
    sigemptyset(&ends);
    sigaddset(&ends, SIGINT);
    sigaddset(&ends, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &ends, nullptr);
    // sendfile() has no MSG_NOSIGNAL.
    std::signal(SIGPIPE, SIG_IGN);

    const log::Session session(line.server);
    raise_descriptor_limit();
    (void)dlt_register_injection_callback(&log::admin, inject_command, command);
    Server server(line.server);
    app::install(server, line.app);
    server.start();
    std::cout << "listening at " << line.server.host << ':' << server.acceptor().port()
              << std::endl;

    int signal = 0;
    sigwait(&ends, &signal);
    DLT_LOG(log::admin, DLT_LOG_INFO, DLT_STRING("stopping after"),
            DLT_STRING(signal == SIGINT ? "SIGINT" : "SIGTERM"));
    server.stop();
    DLT_LOG(log::admin, DLT_LOG_INFO, DLT_STRING("stopped"));
    return 0;
}

}  // namespace

int main(int argc, char** argv)
{
    const auto parsed = parse_command_line(argc, argv, std::cout, std::cerr);
    if (!parsed.run) {
        return parsed.exit_code;
    }
    try {
        return serve(*parsed.run);
    } catch (const std::exception& error) {
        std::cerr << "eventcore-httpd: " << error.what() << '\n';
        return 1;
    }
}

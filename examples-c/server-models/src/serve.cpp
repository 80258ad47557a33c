/* SPDX-License-Identifier: MPL-2.0 */
#include "serve.hpp"

#include "front/administration.hpp"
#include "front/front_end.hpp"

#include <sys/resource.h>

#include <algorithm>
#include <csignal>
#include <iostream>

namespace models {
namespace {

// The one whom signals stop.
FrontEnd* stopped = nullptr;

// The second signal ends the process as if there were no handler.
void onSignal(int signal)
{
    stopped->stop();
    std::signal(signal, SIG_DFL);
}

class StopOnSignals {
public:
    explicit StopOnSignals(FrontEnd& front)
    {
        stopped = &front;
        std::signal(SIGINT, onSignal);
        std::signal(SIGTERM, onSignal);
    }
    ~StopOnSignals()
    {
        std::signal(SIGINT, SIG_DFL);
        std::signal(SIGTERM, SIG_DFL);
    }
    StopOnSignals(const StopOnSignals&) = delete;
    StopOnSignals& operator=(const StopOnSignals&) = delete;
};

// As many descriptors as the system lets us have: the usual limit is for programs that use select().
void raiseDescriptorLimit()
{
    rlimit limit{};
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
        limit.rlim_cur = limit.rlim_max;
        setrlimit(RLIMIT_NOFILE, &limit);
    }
}

Model modelNamed(const std::string& name)
{
    const auto& names = modelNames();
    const auto found = std::ranges::find(names, name, &std::pair<std::string, Model>::first);
    return found->second;
}

} // namespace

int serve(const ServeOptions& options)
{
    // OpenSSL sends without MSG_NOSIGNAL.
    std::signal(SIGPIPE, SIG_IGN);
    raiseDescriptorLimit();

    log::Logs logs(options.logging);
    FrontEnd front(logs, options.model, options.connections);
    const StopOnSignals signals(front);
    const auto port = front.listen(options.listener, options.port, nullptr);
    std::cout << "listening on " << options.listener.address << ' ' << port << std::endl;
    net::SslContext context;
    if (!options.certificates.empty()) {
        context = net::serverContext(options.certificates, options.key);
        const auto tlsPort = front.listen(options.listener, options.tlsPort, context.get());
        std::cout << "listening with TLS on " << options.listener.address << ' ' << tlsPort
                  << std::endl;
    }
    const auto server = makeServer(modelNamed(options.model), options.server, logs);
    const Administration administration(front, *server, logs);
    front.run(*server);
    std::cout << front.statistics() << std::endl;
    return 0;
}

} // namespace models

#include "server.hpp"

#include "log.hpp"

#include <sys/resource.h>

#include <algorithm>
#include <thread>

namespace eventcore {

Server::Server(Config config) : config_(std::move(config))
{
    std::size_t count = config_.num_workers;
    if (count == 0) {
        count = std::max(1u, std::thread::hardware_concurrency());
    }
    const std::size_t slots = (config_.connection_pool_size + count - 1) / count;
    for (unsigned i = 0; i < count; ++i) {
        workers_.push_back(std::make_unique<Worker>(i, slots, config_, router_));
    }
}

Server::~Server()
{
    stop();
}

void Server::start()
{
    acceptor_ = std::make_unique<Acceptor>(config_, workers_);
    for (auto& worker : workers_) {
        worker->start();
    }
    acceptor_->start();
}

void Server::stop()
{
    if (acceptor_) {
        acceptor_->stop();
    }
    for (auto& worker : workers_) {
        worker->drain();
    }
    for (auto& worker : workers_) {
        worker->join();
    }
}

void raise_descriptor_limit()
{
    constexpr rlim_t wanted = 1'000'000;
    rlimit limit{};
    (void)::getrlimit(RLIMIT_NOFILE, &limit);
    // The hard limit may only be raised by root, and by root not above the system's.
    const rlimit all{wanted, std::max(wanted, limit.rlim_max)};
    if (::setrlimit(RLIMIT_NOFILE, &all) != 0) {
        const rlimit some{std::min(wanted, limit.rlim_max), limit.rlim_max};
        (void)::setrlimit(RLIMIT_NOFILE, &some);
    }
    (void)::getrlimit(RLIMIT_NOFILE, &limit);
    DLT_LOG(log::admin, limit.rlim_cur < wanted ? DLT_LOG_WARN : DLT_LOG_INFO,
            DLT_STRING("descriptors: soft"), DLT_UINT64(limit.rlim_cur), DLT_STRING("hard"),
            DLT_UINT64(limit.rlim_max), DLT_STRING("wanted"), DLT_UINT64(wanted));
}

}  // namespace eventcore

#include "acceptor.hpp"

#include "limits.hpp"
#include "log.hpp"

#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <string>
#include <string_view>
#include <system_error>

namespace eventcore {
namespace {

constexpr std::size_t most_refused = 256;

constexpr std::string_view refusal = "HTTP/1.1 503 Service Unavailable\r\n"
                                     "Connection: close\r\n"
                                     "Retry-After: 1\r\n"
                                     "Content-Type: text/plain; charset=utf-8\r\n"
                                     "Content-Length: 20\r\n"
                                     "\r\n"
                                     "Service Unavailable\n";

[[noreturn]] void fail(const std::string& what)
{
    throw std::system_error(errno, std::generic_category(), what);
}

void set(int fd, int level, int option, const char* name)
{
    const int on = 1;
    if (::setsockopt(fd, level, option, &on, sizeof on) != 0) {
        fail(name);
    }
}

UniqueFd listen_at(const Config& config)
{
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
    addrinfo* found = nullptr;
    const auto port = std::to_string(config.port);
    if (const int error = ::getaddrinfo(config.host.c_str(), port.c_str(), &hints, &found)) {
        throw std::runtime_error(config.host + ": " + ::gai_strerror(error));
    }
    const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> owner(found, ::freeaddrinfo);
    UniqueFd socket(::socket(found->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    if (!socket) {
        fail("socket");
    }
    // Before bind(), where they have to be. Accepted sockets inherit the last two.
    if (config.tcp_reuseaddr) {
        set(socket.get(), SOL_SOCKET, SO_REUSEADDR, "SO_REUSEADDR");
    }
    if (config.tcp_reuseport) {
        set(socket.get(), SOL_SOCKET, SO_REUSEPORT, "SO_REUSEPORT");
    }
    if (config.tcp_nodelay) {
        set(socket.get(), IPPROTO_TCP, TCP_NODELAY, "TCP_NODELAY");
    }
    set(socket.get(), SOL_SOCKET, SO_KEEPALIVE, "SO_KEEPALIVE");
    if (::bind(socket.get(), found->ai_addr, found->ai_addrlen) != 0) {
        fail("bind " + config.host + ":" + port);
    }
    if (::listen(socket.get(), config.backlog) != 0) {
        fail("listen");
    }
    return socket;
}

std::uint16_t port_of(int socket)
{
    sockaddr_storage address{};
    socklen_t length = sizeof address;
    if (::getsockname(socket, reinterpret_cast<sockaddr*>(&address), &length) != 0) {
        fail("getsockname");
    }
    // The port is at the same place in both families.
    sockaddr_in inet{};
    std::memcpy(&inet, &address, sizeof inet);
    return ntohs(inet.sin_port);
}

UniqueFd open_reserve() { return UniqueFd(::open("/dev/null", O_RDONLY | O_CLOEXEC)); }

}  // namespace

Acceptor::Acceptor(const Config& config, std::span<const std::unique_ptr<Worker>> workers)
    : config_(config), workers_(workers), listener_(listen_at(config)),
      stop_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)), reserve_(open_reserve()),
      port_(port_of(listener_.get()))
{
    if (!stop_) {
        fail("eventfd");
    }
}

Acceptor::~Acceptor() { stop(); }

void Acceptor::start()
{
    thread_ = std::thread([this] { run(); });
}

void Acceptor::stop()
{
    if (thread_.joinable()) {
        const std::uint64_t one = 1;
        [[maybe_unused]] const auto written = ::write(stop_.get(), &one, sizeof one);
        thread_.join();
    }
}

void Acceptor::run()
{
    ::pthread_setname_np(::pthread_self(), "accept");
    DLT_LOG(log::acceptor, DLT_LOG_INFO, DLT_STRING("listening at"),
            DLT_STRING(config_.host.c_str()), DLT_UINT16(port_), DLT_STRING("backlog"),
            DLT_INT(config_.backlog));
    for (;;) {
        std::array<pollfd, 2> wait{{{listener_.get(), POLLIN, 0}, {stop_.get(), POLLIN, 0}}};
        // It sleeps until there is something; refused ones are looked at ten times a second.
        const int count = ::poll(wait.data(), wait.size(), refused_.empty() ? -1 : 100);
        if (count < 0 && errno != EINTR) {
            DLT_LOG(log::acceptor, DLT_LOG_FATAL, DLT_STRING("poll:"),
                    DLT_STRING(std::strerror(errno)));
            break;
        }
        if (count > 0 && wait[0].revents != 0) {
            accept_batch();
        }
        look_at_refused(false);
        if (count > 0 && wait[1].revents != 0) {
            break;
        }
    }
    // Whoever has been let in by the kernel is served, or told that he is not.
    while (accept_batch()) {
    }
    listener_.reset();
    look_at_refused(true);
    DLT_LOG(log::acceptor, DLT_LOG_INFO, DLT_STRING("no longer listening; accepted"),
            DLT_UINT64(counters_.accepted.value()), DLT_STRING("refused"),
            DLT_UINT64(counters_.refused.value()));
}

// True when there may be more.
bool Acceptor::accept_batch()
{
    std::uint64_t batch = 0;
    bool more = true;
    while (more && batch < static_cast<std::uint64_t>(config_.accept_batch_size)) {
        UniqueFd socket(
            ::accept4(listener_.get(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
        if (socket) {
            ++batch;
            deal(std::move(socket));
        } else if (errno == EMFILE || errno == ENFILE) {
            ++batch;
            make_room_for_one();
        } else if (errno != EINTR && errno != ECONNABORTED) {
            if (errno != EAGAIN && errno != EWOULDBLOCK) {
                DLT_LOG(log::acceptor, DLT_LOG_ERROR, DLT_STRING("accept:"),
                        DLT_STRING(std::strerror(errno)));
            }
            more = false;
        }
    }
    if (batch > 0) {
        counters_.batches.add();
        if (batch > counters_.largest_batch.load(std::memory_order_relaxed)) {
            counters_.largest_batch.store(batch, std::memory_order_relaxed);
        }
        DLT_LOG(log::acceptor, DLT_LOG_DEBUG, DLT_STRING("accepted"), DLT_UINT64(batch));
    }
    return more;
}

void Acceptor::deal(UniqueFd socket)
{
    if (open() < std::min(config_.max_connections, config_.connection_pool_size)) {
        const std::uint32_t number = next_number_++;
        for (std::size_t tried = 0; tried < workers_.size(); ++tried) {
            const auto& worker = workers_[next_worker_++ % workers_.size()];
            if (worker->adopt(socket, number)) {
                counters_.accepted.add();
                return;
            }
        }
    }
    refuse(std::move(socket));
}

void Acceptor::refuse(UniqueFd socket)
{
    counters_.refused.add();
    DLT_LOG(log::acceptor, DLT_LOG_WARN, DLT_STRING("refused: connections"),
            DLT_UINT64(static_cast<std::uint64_t>(open())));
    if (refused_.size() >= most_refused) {
        counters_.dropped.add();
        return;
    }
    // Into an empty send buffer it fits; whoever is gone already does not miss it.
    [[maybe_unused]] const auto sent =
        ::send(socket.get(), refusal.data(), refusal.size(), MSG_NOSIGNAL);
    ::shutdown(socket.get(), SHUT_WR);
    refused_.push_back({std::move(socket), Clock::now() + limits::linger});
}

void Acceptor::make_room_for_one()
{
    reserve_.reset();
    UniqueFd socket(::accept4(listener_.get(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
    if (socket) {
        counters_.refused.add();
        DLT_LOG(log::acceptor, DLT_LOG_ERROR, DLT_STRING("refused: no descriptor is left"));
        [[maybe_unused]] const auto sent =
            ::send(socket.get(), refusal.data(), refusal.size(), MSG_NOSIGNAL);
        ::shutdown(socket.get(), SHUT_WR);
    } else {
        // Another thread was faster. Whoever waits goes on waiting; without a pause this would spin.
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    socket.reset();
    reserve_ = open_reserve();
}

void Acceptor::look_at_refused(bool all)
{
    const auto now = Clock::now();
    std::array<char, 4096> scrap;
    std::erase_if(refused_, [&](const Refused& refused) {
        ssize_t count = 1;
        for (int reads = 0; count > 0 && reads < 16; ++reads) {
            count = ::recv(refused.socket.get(), scrap.data(), scrap.size(), MSG_DONTWAIT);
        }
        const bool gone = count == 0 || (count < 0 && errno != EAGAIN && errno != EWOULDBLOCK);
        return all || gone || refused.until <= now;
    });
}

std::size_t Acceptor::open() const
{
    std::size_t sum = 0;
    for (const auto& worker : workers_) {
        sum += worker->open();
    }
    return sum;
}

}  // namespace eventcore

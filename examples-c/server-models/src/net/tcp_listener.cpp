/* SPDX-License-Identifier: MPL-2.0 */
#include "net/tcp_listener.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <cstring>
#include <stdexcept>

namespace models::net {
namespace {

struct Address {
    sockaddr_storage storage{};
    socklen_t size = sizeof storage;

    sockaddr* get() { return reinterpret_cast<sockaddr*>(&storage); }
};

Address addressOf(const std::string& text, std::uint16_t port)
{
    Address address;
    sockaddr_in four{};
    sockaddr_in6 six{};
    if (inet_pton(AF_INET, text.c_str(), &four.sin_addr) == 1) {
        four.sin_family = AF_INET;
        four.sin_port = htons(port);
        std::memcpy(&address.storage, &four, address.size = sizeof four);
    } else if (inet_pton(AF_INET6, text.c_str(), &six.sin6_addr) == 1) {
        six.sin6_family = AF_INET6;
        six.sin6_port = htons(port);
        std::memcpy(&address.storage, &six, address.size = sizeof six);
    } else {
        throw std::invalid_argument(text + " is no address");
    }
    return address;
}

void set(int socket, int level, int option, int value)
{
    orFail(setsockopt(socket, level, option, &value, sizeof value), "setsockopt");
}

} // namespace

void TcpListener::bind(std::uint16_t port)
{
    auto address = addressOf(options_.address, port);
    constexpr int type = SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC;
    socket_ = Descriptor(orFail(::socket(address.storage.ss_family, type, 0), "socket"));
    set(socket_.get(), SOL_SOCKET, SO_REUSEADDR, 1);
    // What is accepted inherits them.
    if (options_.sendBuffer > 0)
        set(socket_.get(), SOL_SOCKET, SO_SNDBUF, options_.sendBuffer);
    if (options_.receiveBuffer > 0)
        set(socket_.get(), SOL_SOCKET, SO_RCVBUF, options_.receiveBuffer);
    set(socket_.get(), IPPROTO_TCP, TCP_NODELAY, 1);
    orFail(::bind(socket_.get(), address.get(), address.size), "bind");
    orFail(::listen(socket_.get(), options_.backlog), "listen");
    spare_ = Descriptor(orFail(::open("/dev/null", O_RDONLY | O_CLOEXEC), "/dev/null"));
    watch_ = std::make_unique<Watch>(loop_, socket_.get());
}

std::uint16_t TcpListener::port() const
{
    Address address;
    orFail(getsockname(socket_.get(), address.get(), &address.size), "getsockname");
    // Both families have the port at the same place.
    sockaddr_in in{};
    std::memcpy(&in, &address.storage, sizeof in);
    return ntohs(in.sin_port);
}

Task<Descriptor> TcpListener::accept()
{
    for (;;) {
        Descriptor taken(
            ::accept4(socket_.get(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
        if (taken)
            co_return taken;
        if ((errno == EMFILE || errno == ENFILE) && turnAway())
            continue;
        if (errno == EAGAIN || errno == EWOULDBLOCK)
            co_await watch_->readable(Watch::Side::receiver);
        else if (errno != EINTR && errno != ECONNABORTED)
            fail("accept4");
    }
}

// Without a descriptor the connection would stay in the queue, and there would be no edge for those
// behind it. That there is none is told before whether anybody waits, so that it may be nobody.
bool TcpListener::turnAway()
{
    spare_ = Descriptor();
    const bool isOne(Descriptor(::accept4(socket_.get(), nullptr, nullptr, SOCK_CLOEXEC)));
    const int reason = errno;
    spare_ = Descriptor(::open("/dev/null", O_RDONLY | O_CLOEXEC));
    errno = reason;
    turnedAway_ += isOne;
    return isOne;
}

void TcpListener::close()
{
    watch_.reset();
    socket_ = Descriptor();
}

} // namespace models::net

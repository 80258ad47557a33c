#include "protocol.hpp"

#include "limits.hpp"
#include "log.hpp"

#include <sys/sendfile.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

namespace eventcore {
namespace {

using Clock = Exchange::Clock;

bool would_block(int error) { return error == EAGAIN || error == EWOULDBLOCK; }

// Starts the next stretch of time for who was fast enough in the last one.
bool keeps_up(Pace& pace, std::chrono::seconds patience)
{
    const auto enough =
        limits::slowest_bytes_a_second * static_cast<std::size_t>(patience.count());
    if (Clock::now() - pace.began < patience) {
        return true;
    }
    if (pace.bytes < enough) {
        return false;
    }
    pace.start();
    return true;
}

}  // namespace

Protocol::Protocol(const Config& config, const Router& router, Counters& counters, unsigned worker)
    : config_(config), router_(router), counters_(counters), worker_(worker)
{
}

Protocol::Wait Protocol::proceed(Connection& connection, std::unique_ptr<Exchange>& spare,
                                 Why why)
{
    if (!connection.exchange) {
        connection.exchange = spare ? std::move(spare) : std::make_unique<Exchange>(config_);
    }
    Exchange& x = *connection.exchange;
    take_back(x);
    x.moved = false;
    const bool lingers = connection.state() == Connection::State::disconnecting;
    Wait wait = lingers ? linger(connection, x) : converse(connection, x);
    if (is_over(connection, x, wait, why)) {
        wait = expire(connection, x, wait);
    }
    if (wait != Wait::closed) {
        const auto until = deadline(connection, x, wait).time_since_epoch();
        connection.deadline_ms.store(
            std::chrono::duration_cast<std::chrono::milliseconds>(until).count(),
            std::memory_order_relaxed);
    }
    const bool at_rest = wait == Wait::closed || x.idle();
    connection.at_rest.store(at_rest, std::memory_order_relaxed);
    if (at_rest) {
        x.reset();
        if (!spare) {
            spare = std::move(connection.exchange);
        }
        connection.exchange.reset();
    } else {
        x.held = x.footprint();
        held_.fetch_add(x.held, std::memory_order_relaxed);
    }
    return wait;
}

void Protocol::take_back(Exchange& x)
{
    held_.fetch_sub(std::exchange(x.held, 0), std::memory_order_relaxed);
}

Protocol::Wait Protocol::converse(Connection& connection, Exchange& x)
{
    std::size_t turn = 0;
    bool drained = false;
    for (;;) {
        answer(connection, x);
        switch (send(connection, x)) {
        case Sent::blocked: return Wait::writable;
        case Sent::broken: return Wait::closed;
        case Sent::all: break;
        }
        if (x.last_reply) {
            return finish(connection, x);
        }
        // Requests that were left because replies had to go out first.
        if (!x.in.empty() && !x.parser.started()) {
            continue;
        }
        // Arming epoll again tells of what is there by then: neither the read that would only say so
        // nor one client's flood is gone through here.
        if (drained || turn > limits::bytes_a_turn) {
            return Wait::readable;
        }
        const auto read = x.in.read_from(connection.fd);
        if (read.count == 0) {
            if (x.parser.started()) {
                return broken(connection, "the client left in the middle of a request");
            }
            return Wait::closed;
        }
        if (read.count < 0) {
            if (would_block(errno)) {
                return Wait::readable;
            }
            if (errno == EINTR) {
                continue;
            }
            return broken(connection, std::strerror(errno));
        }
        const auto count = static_cast<std::size_t>(read.count);
        turn += count;
        x.receiving.bytes += count;
        drained = read.drained;
        x.moved = true;
        counters_.received_bytes.add(count);
        log::trace(connection.number, log::Direction::received,
                   x.in.view().substr(x.in.size() - count));
    }
}

void Protocol::answer(Connection& connection, Exchange& x)
{
    while (!x.last_reply && !x.has_tail() && x.out.size() < limits::unsent_bytes &&
           !x.in.empty()) {
        if (!x.parser.started()) {
            x.request_began = Clock::now();
            x.receiving = {x.request_began, 0};
        }
        if (held_.load(std::memory_order_relaxed) > limits::held_bytes) {
            refuse(connection, x, 503, "too much is held by slow clients");
            return;
        }
        switch (x.parser.feed(x.in, x.request)) {
        case RequestParser::Result::incomplete:
            if (x.parser.take_expectation()) {
                x.out.append("HTTP/1.1 100 Continue\r\n\r\n");
            }
            return;
        case RequestParser::Result::failed:
            refuse(connection, x, x.parser.failure().status, x.parser.failure().reason);
            return;
        case RequestParser::Result::complete:
            x.request.worker = worker_;
            x.request.id = next_request_.fetch_add(1, std::memory_order_relaxed);
            router_.handle(x.request, x.response);
            reply(x, x.parser.keep_alive() && !draining_.load(std::memory_order_acquire));
            break;
        }
    }
}

void Protocol::refuse(Connection& connection, Exchange& x, unsigned status, std::string_view why)
{
    DLT_LOG(log::connection, DLT_LOG_WARN, DLT_STRING("connection"),
            DLT_UINT32(connection.number), DLT_STRING("refused with"),
            DLT_UINT16(static_cast<std::uint16_t>(status)),
            DLT_SIZED_STRING(why.data(), static_cast<std::uint16_t>(why.size())));
    x.request.worker = worker_;
    x.request.id = next_request_.fetch_add(1, std::memory_order_relaxed);
    x.response.clear();
    x.response.fail(status);
    reply(x, false);
}

void Protocol::reply(Exchange& x, bool keep_alive)
{
    const Request& request = x.request;
    Response& response = x.response;
    const auto length = response.length();
    response.write_head(x.out, keep_alive);
    if (request.method != "HEAD") {
        if (response.file) {
            x.file_left = response.file_size;
            x.file = std::move(response.file);
        } else if (length > limits::copied_body_bytes) {
            x.body = std::move(response.body);
        } else {
            x.out.append(response.body);
        }
    }
    x.last_reply = !keep_alive;

    const auto took = Clock::now() - x.request_began;
    const auto us = std::chrono::duration_cast<std::chrono::microseconds>(took).count();
    counters_.answered(response.status, static_cast<std::uint64_t>(us));
    const std::string_view method = request.method.empty() ? "-" : std::string_view(request.method);
    // Longer ones would cost every line of a flood a kilobyte.
    const auto target =
        request.target.empty() ? "-" : std::string_view(request.target).substr(0, 256);
    DLT_LOG(log::http, DLT_LOG_INFO,
            DLT_SIZED_STRING(method.data(), static_cast<std::uint16_t>(std::min<std::size_t>(
                                                method.size(), 32))),
            DLT_SIZED_STRING(target.data(), static_cast<std::uint16_t>(target.size())),
            DLT_UINT16(static_cast<std::uint16_t>(response.status)), DLT_UINT64(length),
            DLT_UINT64(static_cast<std::uint64_t>(us)), DLT_UINT32(worker_),
            DLT_UINT64(request.id));

    x.parser.reset();
    x.request.clear();
    response.clear();
}

// One system call: as of send(), or 0 for a file that has become shorter than what was told of it.
ssize_t Protocol::send_some(Connection& connection, Exchange& x)
{
    if (x.out.empty() && x.body.empty()) {
        const ssize_t count = ::sendfile(connection.fd, x.file.get(), nullptr, x.file_left);
        if (count > 0) {
            x.file_left -= static_cast<std::size_t>(count);
            if (x.file_left == 0) {
                x.file.reset();
            }
        }
        return count;
    }
    const bool head = !x.out.empty();
    const auto bytes = head ? x.out.view() : std::string_view(x.body).substr(x.body_sent);
    const int more = head && x.has_tail() ? MSG_MORE : 0;
    const ssize_t count = ::send(connection.fd, bytes.data(), bytes.size(), MSG_NOSIGNAL | more);
    if (count > 0) {
        const auto taken = static_cast<std::size_t>(count);
        log::trace(connection.number, log::Direction::sent, bytes.substr(0, taken));
        if (head) {
            x.out.consume(taken);
        } else if ((x.body_sent += taken) == x.body.size()) {
            x.body = {};
            x.body_sent = 0;
        }
    }
    return count;
}

Protocol::Sent Protocol::send(Connection& connection, Exchange& x)
{
    while (x.sending()) {
        const ssize_t count = send_some(connection, x);
        if (count == 0) {
            broken(connection, "a file ended before its length");
            return Sent::broken;
        }
        if (count > 0) {
            x.moved = true;
            x.taking.bytes += static_cast<std::size_t>(count);
            counters_.sent_bytes.add(static_cast<std::uint64_t>(count));
            continue;
        }
        if (errno == EINTR) {
            continue;
        }
        if (would_block(errno)) {
            if (!x.blocked) {
                x.blocked = true;
                x.taking.start();
            }
            return Sent::blocked;
        }
        broken(connection, std::strerror(errno));
        return Sent::broken;
    }
    x.blocked = false;
    return Sent::all;
}

Protocol::Wait Protocol::finish(Connection& connection, Exchange& x)
{
    connection.become(Connection::State::disconnecting);
    ::shutdown(connection.fd, SHUT_WR);
    x.linger_until = Clock::now() + limits::linger;
    return linger(connection, x);
}

Protocol::Wait Protocol::linger(Connection& connection, Exchange& x)
{
    for (std::size_t turn = 0; turn <= limits::bytes_a_turn;) {
        x.in.consume(x.in.size());
        const auto read = x.in.read_from(connection.fd);
        if (read.count < 0 && errno == EINTR) {
            continue;
        }
        if (read.count <= 0) {
            const bool more_may_come = read.count < 0 && would_block(errno);
            return more_may_come ? Wait::readable : Wait::closed;
        }
        turn += static_cast<std::size_t>(read.count);
    }
    x.in.consume(x.in.size());
    return Wait::readable;
}

bool Protocol::is_over(const Connection& connection, Exchange& x, Wait wait, Why why) const
{
    if (wait == Wait::closed || why == Why::ready) {
        return false;
    }
    if (why == Why::forced) {
        return true;
    }
    const auto patience = std::chrono::seconds(config_.keepalive_timeout_sec);
    if (wait == Wait::writable) {
        return !keeps_up(x.taking, patience);
    }
    // What has just come counts, though the clock was looked at before it came.
    if (x.idle()) {
        return !x.moved;
    }
    // Line and fields have one stretch of time, each of a body's has to bring enough.
    if (x.parser.stage() == RequestParser::Stage::body) {
        return !keeps_up(x.receiving, patience);
    }
    return deadline(connection, x, wait) <= Clock::now();
}

Protocol::Wait Protocol::expire(Connection& connection, Exchange& x, Wait wait)
{
    const bool draining = draining_.load(std::memory_order_acquire);
    if (wait == Wait::writable) {
        counters_.timed_out.add();
        return broken(connection, "the client does not take its reply");
    }
    if (connection.state() == Connection::State::disconnecting) {
        return Wait::closed;
    }
    if (x.parser.started()) {
        counters_.timed_out.add();
        refuse(connection, x, 408, "half a request");
        return converse(connection, x);
    }
    if (!draining) {
        counters_.idle_closed.add();
        DLT_LOG(log::connection, DLT_LOG_DEBUG, DLT_STRING("closing idle connection"),
                DLT_UINT32(connection.number));
    }
    return Wait::closed;
}

Protocol::Wait Protocol::broken(Connection& connection, const char* what)
{
    DLT_LOG(log::connection, DLT_LOG_DEBUG, DLT_STRING("connection"),
            DLT_UINT32(connection.number), DLT_STRING("ends:"), DLT_STRING(what));
    return Wait::closed;
}

Clock::time_point Protocol::deadline(const Connection& connection, const Exchange& x,
                                     Wait wait) const
{
    const auto patience = std::chrono::seconds(config_.keepalive_timeout_sec);
    if (wait == Wait::writable) {
        return x.taking.began + patience;
    }
    if (connection.state() == Connection::State::disconnecting) {
        return x.linger_until;
    }
    if (x.parser.started()) {
        return x.receiving.began + patience;
    }
    return Clock::now() + patience;
}

}  // namespace eventcore

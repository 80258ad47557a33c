// The conversation on a connection: read, answer, send, and what to wait for next. Knows no epoll and
// no thread; whoever calls owns the connection.
#pragma once

#include "config.hpp"
#include "connection.hpp"
#include "counters.hpp"
#include "exchange.hpp"
#include "router.hpp"
#include "task_queue.hpp"

#include <sys/types.h>

#include <atomic>
#include <cstdint>
#include <memory>

namespace eventcore {

class Protocol {
public:
    enum class Wait { readable, writable, closed };

    Protocol(const Config& config, const Router& router, Counters& counters, unsigned worker);

    // Goes on until the socket gives and takes no more. `spare` is the calling thread's: an exchange
    // that it has left over.
    Wait proceed(Connection& connection, std::unique_ptr<Exchange>& spare, Why why);

    // From now on every reply is the last one of its connection.
    void drain() { draining_.store(true, std::memory_order_release); }

private:
    Wait converse(Connection& connection, Exchange& x);
    void answer(Connection& connection, Exchange& x);
    void refuse(Connection& connection, Exchange& x, unsigned status, std::string_view why);
    void reply(Exchange& x, bool keep_alive);
    void take_back(Exchange& x);
    enum class Sent { all, blocked, broken };
    Sent send(Connection& connection, Exchange& x);
    ssize_t send_some(Connection& connection, Exchange& x);
    Wait finish(Connection& connection, Exchange& x);
    Wait linger(Connection& connection, Exchange& x);
    bool is_over(const Connection& connection, Exchange& x, Wait wait, Why why) const;
    Wait expire(Connection& connection, Exchange& x, Wait wait);
    Wait broken(Connection& connection, const char* what);
    Exchange::Clock::time_point deadline(const Connection& connection, const Exchange& x,
                                         Wait wait) const;

    const Config& config_;
    const Router& router_;
    Counters& counters_;
    unsigned worker_;
    std::atomic<std::uint64_t> next_request_{0};
    std::atomic<std::size_t> held_{0};
    std::atomic<bool> draining_{false};
};

}  // namespace eventcore

// An event loop with its epoll, its pool of threads and its connections.
#pragma once

#include "config.hpp"
#include "counters.hpp"
#include "protocol.hpp"
#include "router.hpp"
#include "slots.hpp"
#include "task_queue.hpp"
#include "unique_fd.hpp"

#include <sys/epoll.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <thread>
#include <vector>

namespace eventcore {

class Worker {
public:
    Worker(unsigned index, std::size_t slots, const Config& config, const Router& router);
    ~Worker();

    void start();
    // Takes over a connection that was accepted; false when there is no slot for it.
    bool adopt(UniqueFd& socket, std::uint32_t number);
    // Lets what is in flight end, and then its threads. Comes back at once; join() waits.
    void drain();
    void join();

    std::size_t open() const { return slots_.in_use(); }
    const Counters& counters() const { return counters_; }

private:
    using Clock = std::chrono::steady_clock;

    void run_loop();
    int wait_time(Clock::time_point next_check) const;
    void dispatch(std::size_t count);
    void check_deadlines(Clock::time_point now);
    void run_pool();
    void proceed(Task task, std::unique_ptr<Exchange>& spare);
    bool arm(int operation, std::uint32_t slot, std::uint32_t events);
    void close(std::uint32_t slot);
    void wake();

    unsigned index_;
    const Config& config_;
    Counters counters_;
    Slots slots_;
    Protocol protocol_;
    TaskQueue tasks_;
    UniqueFd epoll_;
    UniqueFd wakeup_;
    std::atomic<bool> draining_{false};
    std::vector<std::thread> threads_;

    // Of the loop alone.
    std::vector<epoll_event> events_;
    std::vector<Task> ready_;
    Clock::time_point drain_began_{};
};

}  // namespace eventcore

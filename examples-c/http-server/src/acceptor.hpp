// The accept thread: takes connections in batches, deals them out in turn, and tells those for whom
// there is no room so.
#pragma once

#include "config.hpp"
#include "counters.hpp"
#include "unique_fd.hpp"
#include "worker.hpp"

#include <chrono>
#include <cstdint>
#include <deque>
#include <memory>
#include <span>
#include <thread>

namespace eventcore {

class Acceptor {
public:
    // Binds and listens; throws std::system_error.
    Acceptor(const Config& config, std::span<const std::unique_ptr<Worker>> workers);
    ~Acceptor();

    void start();
    // Takes what waits already, and no more.
    void stop();

    std::uint16_t port() const { return port_; }
    const AcceptCounters& counters() const { return counters_; }

private:
    using Clock = std::chrono::steady_clock;

    // Answered with 503; closed when its client has, or when it is time. See limits::linger.
    struct Refused {
        UniqueFd socket;
        Clock::time_point until;
    };

    void run();
    bool accept_batch();
    void deal(UniqueFd socket);
    void refuse(UniqueFd socket);
    void make_room_for_one();
    void look_at_refused(bool all);
    std::size_t open() const;

    const Config& config_;
    std::span<const std::unique_ptr<Worker>> workers_;
    AcceptCounters counters_;
    UniqueFd listener_;
    UniqueFd stop_;
    // Closed to be able to accept, and refuse, one more when there is no descriptor left.
    UniqueFd reserve_;
    std::uint16_t port_ = 0;
    std::size_t next_worker_ = 0;
    std::uint32_t next_number_ = 0;
    std::deque<Refused> refused_;
    std::thread thread_;
};

}  // namespace eventcore

// What is counted, for /metrics. Each worker has its own, so that counting shares no cache line.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

namespace eventcore {

class Counter {
public:
    // Numbers that nothing is decided by: no order is needed.
    void add(std::uint64_t count = 1) { value_.fetch_add(count, std::memory_order_relaxed); }
    std::uint64_t value() const { return value_.load(std::memory_order_relaxed); }

private:
    std::atomic<std::uint64_t> value_{0};
};

// Seconds, as Prometheus wants them; the last one is without limit.
inline constexpr std::array<double, 8> duration_limits{0.0001, 0.0005, 0.001, 0.005,
                                                       0.01,   0.05,   0.1,   1};

struct alignas(64) Counters {
    std::array<Counter, 600> requests;  // by status
    std::array<Counter, duration_limits.size() + 1> durations;
    Counter duration_us;
    Counter connections;
    Counter closed;
    Counter received_bytes;
    Counter sent_bytes;
    Counter idle_closed;
    Counter timed_out;  // half a request, or a reply that nobody took
    Counter forced;     // cut off at the end of a stop

    void answered(unsigned status, std::uint64_t us)
    {
        requests[status < requests.size() ? status : 0].add();
        duration_us.add(us);
        std::size_t bucket = 0;
        while (bucket < duration_limits.size() &&
               static_cast<double>(us) > duration_limits[bucket] * 1e6) {
            ++bucket;
        }
        durations[bucket].add();
    }
};

struct alignas(64) AcceptCounters {
    Counter accepted;
    Counter refused;  // answered with 503
    Counter dropped;  // closed without an answer, when too many are being refused
    Counter batches;
    std::atomic<std::uint64_t> largest_batch{0};
};

}  // namespace eventcore

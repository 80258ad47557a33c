#include "worker.hpp"

#include "limits.hpp"
#include "log.hpp"

#include <pthread.h>
#include <sys/eventfd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <string>
#include <system_error>

namespace eventcore {
namespace {

constexpr std::uint64_t wakeup_key = ~std::uint64_t{0};
constexpr std::uint32_t one_at_a_time = EPOLLET | EPOLLONESHOT;
constexpr std::uint32_t readable = EPOLLIN | EPOLLRDHUP | one_at_a_time;
constexpr std::uint32_t writable = EPOLLOUT | one_at_a_time;

std::uint64_t key_of(std::uint32_t slot, std::uint32_t generation)
{
    return std::uint64_t{generation} << 32 | slot;
}

UniqueFd checked(int fd, const char* what)
{
    if (fd < 0) {
        throw std::system_error(errno, std::generic_category(), what);
    }
    return UniqueFd(fd);
}

void name_thread(const std::string& name) { ::pthread_setname_np(::pthread_self(), name.c_str()); }

}  // namespace

Worker::Worker(unsigned index, std::size_t slots, const Config& config, const Router& router)
    : index_(index), config_(config), slots_(slots), protocol_(config, router, counters_, index),
      epoll_(checked(::epoll_create1(EPOLL_CLOEXEC), "epoll_create1")),
      wakeup_(checked(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK), "eventfd")), events_(16)
{
    epoll_event event{};
    event.events = EPOLLIN | EPOLLET;
    event.data.u64 = wakeup_key;
    if (::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, wakeup_.get(), &event) != 0) {
        throw std::system_error(errno, std::generic_category(), "epoll_ctl");
    }
}

Worker::~Worker()
{
    drain();
    join();
}

void Worker::start()
{
    if (!threads_.empty()) {
        return;
    }
    for (std::size_t i = 0; i < config_.num_threads_per_worker; ++i) {
        threads_.emplace_back([this] { run_pool(); });
    }
    threads_.emplace_back([this] { run_loop(); });
    DLT_LOG(log::worker, DLT_LOG_INFO, DLT_STRING("worker started"), DLT_UINT32(index_));
}

bool Worker::adopt(UniqueFd& socket, std::uint32_t number)
{
    const auto slot = slots_.acquire();
    if (!slot) {
        return false;
    }
    Connection& connection = slots_[*slot];
    connection.ownership.begin();
    connection.fd = socket.release();
    connection.number = number;
    connection.become(Connection::State::connecting);
    connection.become(Connection::State::connected);
    const auto until = Clock::now() + std::chrono::seconds(config_.keepalive_timeout_sec);
    connection.deadline_ms.store(
        std::chrono::duration_cast<std::chrono::milliseconds>(until.time_since_epoch()).count(),
        std::memory_order_relaxed);
    connection.at_rest.store(true, std::memory_order_relaxed);
    counters_.connections.add();
    if (!arm(EPOLL_CTL_ADD, *slot, readable)) {
        close(*slot);
        return true;
    }
    if (!connection.ownership.park()) {
        tasks_.push(std::array{Task{*slot, Why::ready}});
    }
    return true;
}

void Worker::drain()
{
    protocol_.drain();
    draining_.store(true, std::memory_order_release);
    wake();
}

void Worker::join()
{
    for (auto& thread : threads_) {
        thread.join();
    }
    threads_.clear();
}

void Worker::wake()
{
    const std::uint64_t one = 1;
    // It can only fail when it is full, and then it wakes as well.
    [[maybe_unused]] const auto written = ::write(wakeup_.get(), &one, sizeof one);
}

void Worker::run_loop()
{
    name_thread("worker-" + std::to_string(index_));
    const auto patience = std::chrono::milliseconds(config_.keepalive_timeout_sec * 1000L);
    const auto interval = std::min(limits::longest_check, patience / 12);
    auto next_check = Clock::now() + interval;
    for (;;) {
        const bool draining = draining_.load(std::memory_order_acquire);
        if (draining && drain_began_ == Clock::time_point{}) {
            drain_began_ = Clock::now();
        }
        if (draining && slots_.in_use() == 0) {
            break;
        }
        if (draining) {
            next_check = std::min(next_check, Clock::now() + std::chrono::milliseconds(20));
        }
        const int count = ::epoll_wait(epoll_.get(), events_.data(),
                                       static_cast<int>(events_.size()), wait_time(next_check));
        if (count < 0 && errno != EINTR) {
            DLT_LOG(log::worker, DLT_LOG_FATAL, DLT_STRING("epoll_wait:"),
                    DLT_STRING(std::strerror(errno)));
            break;
        }
        try {
            if (count > 0) {
                dispatch(static_cast<std::size_t>(count));
            }
            const auto now = Clock::now();
            if (now >= next_check) {
                check_deadlines(now);
                next_check = now + interval;
            }
        } catch (const std::exception& error) {
            // Nothing but memory can be missing here; what is left waits for its timeout.
            DLT_LOG(log::worker, DLT_LOG_ERROR, DLT_STRING("event loop:"),
                    DLT_STRING(error.what()));
        }
    }
    tasks_.close();
    DLT_LOG(log::worker, DLT_LOG_INFO, DLT_STRING("worker ends"), DLT_UINT32(index_));
}

int Worker::wait_time(Clock::time_point next_check) const
{
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(next_check - Clock::now());
    return static_cast<int>(std::max<std::int64_t>(0, left.count()));
}

void Worker::dispatch(std::size_t count)
{
    ready_.clear();
    for (std::size_t i = 0; i < count; ++i) {
        const auto key = events_[i].data.u64;
        if (key == wakeup_key) {
            continue;
        }
        const auto slot = static_cast<std::uint32_t>(key);
        // An earlier connection's event is stale; for a connection in work the owner looks again.
        if (slots_[slot].ownership.take(static_cast<std::uint32_t>(key >> 32)) ==
            Ownership::Taken::yes) {
            ready_.push_back({slot, Why::ready});
        }
    }
    if (!ready_.empty()) {
        tasks_.push(ready_);
    }
    if (count == events_.size()) {
        events_.resize(2 * events_.size());
    }
}

void Worker::check_deadlines(Clock::time_point now)
{
    const auto now_ms =
        std::chrono::duration_cast<std::chrono::milliseconds>(now.time_since_epoch()).count();
    const bool draining = drain_began_ != Clock::time_point{};
    const bool rest_is_over = draining && now - drain_began_ > limits::drain_at_rest;
    const bool all_is_over = draining && now - drain_began_ > limits::drain_in_flight;
    ready_.clear();
    for (std::uint32_t slot = 0; slot < slots_.used_end(); ++slot) {
        Connection& connection = slots_[slot];
        if (!connection.ownership.is_parked()) {
            continue;
        }
        const bool at_rest = connection.at_rest.load(std::memory_order_relaxed);
        const bool over = connection.deadline_ms.load(std::memory_order_relaxed) <= now_ms ||
                          (rest_is_over && at_rest) || all_is_over;
        if (over && connection.ownership.take_parked()) {
            if (all_is_over && !at_rest) {
                counters_.forced.add();
                DLT_LOG(log::worker, DLT_LOG_WARN, DLT_STRING("cut off at the stop: connection"),
                        DLT_UINT32(connection.number));
            }
            ready_.push_back({slot, all_is_over ? Why::forced : Why::expired});
        }
    }
    if (!ready_.empty()) {
        tasks_.push(ready_);
    }
}

void Worker::run_pool()
{
    name_thread("pool-" + std::to_string(index_));
    std::unique_ptr<Exchange> spare;
    while (const auto task = tasks_.pop()) {
        try {
            proceed(*task, spare);
        } catch (const std::exception& error) {
            DLT_LOG(log::worker, DLT_LOG_ERROR, DLT_STRING("connection given up:"),
                    DLT_STRING(error.what()));
            close(task->slot);
        }
    }
}

void Worker::proceed(Task task, std::unique_ptr<Exchange>& spare)
{
    Connection& connection = slots_[task.slot];
    for (;;) {
        const auto wait = protocol_.proceed(connection, spare, task.why);
        if (wait == Protocol::Wait::closed) {
            close(task.slot);
            return;
        }
        // One shot: without this the connection would never be heard of again.
        if (!arm(EPOLL_CTL_MOD, task.slot,
                 wait == Protocol::Wait::writable ? writable : readable)) {
            close(task.slot);
            return;
        }
        if (connection.ownership.park()) {
            return;
        }
        task.why = Why::ready;
    }
}

bool Worker::arm(int operation, std::uint32_t slot, std::uint32_t events)
{
    Connection& connection = slots_[slot];
    epoll_event event{};
    event.events = events;
    event.data.u64 = key_of(slot, connection.ownership.generation());
    if (::epoll_ctl(epoll_.get(), operation, connection.fd, &event) == 0) {
        return true;
    }
    DLT_LOG(log::worker, DLT_LOG_ERROR, DLT_STRING("epoll_ctl:"),
            DLT_STRING(std::strerror(errno)), DLT_STRING("connection"),
            DLT_UINT32(connection.number));
    return false;
}

void Worker::close(std::uint32_t slot)
{
    Connection& connection = slots_[slot];
    connection.exchange.reset();
    connection.become(Connection::State::disconnected);
    // Out of epoll by that, too; an event that was fetched before is of an older generation then.
    ::close(connection.fd);
    connection.fd = -1;
    connection.ownership.end();
    counters_.closed.add();
    slots_.release(slot);
    if (draining_.load(std::memory_order_acquire)) {
        wake();
    }
}

}  // namespace eventcore

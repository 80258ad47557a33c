#include "slots.hpp"

#include "log.hpp"

#include <algorithm>

namespace eventcore {

Slots::Slots(std::size_t count) : connections_(std::make_unique<Connection[]>(count))
{
    free_.reserve(count);
    // The lowest on top: those in use stay together, and the others' pages are not touched again.
    for (std::size_t i = count; i > 0; --i) {
        free_.push_back(static_cast<std::uint32_t>(i - 1));
    }
}

std::optional<std::uint32_t> Slots::acquire()
{
    std::uint32_t slot = 0;
    {
        const std::lock_guard lock(mutex_);
        if (free_.empty()) {
            return std::nullopt;
        }
        slot = free_.back();
        free_.pop_back();
        used_end_.store(std::max(used_end_.load(std::memory_order_relaxed), slot + 1),
                        std::memory_order_relaxed);
    }
    in_use_.fetch_add(1, std::memory_order_relaxed);
    DLT_LOG(log::pool, DLT_LOG_DEBUG, DLT_STRING("slot taken"), DLT_UINT32(slot));
    return slot;
}

void Slots::release(std::uint32_t slot)
{
    DLT_LOG(log::pool, DLT_LOG_DEBUG, DLT_STRING("slot free"), DLT_UINT32(slot));
    {
        const std::lock_guard lock(mutex_);
        free_.push_back(slot);
    }
    // Released to a stop that waits for none in use: then all that was done for it has been done.
    in_use_.fetch_sub(1, std::memory_order_release);
}

}  // namespace eventcore

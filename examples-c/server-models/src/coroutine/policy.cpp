/* SPDX-License-Identifier: MPL-2.0 */
#include "coroutine/policy.hpp"

namespace models {

std::optional<Policy> policyNamed(std::string_view text) noexcept
{
    for (const auto policy : {Policy::fifo, Policy::priority, Policy::deadline}) {
        if (text == name(policy))
            return policy;
    }
    return {};
}

std::string_view name(Policy policy) noexcept
{
    switch (policy) {
    case Policy::fifo: return "fifo";
    case Policy::priority: return "priority";
    case Policy::deadline: return "deadline";
    }
    return "?";
}

Clock::time_point deadline(Clock::time_point arrived, unsigned priority) noexcept
{
    constexpr std::chrono::milliseconds allowance(10);
    return arrived + allowance * (mostUrgent + 1 - priority);
}

Rank rank(Policy policy, unsigned priority, Clock::time_point deadline) noexcept
{
    switch (policy) {
    case Policy::fifo: break;
    case Policy::priority: return -static_cast<Rank>(priority);
    case Policy::deadline: return deadline.time_since_epoch().count();
    }
    return 0;
}

} // namespace models

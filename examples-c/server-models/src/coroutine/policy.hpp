/* SPDX-License-Identifier: MPL-2.0 */
// In which order tasks that could go on do so.
#pragma once

#include "protocol/event.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

namespace models {

enum class Policy {
    fifo,     // as they came
    priority, // the most urgent first; what is not urgent may wait for ever
    deadline, // whose time is up first: with time, everything gets urgent
};

std::optional<Policy> policyNamed(std::string_view name) noexcept;
std::string_view name(Policy policy) noexcept;

// Until when a task of a priority is to be done.
Clock::time_point deadline(Clock::time_point arrived, unsigned priority) noexcept;

// The smaller, the sooner. Equal ranks go by their turn.
using Rank = std::int64_t;
Rank rank(Policy policy, unsigned priority, Clock::time_point deadline) noexcept;

} // namespace models

/* SPDX-License-Identifier: MPL-2.0 */
// What the document that this program follows says of four of the models, and how to see where a
// measurement says otherwise.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace models::compare {

struct Claim {
    std::string_view model;
    std::string_view latency;
    std::string_view throughput;
    int latencyRank; // 1: the lowest
    int throughputRank; // 1: the highest; equal ranks where the document has one word for both
    std::string_view bestFor; // the load of ours that comes nearest, or nothing
};

const std::vector<Claim>& claims();
std::optional<Claim> claimOf(std::string_view model);

// Figures of a model under one load.
struct Figures {
    std::string_view model;
    double latency;
    double perSecond;
};

// One line for each pair that the document orders, and that came out the other way by more than a
// tenth; and for a load for which another model was better than the one it recommends.
std::vector<std::string> differences(std::string_view load, const std::vector<Figures>& measured);

} // namespace models::compare

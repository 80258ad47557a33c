/* SPDX-License-Identifier: MPL-2.0 */
#include "compare/claims.hpp"

#include <algorithm>
#include <iomanip>
#include <sstream>

namespace models::compare {
namespace {

// Less than this is chance.
constexpr double noise = 1.1;

std::string sentence(std::string_view load, std::string_view claimed, const Figures& better,
                     const Figures& worse, double figureOfBetter, double figureOfWorse,
                     std::string_view unit)
{
    std::ostringstream text;
    text << std::fixed << std::setprecision(0) << load << ": " << claimed << ' ' << better.model
         << " before " << worse.model << "; measured " << figureOfBetter << " and " << figureOfWorse
         << ' ' << unit;
    return text.str();
}

} // namespace

const std::vector<Claim>& claims()
{
    static const std::vector<Claim> all = {
        {"static-pool", "low", "high", 2, 1, "cpu"},
        {"shared-queue", "medium", "high", 3, 1, "burst"},
        {"task-per-request", "high", "medium", 4, 2, ""},
        {"inline", "lowest", "lowest", 1, 3, ""},
    };
    return all;
}

std::optional<Claim> claimOf(std::string_view model)
{
    const auto found = std::ranges::find(claims(), model, &Claim::model);
    return found == claims().end() ? std::nullopt : std::optional(*found);
}

std::vector<std::string> differences(std::string_view load, const std::vector<Figures>& measured)
{
    std::vector<std::string> found;
    for (const auto& one : measured) {
        for (const auto& other : measured) {
            const auto better = claimOf(one.model);
            const auto worse = claimOf(other.model);
            if (!better || !worse)
                continue;
            if (better->latencyRank < worse->latencyRank && one.latency > other.latency * noise)
                found.push_back(sentence(load, "in latency the document has", one, other,
                                         one.latency, other.latency, "us (median)"));
            if (better->throughputRank < worse->throughputRank
                && one.perSecond * noise < other.perSecond)
                found.push_back(sentence(load, "in throughput the document has", one, other,
                                         one.perSecond, other.perSecond, "a second"));
        }
        const auto claim = claimOf(one.model);
        if (!claim || claim->bestFor != load)
            continue;
        const auto best = std::ranges::min_element(measured, {}, &Figures::latency);
        if (best->latency * noise < one.latency)
            found.push_back(sentence(load, "the document recommends", one, *best, one.latency,
                                     best->latency, "us (median)"));
    }
    return found;
}

} // namespace models::compare

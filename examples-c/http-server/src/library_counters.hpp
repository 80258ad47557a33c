// What the logging library counts, where it does: libdlt itself has no such functions, so they are
// looked up while the program runs, and the program needs neither their header nor their library.
#pragma once

#include <cstdint>
#include <optional>

namespace eventcore {

// The beginning of what dlt_ng_get_statistics() fills in; it writes no more than `size` says.
struct LibraryCounters {
    std::uint32_t size;
    std::uint32_t reconnects;
    std::uint64_t submitted;
    std::uint64_t delivered;
    std::uint64_t waiting;
    std::uint64_t lost;
};

std::optional<LibraryCounters> library_counters();

}  // namespace eventcore

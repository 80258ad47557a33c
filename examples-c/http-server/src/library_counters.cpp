#include "library_counters.hpp"

#include <dlfcn.h>

namespace eventcore {

std::optional<LibraryCounters> library_counters()
{
    using Function = int (*)(LibraryCounters*);
    static const auto function =
        reinterpret_cast<Function>(::dlsym(RTLD_DEFAULT, "dlt_ng_get_statistics"));
    LibraryCounters counters{};
    counters.size = sizeof counters;
    if (function == nullptr || function(&counters) < 0) {
        return std::nullopt;
    }
    return counters;
}

}  // namespace eventcore

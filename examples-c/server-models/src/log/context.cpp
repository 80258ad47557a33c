/* SPDX-License-Identifier: MPL-2.0 */
#include "log/context.hpp"

#include <dlfcn.h>

namespace models::log {

Context::Context(bool logging, Counts& counts, const char* id, const char* description)
    : logging_(logging), counts_(counts)
{
    if (logging_)
        dlt_register_context(&handle_, id, description);
}

Context::~Context()
{
    if (logging_)
        dlt_unregister_context(&handle_);
}

std::uint64_t lostByLibrary()
{
    // Not in libdlt: a program that runs on both asks whether it is there.
    static const auto count =
        reinterpret_cast<std::uint64_t (*)()>(dlsym(RTLD_DEFAULT, "dlt_get_overflow_count"));
    return count ? count() : 0;
}

} // namespace models::log

/* SPDX-License-Identifier: MPL-2.0 */
// Logging, by the public interface of libdlt alone: compiled with the headers of either library, it
// runs on both.
#pragma once

#include <dlt.h>

#include <atomic>
#include <concepts>
#include <cstdint>
#include <string_view>

namespace models::log {

// A number behind its name, so that every viewer shows which it is.
struct Named {
    const char* name;
    std::uint64_t value;
};

inline void write(DltContextData& message, const char* text)
{
    dlt_user_log_write_constant_string(&message, text);
}

inline void write(DltContextData& message, std::string_view text)
{
    const auto size = static_cast<std::uint16_t>(text.size() < 1024 ? text.size() : 1024);
    dlt_user_log_write_sized_string(&message, text.data(), size);
}

void write(DltContextData& message, std::signed_integral auto value)
{
    dlt_user_log_write_int64(&message, value);
}

void write(DltContextData& message, std::unsigned_integral auto value)
{
    dlt_user_log_write_uint64(&message, value);
}

inline void write(DltContextData& message, Named number)
{
    write(message, number.name);
    write(message, number.value);
}

// What has become of the messages of this process, as far as a program is told by return codes.
struct Counts {
    std::atomic<std::uint64_t> accepted = 0;
    std::atomic<std::uint64_t> refused = 0; // no room: lost
};

// A part of the server whose level is set apart from the others', live, by dlt-control.
class Context {
public:
    // An identifier has at most four characters. Without logging the library is not called at all.
    Context(bool logging, Counts& counts, const char* id, const char* description);
    ~Context();
    Context(const Context&) = delete;
    Context& operator=(const Context&) = delete;

    // Below the level of the context, the arguments are not looked at.
    template <typename... Arguments>
    void operator()(DltLogLevelType level, const Arguments&... arguments)
    {
        if (!logging_)
            return;
        DltContextData message;
        if (dlt_user_log_write_start(&handle_, &message, level) != DLT_RETURN_TRUE)
            return;
        (write(message, arguments), ...);
        const bool taken = dlt_user_log_write_finish(&message) >= DLT_RETURN_OK;
        (taken ? counts_.accepted : counts_.refused).fetch_add(1, std::memory_order_relaxed);
    }

    DltContext& handle() { return handle_; }

private:
    const bool logging_;
    Counts& counts_;
    DltContext handle_{};
};

// Messages that the library has lost, of those it had accepted too, where it counts them: libdlt-ng.
std::uint64_t lostByLibrary();

} // namespace models::log

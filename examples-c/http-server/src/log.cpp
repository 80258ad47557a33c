#include "log.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstring>
#include <iterator>

namespace eventcore::log {

DltContext acceptor{};
DltContext worker{};
DltContext connection{};
DltContext http{};
DltContext router{};
DltContext pool{};
DltContext admin{};
DltContext wire{};

const std::array<Context, 8> contexts{{
    {"ACPT", "accept thread", &acceptor},
    {"WRKR", "event loops", &worker},
    {"CONN", "connections", &connection},
    {"HTTP", "one line a request", &http},
    {"ROUT", "routes and handlers", &router},
    {"POOL", "connection slots", &pool},
    {"ADMN", "administration", &admin},
    {"WIRE", "raw bytes, as network trace", &wire},
}};

namespace {

constexpr std::array<std::pair<std::string_view, DltLogLevelType>, 7> levels{{
    {"off", DLT_LOG_OFF},
    {"fatal", DLT_LOG_FATAL},
    {"error", DLT_LOG_ERROR},
    {"warn", DLT_LOG_WARN},
    {"info", DLT_LOG_INFO},
    {"debug", DLT_LOG_DEBUG},
    {"verbose", DLT_LOG_VERBOSE},
}};

}  // namespace

std::optional<DltLogLevelType> level_of(std::string_view name)
{
    for (const auto& [known, level] : levels) {
        if (known == name) {
            return level;
        }
    }
    return std::nullopt;
}

std::string_view name_of(int level)
{
    for (const auto& [name, known] : levels) {
        if (known == level) {
            return name;
        }
    }
    return "default";
}

Session::Session(const Config& config)
{
    if (!config.log_file.empty()) {
        if (dlt_init_file(config.log_file.c_str()) < DLT_RETURN_OK) {
            std::fprintf(stderr, "cannot log to %s\n", config.log_file.c_str());
        }
        // Without this libdlt 2.18.8 takes every message for one too many.
        (void)dlt_set_filesize_max(0);
    }
    if (dlt_register_app(application, "EventCore HTTP server") < DLT_RETURN_OK) {
        std::fputs("cannot register with DLT\n", stderr);
    }
    const auto level = level_of(config.log_level).value_or(DLT_LOG_INFO);
    for (const auto& context : contexts) {
        (void)dlt_register_context_ll_ts(context.handle, context.id, context.description, level,
                                         DLT_TRACE_STATUS_OFF);
    }
}

Session::~Session()
{
    for (const auto& context : contexts) {
        (void)dlt_unregister_context(context.handle);
    }
    (void)dlt_unregister_app_flush_buffered_logs();
}

void trace(std::uint32_t connection, Direction direction, std::string_view bytes)
{
    const auto* status = wire.trace_status_ptr;
    if (status == nullptr || *status != DLT_TRACE_STATUS_ON) {
        return;
    }
    constexpr std::size_t slice = 1024;
    for (std::size_t offset = 0; offset < bytes.size(); offset += slice) {
        // Which connection, which direction, and where in this piece the slice is.
        std::array<char, 9> header{};
        const auto at = static_cast<std::uint32_t>(offset);
        std::memcpy(header.data(), &connection, 4);
        header[4] = static_cast<char>(direction);
        std::memcpy(header.data() + 5, &at, 4);
        const auto part = bytes.substr(offset, slice);
        (void)dlt_user_trace_network(&wire, DLT_NW_TRACE_IPC, header.size(), header.data(),
                                     static_cast<std::uint16_t>(part.size()),
                                     const_cast<char*>(part.data()));
    }
}

}  // namespace eventcore::log

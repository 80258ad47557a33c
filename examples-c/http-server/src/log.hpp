// What the server tells DLT: a context for each component, so that each can be asked for more or less
// while it runs, with dlt-control or by /admin/loglevel.
#pragma once

#include "config.hpp"

#include <dlt.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace eventcore::log {

inline constexpr char application[] = "EVHS";

// Macros of DLT take a context by its name.
extern DltContext acceptor;    // ACPT  listening, accepting, refusing
extern DltContext worker;      // WRKR  event loops and their pools
extern DltContext connection;  // CONN  state transitions, timeouts, errors of a connection
extern DltContext http;        // HTTP  one access line a request
extern DltContext router;      // ROUT  what no handler answers, and handlers that throw
extern DltContext pool;        // POOL  connection slots
extern DltContext admin;       // ADMN  configuration, administration, start and end
extern DltContext wire;        // WIRE  raw bytes, while its trace status is on

struct Context {
    const char* id;
    const char* description;
    DltContext* handle;
};
extern const std::array<Context, 8> contexts;

// "off" to "debug"; none for anything else.
std::optional<DltLogLevelType> level_of(std::string_view name);
std::string_view name_of(int level);

// Registers application and contexts; what it cannot do is told on the standard error, and the server
// runs without.
class Session {
public:
    explicit Session(const Config& config);
    ~Session();
    Session(const Session&) = delete;
    Session& operator=(const Session&) = delete;
};

enum class Direction : std::uint8_t { received = 0, sent = 1 };

// Every byte, in slices that fit into messages. Costs one look at a byte while nobody asks for it.
void trace(std::uint32_t connection, Direction direction, std::string_view bytes);

}  // namespace eventcore::log

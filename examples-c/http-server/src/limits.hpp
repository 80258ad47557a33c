// The figures that are not configuration: what a request may be, and how long things may take.
#pragma once

#include <chrono>
#include <cstddef>

namespace eventcore::limits {

using namespace std::chrono_literals;

// Request line and header fields together: beyond, 414 or 431.
inline constexpr std::size_t header_bytes = 8192;

// Replies that the client has not taken: no further request is answered beyond.
inline constexpr std::size_t unsent_bytes = 1 << 20;

// Larger bodies are sent from where the handler has put them.
inline constexpr std::size_t copied_body_bytes = 16384;

// What half requests and replies that nobody takes may hold in one worker: beyond, who comes is
// answered with 503, until the slow ones are through or cut off.
inline constexpr std::size_t held_bytes = std::size_t{256} << 20;

// What one connection may read before others have their turn.
inline constexpr std::size_t bytes_a_turn = 1 << 18;

// Who sends or reads more slowly than this, after the time that an idle connection has, is cut off.
inline constexpr std::size_t slowest_bytes_a_second = 1024;

// After the last reply the rest of what the client sends is read: closing with unread bytes would
// reset the connection, and the reply might be lost with it.
inline constexpr auto linger = 2s;

// A graceful stop: what a keep-alive connection at rest has for one more request, and what a request
// in flight has to end.
inline constexpr auto drain_at_rest = 500ms;
inline constexpr auto drain_in_flight = 10s;

// As drawn: timeouts are looked for every 5 s, less often than a twelfth of the time never.
inline constexpr std::chrono::milliseconds longest_check = 5s;

}  // namespace eventcore::limits

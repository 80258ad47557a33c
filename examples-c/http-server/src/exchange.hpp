// What a connection needs while a request or a reply is under way. A connection at rest has none of
// it: ten thousand idle ones cost ten thousand slots, and no buffer.
#pragma once

#include "buffer.hpp"
#include "config.hpp"
#include "request.hpp"
#include "request_parser.hpp"
#include "response.hpp"
#include "unique_fd.hpp"

#include <chrono>
#include <cstddef>
#include <string>

namespace eventcore {

// Whether a client comes or goes on fast enough: so many bytes in each stretch of time.
struct Pace {
    std::chrono::steady_clock::time_point began;
    std::size_t bytes = 0;

    void start() { *this = {std::chrono::steady_clock::now(), 0}; }
};

struct Exchange {
    using Clock = std::chrono::steady_clock;

    explicit Exchange(const Config& config)
        : in(config.read_buffer_size), out(config.write_buffer_size),
          parser(config.max_request_size)
    {
    }

    Buffer in;
    Buffer out;
    RequestParser parser;
    Request request;
    Response response;

    // One of them goes out behind what is in `out`; nothing more is answered before it has.
    std::string body;
    std::size_t body_sent = 0;
    UniqueFd file;
    std::size_t file_left = 0;

    Clock::time_point request_began;
    Pace receiving;  // from a request's first byte on
    Pace taking;     // from when the kernel first took less than there was
    Clock::time_point linger_until;
    std::size_t held = 0;  // of the worker's limits::held_bytes
    bool blocked = false;
    bool last_reply = false;
    bool moved = false;  // bytes came or went since it was last looked at

    bool has_tail() const { return !body.empty() || file_left > 0; }
    bool sending() const { return !out.empty() || has_tail(); }
    bool idle() const { return in.empty() && !sending() && !parser.started() && !last_reply; }

    std::size_t footprint() const
    {
        return in.capacity() + out.capacity() + body.capacity() + request.body.capacity();
    }

    // Fit for another connection, which sees no byte of this one.
    void reset()
    {
        in.consume(in.size());
        out.consume(out.size());
        in.release_growth();
        out.release_growth();
        parser.reset();
        request.clear();
        response.clear();
        body = {};
        body_sent = 0;
        file.reset();
        file_left = 0;
        blocked = last_reply = moved = false;
        if (request.body.capacity() > 65536) {
            request.body = {};
        }
        if (response.body.capacity() > 65536) {
            response.body = {};
        }
    }
};

}  // namespace eventcore

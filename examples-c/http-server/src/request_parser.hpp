// Bytes to requests, as they come. The grammar is Boost.Beast's; its headers stay in one source file.
#pragma once

#include "buffer.hpp"
#include "request.hpp"

#include <cstddef>
#include <memory>
#include <string>

namespace eventcore {

class RequestParser {
public:
    enum class Stage { request_line, headers, body, complete };
    enum class Result { incomplete, complete, failed };

    struct Failure {
        unsigned status = 0;
        std::string reason;  // for the log
    };

    explicit RequestParser(std::size_t max_body);
    ~RequestParser();
    RequestParser(const RequestParser&) = delete;
    RequestParser& operator=(const RequestParser&) = delete;

    // Takes what it understands out of the buffer. What is half there stays here until the rest comes.
    Result feed(Buffer& in, Request& request);

    // For the next request; only when this one is complete, or a reply has given it up.
    void reset();

    Stage stage() const;
    bool started() const;
    const Failure& failure() const;
    bool keep_alive() const;
    // True once, when the client waits for it before it sends the body.
    bool take_expectation();

private:
    class Grammar;
    std::unique_ptr<Grammar> grammar_;
};

}  // namespace eventcore

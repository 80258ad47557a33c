// What a handler answers.
#pragma once

#include "buffer.hpp"
#include "unique_fd.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace eventcore {

std::string_view reason_of(unsigned status);

class Response {
public:
    unsigned status = 200;
    std::string body;
    // Instead of a body: sent by the kernel, from its start.
    UniqueFd file;
    std::size_t file_size = 0;

    void clear();

    // Throws std::invalid_argument for a line end or NUL in either: such a value would be more than
    // one field, and what is behind it another reply.
    void set(std::string_view name, std::string_view value);

    void text(unsigned status, std::string_view body);
    void html(unsigned status, std::string_view body);
    void json(unsigned status, std::string body);
    // An error that tells nothing but its name.
    void fail(unsigned status);

    // Status line and fields.
    void write_head(Buffer& out, bool keep_alive) const;
    std::size_t length() const { return file ? file_size : body.size(); }

private:
    std::string fields_;
};

}  // namespace eventcore

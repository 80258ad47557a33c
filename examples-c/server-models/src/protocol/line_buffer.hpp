/* SPDX-License-Identifier: MPL-2.0 */
// Bytes as they come in, lines as they go out: a line may arrive in pieces, and many at once.
#pragma once

#include <algorithm>
#include <array>
#include <cstring>
#include <optional>
#include <span>
#include <string_view>

namespace models {

class LineBuffer {
public:
    static constexpr std::size_t longestLine = 4096;

    // Where the next bytes are to be put. It is not empty once next() has found nothing more, unless
    // the line is too long.
    std::span<char> space()
    {
        std::memmove(bytes_.data(), bytes_.data() + begin_, end_ - begin_);
        end_ -= begin_;
        searched_ -= begin_;
        begin_ = 0;
        return std::span(bytes_).subspan(end_);
    }

    void filled(std::size_t count) { end_ += count; }

    // The next line without its end; valid until space() is called.
    std::optional<std::string_view> next()
    {
        const char* const from = bytes_.data() + searched_;
        const char* const to = bytes_.data() + end_;
        const char* const newline = std::find(from, to, '\n');
        searched_ = static_cast<std::size_t>(newline - bytes_.data());
        if (newline == to)
            return {};
        const std::string_view line(bytes_.data() + begin_, searched_ - begin_);
        begin_ = ++searched_;
        return line;
    }

    bool isTooLong() const { return end_ - begin_ == bytes_.size(); }

private:
    std::array<char, longestLine + 1> bytes_{};
    std::size_t begin_ = 0;    // of the line that is not complete
    std::size_t searched_ = 0; // before this there is no newline
    std::size_t end_ = 0;
};

} // namespace models

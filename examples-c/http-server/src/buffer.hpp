// Bytes on their way: written at the end, taken from the front, in one piece.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace eventcore {

class Buffer {
public:
    explicit Buffer(std::size_t initial);

    std::string_view view() const { return {bytes_.data() + read_, written_ - read_}; }
    std::size_t size() const { return written_ - read_; }
    bool empty() const { return read_ == written_; }
    std::size_t capacity() const { return bytes_.size(); }

    void append(std::string_view bytes);
    void consume(std::size_t count);

    struct Read {
        long count;    // as of readv(): 0 at the end, -1 with errno
        bool drained;  // less came than would have fitted: there is no more for now
    };
    // One system call for whatever has come, up to 64 KiB more than there is room for.
    Read read_from(int fd);

    // Gives back what a large request or reply has made it grow to.
    void release_growth();

private:
    void make_room(std::size_t count);

    std::size_t initial_;
    std::size_t read_ = 0;
    std::size_t written_ = 0;
    std::vector<char> bytes_;
};

}  // namespace eventcore

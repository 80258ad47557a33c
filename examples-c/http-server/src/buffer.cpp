#include "buffer.hpp"

#include <sys/uio.h>

#include <algorithm>
#include <array>
#include <cstring>

namespace eventcore {

Buffer::Buffer(std::size_t initial) : initial_(initial), bytes_(initial) {}

void Buffer::append(std::string_view bytes)
{
    if (bytes.empty()) {
        return;
    }
    make_room(bytes.size());
    std::memcpy(bytes_.data() + written_, bytes.data(), bytes.size());
    written_ += bytes.size();
}

void Buffer::consume(std::size_t count)
{
    read_ += count;
    if (read_ == written_) {
        read_ = written_ = 0;
    }
}

Buffer::Read Buffer::read_from(int fd)
{
    if (written_ == bytes_.size()) {
        make_room(1);
    }
    // Not initialised on purpose: readv() fills it, and only as far as it says is it looked at.
    std::array<char, 65536> more;
    const std::size_t room = bytes_.size() - written_;
    const std::array<iovec, 2> parts{
        {{bytes_.data() + written_, room}, {more.data(), more.size()}}};
    const ssize_t count = ::readv(fd, parts.data(), static_cast<int>(parts.size()));
    if (count <= 0) {
        return {count, false};
    }
    const auto came = static_cast<std::size_t>(count);
    written_ += std::min(came, room);
    if (came > room) {
        append({more.data(), came - room});
    }
    return {count, came < room + more.size()};
}

void Buffer::release_growth()
{
    if (empty() && bytes_.size() > 16 * initial_) {
        bytes_.resize(initial_);
        bytes_.shrink_to_fit();
        read_ = written_ = 0;
    }
}

void Buffer::make_room(std::size_t count)
{
    if (bytes_.size() - written_ >= count) {
        return;
    }
    if (read_ > 0) {
        std::memmove(bytes_.data(), bytes_.data() + read_, size());
        written_ -= read_;
        read_ = 0;
    }
    if (bytes_.size() - written_ < count) {
        bytes_.resize(std::max(bytes_.size() * 2, written_ + count));
    }
}

}  // namespace eventcore

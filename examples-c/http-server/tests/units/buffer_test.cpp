#include "buffer.hpp"
#include "unique_fd.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>

#include <array>
#include <string>

using eventcore::Buffer;
using eventcore::UniqueFd;

namespace {

std::pair<UniqueFd, UniqueFd> make_pipe()
{
    std::array<int, 2> ends{};
    EXPECT_EQ(::pipe2(ends.data(), O_NONBLOCK), 0);
    ::fcntl(ends[1], F_SETPIPE_SZ, 1 << 20);
    return {UniqueFd(ends[0]), UniqueFd(ends[1])};
}

}  // namespace

TEST(ABuffer, gives_back_in_order_what_was_put_in_while_it_grows_and_moves)
{
    Buffer buffer(8);
    std::string expected;
    for (int i = 0; i < 1000; ++i) {
        const auto text = std::to_string(i) + ',';
        buffer.append(text);
        expected += text;
        if (i % 3 == 0) {
            buffer.consume(2);
            expected.erase(0, 2);
        }
        ASSERT_EQ(buffer.view(), expected);
    }
}

TEST(ABuffer, reads_in_one_call_more_than_it_has_room_for)
{
    const auto [out, in] = make_pipe();
    const std::string sent(60000, 'x');
    ASSERT_EQ(::write(in.get(), sent.data(), sent.size()), 60000);
    Buffer buffer(16);
    buffer.append("before");
    const auto read = buffer.read_from(out.get());
    EXPECT_EQ(read.count, 60000);
    EXPECT_TRUE(read.drained);
    EXPECT_EQ(buffer.view(), "before" + sent);
}

TEST(ABuffer, says_that_there_may_be_more_when_all_that_it_offered_was_taken)
{
    const auto [out, in] = make_pipe();
    const std::string sent(100000, 'x');
    ASSERT_EQ(::write(in.get(), sent.data(), sent.size()), 100000);
    Buffer buffer(16);
    EXPECT_FALSE(buffer.read_from(out.get()).drained);
    EXPECT_TRUE(buffer.read_from(out.get()).drained);
    EXPECT_EQ(buffer.view(), sent);
}

TEST(ABuffer, gives_growth_back_only_when_it_is_empty)
{
    Buffer buffer(16);
    buffer.append(std::string(5000, 'x'));
    buffer.release_growth();
    EXPECT_EQ(buffer.size(), 5000u);
    buffer.consume(5000);
    buffer.release_growth();
    EXPECT_EQ(buffer.capacity(), 16u);
}

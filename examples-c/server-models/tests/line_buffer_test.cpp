/* SPDX-License-Identifier: MPL-2.0 */
#include "protocol/line_buffer.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

using namespace models;

namespace {

void fill(LineBuffer& lines, std::string_view bytes)
{
    const auto space = lines.space();
    ASSERT_GE(space.size(), bytes.size());
    std::ranges::copy(bytes, space.begin());
    lines.filled(bytes.size());
}

std::vector<std::string> all(LineBuffer& lines)
{
    std::vector<std::string> found;
    while (const auto line = lines.next())
        found.emplace_back(*line);
    return found;
}

using Lines = std::vector<std::string>;

TEST(LineBuffer, ManyLinesAtOnceComeOneByOne)
{
    LineBuffer lines;
    fill(lines, "one\n\nthree\nfo");
    EXPECT_EQ(all(lines), (Lines{"one", "", "three"}));
    fill(lines, "ur\n");
    EXPECT_EQ(all(lines), Lines{"four"});
}

TEST(LineBuffer, ALineMayComeByteByByte)
{
    LineBuffer lines;
    for (const char byte : std::string("slow")) {
        fill(lines, {&byte, 1});
        EXPECT_EQ(all(lines), Lines{});
    }
    fill(lines, "\n");
    EXPECT_EQ(all(lines), Lines{"slow"});
}

TEST(LineBuffer, TheLongestLineFitsAndALongerOneIsTooLong)
{
    LineBuffer lines;
    const std::string longest(LineBuffer::longestLine, 'x');
    fill(lines, longest + '\n');
    EXPECT_EQ(all(lines), Lines{longest});

    fill(lines, longest);
    EXPECT_EQ(all(lines), Lines{});
    EXPECT_FALSE(lines.isTooLong());
    fill(lines, "x");
    EXPECT_EQ(all(lines), Lines{});
    EXPECT_TRUE(lines.isTooLong());
}

} // namespace

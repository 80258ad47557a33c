#include "request.hpp"
#include "target.hpp"

#include <gtest/gtest.h>

using eventcore::Request;
using eventcore::split_target;

TEST(ATarget, is_a_decoded_path_and_a_query_as_it_came)
{
    std::string path;
    std::string query;
    ASSERT_TRUE(split_target("/a%20b/%C3%A9?x=%20&y", path, query));
    EXPECT_EQ(path, "/a b/\xc3\xa9");
    EXPECT_EQ(query, "x=%20&y");
    ASSERT_TRUE(split_target("http://host:80/there?q", path, query));
    EXPECT_EQ(path, "/there");
    ASSERT_TRUE(split_target("http://host", path, query));
    EXPECT_EQ(path, "/");
}

TEST(ATarget, that_no_resource_can_be_called_is_refused)
{
    std::string path;
    std::string query;
    for (const auto* target : {"", "*", "a", "/%", "/%4", "/%zz", "/%00", "/%0d%0a", "/a%2fb",
                               "/%7f", "https://host/"}) {
        EXPECT_FALSE(split_target(target, path, query)) << target;
    }
}

TEST(ARequest, has_the_parameters_of_its_query)
{
    Request request;
    request.query = "ms=12&empty=&bare&ms=13";
    EXPECT_EQ(request.parameter("ms"), "12");
    EXPECT_EQ(request.parameter("empty"), "");
    EXPECT_EQ(request.parameter("bare"), "");
    EXPECT_EQ(request.parameter("m"), std::nullopt);
}

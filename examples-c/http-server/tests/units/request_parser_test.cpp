#include "limits.hpp"
#include "request_parser.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

using namespace eventcore;
using Result = RequestParser::Result;
using Stage = RequestParser::Stage;

namespace {

struct Parsing {
    Buffer in{4096};
    Request request;
    RequestParser parser{1000};

    Result feed(std::string_view bytes)
    {
        in.append(bytes);
        return parser.feed(in, request);
    }
};

unsigned refusal_of(std::string_view bytes)
{
    Parsing parsing;
    return parsing.feed(bytes) == Result::failed ? parsing.parser.failure().status : 0;
}

constexpr std::string_view post = "POST /a?b HTTP/1.1\r\n"
                                  "Host: here\r\n"
                                  "content-LENGTH: 5\r\n"
                                  "X:  spaced \t\r\n"
                                  "\r\n"
                                  "hello";

constexpr std::string_view chunked = "POST /a?b HTTP/1.1\r\n"
                                     "Host: here\r\n"
                                     "Transfer-Encoding: chunked\r\n"
                                     "X:  spaced \t\r\n"
                                     "\r\n"
                                     "2;ext=1\r\nhe\r\n3\r\nllo\r\n0\r\nLate: field\r\n\r\n";

}  // namespace

TEST(TheParser, understands_the_same_however_the_bytes_are_cut)
{
    for (const auto text : {post, chunked}) {
        for (std::size_t piece = 1; piece <= text.size(); ++piece) {
            Parsing parsing;
            auto result = Result::incomplete;
            for (std::size_t at = 0; at < text.size(); at += piece) {
                ASSERT_EQ(result, Result::incomplete);
                result = parsing.feed(text.substr(at, piece));
            }
            ASSERT_EQ(result, Result::complete) << piece;
            EXPECT_EQ(parsing.request.method, "POST");
            EXPECT_EQ(parsing.request.path, "/a");
            EXPECT_EQ(parsing.request.query, "b");
            EXPECT_EQ(parsing.request.body, "hello");
            EXPECT_EQ(parsing.request.fields.find("x"), "spaced");
            EXPECT_EQ(parsing.request.fields.find("late"), std::nullopt);
            EXPECT_TRUE(parsing.in.empty());
        }
    }
}

TEST(TheParser, goes_from_the_line_through_fields_and_body)
{
    Parsing parsing;
    EXPECT_EQ(parsing.parser.stage(), Stage::request_line);
    EXPECT_FALSE(parsing.parser.started());
    parsing.feed("POST / HTTP/1.1\r\nHost: here\r\n");
    EXPECT_EQ(parsing.parser.stage(), Stage::headers);
    EXPECT_TRUE(parsing.parser.started());
    parsing.feed("Content-Length: 2\r\n\r\n");
    EXPECT_EQ(parsing.parser.stage(), Stage::body);
    EXPECT_EQ(parsing.feed("ab"), Result::complete);
    EXPECT_EQ(parsing.parser.stage(), Stage::complete);
}

TEST(TheParser, leaves_the_next_request_where_it_is)
{
    Parsing parsing;
    const std::string two = std::string(post) + "\r\nGET / HTTP/1.1\r\nHost: b\r\n\r\n";
    ASSERT_EQ(parsing.feed(two), Result::complete);
    parsing.parser.reset();
    ASSERT_EQ(parsing.feed(""), Result::complete);
    EXPECT_EQ(parsing.request.method, "GET");
    EXPECT_EQ(parsing.request.body, "");
    EXPECT_EQ(parsing.request.fields.find("x"), std::nullopt);
}

TEST(TheParser, keeps_alive_as_version_and_connection_say)
{
    const std::vector<std::pair<std::string, bool>> cases{
        {"HTTP/1.1\r\nHost: a\r\n", true},
        {"HTTP/1.1\r\nHost: a\r\nConnection: Close\r\n", false},
        {"HTTP/1.1\r\nHost: a\r\nConnection: x, close\r\n", false},
        {"HTTP/1.0\r\n", false},
        {"HTTP/1.0\r\nconnection: Keep-Alive\r\n", true},
    };
    for (const auto& [rest, keeps] : cases) {
        Parsing parsing;
        ASSERT_EQ(parsing.feed("GET / " + rest + "\r\n"), Result::complete) << rest;
        EXPECT_EQ(parsing.parser.keep_alive(), keeps) << rest;
    }
}

TEST(TheParser, refuses_what_is_malformed_with_400)
{
    const std::string get = "GET / HTTP/1.1\r\nHost: a\r\n";
    const std::vector<std::string> cases{
        "\x16\x03\x01\x02\x01\x01\x01\xfc\x03\x03",
        " / HTTP/1.1\r\n\r\n",
        "GET  / HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET / HTTX/1.1\r\nHost: a\r\n\r\n",
        "GET /\r\nHost: a\r\n\r\n",
        "GET /%00 HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET relative HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET / HTTP/1.1\r\n\r\n",
        get + "Host: b\r\n\r\n",
        get + "no colon\r\n\r\n",
        get + "X : space\r\n\r\n",
        get + "X: a\rb\r\n\r\n",
        get + "X: a" + '\0' + "b\r\n\r\n",
        get + "Content-Length: -1\r\n\r\n",
        get + "Content-Length: 1x\r\n\r\n",
        get + "Content-Length: 1\r\nContent-Length: 2\r\n\r\n",
        get + "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
        get + "Transfer-Encoding: chunked\r\nContent-Length: 1\r\n\r\n",
        get + "Transfer-Encoding: gzip\r\n\r\n",
        get + "Transfer-Encoding: gzip, chunked\r\n\r\n",
        "GET / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n",
        get + "Transfer-Encoding: chunked\r\n\r\nxyz\r\n",
        get + "Transfer-Encoding: chunked\r\n\r\n1\r\nabc\r\n\r\n",
        get + "Transfer-Encoding: chunked\r\n\r\n1;" + std::string(9000, 'x'),
    };
    for (const auto& bytes : cases) {
        EXPECT_EQ(refusal_of(bytes), 400u) << bytes.substr(0, 100);
    }
}

TEST(TheParser, has_a_status_for_each_limit)
{
    const std::string get = "GET / HTTP/1.1\r\nHost: a\r\n";
    const std::string long_text(limits::header_bytes, 'x');
    EXPECT_EQ(refusal_of("GET /" + long_text + " HTTP/1.1\r\n\r\n"), 414u);
    EXPECT_EQ(refusal_of(get + "X: " + long_text + "\r\n\r\n"), 431u);
    EXPECT_EQ(refusal_of(get + "Content-Length: 1001\r\n\r\n"), 413u);
    EXPECT_EQ(refusal_of(get + "Content-Length: 99999999999999999999\r\n\r\n"), 400u);
    EXPECT_EQ(refusal_of(get + "Transfer-Encoding: chunked\r\n\r\nfff\r\n"), 413u);
    EXPECT_EQ(refusal_of("GET / HTTP/2.0\r\nHost: a\r\n\r\n"), 505u);
    EXPECT_EQ(refusal_of("GET / HTTP/0.9\r\nHost: a\r\n\r\n"), 505u);
    EXPECT_EQ(refusal_of(get + "Expect: miracles\r\n\r\n"), 417u);
}

TEST(TheParser, refuses_a_line_or_fields_that_never_end_as_soon_as_they_are_too_long)
{
    for (const auto& [beginning, status] :
         {std::pair{"GET /", 414u}, {"GET / HTTP/1.1\r\nHost: a\r\nX: ", 431u}}) {
        Parsing parsing;
        auto result = parsing.feed(beginning);
        for (std::size_t i = 0; i <= limits::header_bytes && result == Result::incomplete; ++i) {
            result = parsing.feed("x");
        }
        ASSERT_EQ(result, Result::failed);
        EXPECT_EQ(parsing.parser.failure().status, status);
    }
}

TEST(TheParser, tells_once_that_the_client_waits_to_be_told_to_go_on)
{
    Parsing parsing;
    parsing.feed("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nExpect: 100-");
    EXPECT_FALSE(parsing.parser.take_expectation());
    parsing.feed("Continue\r\n\r\n");
    EXPECT_TRUE(parsing.parser.take_expectation());
    EXPECT_FALSE(parsing.parser.take_expectation());
}

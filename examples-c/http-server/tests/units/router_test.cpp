#include "router.hpp"

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>

using namespace eventcore;

namespace {

Router::Handler says(std::string text)
{
    return [text](const Request& request, Response& response) {
        response.body = text;
        for (const auto capture : request.captures) {
            response.body += '|';
            response.body += capture;
        }
    };
}

Response ask(const Router& router, std::string method, std::string path)
{
    Request request;
    request.method = std::move(method);
    request.path = std::move(path);
    Response response;
    router.handle(request, response);
    return response;
}

std::string head_of(const Response& response)
{
    Buffer out(16);
    response.write_head(out, true);
    return std::string(out.view());
}

}  // namespace

TEST(TheRouter, prefers_exact_paths_and_then_the_first_pattern)
{
    Router router;
    router.add_pattern("GET", "/users/([0-9]+)", says("number"));
    router.add_pattern("GET", "/users/([^/]+)/?(.*)", says("any"));
    router.add("GET", "/users/7", says("seven"));
    EXPECT_EQ(ask(router, "GET", "/users/7").body, "seven");
    EXPECT_EQ(ask(router, "GET", "/users/42").body, "number|42");
    EXPECT_EQ(ask(router, "GET", "/users/42x").body, "any|42x|");
    EXPECT_EQ(ask(router, "GET", "/users/a/b").body, "any|a|b");
    EXPECT_EQ(ask(router, "GET", "/x/users/42").status, 404u);
}

TEST(TheRouter, knows_a_wrong_method_from_a_wrong_path)
{
    Router router;
    router.add("GET", "/a", says("got"));
    router.add("PUT", "/a", says("put"));
    EXPECT_EQ(ask(router, "GET", "/b").status, 404u);
    const auto wrong = ask(router, "DELETE", "/a");
    EXPECT_EQ(wrong.status, 405u);
    EXPECT_NE(head_of(wrong).find("\r\nAllow: OPTIONS, GET, HEAD, PUT\r\n"), std::string::npos);
    EXPECT_EQ(ask(router, "OPTIONS", "/a").status, 204u);
    EXPECT_EQ(ask(router, "HEAD", "/a").body, "got");
}

TEST(TheRouter, lets_middleware_stop_a_request_before_its_handler)
{
    Router router;
    std::string order;
    router.use([&](const Request&, Response&) {
        order += 'g';
        return true;
    });
    router.use("/closed", [&](const Request&, Response& response) {
        order += 'c';
        response.fail(401);
        return false;
    });
    router.use("/closed", [&](const Request&, Response&) {
        order += 'x';
        return true;
    });
    router.add("GET", "/closed/a", [&](const Request&, Response&) { order += 'h'; });
    router.add("GET", "/closedown", says("open"));
    EXPECT_EQ(ask(router, "GET", "/closed/a").status, 401u);
    EXPECT_EQ(ask(router, "GET", "/closed").status, 401u);
    EXPECT_EQ(order, "gcgc");
    EXPECT_EQ(ask(router, "GET", "/closedown").body, "open");
}

TEST(TheRouter, answers_500_for_a_handler_that_throws_and_tells_nothing_of_why)
{
    Router router;
    router.add("GET", "/a", [](const Request&, Response& response) {
        response.set("Secret", "yes");
        response.body = "half";
        throw std::runtime_error("inner matters");
    });
    router.add("GET", "/b", [](const Request&, Response&) { throw 1; });
    const auto failed = ask(router, "GET", "/a");
    EXPECT_EQ(failed.status, 500u);
    EXPECT_EQ(failed.body, "Internal Server Error\n");
    EXPECT_EQ(head_of(failed).find("Secret"), std::string::npos);
    EXPECT_EQ(ask(router, "GET", "/b").status, 500u);
}

TEST(TheRouter, refuses_a_pattern_that_is_none)
{
    Router router;
    EXPECT_THROW(router.add_pattern("GET", "/(", says("")), std::invalid_argument);
}

TEST(TheRouter, takes_no_longer_than_the_path_for_a_pattern_that_ruins_others)
{
    Router router;
    router.add_pattern("GET", "/(a+)+b", says("match"));
    EXPECT_EQ(ask(router, "GET", '/' + std::string(8000, 'a')).status, 404u);
}

TEST(AResponse, takes_no_field_that_would_be_more_than_one)
{
    Response response;
    for (const std::string& value : {std::string("a\r\nSet-Cookie: b"), std::string("a\nb"),
                                     std::string("a\rb"), std::string("a\0b", 3)}) {
        EXPECT_THROW(response.set("Location", value), std::invalid_argument);
        EXPECT_THROW(response.set(value, "x"), std::invalid_argument);
    }
    EXPECT_EQ(head_of(response).find("Location"), std::string::npos);
}

TEST(AResponse, without_a_body_by_its_status_tells_no_length)
{
    Response response;
    response.status = 204;
    EXPECT_EQ(head_of(response).find("Content-Length"), std::string::npos);
    response.status = 200;
    EXPECT_NE(head_of(response).find("Content-Length: 0\r\n"), std::string::npos);
}

// Small pages, and those that show how the server deals with slow, large and failing handlers.
#include "app/app.hpp"

#include <charconv>
#include <chrono>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>

namespace eventcore::app {
namespace {

constexpr unsigned longest_ms = 10000;
constexpr unsigned most_megabytes = 64;

constexpr std::string_view front_page = R"(<!doctype html>
<title>EventCore</title>
<h1>EventCore</h1>
<p>An HTTP server that logs to DLT. <a href="/healthz">healthz</a>,
<a href="/metrics">metrics</a>, <a href="/api/users">users</a>.
)";

// None for what is not a number from 0 to most.
std::optional<unsigned> number(const Request& request, std::string_view name, unsigned most)
{
    const auto text = request.parameter(name);
    unsigned value = 0;
    if (!text) {
        return std::nullopt;
    }
    const auto end = text->data() + text->size();
    const auto [rest, error] = std::from_chars(text->data(), end, value);
    if (error != std::errc() || rest != end || value > most) {
        return std::nullopt;
    }
    return value;
}

void slow(const Request& request, Response& response)
{
    const auto ms = number(request, "ms", longest_ms);
    if (!ms) {
        return response.fail(400);
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(*ms));
    response.text(200, "slept\n");
}

void big(const Request& request, Response& response)
{
    const auto megabytes = number(request, "mb", most_megabytes);
    if (!megabytes) {
        return response.fail(400);
    }
    response.text(200, "");
    response.body.assign(std::size_t{*megabytes} << 20, 'x');
}

}  // namespace

void add_pages(Router& router)
{
    router.add("GET", "/", [](const Request&, Response& response) {
        response.html(200, front_page);
    });
    router.add("GET", "/healthz", [](const Request&, Response& response) {
        response.text(200, "ok\n");
    });
    router.add("POST", "/echo", [](const Request& request, Response& response) {
        response.status = 200;
        response.body = request.body;
        response.set("Content-Type", "application/octet-stream");
    });
    router.add("GET", "/slow", slow);
    router.add("GET", "/big", big);
    router.add("GET", "/throw", [](const Request&, Response&) {
        throw std::runtime_error("asked to fail");
    });
}

}  // namespace eventcore::app

#include "response.hpp"

#include <array>
#include <charconv>
#include <ctime>
#include <stdexcept>

namespace eventcore {
namespace {

// Made once a second in every thread.
std::string_view date()
{
    thread_local std::time_t made = 0;
    thread_local std::array<char, 40> text{};
    thread_local std::size_t length = 0;
    const std::time_t now = std::time(nullptr);
    if (now != made) {
        std::tm utc{};
        gmtime_r(&now, &utc);
        length = std::strftime(text.data(), text.size(), "%a, %d %b %Y %H:%M:%S GMT", &utc);
        made = now;
    }
    return {text.data(), length};
}

void append_number(Buffer& out, std::size_t number)
{
    std::array<char, 20> digits;
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
    out.append({digits.data(), static_cast<std::size_t>(end - digits.data())});
}

bool has_body(unsigned status)
{
    return status >= 200 && status != 204 && status != 304;
}

}  // namespace

std::string_view reason_of(unsigned status)
{
    switch (status) {
    case 200: return "OK";
    case 201: return "Created";
    case 202: return "Accepted";
    case 204: return "No Content";
    case 304: return "Not Modified";
    case 400: return "Bad Request";
    case 401: return "Unauthorized";
    case 404: return "Not Found";
    case 405: return "Method Not Allowed";
    case 408: return "Request Timeout";
    case 412: return "Precondition Failed";
    case 413: return "Content Too Large";
    case 414: return "URI Too Long";
    case 415: return "Unsupported Media Type";
    case 417: return "Expectation Failed";
    case 422: return "Unprocessable Content";
    case 431: return "Request Header Fields Too Large";
    case 500: return "Internal Server Error";
    case 503: return "Service Unavailable";
    case 505: return "HTTP Version Not Supported";
    default: return "Unknown";
    }
}

void Response::clear()
{
    status = 200;
    body.clear();
    file.reset();
    file_size = 0;
    fields_.clear();
}

void Response::set(std::string_view name, std::string_view value)
{
    constexpr std::string_view forbidden("\r\n\0", 3);
    if (name.find_first_of(forbidden) != name.npos || value.find_first_of(forbidden) != value.npos) {
        throw std::invalid_argument("a line end in a header field");
    }
    fields_.append(name).append(": ").append(value).append("\r\n");
}

void Response::text(unsigned with_status, std::string_view text)
{
    status = with_status;
    body = text;
    set("Content-Type", "text/plain; charset=utf-8");
}

void Response::html(unsigned with_status, std::string_view text)
{
    status = with_status;
    body = text;
    set("Content-Type", "text/html; charset=utf-8");
}

void Response::json(unsigned with_status, std::string text)
{
    status = with_status;
    body = std::move(text);
    set("Content-Type", "application/json");
}

void Response::fail(unsigned with_status)
{
    text(with_status, reason_of(with_status));
    body.push_back('\n');
}

void Response::write_head(Buffer& out, bool keep_alive) const
{
    out.append("HTTP/1.1 ");
    append_number(out, status);
    out.append(" ");
    out.append(reason_of(status));
    out.append("\r\nDate: ");
    out.append(date());
    out.append(keep_alive ? "\r\nConnection: keep-alive\r\n" : "\r\nConnection: close\r\n");
    if (has_body(status)) {
        out.append("Content-Length: ");
        append_number(out, length());
        out.append("\r\n");
    }
    out.append(fields_);
    out.append("\r\n");
}

}  // namespace eventcore

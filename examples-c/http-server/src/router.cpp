#include "router.hpp"

#include "log.hpp"

#include <re2/re2.h>

#include <algorithm>
#include <array>
#include <stdexcept>

namespace eventcore {
namespace {

constexpr int most_captures = 8;

bool is_below(std::string_view path, std::string_view prefix)
{
    return path.starts_with(prefix) &&
           (prefix.empty() || path.size() == prefix.size() || path[prefix.size()] == '/');
}

}  // namespace

Router::Router() = default;
Router::~Router() = default;

void Router::add(std::string method, std::string path, Handler handler)
{
    exact_[std::move(path)].emplace_back(std::move(method), std::move(handler));
}

void Router::add_pattern(std::string method, const std::string& pattern, Handler handler)
{
    const auto same = [&](const Pattern& known) { return known.expression->pattern() == pattern; };
    auto known = std::ranges::find_if(patterns_, same);
    if (known == patterns_.end()) {
        auto expression = std::make_unique<re2::RE2>(pattern, re2::RE2::Quiet);
        if (!expression->ok() || expression->NumberOfCapturingGroups() > most_captures) {
            throw std::invalid_argument("not a pattern: " + pattern);
        }
        known = patterns_.insert(known, Pattern{std::move(expression), {}});
    }
    known->methods.emplace_back(std::move(method), std::move(handler));
}

void Router::use(Middleware middleware) { use("", std::move(middleware)); }

void Router::use(std::string prefix, Middleware middleware)
{
    middlewares_.emplace_back(std::move(prefix), std::move(middleware));
}

const Router::Methods* Router::find(Request& request) const
{
    if (const auto known = exact_.find(std::string_view(request.path)); known != exact_.end()) {
        return &known->second;
    }
    for (const auto& pattern : patterns_) {
        std::array<re2::StringPiece, 1 + most_captures> groups;
        const int count = 1 + pattern.expression->NumberOfCapturingGroups();
        if (pattern.expression->Match(request.path, 0, request.path.size(), re2::RE2::ANCHOR_BOTH,
                                      groups.data(), count)) {
            for (int i = 1; i < count; ++i) {
                request.captures.emplace_back(groups[i].data(), groups[i].size());
            }
            return &pattern.methods;
        }
    }
    return nullptr;
}

void Router::dispatch(const Methods& methods, const Request& request, Response& response)
{
    const auto handler_of = [&](std::string_view method) {
        return std::ranges::find(methods, method, &Methods::value_type::first);
    };
    auto handler = handler_of(request.method);
    if (handler == methods.end() && request.method == "HEAD") {
        handler = handler_of("GET");
    }
    if (handler != methods.end()) {
        handler->second(request, response);
        return;
    }
    std::string allowed = "OPTIONS";
    for (const auto& [method, unused] : methods) {
        allowed += ", " + method;
        if (method == "GET") {
            allowed += ", HEAD";
        }
    }
    if (request.method == "OPTIONS") {
        response.status = 204;
    } else {
        response.fail(405);
    }
    response.set("Allow", allowed);
}

void Router::handle(Request& request, Response& response) const
{
    try {
        for (const auto& [prefix, middleware] : middlewares_) {
            if (is_below(request.path, prefix) && !middleware(request, response)) {
                DLT_LOG(log::router, DLT_LOG_DEBUG, DLT_STRING("stopped by middleware, request"),
                        DLT_UINT64(request.id));
                return;
            }
        }
        if (const auto* methods = find(request)) {
            dispatch(*methods, request, response);
        } else {
            response.fail(404);
        }
    } catch (const std::exception& error) {
        DLT_LOG(log::router, DLT_LOG_ERROR, DLT_STRING("handler failed, request"),
                DLT_UINT64(request.id), DLT_STRING(error.what()));
        response.clear();
        response.fail(500);
    } catch (...) {
        DLT_LOG(log::router, DLT_LOG_ERROR, DLT_STRING("handler failed, request"),
                DLT_UINT64(request.id));
        response.clear();
        response.fail(500);
    }
}

}  // namespace eventcore

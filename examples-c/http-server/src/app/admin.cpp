// /admin: the levels of the log, for whoever has the token.
#include "app/app.hpp"
#include "daemon_control.hpp"
#include "log.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <fstream>
#include <stdexcept>

namespace eventcore::app {
namespace {

using nlohmann::json;

constexpr std::size_t shortest_token = 8;

std::string read_token(const std::string& path)
{
    std::ifstream file(path);
    std::string token;
    if (!std::getline(file, token) || token.size() < shortest_token) {
        throw std::runtime_error(path + ": no token of 8 characters or more");
    }
    return token;
}

// Takes the same time wherever the first difference is.
bool same(std::string_view given, std::string_view token)
{
    std::size_t difference = given.size() ^ token.size();
    for (std::size_t i = 0; i < token.size(); ++i) {
        const char c = given.empty() ? '\0' : given[i % given.size()];
        difference |= static_cast<unsigned char>(c) ^ static_cast<unsigned char>(token[i]);
    }
    return difference == 0;
}

bool is_admin(const Request& request, std::string_view token)
{
    constexpr std::string_view scheme = "Bearer ";
    const auto given = request.fields.find("Authorization").value_or("");
    return given.starts_with(scheme) && same(given.substr(scheme.size()), token);
}

void show_levels(const Request&, Response& response)
{
    json levels = json::object();
    for (const auto& context : log::contexts) {
        const auto* level = context.handle->log_level_ptr;
        levels[context.id] = level == nullptr ? "off" : log::name_of(*level);
    }
    response.json(200, levels.dump() + '\n');
}

// {"level": "debug"} for all, {"context": "HTTP", "level": "debug"} for one; "trace": true or false
// with the first one for the raw bytes.
void set_levels(const Request& request, Response& response)
{
    const json wanted = json::parse(request.body, nullptr, false);
    if (!wanted.is_object()) {
        return response.fail(400);
    }
    const auto text = [&](const char* name) {
        const auto found = wanted.find(name);
        return found != wanted.end() && found->is_string() ? found->get<std::string>() : "";
    };
    const auto level = log::level_of(text("level"));
    if (!level) {
        return response.fail(422);
    }
    const auto context = text("context");
    const bool known = std::ranges::any_of(
        log::contexts, [&](const log::Context& one) { return context == one.id; });
    if (wanted.contains("context") && !known) {
        return response.fail(422);
    }
    DLT_LOG(log::admin, DLT_LOG_WARN, DLT_STRING("level of"),
            DLT_STRING(known ? context.c_str() : "all contexts"), DLT_STRING("becomes"),
            DLT_STRING(text("level").c_str()));
    if (known) {
        if (!ask_for_level(context, *level)) {
            return response.fail(503);
        }
        response.status = 204;
        return;
    }
    const auto trace = wanted.value("trace", json(false));
    if (!trace.is_boolean()) {
        return response.fail(422);
    }
    const auto status = trace.get<bool>() ? DLT_TRACE_STATUS_ON : DLT_TRACE_STATUS_OFF;
    if (dlt_set_application_ll_ts_limit(*level, status) < DLT_RETURN_OK) {
        return response.fail(503);
    }
    response.status = 204;
}

}  // namespace

void add_admin(Router& router, const std::string& token_file)
{
    router.use("/admin", [token = read_token(token_file)](const Request& request,
                                                          Response& response) {
        if (is_admin(request, token)) {
            return true;
        }
        DLT_LOG(log::admin, DLT_LOG_WARN, DLT_STRING("without the token, request"),
                DLT_UINT64(request.id));
        response.fail(401);
        response.set("WWW-Authenticate", "Bearer");
        return false;
    });
    router.add("GET", "/admin/loglevel", show_levels);
    router.add("POST", "/admin/loglevel", set_levels);
}

}  // namespace eventcore::app

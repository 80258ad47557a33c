// /api/users: create, read, update and delete, as JSON with ETags.
#include "app/app.hpp"
#include "app/user_store.hpp"

#include <nlohmann/json.hpp>

#include <charconv>
#include <limits>
#include <memory>

namespace eventcore::app {
namespace {

using nlohmann::json;

constexpr std::size_t longest_text = 200;

json as_json(const UserStore::Entry& entry)
{
    return {{"id", entry.id}, {"name", entry.user.name}, {"email", entry.user.email}};
}

std::string tag_of(std::uint64_t version)
{
    return '"' + std::to_string(version) + '"';
}

std::optional<std::uint64_t> to_number(std::string_view text)
{
    std::uint64_t value = 0;
    const auto end = text.data() + text.size();
    const auto [rest, error] = std::from_chars(text.data(), end, value);
    return error == std::errc() && rest == end ? std::optional(value) : std::nullopt;
}

// The version of If-Match: none when it is not asked for, and one that never was when it cannot be
// any of ours.
std::optional<std::uint64_t> wanted_version(const Request& request)
{
    auto tag = request.fields.find("If-Match");
    if (!tag || *tag == "*") {
        return std::nullopt;
    }
    constexpr auto no_version = std::numeric_limits<std::uint64_t>::max();
    if (tag->size() < 2 || tag->front() != '"' || tag->back() != '"') {
        return no_version;
    }
    return to_number(tag->substr(1, tag->size() - 2)).value_or(no_version);
}

// Exactly what a user is made of; none, with the reply made, for anything else.
std::optional<User> user_of(const Request& request, Response& response)
{
    const json value = json::parse(request.body, nullptr, false);
    if (value.is_discarded()) {
        response.fail(400);
        return std::nullopt;
    }
    const auto text = [&](const char* name) -> std::optional<std::string> {
        const auto found = value.find(name);
        if (found == value.end() || !found->is_string() ||
            found->get_ref<const std::string&>().size() > longest_text) {
            return std::nullopt;
        }
        return found->get<std::string>();
    };
    if (value.is_object() && value.size() == 2) {
        const auto name = text("name");
        const auto email = text("email");
        if (name && email && !name->empty()) {
            return User{*name, *email};
        }
    }
    response.fail(422);
    return std::nullopt;
}

void answer(Response& response, unsigned status, const UserStore::Entry& entry)
{
    response.json(status, as_json(entry).dump() + '\n');
    response.set("ETag", tag_of(entry.version));
}

void answer(Response& response, UserStore::Outcome outcome)
{
    switch (outcome) {
    case UserStore::Outcome::done: response.status = 204; break;
    case UserStore::Outcome::missing: response.fail(404); break;
    case UserStore::Outcome::changed: response.fail(412); break;
    }
}

// Digits, but more than a number may have: no user is called so.
std::uint64_t id_of(const Request& request)
{
    return to_number(request.captures.at(0)).value_or(0);
}

}  // namespace

void add_users(Router& router)
{
    const auto store = std::make_shared<UserStore>();

    router.use("/api", [](const Request& request, Response& response) {
        const bool sends = request.method == "POST" || request.method == "PUT";
        const auto type = request.fields.find("Content-Type").value_or("");
        if (sends && !same_without_case(type.substr(0, type.find(';')), "application/json")) {
            response.fail(415);
            return false;
        }
        return true;
    });
    router.add("GET", "/api/users", [store](const Request&, Response& response) {
        json all = json::array();
        for (const auto& entry : store->list()) {
            all.push_back(as_json(entry));
        }
        response.json(200, all.dump() + '\n');
    });
    router.add("POST", "/api/users", [store](const Request& request, Response& response) {
        auto user = user_of(request, response);
        if (!user) {
            return;
        }
        const auto entry = store->add(std::move(*user));
        if (!entry) {
            return response.fail(503);
        }
        answer(response, 201, *entry);
        response.set("Location", "/api/users/" + std::to_string(entry->id));
    });
    constexpr const char* one = "/api/users/([0-9]+)";
    router.add_pattern("GET", one, [store](const Request& request, Response& response) {
        const auto entry = store->get(id_of(request));
        if (!entry) {
            return response.fail(404);
        }
        if (request.fields.find("If-None-Match") == tag_of(entry->version)) {
            response.status = 304;
            response.set("ETag", tag_of(entry->version));
            return;
        }
        answer(response, 200, *entry);
    });
    router.add_pattern("PUT", one, [store](const Request& request, Response& response) {
        auto user = user_of(request, response);
        if (!user) {
            return;
        }
        UserStore::Entry entry{id_of(request), 0, std::move(*user)};
        const auto outcome = store->replace(entry, wanted_version(request));
        if (outcome == UserStore::Outcome::done) {
            answer(response, 200, entry);
        } else {
            answer(response, outcome);
        }
    });
    router.add_pattern("DELETE", one, [store](const Request& request, Response& response) {
        answer(response, store->remove(id_of(request), wanted_version(request)));
    });
}

}  // namespace eventcore::app

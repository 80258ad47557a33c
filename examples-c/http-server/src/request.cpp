#include "request.hpp"

#include <algorithm>

namespace eventcore {

bool same_without_case(std::string_view a, std::string_view b)
{
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
    return std::ranges::equal(a, b, {}, lower, lower);
}

void Fields::clear()
{
    text_.clear();
    places_.clear();
}

void Fields::add(std::string_view name, std::string_view value)
{
    const std::size_t start = text_.size();
    text_.append(name).append(value);
    places_.push_back({start, start + name.size(), text_.size()});
}

std::string_view Fields::name(const Place& place) const
{
    return std::string_view(text_).substr(place.name, place.value - place.name);
}

std::string_view Fields::value(const Place& place) const
{
    return std::string_view(text_).substr(place.value, place.end - place.value);
}

std::optional<std::string_view> Fields::find(std::string_view name) const
{
    for (const auto& place : places_) {
        if (same_without_case(this->name(place), name)) {
            return value(place);
        }
    }
    return std::nullopt;
}

std::size_t Fields::count(std::string_view name) const
{
    return static_cast<std::size_t>(std::ranges::count_if(
        places_, [&](const Place& place) { return same_without_case(this->name(place), name); }));
}

void Request::clear()
{
    method.clear();
    target.clear();
    path.clear();
    query.clear();
    fields.clear();
    body.clear();
    captures.clear();
}

std::optional<std::string_view> Request::parameter(std::string_view name) const
{
    std::string_view rest = query;
    while (!rest.empty()) {
        const auto end = std::min(rest.find('&'), rest.size());
        const auto pair = rest.substr(0, end);
        rest.remove_prefix(std::min(end + 1, rest.size()));
        const auto equals = pair.find('=');
        if (pair.substr(0, equals) == name) {
            return equals == pair.npos ? std::string_view() : pair.substr(equals + 1);
        }
    }
    return std::nullopt;
}

}  // namespace eventcore

// A request as handlers see it. Its memory is used again for the next one of the same thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace eventcore {

// Header fields in the order in which they came, names without regard to case.
class Fields {
public:
    void clear();
    void add(std::string_view name, std::string_view value);
    // The first one of that name.
    std::optional<std::string_view> find(std::string_view name) const;
    std::size_t count(std::string_view name) const;

private:
    struct Place {
        std::size_t name;
        std::size_t value;
        std::size_t end;
    };
    std::string_view name(const Place& place) const;
    std::string_view value(const Place& place) const;

    std::string text_;
    std::vector<Place> places_;
};

struct Request {
    std::string method;
    std::string target;  // as it came; has no control characters, so it may be logged
    std::string path;    // decoded
    std::string query;   // as it came
    Fields fields;
    std::string body;
    std::vector<std::string_view> captures;  // of the pattern that matched, in path
    std::uint64_t id = 0;
    unsigned worker = 0;

    void clear();
    // The value of name=value in the query; nothing in it is decoded.
    std::optional<std::string_view> parameter(std::string_view name) const;
};

bool same_without_case(std::string_view a, std::string_view b);

}  // namespace eventcore

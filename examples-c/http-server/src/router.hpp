// Which handler answers: exact paths first, then patterns in the order in which they were given.
#pragma once

#include "request.hpp"
#include "response.hpp"

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace re2 {
class RE2;
}

namespace eventcore {

class Router {
public:
    using Handler = std::function<void(const Request&, Response&)>;
    // False ends it: the response is sent as it is then.
    using Middleware = std::function<bool(const Request&, Response&)>;

    Router();
    ~Router();

    void add(std::string method, std::string path, Handler handler);
    // A regular expression for the whole path; its groups become the request's captures.
    void add_pattern(std::string method, const std::string& pattern, Handler handler);
    // For every request, whether anything answers it or not.
    void use(Middleware middleware);
    // For the path itself, and for all below it.
    void use(std::string prefix, Middleware middleware);

    // Answers everything: 404 and 405 where there is no handler, 500 where one throws.
    void handle(Request& request, Response& response) const;

private:
    using Methods = std::vector<std::pair<std::string, Handler>>;
    struct Pattern {
        std::unique_ptr<re2::RE2> expression;
        Methods methods;
    };
    struct Hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const
        {
            return std::hash<std::string_view>{}(text);
        }
    };

    const Methods* find(Request& request) const;
    static void dispatch(const Methods& methods, const Request& request, Response& response);

    std::unordered_map<std::string, Methods, Hash, std::equal_to<>> exact_;
    std::vector<Pattern> patterns_;
    std::vector<std::pair<std::string, Middleware>> middlewares_;
};

}  // namespace eventcore

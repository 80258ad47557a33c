// The request target taken apart: /path%20with/escapes?query.
#pragma once

#include <string>
#include <string_view>

namespace eventcore {

// False for what no resource can be called: an escape that is none, control characters, and %2F,
// which would make another path of it after the middleware has looked.
bool split_target(std::string_view target, std::string& path, std::string& query);

}  // namespace eventcore

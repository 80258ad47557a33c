#include "target.hpp"

namespace eventcore {
namespace {

int hex_digit(char c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    if (c >= 'a' && c <= 'f') {
        return c - 'a' + 10;
    }
    if (c >= 'A' && c <= 'F') {
        return c - 'A' + 10;
    }
    return -1;
}

bool decode(std::string_view text, std::string& decoded)
{
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '%') {
            decoded.push_back(text[i]);
            continue;
        }
        if (text.size() - i < 3) {
            return false;
        }
        const int high = hex_digit(text[i + 1]);
        const int low = hex_digit(text[i + 2]);
        if (high < 0 || low < 0) {
            return false;
        }
        const int value = high * 16 + low;
        if (value < 0x20 || value == 0x7f || value == '/') {
            return false;
        }
        decoded.push_back(static_cast<char>(value));
        i += 2;
    }
    return true;
}

}  // namespace

bool split_target(std::string_view target, std::string& path, std::string& query)
{
    // A proxy's form, which every server has to understand.
    if (target.starts_with("http://")) {
        const auto slash = target.find('/', 7);
        target = slash == target.npos ? std::string_view("/") : target.substr(slash);
    }
    if (!target.starts_with('/')) {
        return false;
    }
    const auto mark = target.find('?');
    path.clear();
    query.clear();
    if (mark != target.npos) {
        query = target.substr(mark + 1);
    }
    return decode(target.substr(0, mark), path);
}

}  // namespace eventcore

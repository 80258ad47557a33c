// Users, each with the version that its ETag names.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <shared_mutex>
#include <string>
#include <vector>

namespace eventcore::app {

struct User {
    std::string name;
    std::string email;
};

class UserStore {
public:
    struct Entry {
        std::uint64_t id;
        std::uint64_t version;
        User user;
    };
    enum class Outcome { done, missing, changed };

    static constexpr std::size_t most = 10000;

    std::optional<Entry> get(std::uint64_t id) const;
    std::vector<Entry> list() const;
    // None when it is full.
    std::optional<Entry> add(User user);
    // With a version, only while it is still that one. Puts the new version into the entry.
    Outcome replace(Entry& entry, std::optional<std::uint64_t> version);
    Outcome remove(std::uint64_t id, std::optional<std::uint64_t> version);

private:
    mutable std::shared_mutex mutex_;
    std::map<std::uint64_t, Entry> users_;
    std::uint64_t next_id_ = 1;
    std::uint64_t next_version_ = 1;
};

}  // namespace eventcore::app

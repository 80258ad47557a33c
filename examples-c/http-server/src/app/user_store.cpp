#include "app/user_store.hpp"

#include <mutex>
#include <utility>

namespace eventcore::app {

std::optional<UserStore::Entry> UserStore::get(std::uint64_t id) const
{
    const std::shared_lock lock(mutex_);
    const auto found = users_.find(id);
    return found == users_.end() ? std::nullopt : std::optional(found->second);
}

std::vector<UserStore::Entry> UserStore::list() const
{
    const std::shared_lock lock(mutex_);
    std::vector<Entry> all;
    all.reserve(users_.size());
    for (const auto& [id, entry] : users_) {
        all.push_back(entry);
    }
    return all;
}

std::optional<UserStore::Entry> UserStore::add(User user)
{
    const std::unique_lock lock(mutex_);
    if (users_.size() >= most) {
        return std::nullopt;
    }
    Entry entry{next_id_++, next_version_++, std::move(user)};
    users_.emplace(entry.id, entry);
    return entry;
}

UserStore::Outcome UserStore::replace(Entry& entry, std::optional<std::uint64_t> version)
{
    const std::unique_lock lock(mutex_);
    const auto found = users_.find(entry.id);
    if (found == users_.end()) {
        return Outcome::missing;
    }
    if (version && *version != found->second.version) {
        return Outcome::changed;
    }
    entry.version = next_version_++;
    found->second = entry;
    return Outcome::done;
}

UserStore::Outcome UserStore::remove(std::uint64_t id, std::optional<std::uint64_t> version)
{
    const std::unique_lock lock(mutex_);
    const auto found = users_.find(id);
    if (found == users_.end()) {
        return Outcome::missing;
    }
    if (version && *version != found->second.version) {
        return Outcome::changed;
    }
    users_.erase(found);
    return Outcome::done;
}

}  // namespace eventcore::app

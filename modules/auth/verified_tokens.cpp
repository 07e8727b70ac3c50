#include "verified_tokens.hpp"

namespace auth {

void VerifiedTokens::insert(Shard& shard, std::string token, Grant grant) const {
    if (shard.recent.size() >= recent_per_shard_)
        shard.older = std::exchange(shard.recent, {});
    shard.recent.insert_or_assign(std::move(token), std::move(grant));
}

std::optional<Caller> VerifiedTokens::find(std::string_view token) {
    auto& shard = shard_of(token);
    const std::lock_guard lock(shard.mutex);
    auto found = shard.recent.find(token);
    if (found == shard.recent.end()) {
        const auto old = shard.older.find(token);
        if (old == shard.older.end())
            return std::nullopt;
        auto used = shard.older.extract(old);
        insert(shard, std::move(used.key()), std::move(used.mapped()));
        found = shard.recent.find(token);
    }
    return found->second.expires_at > now() ? std::optional(found->second.caller) : std::nullopt;
}

void VerifiedTokens::remember(std::string_view token, const Grant& grant) {
    auto& shard = shard_of(token);
    const std::lock_guard lock(shard.mutex);
    insert(shard, std::string(token), grant);
}

}  // namespace auth

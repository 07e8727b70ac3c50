#pragma once

#include "token.hpp"

#include <algorithm>
#include <mutex>
#include <unordered_map>

namespace auth {

/// Tokens whose signature was found right, so that most requests need no elliptic curve. Any
/// thread. The longest unused ones are forgotten first.
class VerifiedTokens {
public:
    /// Holds at most `limit` tokens.
    explicit VerifiedTokens(std::size_t limit) : recent_per_shard_(limit / 2 / shard_count) {}

    /// Empty for a token that is not remembered or has expired.
    std::optional<Caller> find(std::string_view token);
    void remember(std::string_view token, const Grant& grant);

private:
    /// Of the end of the signature: nobody can choose it, and a whole token is long.
    struct Hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view token) const {
            constexpr std::size_t end_bytes = 32;
            return std::hash<std::string_view>{}(
                token.substr(token.size() - std::min(token.size(), end_bytes)));
        }
    };
    using Grants = std::unordered_map<std::string, Grant, Hash, std::equal_to<>>;

    /// When `recent` is full it becomes `older`, and what was older is forgotten: bounded without
    /// any bookkeeping per use.
    struct Shard {
        std::mutex mutex;
        Grants recent;
        Grants older;
    };
    void insert(Shard& shard, std::string token, Grant grant) const;

    static constexpr std::size_t shard_count = 16;

    Shard& shard_of(std::string_view token) { return shards_[Hash{}(token) % shard_count]; }

    std::size_t recent_per_shard_;
    std::array<Shard, shard_count> shards_;
};

}  // namespace auth

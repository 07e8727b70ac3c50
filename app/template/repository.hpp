#pragma once
// The SQL and nothing else; the caller owns the transaction.

#include "item.hpp"

namespace sample::repository {

/// Throws db::Failure (unique_violation of sample_items.owner_id and name).
void insert(db::Session& sql, const Item& item);
std::int64_t count(db::Session& sql, CallerId owner);
/// By name. `after` is where the page before ended; at most `rows`.
std::vector<Item> list(db::Session& sql, CallerId owner, const std::optional<ItemKey>& after,
                       std::int32_t rows);
std::optional<Item> find(db::Session& sql, CallerId owner, ItemId id);
/// The item as changed; none if there is no such item. Throws as insert() does.
std::optional<Item> change(db::Session& sql, CallerId owner, ItemId id, const WantedItem& wanted,
                           Timestamp at);
/// False if there is no such item.
bool remove(db::Session& sql, CallerId owner, ItemId id);

}  // namespace sample::repository

#pragma once
// Plain data: each list of fields parses, validates, documents and maps rows.

#include <bulkhead/core.hpp>

namespace sample {

using namespace bulkhead;  // The SDK's words stand unqualified in this module.

using ItemId = Id<struct ItemTag>;

inline constexpr auto name_length = length(1, 200);

struct Item {
    ItemId id;
    CallerId owner_id;
    std::string name;
    Timestamp created_at{};
    Timestamp updated_at{};

    static auto fields() {
        return shape(field("id", &Item::id), field("owner_id", &Item::owner_id),
                     field("name", &Item::name, name_length),
                     field("created_at", &Item::created_at),
                     field("updated_at", &Item::updated_at));
    }
};

/// What a client sends to add an item, or to change one.
struct WantedItem {
    std::string name;

    static auto fields() {
        return shape(field("name", &WantedItem::name, name_length, example(R"("Anchor")")));
    }
};

/// Where a page of items ends.
struct ItemKey {
    std::string name;
    ItemId id;

    static auto fields() { return shape(field("name", &ItemKey::name), field("id", &ItemKey::id)); }
};

}  // namespace sample

#pragma once
// The rules, in the words of the business: no HTTP, no SQL.

#include "item.hpp"
#include "settings.hpp"

namespace sample {

/// Any thread. Somebody else's item is refused as if there were none: not_found
/// "sample.not_found".
class Service {
public:
    Service(db::Database& database, const Settings& settings)
        : database_(database), settings_(settings) {}

    /// Refused: conflict "sample.name_taken", "sample.too_many_items".
    Result<Item> add(CallerId owner, const WantedItem& wanted);
    /// By name.
    Result<Listing<Item>> list(CallerId owner, const Page& page);
    Result<Item> find(CallerId owner, ItemId id);
    /// Refused: conflict "sample.name_taken".
    Result<Item> change(CallerId owner, ItemId id, const WantedItem& wanted);
    Result<> remove(CallerId owner, ItemId id);

private:
    db::Database& database_;
    Settings settings_;
};

}  // namespace sample

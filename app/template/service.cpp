#include "service.hpp"

#include "repository.hpp"

namespace sample {
namespace {

constexpr db::Conflict name_taken{
    .column = "sample_items.owner_id,sample_items.name",
    .code = "sample.name_taken",
    .message = "You have an item of this name already.",
};

Error not_found() {
    return Error::not_found("sample.not_found", "No item with this id.");
}

}  // namespace

Result<Item> Service::add(CallerId owner, const WantedItem& wanted) {
    const auto at = now();
    const Item item{ItemId::fresh(), owner, wanted.name, at, at};
    return database_.transaction([&](db::Session& sql) -> Result<Item> {
        if (repository::count(sql, owner) >= settings_.items_per_owner)
            return Error::conflict("sample.too_many_items", "You have too many items.");
        auto inserted = db::on_conflict(name_taken, [&] { repository::insert(sql, item); });
        if (!inserted)
            return std::move(inserted.error());
        return item;
    });
}

Result<Listing<Item>> Service::list(CallerId owner, const Page& page) {
    const auto after = page.after<ItemKey>();
    if (!after)
        return after.error();
    auto rows = repository::list(database_.session(), owner, *after, page.rows_to_fetch());
    return page.listing(std::move(rows),
                        [](const Item& last) { return ItemKey{last.name, last.id}; });
}

Result<Item> Service::find(CallerId owner, ItemId id) {
    auto item = repository::find(database_.session(), owner, id);
    if (!item)
        return not_found();
    return *std::move(item);
}

Result<Item> Service::change(CallerId owner, ItemId id, const WantedItem& wanted) {
    return database_.transaction([&](db::Session& sql) -> Result<Item> {
        std::optional<Item> item;
        auto changed = db::on_conflict(
            name_taken, [&] { item = repository::change(sql, owner, id, wanted, now()); });
        if (!changed)
            return std::move(changed.error());
        if (!item)
            return not_found();
        return *std::move(item);
    });
}

Result<> Service::remove(CallerId owner, ItemId id) {
    return database_.transaction([&](db::Session& sql) -> Result<> {
        if (!repository::remove(sql, owner, id))
            return not_found();
        return Done{};
    });
}

}  // namespace sample

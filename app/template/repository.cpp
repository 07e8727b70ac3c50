#include "repository.hpp"

namespace sample::repository {

void insert(db::Session& sql, const Item& item) {
    sql.run(
        "insert into sample_items (id, owner_id, name, created_at, updated_at)"
        " values (:id, :owner_id, :name, :created_at, :updated_at)",
        item);
}

std::int64_t count(db::Session& sql, CallerId owner) {
    return sql.one<std::int64_t>("select count(*) from sample_items where owner_id = :owner",
                                 {{"owner", owner}});
}

std::vector<Item> list(db::Session& sql, CallerId owner, const std::optional<ItemKey>& after,
                       std::int32_t rows) {
    if (!after)
        return sql.all<Item>(
            "select id, owner_id, name, created_at, updated_at from sample_items"
            " where owner_id = :owner order by name, id limit :rows",
            {{"owner", owner}, {"rows", rows}});
    return sql.all<Item>(
        "select id, owner_id, name, created_at, updated_at from sample_items"
        " where owner_id = :owner and (name, id) > (:name, :id) order by name, id limit :rows",
        {{"owner", owner}, {"name", after->name}, {"id", after->id}, {"rows", rows}});
}

std::optional<Item> find(db::Session& sql, CallerId owner, ItemId id) {
    return sql.maybe<Item>(
        "select id, owner_id, name, created_at, updated_at from sample_items"
        " where id = :id and owner_id = :owner",
        {{"id", id}, {"owner", owner}});
}

std::optional<Item> change(db::Session& sql, CallerId owner, ItemId id, const WantedItem& wanted,
                           Timestamp at) {
    return sql.maybe<Item>(
        "update sample_items set name = :name, updated_at = :at"
        " where id = :id and owner_id = :owner"
        " returning id, owner_id, name, created_at, updated_at",
        {{"name", wanted.name}, {"at", at}, {"id", id}, {"owner", owner}});
}

bool remove(db::Session& sql, CallerId owner, ItemId id) {
    return sql.run("delete from sample_items where id = :id and owner_id = :owner",
                   {{"id", id}, {"owner", owner}}) > 0;
}

}  // namespace sample::repository

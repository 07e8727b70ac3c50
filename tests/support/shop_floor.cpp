#include "support/shop_floor.hpp"

namespace {

struct Audit {
    std::string_view what;
    std::string_view count;  ///< of what is wrong
};

constexpr Audit audits[] = {
    {"orders without their two lines",
     "select count(*) from orders where 2 <> (select count(*) from order_items where order_id = "
     "id)"},
    {"lines without an order",
     "select count(*) from order_items where order_id not in (select id from orders)"},
    {"orders whose total is not that of their lines",
     "select count(*) from orders where total <> (select coalesce(sum(quantity * unit_price), 0)"
     " from order_items where order_id = id)"},
    {"products of which pieces are lost or made up",
     "select count(*) from products where 1000000 <> stock + (select coalesce(sum(quantity), 0)"
     " from order_items where product_id = products.id)"},
};

}  // namespace

void ShopFloor::fill() {
    const auto done = bulkhead::db::Database(pool_).transaction(
        [](bulkhead::db::Session& sql) -> bulkhead::Result<std::int64_t> {
            return sql.run("update products set stock = 1000000");
        });
    if (!done || *done == 0)
        throw std::runtime_error("there are no products to sell");
}

std::int64_t ShopFloor::number(std::string_view sql) {
    const bulkhead::db::HandlerScope scope;
    return bulkhead::db::Database(pool_).session().one<std::int64_t>(sql);
}

std::set<std::string> ShopFloor::orders() {
    const bulkhead::db::HandlerScope scope;
    const auto ids = bulkhead::db::Database(pool_).session().all<std::string>(
        "select cast(id as text) from orders");
    return {ids.begin(), ids.end()};
}

std::string ShopFloor::discrepancies() {
    std::string found;
    for (const auto& [what, count] : audits)
        if (const auto wrong = number(count); wrong != 0)
            found += std::to_string(wrong) + " " + std::string(what) + "\n";
    return found;
}

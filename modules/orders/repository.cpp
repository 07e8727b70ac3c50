#include "repository.hpp"

#include <algorithm>
#include <limits>
#include <map>

namespace orders::repository {
namespace {

/// One row of order_items.
struct ItemRow {
    OrderId order_id;
    std::int32_t position = 0;
    ProductId product_id;
    std::int32_t quantity = 0;
    std::int64_t unit_price = 0;

    static auto fields() {
        return shape(field("order_id", &ItemRow::order_id), field("position", &ItemRow::position),
                     field("product_id", &ItemRow::product_id),
                     field("quantity", &ItemRow::quantity),
                     field("unit_price", &ItemRow::unit_price));
    }
};

// One statement for all of them. `orders` are neighbours in the list of one customer's orders. The
// bounds of created_at alone are what PostgreSQL can estimate: pairs look to it like most of the
// table, which it then reads.
void add_items(db::Session& sql, std::vector<Order>& orders) {
    if (orders.empty())
        return;
    std::map<OrderId, Order*> by_id;
    for (auto& order : orders)
        by_id.emplace(order.id, &order);
    const auto& newest = orders.front();
    const auto& oldest = orders.back();
    auto rows = sql.all<ItemRow>(
        "/* orders.items */ select order_id, position, product_id, quantity, unit_price"
        " from orders join order_items on order_id = id where customer_id = :customer_id"
        " and created_at >= :oldest_at and created_at <= :newest_at"
        " and (created_at, id) >= (:oldest_at, :oldest)"
        " and (created_at, id) <= (:newest_at, :newest)",
        {{"customer_id", newest.customer_id},
         {"oldest_at", oldest.created_at},
         {"oldest", oldest.id},
         {"newest_at", newest.created_at},
         {"newest", newest.id}});
    std::ranges::sort(rows, {}, &ItemRow::position);  // A page's, not the table's.
    for (const auto& row : rows)
        if (const auto order = by_id.find(row.order_id); order != by_id.end())
            order->second->items.push_back({row.product_id, row.quantity, row.unit_price});
}

std::vector<Product> list_filtered(db::Session& sql, const ProductFilter& filter,
                                   const std::optional<ProductKey>& after, std::int32_t rows) {
    const auto last = after.value_or(ProductKey{});  // Every product has a name.
    return sql.all<Product>(
        "/* orders.list_products_filtered */"
        " select id, sku, name, description, price, currency, stock, created_at, updated_at"
        " from products where (name, id) > (:name, :id)"
        " and (:min_price is null or price >= :min_price)"
        " and (:max_price is null or price <= :max_price)"
        " and (cast(:currency as text) is null or currency = :currency)"
        " and (:in_stock is null or (stock > 0) = :in_stock)"
        " order by name, id limit :rows",
        {{"name", last.name},
         {"id", last.id},
         {"min_price", filter.min_price},
         {"max_price", filter.max_price},
         {"currency", filter.currency},
         {"in_stock", filter.in_stock},
         {"rows", rows}});
}

}  // namespace

// A filter that is not there costs PostgreSQL its estimate of the page: the whole catalogue has
// statements of its own.
std::vector<Product> list_products(db::Session& sql, const ProductFilter& filter,
                                   const std::optional<ProductKey>& after, std::int32_t rows) {
    if (!filter.is_empty())
        return list_filtered(sql, filter, after, rows);
    if (!after)
        return sql.all<Product>(
            "/* orders.list_products_first */"
            " select id, sku, name, description, price, currency, stock, created_at, updated_at"
            " from products order by name, id limit :rows",
            {{"rows", rows}});
    return sql.all<Product>(
        "/* orders.list_products_after */"
        " select id, sku, name, description, price, currency, stock, created_at, updated_at"
        " from products where (name, id) > (:name, :id) order by name, id limit :rows",
        {{"name", after->name}, {"id", after->id}, {"rows", rows}});
}

std::vector<ProductRank> search_products(db::Session& sql, const std::string& words,
                                         const ProductFilter& filter,
                                         const std::optional<ProductRank>& after,
                                         std::int32_t rows) {
    const auto last = after.value_or(ProductRank{{}, std::numeric_limits<std::int64_t>::max()});
    return sql.all<ProductRank>(
        sql.pick(
            {.sqlite =
                 "/* orders.search_products */ with found as materialized (select product_id as id,"
                 " cast(bm25(product_words, 10.0, 5.0, 1.0) * -1000000 as integer) as score"
                 " from product_words join product_numbers on number = product_words.rowid"
                 " where product_words match :words)"
                 " select id, score from found join products using (id)"
                 " where (score < :score or (score = :score and id > :id))"
                 " and (:min_price is null or price >= :min_price)"
                 " and (:max_price is null or price <= :max_price)"
                 " and (:currency is null or currency = :currency)"
                 " and (:in_stock is null or (stock > 0) = :in_stock)"
                 " order by score desc, id limit :rows",
             .postgresql = "/* orders.search_products */ with found as materialized (select id, "
                           "price, currency, stock,"
                           " cast(ts_rank(words, query) * 1000000 as bigint) as score"
                           " from products, to_tsquery('simple', regexp_replace(normalize("
                           "cast(:words as text), nfd), '[\\u0300-\\u036f]+', '', 'g')) as query"
                           " where words @@ query)"
                           " select id, score from found"
                           " where (score < :score or (score = :score and id > :id))"
                           " and (:min_price is null or price >= :min_price)"
                           " and (:max_price is null or price <= :max_price)"
                           " and (cast(:currency as text) is null or currency = :currency)"
                           " and (:in_stock is null or (stock > 0) = :in_stock)"
                           " order by score desc, id limit :rows"}),
        {{"words", words},
         {"score", last.score},
         {"id", last.id},
         {"min_price", filter.min_price},
         {"max_price", filter.max_price},
         {"currency", filter.currency},
         {"in_stock", filter.in_stock},
         {"rows", rows}});
}

std::vector<Product> products_of(db::Session& sql, const std::vector<ProductRank>& ranks) {
    std::vector<ProductId> ids;
    for (const auto& rank : ranks)
        ids.push_back(rank.id);
    auto found = sql.all<Product>(
        sql.pick({.sqlite = "/* orders.products_of */ select id, sku, name, description, price, "
                            "currency, stock,"
                            " created_at, updated_at from products"
                            " where id in (select value from json_each(:ids))",
                  .postgresql = "/* orders.products_of */ select id, sku, name, description, "
                                "price, currency, stock,"
                                " created_at, updated_at from products where id = any(array("
                                "select cast(item as uuid)"
                                " from jsonb_array_elements_text(cast(:ids as jsonb)) as item))"}),
        {{"ids", ids}});
    std::ranges::sort(found, {}, [&](const Product& product) {
        return std::ranges::find(ids, product.id) - ids.begin();
    });
    return found;
}

std::optional<Product> find_product(db::Session& sql, ProductId id) {
    return sql.maybe<Product>(
        "/* orders.find_product */"
        " select id, sku, name, description, price, currency, stock, created_at, updated_at"
        " from products where id = :id",
        {{"id", id}});
}

std::vector<OrderId> cancel_open(db::Session& sql, users::UserId customer, Timestamp at) {
    return sql.all<OrderId>(
        "update orders set status = 'cancelled', updated_at = :at"
        " where customer_id = :customer and status = 'placed' returning id",
        {{"at", at}, {"customer", customer}});
}

std::vector<ProductId> put_back(db::Session& sql, const std::vector<OrderId>& orders,
                                Timestamp at) {
    return sql.all<ProductId>(
        sql.pick({.sqlite = "/* orders.put_back */"
                            " update products set stock = stock + pieces, updated_at = :at"
                            " from (select product_id, sum(quantity) as pieces from order_items"
                            " where order_id in (select value from json_each(:orders))"
                            " group by product_id)"
                            " where id = product_id returning id",
                  .postgresql = "/* orders.put_back */ with taken as (select product_id, "
                                "cast(sum(quantity) as bigint)"
                                " as pieces from order_items where order_id = any(array("
                                "select cast(item as uuid)"
                                " from jsonb_array_elements_text(cast(:orders as jsonb)) as item))"
                                " group by product_id),"
                                " locked as (select id, pieces from products"
                                " join taken on id = product_id order by id"
                                " for no key update of products)"
                                " update products set stock = stock + pieces, updated_at = :at"
                                " from locked where products.id = locked.id"
                                " returning products.id"}),
        {{"orders", orders}, {"at", at}});
}

// PostgreSQL expects ten of what an array holds, and so looks each up; of a set of JSON values it
// expects a hundred, and would read the whole table. Locked in one order, as by put_back, so that
// no two wait for each other; the order of the update is up to its plan.
std::vector<Price> take(db::Session& sql, const std::vector<WantedItem>& wanted, Timestamp at) {
    return sql.all<Price>(
        sql.pick({.sqlite = "/* orders.take */"
                            " update products set stock = stock - quantity, updated_at = :at"
                            " from (select value ->> 'product_id' as product_id,"
                            " value ->> 'quantity' as quantity from json_each(:wanted))"
                            " where id = product_id and stock >= quantity"
                            " returning id, price, currency",
                  .postgresql =
                      "/* orders.take */ with locked as (select id, quantity from products"
                      " join unnest(array(select cast(item ->> 'product_id' as uuid)"
                      " from jsonb_array_elements(cast(:wanted as jsonb)) as item),"
                      " array(select cast(item ->> 'quantity' as bigint)"
                      " from jsonb_array_elements(cast(:wanted as jsonb)) as item))"
                      " as wanted (product_id, quantity) on id = product_id"
                      " order by id for no key update of products)"
                      " update products set stock = stock - quantity, updated_at = :at"
                      " from locked where products.id = locked.id and stock >= quantity"
                      " returning products.id, price, currency"}),
        {{"wanted", wanted}, {"at", at}});
}

void insert(db::Session& sql, const Order& order) {
    sql.later(
        "insert into orders (id, customer_id, status, total, currency, created_at, updated_at)"
        " values (:id, :customer_id, :status, :total, :currency, :created_at, :updated_at)",
        order);
    std::int32_t position = 0;
    for (const auto& item : order.items)
        sql.later(
            "insert into order_items (order_id, position, product_id, quantity, unit_price)"
            " values (:order_id, :position, :product_id, :quantity, :unit_price)",
            ItemRow{order.id, position++, item.product_id, item.quantity, item.unit_price});
}

// The items lie in a table of their own: '[]' stands for them until they are added.
std::vector<Order> list_orders(db::Session& sql, users::UserId customer,
                               const std::optional<OrderKey>& after, std::int32_t rows) {
    auto orders =
        after ? sql.all<Order>(
                    "/* orders.list_after */"
                    " select id, customer_id, status, '[]' as items, total, currency, created_at,"
                    " updated_at from orders where customer_id = :customer"
                    " and (created_at, id) < (:created_at, :id)"
                    " order by created_at desc, id desc limit :rows",
                    {{"customer", customer},
                     {"created_at", after->created_at},
                     {"id", after->id},
                     {"rows", rows}})
              : sql.all<Order>(
                    "/* orders.list_first */"
                    " select id, customer_id, status, '[]' as items, total, currency, created_at,"
                    " updated_at from orders where customer_id = :customer"
                    " order by created_at desc, id desc limit :rows",
                    {{"customer", customer}, {"rows", rows}});
    add_items(sql, orders);
    return orders;
}

std::optional<Order> find_order(db::Session& sql, users::UserId customer, OrderId id) {
    auto orders = sql.all<Order>(
        "/* orders.find */"
        " select id, customer_id, status, '[]' as items, total, currency, created_at, updated_at"
        " from orders where id = :id and customer_id = :customer",
        {{"id", id}, {"customer", customer}});
    add_items(sql, orders);
    return orders.empty() ? std::nullopt : std::optional(std::move(orders.front()));
}

}  // namespace orders::repository

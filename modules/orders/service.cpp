#include "service.hpp"

#include "repository.hpp"
#include "stock.hpp"

#include <bulkhead/search.hpp>

namespace orders {
namespace {

/// None if the sum does not fit.
std::optional<std::int64_t> total_of(const std::vector<OrderItem>& items) {
    std::int64_t total = 0;
    for (const auto& item : items) {
        std::int64_t amount = 0;
        if (__builtin_mul_overflow(item.unit_price, item.quantity, &amount) ||
            __builtin_add_overflow(total, amount, &total))
            return std::nullopt;
    }
    return total;
}

}  // namespace

Result<Listing<Product>> Service::list_products(const ProductFilter& filter, const Page& page) {
    if (filter.q && !filter.q->empty())
        return search(filter, page);
    const auto after = page.after<ProductKey>();
    if (!after)
        return after.error();
    auto rows =
        repository::list_products(database_.session(), filter, *after, page.rows_to_fetch());
    return page.listing(std::move(rows),
                        [](const Product& last) { return ProductKey{last.name, last.id}; });
}

Result<Listing<Product>> Service::search(const ProductFilter& filter, const Page& page) {
    const auto after = page.after<ProductRank>();
    if (!after)
        return after.error();
    auto& sql = database_.session();
    const auto words = db::search_words(sql.dialect(), *filter.q);
    if (words.empty())
        return page.listing(std::vector<Product>{}, [](const Product&) { return ProductRank{}; });
    auto ranks =
        page.listing(repository::search_products(sql, words, filter, *after, page.rows_to_fetch()),
                     [](const ProductRank& last) { return last; });
    return Listing<Product>{repository::products_of(sql, ranks.items), ranks.limit,
                            std::move(ranks.next_cursor)};
}

Result<Product> Service::show_product(ProductId id) {
    return products_.get(id, [&]() -> Result<Product> {
        auto product = repository::find_product(database_.session(), id);
        if (!product)
            return Error::not_found("orders.product_not_found", "No product with this id.");
        return *std::move(product);
    });
}

Result<Order> Service::place(users::UserId customer, const PlaceOrder& wanted) {
    if (auto distinct = refuse_repetition(wanted.items); !distinct)
        return std::move(distinct.error());
    return database_.transaction([&](db::Session& sql) -> Result<Order> {
        if (!users_.is_active(sql, customer))
            return Error::conflict("orders.inactive_customer", "This account cannot place orders.");
        const auto at = now();
        auto taken = take_stock(sql, wanted.items, at);
        if (!taken)
            return std::move(taken.error());
        const auto total = total_of(taken->items);
        if (!total)
            return Error::invalid("orders.total_too_large", "The total is too large.");

        const Order order{OrderId::fresh(),
                          customer,
                          OrderStatus::placed,
                          std::move(taken->items),
                          *total,
                          std::move(taken->currency),
                          at,
                          at};
        repository::insert(sql, order);
        for (const auto& item : order.items)
            products_.forget_after_commit(sql, item.product_id);
        return order;
    });
}

Result<> Service::cancel_open(users::UserId customer) {
    return database_.transaction([&](db::Session& sql) -> Result<> {
        const auto at = now();
        const auto cancelled = repository::cancel_open(sql, customer, at);
        if (cancelled.empty())
            return Done{};
        for (const auto product : repository::put_back(sql, cancelled, at))
            products_.forget_after_commit(sql, product);
        return Done{};
    });
}

Result<Listing<Order>> Service::list(users::UserId customer, const Page& page) {
    const auto after = page.after<OrderKey>();
    if (!after)
        return after.error();
    auto rows =
        repository::list_orders(database_.session(), customer, *after, page.rows_to_fetch());
    return page.listing(std::move(rows),
                        [](const Order& last) { return OrderKey{last.created_at, last.id}; });
}

Result<Order> Service::find(users::UserId customer, OrderId id) {
    auto order = repository::find_order(database_.session(), customer, id);
    if (!order)
        return Error::not_found("orders.not_found", "No order with this id.");
    return *std::move(order);
}

}  // namespace orders

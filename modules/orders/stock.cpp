#include "stock.hpp"

#include "repository.hpp"

#include <map>

namespace orders {
namespace {

/// What is wrong, by the place of the item in the request.
using Violations = std::map<std::size_t, Violation>;

std::string path(std::size_t item, std::string_view member) {
    return "items[" + std::to_string(item) + "]." += member;
}

Error with_all(Error error, Violations violations) {
    for (auto& [item, violation] : violations)
        error.violations.push_back(std::move(violation));
    return error;
}

Violation shortage(std::size_t item, std::int64_t stock) {
    return {path(item, "quantity"), "stock",
            stock == 0 ? "none is available" : "only " + std::to_string(stock) + " available"};
}

Error currencies_differ(const std::vector<repository::Price>& prices) {
    auto error = Error::invalid("orders.mixed_currencies",
                                "All items of an order must be sold in the same currency.");
    for (std::size_t item = 1; item < prices.size(); ++item)
        if (prices[item].currency != prices.front().currency)
            error.violations.push_back(
                {path(item, "product_id"), "currency",
                 "is sold in " + prices[item].currency + ", not in " + prices.front().currency});
    return error;
}

}  // namespace

Result<Taken> take_stock(db::Session& sql, const std::vector<WantedItem>& wanted, Timestamp at) {
    std::map<ProductId, repository::Price> price_of;
    for (auto& price : repository::take(sql, wanted, at))
        price_of.emplace(price.id, std::move(price));
    std::vector<repository::Price> prices(wanted.size());
    Violations unknown;
    Violations short_of;
    for (std::size_t item = 0; item < wanted.size(); ++item) {
        const auto product_id = wanted[item].product_id;
        if (const auto price = price_of.find(product_id); price != price_of.end())
            prices[item] = price->second;
        else if (const auto product = repository::find_product(sql, product_id))
            short_of.emplace(item, shortage(item, product->stock));
        else
            unknown.emplace(item, Violation{path(item, "product_id"), "unknown_product",
                                            "is the id of no product"});
    }
    if (!unknown.empty())
        return with_all(Error::invalid("orders.unknown_product", "A product does not exist."),
                        std::move(unknown));
    if (!short_of.empty())
        return with_all(Error::conflict("orders.out_of_stock", "There is not enough in stock."),
                        std::move(short_of));
    if (auto differing = currencies_differ(prices); !differing.violations.empty())
        return differing;

    Taken taken{{}, prices.front().currency};
    for (std::size_t item = 0; item < wanted.size(); ++item)
        taken.items.push_back({wanted[item].product_id, wanted[item].quantity, prices[item].price});
    return taken;
}

Result<> refuse_repetition(const std::vector<WantedItem>& wanted) {
    std::map<ProductId, std::size_t> first;
    auto error =
        Error::invalid("orders.repeated_product", "Each product may stand in an order only once.");
    for (std::size_t item = 0; item < wanted.size(); ++item) {
        const auto [seen, added] = first.emplace(wanted[item].product_id, item);
        if (!added)
            error.violations.push_back({path(item, "product_id"), "repeated",
                                        "is the product of " + path(seen->second, "product_id") +
                                            ", too: add the quantities up"});
    }
    if (!error.violations.empty())
        return error;
    return Done{};
}

}  // namespace orders

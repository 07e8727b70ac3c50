#include "sample.hpp"

#include "sample_people.hpp"
#include "sample_rows.hpp"

namespace bulkhead::app::sample {

namespace {

using std::chrono::seconds;

// argon2id of "bulkhead-sample" at the default cost, with a salt of its own.
constexpr std::string_view password_hash =
    "$argon2id$v=19$m=19456,t=2,p=1$YnVsa2hlYWQgc2FtcGxlcw$"
    "7EDHARBpW4eAVaNSpX/01PW0MheXFb96U2BEsO1v5Mo";

constexpr std::int64_t most_items = 5;
// Coprime to the numbers of products, so that an order names each of them once.
constexpr std::int64_t product_stride = 7'919;

/// SplitMix64 (Steele, Lea, Flood: Fast Splittable Pseudorandom Number Generators, 2014).
class Chance {
public:
    Chance(Kind kind, std::int64_t number)
        : state_((static_cast<std::uint64_t>(kind) << 56U) ^ static_cast<std::uint64_t>(number)) {}

    std::int64_t below(std::int64_t bound) {
        state_ += 0x9e3779b97f4a7c15U;
        auto mixed = state_;
        mixed = (mixed ^ (mixed >> 30U)) * 0xbf58476d1ce4e5b9U;
        mixed = (mixed ^ (mixed >> 27U)) * 0x94d049bb133111ebU;
        mixed ^= mixed >> 31U;
        return static_cast<std::int64_t>(mixed % static_cast<std::uint64_t>(bound));
    }
    template <std::size_t N>
    std::string one_of(const std::array<std::string_view, N>& texts) {
        return std::string(texts[static_cast<std::size_t>(below(N))]);
    }

private:
    std::uint64_t state_;
};

Timestamp time_of(Kind kind, std::int64_t number) {
    constexpr std::array<std::int64_t, 4> seconds_between{0, 60, 60, 25};
    constexpr Timestamp users_from{seconds(1'764'547'200)};   // 2025-12-01
    constexpr Timestamp orders_from{seconds(1'767'225'600)};  // 2026-01-01
    return (kind == Kind::order ? orders_from : users_from) +
           seconds(number * seconds_between[static_cast<std::size_t>(kind)]);
}

std::int64_t price_of(std::int64_t product) {
    return 50 + 10 * Chance(Kind::product, product).below(10'000);
}

std::string padded(std::int64_t number) {
    const auto digits = std::to_string(number);
    return std::string(digits.size() < 6 ? 6 - digits.size() : 0, '0') + digits;
}

ProductRow product(std::int64_t number) {
    constexpr std::array<std::string_view, 10> makes{"Brass",   "Galvanised", "Folding", "Floating",
                                                     "Painted", "Oak",        "Nylon",   "Steel",
                                                     "Copper",  "Spliced"};
    constexpr std::array<std::string_view, 20> things{
        "anchor",  "bell",   "block", "boathook", "buoy",    "chain",  "cleat",
        "compass", "fender", "flare", "hatch",    "hinge",   "ladder", "lantern",
        "oar",     "pump",   "rope",  "rowlock",  "shackle", "winch"};
    Chance chance(Kind::product, number);
    const auto price = 50 + 10 * chance.below(10'000);
    const auto thing = chance.one_of(things);
    const auto at = time_of(Kind::product, number);
    const auto make = chance.one_of(makes);
    const auto size = 1 + chance.below(400);
    return {.id = id_of(Kind::product, number),
            .created_at = at,
            .updated_at = at,
            .sku = "SMP-" + padded(number),
            .name = make + " " + thing + ", no. " + std::to_string(number),
            .description = "A sample " + thing + " of " + std::to_string(size) + " mm.",
            .stock = chance.below(1'000),
            .price = price,
            .currency = "EUR"};
}

// The first orders are those of the size medium: they know no more users and products than it has.
Amounts known_to(std::int64_t order) {
    constexpr auto medium = amounts_of(Size::medium);
    return order <= medium.orders ? medium : amounts_of(Size::large);
}

void add_order(std::int64_t number, std::vector<OrderRow>& orders, std::vector<ItemRow>& items) {
    Chance chance(Kind::order, number);
    const auto known = known_to(number);
    const auto customer = chance.below(4) == 0 ? 1 : 1 + chance.below(known.users);
    const auto lines = 1 + chance.below(most_items);
    const auto first = chance.below(known.products);
    const auto at = time_of(Kind::order, number);
    OrderRow order{id_of(Kind::order, number),
                   id_of(Kind::user, customer),
                   chance.below(10) == 0 ? "cancelled" : "placed",
                   0,
                   "EUR",
                   at,
                   at};
    for (std::int64_t line = 0; line < lines; ++line) {
        const auto bought = 1 + (first + line * product_stride) % known.products;
        const auto quantity = 1 + chance.below(4);
        const auto price = price_of(bought);
        items.push_back({order.id, line, id_of(Kind::product, bought), quantity, price});
        order.total += quantity * price;
    }
    orders.push_back(std::move(order));
}

}  // namespace

Uuid id_of(Kind kind, std::int64_t number) {
    const auto time = std::chrono::floor<std::chrono::milliseconds>(time_of(kind, number));
    auto milliseconds = static_cast<std::uint64_t>(time.time_since_epoch().count());
    auto tail = static_cast<std::uint64_t>(number);
    Uuid id;
    for (std::size_t byte = 6; byte-- > 0; milliseconds >>= 8U)
        id.bytes[byte] = static_cast<std::uint8_t>(milliseconds);
    for (std::size_t byte = 16; byte-- > 9; tail >>= 8U)
        id.bytes[byte] = static_cast<std::uint8_t>(tail);
    id.bytes[6] = 0x70;  // The version; the kind stands for chance.
    id.bytes[7] = static_cast<std::uint8_t>(kind);
    id.bytes[8] = 0x80;  // The variant.
    return id;
}

void add_users(db::Session& sql, std::int64_t first, std::int64_t last) {
    std::vector<UserRow> rows;
    for (auto number = first; number <= last; ++number) {
        const auto at = time_of(Kind::user, number);
        const auto text = std::to_string(number);
        rows.push_back({id_of(Kind::user, number), "sample-" + text + "@example.com",
                        "Sample " + text, true, at, at});
    }
    sql.insert_all("users", rows, db::Existing::kept);
}

void add_credentials(db::Session& sql, std::int64_t first, std::int64_t last) {
    std::vector<CredentialRow> rows;
    for (auto number = first; number <= last; ++number) {
        const auto at = time_of(Kind::user, number);
        rows.push_back({id_of(Kind::user, number), std::string(password_hash), at, at});
    }
    sql.insert_all("credentials", rows, db::Existing::kept);
}

void add_products(db::Session& sql, std::int64_t first, std::int64_t last) {
    std::vector<ProductRow> rows;
    for (auto number = first; number <= last; ++number)
        rows.push_back(product(number));
    sql.insert_all("products", rows, db::Existing::kept);
}

void add_orders(db::Session& sql, std::int64_t first, std::int64_t last) {
    std::vector<OrderRow> orders;
    std::vector<ItemRow> items;
    for (auto number = first; number <= last; ++number)
        add_order(number, orders, items);
    sql.insert_all("orders", orders, db::Existing::kept);
    sql.insert_all("order_items", items, db::Existing::kept);
}

}  // namespace bulkhead::app::sample

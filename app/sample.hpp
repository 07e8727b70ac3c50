#pragma once
// Sample data that is the same at each run: a row follows from its number alone, so that each size
// has the rows of the smaller ones, and whoever was stopped goes on where they were.

#include <bulkhead/session.hpp>

namespace bulkhead::app::sample {

enum class Size : std::uint8_t { small, medium, large };
constexpr std::array<std::string_view, 3> names(Size) {
    return {"small", "medium", "large"};
}

/// How many rows; products besides those of db/seeds.
struct Amounts {
    std::int64_t users;
    std::int64_t products;
    std::int64_t orders;
};
constexpr Amounts amounts_of(Size size) {
    constexpr std::array<Amounts, 3> amounts{
        {{5, 0, 0}, {100, 988, 10'000}, {1'000, 9'988, 1'000'000}}};
    return amounts[static_cast<std::size_t>(size)];
}

/// What rows are about; also in their ids.
enum class Kind : std::uint8_t { user = 1, product, order };
/// UUID version 7 (RFC 9562, 5.7) of the row's time. Numbers begin with 1.
Uuid id_of(Kind kind, std::int64_t number);

/// Inserts the rows first..last, each of them unless it is there.
void add_users(db::Session& sql, std::int64_t first, std::int64_t last);
/// The password of each user of these is "bulkhead-sample".
void add_credentials(db::Session& sql, std::int64_t first, std::int64_t last);
void add_products(db::Session& sql, std::int64_t first, std::int64_t last);
/// With their items. One order in four is the first user's; the others are anybody's.
void add_orders(db::Session& sql, std::int64_t first, std::int64_t last);

}  // namespace bulkhead::app::sample

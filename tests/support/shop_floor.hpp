#pragma once
// Looks into a shop's database beside the server: does everything add up?

#include "db/pool.hpp"
#include "support/shoppers.hpp"

/// The tables of the shipped modules.
class ShopFloor {
public:
    ShopFloor(const std::string& url, const std::filesystem::path& folder)
        : pool_({.url = url}, folder) {}

    /// More pieces of each product than any test sells.
    void fill();
    std::int64_t number(std::string_view sql);
    std::set<std::string> orders();
    /// What does not add up, one sentence each: lines, totals, and pieces since fill().
    std::string discrepancies();

private:
    bulkhead::db::Pool pool_;
};

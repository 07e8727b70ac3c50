#pragma once
// A body of 1 KiB, as a shop would send it: texts, numbers, a list of objects, all with limits.

#include <bulkhead/module.hpp>

namespace bench {

using namespace bulkhead;

struct Address {
    std::string street;
    std::string city;
    std::string postcode;
    std::string country;

    static auto fields() {
        return shape(field("street", &Address::street, length(1, 100)),
                     field("city", &Address::city, length(1, 60)),
                     field("postcode", &Address::postcode, length(3, 12)),
                     field("country", &Address::country, length(2, 2)));
    }
};

struct Line {
    std::string sku;
    std::string title;
    std::int32_t quantity = 0;
    std::int64_t unit_price = 0;
    bool gift = false;

    static auto fields() {
        return shape(field("sku", &Line::sku, length(1, 32)),
                     field("title", &Line::title, length(1, 80)),
                     field("quantity", &Line::quantity, between(1, 999)),
                     field("unit_price", &Line::unit_price, between(0, 10'000'000)),
                     field("gift", &Line::gift));
    }
};

struct Order {
    std::string email;
    std::string name;
    Address address;
    std::vector<Line> lines;
    double discount_percent = 0;
    std::string note;

    static auto fields() {
        return shape(field("email", &Order::email, bulkhead::email),
                     field("name", &Order::name, length(1, 80)), field("address", &Order::address),
                     field("lines", &Order::lines, items(1, 50)),
                     field("discount_percent", &Order::discount_percent, between(0, 100)),
                     field("note", &Order::note, length(0, 500)));
    }
};

}  // namespace bench

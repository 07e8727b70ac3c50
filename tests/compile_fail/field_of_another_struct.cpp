// expect: all fields of a shape must be members of the same struct, not of its base

#include <bulkhead/shape.hpp>

using namespace bulkhead;

struct Named {
    std::string name;
};

struct Product : Named {
    std::int32_t price = 0;
    static auto fields() {
        return shape(field("price", &Product::price), field("name", &Product::name));
    }
};

const Table& table = table_of<Product>();

// expect: this limit is not for this type: length() and email are for text

#include <bulkhead/shape.hpp>

using namespace bulkhead;

struct PlaceOrder {
    std::int32_t quantity = 0;
    static auto fields() { return shape(field("quantity", &PlaceOrder::quantity, length(1, 64))); }
};

const Table& table = table_of<PlaceOrder>();

// expect: this type has no shape: give it fields(), from() and to_text(), or, for an enum, names()

#include <bulkhead/shape.hpp>

using namespace bulkhead;

enum class State : std::uint8_t { open, closed };

struct Order {
    State state = State::open;
    static auto fields() { return shape(field("state", &Order::state)); }
};

const Table& table = table_of<Order>();

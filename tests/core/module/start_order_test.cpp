#include "module/start_order.hpp"

#include <catch2/catch.hpp>

using namespace bulkhead;
using module::StartOrder;
using module::State;
using Names = std::vector<std::string>;

TEST_CASE("modules start behind all that they need, ties by name") {
    StartOrder order;
    order.add("orders", {"users", "stock"}, State::running);
    order.add("users", {}, State::running);
    order.add("stock", {"users"}, State::running);
    order.add("auth", {"users"}, State::running);

    CHECK(order.to_start() == Names{"users", "auth", "stock", "orders"});
    CHECK(order.blocked_by("orders").empty());
}

TEST_CASE("a module that needs one which does not run is blocked, with the remedy") {
    const auto [state, cause] = GENERATE(table<State, std::string>({
        {State::disabled,
         "orders needs users, which is disabled; set module.users.enabled = true."},
        {State::available, "orders needs users, which is not in plugins.toml; add [module.users]."},
        {State::refused, "orders needs users, which is refused; see its own reason."},
        {State::failed, "orders needs users, which has failed; see its own reason."},
    }));
    StartOrder order;
    order.add("orders", {"users"}, State::running);
    order.add("users", {}, state);

    CHECK(order.to_start().empty());
    CHECK(order.blocked_by("orders") == cause);
}

TEST_CASE("a block is told with its whole chain") {
    StartOrder order;
    order.add("reports", {"orders"}, State::running);
    order.add("orders", {"users"}, State::running);
    order.add("users", {}, State::disabled);

    CHECK(order.blocked_by("reports") ==
          "reports needs orders, orders needs users, which is disabled; "
          "set module.users.enabled = true.");
}

TEST_CASE("a need that nobody has heard of is told as such") {
    StartOrder order;
    order.add("orders", {"users"}, State::running);

    CHECK(order.blocked_by("orders") ==
          "orders needs users, of which there is no file and no table; put users.so into the "
          "module directory and add [module.users].");
}

TEST_CASE("a cycle is told as a circle, to its members and to those that need them") {
    StartOrder order;
    order.add("a", {"b"}, State::running);
    order.add("b", {"c"}, State::running);
    order.add("c", {"a"}, State::running);
    order.add("d", {"b"}, State::running);
    order.add("e", {"e"}, State::running);
    order.add("free", {}, State::running);

    CHECK(order.to_start() == Names{"free"});
    CHECK(order.blocked_by("a") ==
          "a needs b, b needs c, c needs a: a cycle (a -> b -> c -> a); take one of these needs "
          "out.");
    CHECK_THAT(order.blocked_by("d"), Catch::Contains("a cycle (b -> c -> a -> b)"));
    CHECK_THAT(order.blocked_by("e"), Catch::Contains("a cycle (e -> e)"));
}

TEST_CASE("a module that fails on its way blocks those behind it") {
    StartOrder order;
    order.add("users", {}, State::running);
    order.add("orders", {"users"}, State::running);

    order.change("users", State::failed);

    CHECK(order.to_start().empty());
    CHECK_THAT(order.blocked_by("orders"),
               Catch::StartsWith("orders needs users, which has failed"));
}

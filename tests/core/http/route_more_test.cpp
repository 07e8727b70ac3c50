#include "http/route_more.hpp"

#include <catch2/catch.hpp>

using namespace bulkhead;
using bulkhead::http::more_of;

TEST_CASE("a route says nothing more until it does, and the next one not even then") {
    Route first;
    Route second;

    CHECK_FALSE(more_of(first).uncompressed);
    RouteOptions(first).uncompressed().uncompressed();

    CHECK(more_of(first).uncompressed);
    CHECK(first.more != 0);
    CHECK_FALSE(more_of(second).uncompressed);
    CHECK(second.more == 0);
}

TEST_CASE("what a route says goes with it") {
    std::deque<Route> declared(1);
    RouteOptions(declared.front()).uncompressed();

    const auto moved = std::move(declared.front());
    const std::deque<Route> copies(2, moved);

    CHECK(more_of(moved).uncompressed);
    CHECK(more_of(copies.back()).uncompressed);
}

TEST_CASE("a number that no route was given says nothing, and is replaced by one of its own") {
    Route route;
    route.more = 0xFFFF'FFFF;

    CHECK_FALSE(more_of(route).uncompressed);
    RouteOptions(route).uncompressed();

    CHECK(route.more != 0xFFFF'FFFF);
    CHECK(more_of(route).uncompressed);
}

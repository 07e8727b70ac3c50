#include "value/thread_number.hpp"

#include <catch2/catch.hpp>

#include <set>
#include <thread>
#include <vector>

using bulkhead::value::thread_number;

TEST_CASE("threads that live at the same time have different numbers") {
    constexpr std::size_t threads = 8;
    std::vector<std::size_t> numbers(threads);
    const auto count_down = [&](auto& self, std::size_t left) -> void {
        if (left == 0)
            return;
        std::thread([&] {
            numbers[left - 1] = thread_number();
            self(self, left - 1);  // While this thread lives.
        }).join();
    };

    count_down(count_down, threads);

    CHECK(std::set(numbers.begin(), numbers.end()).size() == threads);
}

TEST_CASE("a thread keeps its number, and gives it on when it ends") {
    std::size_t first = 0, again = 0, next = 0;

    std::thread([&] { first = thread_number(), again = thread_number(); }).join();
    std::thread([&] { next = thread_number(); }).join();

    CHECK(again == first);
    CHECK(next == first);
}

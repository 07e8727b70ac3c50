#pragma once
// What clients of ill will do to a server, by name: for the tests of tests/e2e and for tools/bench.

#include "support/attack_script.hpp"

#include <string_view>
#include <vector>

struct Attack {
    std::string_view name;         ///< "slow_headers"
    std::string_view does;         ///< a sentence
    int connections;               ///< how many are usual in the bench
    Script (*script)(int number);  ///< of one of the connections, counted from 0
};

std::span<const Attack> all_attacks();
/// Throws std::runtime_error with the names there are.
const Attack& attack_named(std::string_view name);

/// The scripts of so many connections.
std::vector<Script> scripts_of(const Attack& attack, int connections);

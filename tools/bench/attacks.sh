# shellcheck shell=bash disable=SC2154
# What a well-behaved client notices while others attack: the p99 of 200 requests a second on one
# connection, alone and during each of the attacks that the tests know (tests/support/attack.cpp).
# Sourced by tools/bench/run.

part attacks requests attacks

attack_s=3

prepare_attacks() {
    g++ -std=c++20 -O2 -Wall -Wextra -I"$root/tests" "$root/tools/bench/attacker.cpp" \
        "$root"/tests/support/attack{,_script}.cpp -o "$work/attacker"
}

p99_during() {
    "$work/attacker" "${port_of[attacked]}" "${path_of[json]}" "$attack_s" "$1"
}

measure_attacks() {
    local name
    start_bench_server attacked || return 1
    measure "p99 of a paced client, alone" us repeat "$rounds" p99_during none || return 1
    for name in $("$work/attacker" --list); do
        measure "p99 of a paced client during $name" us repeat "$rounds" p99_during "$name" ||
            return 1
    done
}

bench_attacks() {
    local status=0
    ulimit -n "$(ulimit -Hn)"
    measure_attacks || status=1
    stop_contenders
    return "$status"
}

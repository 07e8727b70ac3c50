# shellcheck shell=bash disable=SC2154
# What silent neighbours cost: /json beside few and beside many idle connections, in turns. Sourced
# by tools/bench/run.

part neighbours requests

few_neighbours=10
many_neighbours=10000

# They stay until they are ended.
open_neighbours() {
    local name=$1 count=$2 output ready=""
    exec {output}< <(exec "$work/neighbours" "${port_of[$name]}" "$count" "${path_of[json]}" 2>&1)
    clients+=($!)
    read -r -t "$contender_limit_s" -u "$output" ready || true
    exec {output}<&-
    [[ "$ready" == ready ]] || { echo "$count connections to $name cannot be had: $ready" && return 1; }
}

measure_neighbours() {
    start_bench_server few-neighbours &&
        start_bench_server many-neighbours &&
        open_neighbours few-neighbours "$few_neighbours" &&
        open_neighbours many-neighbours "$many_neighbours" &&
        load_in_turns "$work/neighbours-cpu" few-neighbours many-neighbours &&
        measure "CPU of GET /json beside $few_neighbours idle connections" us \
            samples_of "cpu few-neighbours" "$work/neighbours-cpu" &&
        measure "CPU of GET /json beside $many_neighbours idle connections" us \
            samples_of "cpu many-neighbours" "$work/neighbours-cpu" &&
        goal=1.1 measure "CPU beside $many_neighbours idle connections, by that beside $few_neighbours" x \
            multiples_of few-neighbours many-neighbours "$work/neighbours-cpu" &&
        goal=204800 measure "memory beside $many_neighbours idle connections, RSS" KiB \
            rss_kib many-neighbours
}

bench_neighbours() {
    local status=0
    ulimit -n "$(ulimit -Hn)"
    measure_neighbours || status=1
    stop_contenders
    return "$status"
}

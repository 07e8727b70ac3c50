# shellcheck shell=bash disable=SC2154
# From exec to the first 200, files in the page cache: ours with supervisor and the three shipped
# modules answers from its migrated database, the references anything. And what these take in
# memory before their first request. Sourced by tools/bench/run.

part first requests

# The first start is not counted: it makes the database and the private copies.
measure_first() {
    local name=$1
    shift
    "$work/first_reply" "$@" >/dev/null &&
        measure "exec to first 200, $name" ms repeat "$runs" "$work/first_reply" "$@"
}

first_of_bulkhead() {
    local port
    port="$(free_port)" || return 1
    mkdir -p "$work/first-modules"
    cp "$build"/modules/{users,auth,orders}.so "$work/first-modules"
    {
        printf '[server]\nlisten = "127.0.0.1:%d"\ndata = "first"\n' "$port"
        printf '[database]\nurl = "sqlite://first/bench.db"\n[modules]\ndirectory = "first-modules"\n'
        printf '[module.%s]\n' users auth orders
    } >"$work/first.toml"
    goal=25 measure_first "bulkhead with 3 modules" "$port" "/api/v1/products?limit=1" \
        "$build/bulkhead" serve --config "$work/first.toml"
}

first_of_nginx() {
    local port
    port="$(free_port)" || return 1
    write_nginx_configuration "$work/first-nginx" "$port" "$work/first-nginx.log" hello
    measure_first nginx "$port" / nginx -p "$work/first-nginx" -e stderr -c nginx.conf
}

first_of_fastify() {
    local port
    port="$(free_port)" || return 1
    measure_first fastify "$port" "${path_of[json]}" \
        env PORT="$port" REQUEST_ID=- node "$work/node/fastify.js"
}

first_of_raw() {
    local port
    port="$(free_port)" || return 1
    measure_first raw "$port" / "$work/raw_server" "$work/reply-json" "$port"
}

measure_rest() {
    local name
    sleep "$rest_s"
    for name in raw-json nginx fastify; do
        [[ -z "${port_of[$name]:-}" ]] ||
            measure "memory of ${name%-json} at rest, PSS" KiB pss_kib "$name" || return 1
    done
}

bench_first() {
    local status=0 name
    start_all && measure_rest || status=1
    stop_contenders
    for name in bulkhead raw nginx fastify; do
        ((status == 1)) || ! wants "$name" || "first_of_$name" || status=1
    done
    return "$status"
}

# shellcheck shell=bash disable=SC2034,SC2154
# What the depth of a page costs: GET /orders of a customer with 1,000,000 orders, the first page and
# the cursor of page 10,000 in turns, on one connection, on both engines. CPU is that of the server
# and of the database together. Sourced by tools/bench/run after database.sh.

part depth requests database

deep_page=10000
rows_a_page=20

depth_query() {
    if [[ "$1" == sqlite ]]; then
        sqlite3 -cmd '.timeout 30000' "$work/depth-sqlite/bench.db" >&2
    else
        query depth
    fi
}

depth_sql() {
    local engine=$1 token_part user
    token_part="$(cut -d. -f2 <<<"$token" | tr -- '-_' '+/')"
    user="$(base64 -d 2>/dev/null <<<"$token_part==" | sed 's/.*"sub":"\([^"]*\)".*/\1/')"
    # The million is consistent by itself, and no trigger need look at each.
    [[ "$engine" == sqlite ]] || echo "set session_replication_role = replica;"
    sed -E -e "s/CUSTOMER/$user/" -e "$([[ "$engine" != sqlite ]] || echo 's/::[a-z]+//g')" \
        "$root/tools/bench/depth.sql"
}

# Behind the last order of the page before; the newest come first.
write_depth_lists() {
    local last=$((1000000 - (deep_page - 1) * rows_a_page)) key
    key="{\"created_at\":\"2026-11-20T09:00:00.${last}Z\""
    key+=",\"id\":\"01a1f82f-1e82-7000-8000-$((100000000000 + last))\"}"
    echo "/api/v1/orders?limit=$rows_a_page" >"$work/list-first"
    echo "/api/v1/orders?limit=$rows_a_page&cursor=$(base64 -w0 <<<"$key" | tr '+/' '-_' | tr -d =)" \
        >"$work/list-deep"
}

check_depth() {
    local which=$1 newest=$2 got
    got="$(fetch "depth-$engine" "$(cat "$work/list-$which")" "" "$token")"
    [[ "$got" == "200"*"\"data\":[{\"id\":\"01a1f82f-1e82-7000-8000-$((100000000000 + newest))\""* &&
        "$(grep -o '"customer_id"' <<<"$got" | wc -l)" == "$rows_a_page" ]] ||
        { echo "The $which page is not as it should be: $got" && return 1; }
}

cpu_of_engine() {
    if [[ "$1" == sqlite ]]; then echo 0; else database_cpu_us; fi
}

load_depth() {
    "$1" "depth-$engine" / "$3" 1 1 "" "$token" "$work/list-$2"
}

measure_page() {
    local which=$1 before after numbers
    before="$(cpu_of_engine "$engine")"
    numbers="$(load_depth cost_of_load "$which" "$round_s")" || return 1
    after="$(cpu_of_engine "$engine")"
    echo "$engine $which: $numbers"
    awk -v name="$which" -v us=$((after - before)) '{
        if ($6 > 0) exit 1
        printf "cpu %s %.3f\ntime %s %d\n", name, $4 + us / $7, name, $2
    }' <<<"$numbers" >>"$work/depth-$engine.cpu"
}

start_depth() {
    local bench_database_url="" bench_scopes='"orders:read"'
    if [[ "$engine" == postgresql ]]; then
        start_postgresql && make_database depth || return 1
        bench_database_url="$(url_of_database depth)"
    fi
    write_bench_configuration "depth-$engine"
    "$build/bulkhead" migrate up --config "$work/depth-$engine.toml" &&
        start_bench_server "depth-$engine" && depth_sql "$engine" | depth_query "$engine"
}

depth_rounds() {
    local round which
    for which in first deep; do
        load_depth put_load "$which" "$warm_up_s" >/dev/null || return 1
    done
    for ((round = 1; round <= rounds; round++)); do
        measure_page first && measure_page deep || return 1
    done
}

measure_depth() {
    local engine=$1 measured="$work/depth-$1.cpu" kind which
    start_depth && write_depth_lists && check_depth first 999999 &&
        check_depth deep $((1000000 - (deep_page - 1) * rows_a_page - 1)) && depth_rounds ||
        return 1
    for kind in cpu time; do
        for which in first deep; do
            measure "$kind of the $which page of 1,000,000 orders, $engine" us \
                samples_of "$kind $which" "$measured" || return 1
        done
    done
    goal=1.2 measure "CPU of page $deep_page of 1,000,000 orders by that of page 1, $engine" x \
        multiples_of first deep <(grep ^cpu "$measured")
}

bench_depth() {
    local status=0 engine
    for engine in sqlite postgresql; do
        ((status > 0)) || measure_depth "$engine" || status=1
        stop_postgresql
        stop_contenders
    done
    return "$status"
}

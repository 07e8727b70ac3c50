# shellcheck shell=bash disable=SC2034,SC2154
# The rows of a database: a product, a page of twenty, an order of three lines in one transaction,
# on one PostgreSQL with the same tables for all. Ours runs with everything switched on and a real
# token; Fastify (tools/bench/node/database.js) takes whoever asks for the customer and logs nothing;
# raw (raw_database.cpp) parses only the path. lane-row and lane-page are the same reads by the bench
# module. Sourced by tools/bench/run after requests.sh.
#
#   bench_database     $work/samples as bench_requests has it, and $work/database-cpu: what the
#                      database itself spent on a request

part database requests database

database_rows=(row page order lane-row lane-page)
declare -A contenders_of=([row]="raw bulkhead fastify" [page]="bulkhead fastify"
    [order]="fastify bulkhead" [lane-row]="raw bulkhead" [lane-page]="raw bulkhead")
database_connections=32
listed_requests=1000
traced_orders=50

prepare_database() {
    g++ -std=c++20 -O2 -Wall -Wextra -I"$(pg_config --includedir)" \
        "$root/tools/bench/raw_database.cpp" -lpq -o "$work/raw_database"
}

# In an order that has nothing to do with the tables' own.
write_requests_of_database() {
    local shuffled="from products order by md5(cast(id as text)) limit $listed_requests"
    query bench <<<"select '/api/v1/products/' || id $shuffled" >"$work/list-row"
    query bench <<<"select '/api/v1/bench/row/' || id $shuffled" >"$work/list-lane-row"
    # Behind the last one there is no page.
    query bench <<<"select '/api/v1/bench/page/' || id from products
        where name < 'Product 009900' order by md5(sku) limit $listed_requests" \
        >"$work/list-lane-page"
    query bench <<<"select '/api/v1/products?limit=20&cursor=' || rtrim(translate(encode(convert_to(
            '{\"name\":\"' || name || '\",\"id\":\"' || id || '\"}', 'UTF8'), 'base64'),
            E'+/\n', '-_'), '=')
        from products where name < 'Product 009900' order by md5(sku) limit $listed_requests" \
        >"$work/list-page"
    query bench <<<"select '/api/v1/orders {\"items\":[' || string_agg(
            '{\"product_id\":\"01a1f82f-1e80-7000-8000-' ||
            lpad(to_hex((n * 7919 + line * 3331) % 10000 + 1), 12, '0') || '\",\"quantity\":1}',
            ',' order by line) || ']}'
        from generate_series(1, $listed_requests) as n, generate_series(0, 2) as line
        group by n order by n" >"$work/list-order"
}

make_bench_database() {
    make_database bench || return 1
    bench_database_url="$(url_of_database bench)"
    write_bench_configuration bulkhead
    "$build/bulkhead" migrate up --config "$work/bulkhead.toml" &&
        query bench <"$root/tools/bench/database.sql" && write_requests_of_database
}

start_database_contenders() {
    local customer
    start_postgresql && make_bench_database && start_bench_server bulkhead || return 1
    customer="$(query bench <<<"select id from users where email = 'ada@example.org'")"
    curl -s -i --raw "http://127.0.0.1:${port_of[bulkhead]}$(head -n 1 "$work/list-row")" \
        >"$work/reply-row"
    start_contender raw "$work/raw_database" "$work/reply-row" "$bench_database_url" || return 1
    ! wants fastify ||
        start_contender fastify env NODE_ENV=production REQUEST_ID=- CUSTOMER="$customer" \
            DATABASE_URL="$bench_database_url" node "$work/node/database.js"
}

database_cells() {
    local row name
    for row in "${database_rows[@]}"; do
        for name in ${contenders_of[$row]}; do
            ! wants "$name" || ! row_is_wanted "$row" || echo "$row $name"
        done
    done
}

# Status and data of the answer to the first request of a row's list, without what differs each time:
# the id of a new order, and times, of which JavaScript has milliseconds.
answer_of() {
    local path body
    read -r path body <"$work/list-$1"
    [[ -z "$body" ]] || { echo "$body" >"$work/body" && body="$work/body"; }
    fetch "$2" "$path" "$body" "$(token_of_row "$1" "$2")" | sed -E \
        -e 's/,"error":null,.*//' -e 's/"data":\{"id":"[^"]*","customer/"data":{"id":"-","customer/' \
        -e 's/_at":"[^"]*"/_at":"-"/g'
}

token_of_row() {
    [[ "$1:$2" != order:bulkhead ]] || echo "$token"
}

check_database_answers() {
    local row name expected got last=""
    while read -r row name; do
        got="$(answer_of "$row" "$name")"
        [[ "$row" == "$last" ]] || expected="$got"
        [[ "$got" == "$expected" && "$got" == 20[01]* && "$got" == *'"data":'*'"id":'* ]] || {
            printf '%s answers %s with:\n%s\ninstead of:\n%s\n' "$name" "$row" "$got" "$expected"
            return 1
        }
        last="$row"
    done < <(database_cells)
}

load_database() {
    local command=$1 row=$2 name=$3 seconds=$4
    "$command" "$name" / "$seconds" "$database_connections" 1 "" "$(token_of_row "$row" "$name")" \
        "$work/list-$row"
}

measure_database_cell() {
    local row=$1 name=$2 before after numbers
    before="$(database_cpu_us)"
    numbers="$(load_database cost_of_load "$row" "$name" "$round_s")" || return 1
    after="$(database_cpu_us)"
    echo "$row|$name|$numbers" >>"$work/samples"
    awk -v what="$row-$name" -v us=$((after - before)) \
        '{ printf "cpu %s %.3f\n", what, us / ($7 > 0 ? $7 : 1) }' <<<"$numbers" |
        tee -a "$work/database-cpu"
    echo "$row $name: $numbers"
    : >"$work/$name.log"
}

run_database_rounds() {
    local round row name done_count=0 all
    all=$((rounds * $(database_cells | wc -l)))
    for ((round = 1; round <= rounds; round++)); do
        while read -r row name; do
            ((round > 1)) || load_database put_load "$row" "$name" "$warm_up_s" >/dev/null ||
                return 1
            done_count=$((done_count + 1))
            echo "[$done_count/$all]" && measure_database_cell "$row" "$name" || return 1
        done < <(database_cells)
    done
}

# What is sent to the database's port, by strace, for orders that come one after the other.
round_trips_of() {
    local name=$1 attached=() pid tracer trace="$work/trips-$1"
    for pid in $(processes_of "$name"); do
        attached+=(-p "$pid")
    done
    strace -f -yy -e trace=write,writev,sendto,sendmsg -o "$trace" "${attached[@]}" \
        2>"$work/strace.errors" &
    tracer=$!
    sleep "$rest_s"
    head -n "$traced_orders" "$work/list-order" | while read -r path body; do
        echo "$body" >"$work/body"
        fetch "$name" "$path" "$work/body" "$(token_of_row order "$name")" >/dev/null
    done
    kill -INT "$tracer"
    wait "$tracer" || true
    grep -c -- "->127.0.0.1:${port_of[postgresql]}\]" "$trace" |
        awk -v orders="$traced_orders" '{ printf "%.2f\n", $1 / orders }'
}

# Their goal is that of the issue: no more of the database than Fastify's order takes.
measure_of_database() {
    local row name most
    while read -r row name; do
        measure "database's own CPU: ${title_of[$row]}, $name" us \
            samples_of "cpu $row-$name" "$work/database-cpu" || return 1
    done < <(database_cells)
    while read -r row name; do
        [[ "$row" == order ]] || continue
        [[ "$name" == bulkhead ]] && most=4 || most=""
        goal="$most" measure "round trips of an order, $name" each round_trips_of "$name" || return 1
    done < <(database_cells)
    [[ "$(database_cells)" == *"order fastify"*"order bulkhead"* ]] || return 0
    goal=1 measure "database's own CPU: an order, ours by Fastify's" x \
        multiples_of order-fastify order-bulkhead "$work/database-cpu"
}

bench_database() {
    local status=0 bench_database_url bench_scopes='"orders:read", "orders:write"'
    start_database_contenders && check_database_answers && run_database_rounds &&
        measure_of_database || status=1
    stop_postgresql
    stop_contenders
    return "$status"
}

# shellcheck shell=bash disable=SC2154
# The rows of requests: each kind of load on each server in turn, round after round, so that what
# disturbs the machine disturbs all of them. Sourced by tools/bench/run.
#
#   load_row COMMAND ROW NAME SECONDS    put_load or cost_of_load as the row says
#   bench_requests                       $work/samples: "row|server|numbers of cost_of_load", once a round
#   prepare_requests                     the raw server, the bench module, and what node needs
#   start_bench_server NAME              ours with the bench module and the shipped ones; $token

request_rows=(json pipelined single echo secured)
rows_wanted=() # Empty: all.
servers_wanted=(raw nginx nginx-buffered bulkhead fastify express)
warm_up_s=5  # Longer than just-in-time compilers need.

part requests requests

# How a row is measured: path, connections, requests sent at once.
declare -A path_of=([json]=/api/v1/json [pipelined]=/api/v1/json [single]=/api/v1/json
    [echo]=/api/v1/echo [secured]=/api/v1/secured)
declare -A connections_of=([json]=32 [pipelined]=32 [single]=1 [echo]=32 [secured]=32)
declare -A depth_of=([json]=1 [pipelined]=16 [single]=1 [echo]=1 [secured]=1)

order_file="$root/tools/bench/module/order.json"
token=""
bench_database_url="" # Empty: a SQLite of its own.
bench_scopes='"bench:read"'

row_is_wanted() {
    ((${#rows_wanted[@]} == 0)) || [[ " ${rows_wanted[*]} " == *" $1 "* ]]
}

body_of() {
    [[ "$1" != echo ]] || echo "$order_file"
}

token_of() {
    [[ "$1" != secured ]] || echo "$token"
}

# Who is asked for a row at all: nginx reads no body, and the references check no token.
takes_part() {
    row_is_wanted "$1" || return 1
    case $1:$2 in
        echo:nginx* | secured:nginx* | secured:fastify | secured:express) return 1 ;;
    esac
}

# As shipped, but one I/O thread, and limits that this load stays within; they count all the same.
write_bench_configuration() {
    cat >"$work/$1.toml" <<TOML
[server]
listen = "127.0.0.1:0"
data = "$1"
io_threads = 1
probation_seconds = 0
[http]
connections = 15000
keep_alive_seconds = 3600
[rate_limit]
address_per_second = 10000000
address_burst = 10000000
caller_per_second = 10000000
caller_burst = 10000000
[database]
url = "${bench_database_url:-sqlite://$1/bench.db}"
[modules]
directory = "$1-modules"
[module.users]
[module.auth]
[module.auth.settings]
access_token_seconds = 86400
scopes = [$bench_scopes]
[module.orders]
[module.bench]
TOML
    [[ -z "${2:-}" ]] || echo "[module.$2]" >>"$work/$1.toml"
    mkdir -p "$work/$1-modules"
    cp "$build"/modules/{users,auth,orders}.so "$work/bench.so" "$work/$1-modules"
}

prepare_requests() {
    local program
    for program in raw_server neighbours first_reply; do
        g++ -std=c++20 -O2 -Wall -Wextra "$root/tools/bench/$program.cpp" -o "$work/$program" ||
            return 1
    done
    build_module "$root/tools/bench/module/module.cpp" "$work/bench.so" && prepare_node
}

wants() {
    [[ " ${servers_wanted[*]} " == *" $1 "* ]]
}

# npm ci asks the registry for each package each time: what the lock file names is installed once.
prepare_node() {
    local folder
    wants fastify || wants express || return 0
    folder="$root/build/bench/node-$(sha256sum "$root/tools/bench/node/package-lock.json" | cut -c1-16)"
    if [[ ! -d "$folder/node_modules" ]]; then
        mkdir -p "$folder"
        cp "$root"/tools/bench/node/package{,-lock}.json "$folder"
        npm --prefix "$folder" ci --no-audit --no-fund || return 1
    fi
    mkdir -p "$work/node"
    cp "$root"/tools/bench/node/*.js "$work/node"
    ln -sfn "$folder/node_modules" "$work/node/node_modules"
}

start_bench_server() {
    local base person='"email":"ada@example.org","password":"correct horse battery"'
    write_bench_configuration "$1" "${2:-}"
    start_bulkhead "$1" "$work/$1.toml" || return 1
    base="http://127.0.0.1:${port_of[$1]}/api/v1/auth"
    curl -s --json "{$person,\"name\":\"Ada\"}" "$base/register" # Again is no harm: 409.
    token="$(curl -s --json "{$person}" "$base/login" | sed -n 's/.*"access_token":"\([^"]*\)".*/\1/p')"
    [[ -n "$token" ]] || { echo "No token to be had from $1" && return 1; }
}

# The raw server gives each row the very bytes that ours gave, so it is started once for each reply.
raw_name() {
    case $1 in
        echo | secured) echo "raw-$1" ;;
        *) echo raw-json ;;
    esac
}

contender_of() {
    if [[ "$2" == raw ]]; then raw_name "$1"; else echo "$2"; fi
}

record_reply() {
    local row=$1 arguments=()
    [[ "$row" != echo ]] || arguments=(-H "Content-Type: application/json" --data-binary "@$order_file")
    [[ "$row" != secured ]] || arguments=(-H "Authorization: Bearer $token")
    curl -s -i --raw "${arguments[@]}" "http://127.0.0.1:${port_of[bulkhead]}${path_of[$row]}" \
        >"$work/reply-$row" && [[ -s "$work/reply-$row" ]]
}

start_all() {
    local row server text id
    start_bench_server bulkhead || return 1
    for row in json echo secured; do
        record_reply "$row" && start_raw "raw-$row" "$work/reply-$row" || return 1
    done
    text="$(tail -n 1 "$work/reply-json")"
    id="$(sed 's/.*"request_id":"\([^"]*\)".*/\1/' <<<"$text")"
    for server in "${servers_wanted[@]}"; do
        start_reference "$server" "$text" "$id" || return 1
    done
}

start_reference() {
    local name=$1 text=$2 id=$3
    case $name in
        nginx) start_nginx "$name" "$work/$name-access.log" "$text" ;;
        nginx-buffered)
            start_nginx "$name" "$work/$name-access.log combined buffer=64k flush=1s" "$text"
            ;;
        fastify | express) start_node "$name" "$id" ;;
    esac
}

without_request_id() {
    sed -E 's/"request_id":"[^"]*"/"request_id":"-"/'
}

# All must say 200 and the same, or their speeds could not be compared.
check_answers() {
    local row server expected got
    for row in "${request_rows[@]}"; do
        expected="$({ echo 200 && tail -n 1 "$work/reply-$(sed 's/^raw-//' <<<"$(raw_name "$row")")"; } |
            without_request_id)"
        for server in "${servers_wanted[@]}"; do
            takes_part "$row" "$server" || continue
            got="$(fetch "$(contender_of "$row" "$server")" "${path_of[$row]}" "$(body_of "$row")" \
                "$(token_of "$row")" | without_request_id)"
            [[ "$got" == "$expected" ]] || {
                printf '%s answers %s with:\n%s\ninstead of:\n%s\n' "$server" "$row" "$got" "$expected"
                return 1
            }
        done
    done
    check_echo && check_refusals
}

check_echo() {
    grep -qF "\"data\":$(cat "$order_file")," "$work/reply-echo" ||
        { echo "The echo is not what was sent." && return 1; }
}

# A server that takes anything has not validated.
check_refusals() {
    local server status
    sed 's/"quantity":2,/"quantity":0,/' "$order_file" >"$work/bad-order.json"
    for server in bulkhead fastify express; do
        [[ -n "${port_of[$server]:-}" ]] || continue
        status="$(fetch "$server" "${path_of[echo]}" "$work/bad-order.json" | head -n 1)"
        [[ "$status" == 4* ]] || { echo "$server takes a wrong body: $status" && return 1; }
    done
    status="$(fetch bulkhead "${path_of[secured]}" | head -n 1)"
    [[ "$status" == 401 ]] || { echo "/secured answers $status without a token" && return 1; }
}

# What the servers write is real work, but nobody reads it.
load_row() {
    local command=$1 row=$2 name=$3 seconds=$4 log
    "$command" "$name" "${path_of[$row]}" "$seconds" "${connections_of[$row]}" "${depth_of[$row]}" \
        "$(body_of "$row")" "$(token_of "$row")" || return 1
    for log in "$work"/*nginx*-access.log "$work/$name.log"; do
        [[ ! -f "$log" ]] || : >"$log"
    done
}

cells() {
    local row server
    for row in "${request_rows[@]}"; do
        for server in "${servers_wanted[@]}"; do
            ! takes_part "$row" "$server" || echo "$row $server"
        done
    done
}

run_rounds() {
    local round row server name numbers done_count=0 all
    all=$((rounds * $(cells | wc -l)))
    for ((round = 1; round <= rounds; round++)); do
        while read -r row server; do
            name="$(contender_of "$row" "$server")"
            ((round > 1)) || load_row put_load "$row" "$name" "$warm_up_s" >/dev/null || return 1
            numbers="$(load_row cost_of_load "$row" "$name" "$round_s")" || return 1
            done_count=$((done_count + 1))
            echo "[$done_count/$all] $row $server: $numbers"
            echo "$row|$server|$numbers" >>"$work/samples"
        done < <(cells)
    done
}

bench_requests() {
    local status=0
    start_all && check_answers && run_rounds || status=1
    stop_contenders
    return "$status"
}

# shellcheck shell=bash disable=SC2154
# Load on one contender, and what it costs the server. Sourced by tools/bench/run after
# contenders.sh.
#
#   put_load NAME PATH SECONDS CONNECTIONS DEPTH [BODY [TOKEN [LIST]]]
#       by wrk, on the core of the server: "REQUESTS MICROSECONDS P50_US P99_US ERRORS"
#   cost_of_load ...the same...
#       "REQUESTS_A_SECOND P50_US P99_US CPU_US RSS_KIB ERRORS REQUESTS", the CPU of one request
#   load_in_turns FILE NAME ...
#       GET /json on each in turn, round after round; lines "cpu NAME CPU_US" in FILE
#   multiples_of FEW MANY FILE
#       what the CPU of MANY was as a multiple of FEW's, round by round, in one line
#   fetch NAME PATH [BODY [TOKEN]]
#       the answer to one request: its status on the first line, then its body

put_load() {
    local name=$1 path=$2 seconds=$3 connections=$4
    shift 4
    taskset -c "$core" wrk -t1 -c"$connections" -d"${seconds}s" --timeout 10s \
        -s "$root/tools/bench/load.lua" "http://127.0.0.1:${port_of[$name]}$path" -- "$@" |
        sed -n 's/^measured //p' | grep . ||
        { echo "wrk measured nothing on $name$path" >&2 && return 1; }
}

cost_of_load() {
    local name=$1 before after measured
    before="$(cpu_ns "$name")"
    measured="$(put_load "$@")" || return 1
    after="$(cpu_ns "$name")"
    awk -v cpu_ns=$((after - before)) -v rss="$(rss_kib "$name")" '{
        printf "%.0f %d %d %.3f %d %d %d\n", $1 / $2 * 1e6, $3, $4, \
            cpu_ns / 1000 / ($1 > 0 ? $1 : 1), rss, $5, $1
    }' <<<"$measured"
}

load_in_turns() {
    local file=$1 round name numbers
    shift
    for ((round = 1; round <= rounds; round++)); do
        for name in "$@"; do
            numbers="$(load_row cost_of_load json "$name" "$round_s")" || return 1
            echo "[$round/$rounds] $name: $numbers"
            echo "cpu $name $(cut -d' ' -f4 <<<"$numbers")" >>"$file"
        done
    done
}

multiples_of() {
    awk -v few="$1" -v many="$2" '
        $2 == few { base = $3 }
        $2 == many { printf "%s%.3f", separator, $3 / base; separator = " " }' "$3"
}

fetch() {
    local name=$1 path=$2 body=${3:-} token=${4:-} arguments=()
    [[ -z "$body" ]] || arguments+=(-H "Content-Type: application/json" --data-binary "@$body")
    [[ -z "$token" ]] || arguments+=(-H "Authorization: Bearer $token")
    curl -s --max-time 10 -o "$work/fetched" -w '%{http_code}\n' "${arguments[@]}" \
        "http://127.0.0.1:${port_of[$name]}$path" && cat "$work/fetched"
}

# shellcheck shell=bash disable=SC2154
# Load on one contender, and what it costs the server. Sourced by tools/bench/run after
# contenders.sh.
#
#   put_load NAME PATH SECONDS CONNECTIONS DEPTH [BODY [TOKEN]]
#       "REQUESTS_A_SECOND P50_US P99_US CPU_US RSS_KIB ERRORS" of this contender, CPU for each
#       request, by wrk on the core of the server
#   fetch NAME PATH [BODY [TOKEN]]     the answer to one request: status on the first line, body

put_load() {
    local name=$1 path=$2 seconds=$3 connections=$4 before after measured
    shift 4
    before="$(cpu_ns "$name")"
    measured="$(taskset -c "$core" wrk -t1 -c"$connections" -d"${seconds}s" --timeout 10s \
        -s "$root/tools/bench/load.lua" "http://127.0.0.1:${port_of[$name]}$path" -- "$@" |
        sed -n 's/^measured //p')"
    after="$(cpu_ns "$name")"
    [[ -n "$measured" ]] || {
        echo "wrk measured nothing on $name$path"
        return 1
    }
    awk -v before="$before" -v after="$after" -v rss="$(rss_kib "$name")" '{
        printf "%.0f %d %d %.3f %d %d\n", $1 / $2 * 1e6, $3, $4,
            (after - before) / 1000 / ($1 > 0 ? $1 : 1), rss, $5
    }' <<<"$measured"
}

fetch() {
    local name=$1 path=$2 body=${3:-} token=${4:-} arguments=()
    [[ -z "$body" ]] || arguments+=(-H "Content-Type: application/json" --data-binary "@$body")
    [[ -z "$token" ]] || arguments+=(-H "Authorization: Bearer $token")
    curl -s --max-time 10 -o "$work/fetched" -w '%{http_code}\n' "${arguments[@]}" \
        "http://127.0.0.1:${port_of[$name]}$path" && cat "$work/fetched"
}

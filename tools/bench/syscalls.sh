# shellcheck shell=bash disable=SC2154
# System calls for each request, counted by strace, which slows the server down: every reply still
# needs as many. Sourced by tools/bench/run.

part syscalls requests

traced_s=2

# The number of calls in strace's last line, "100.00 seconds usecs/call CALLS [ERRORS] total".
count_calls() {
    local row=$1 name=$2 summary="$work/strace-$1-$2" tracer attached=() pid requests
    for pid in $(processes_of "$name"); do
        attached+=(-p "$pid")
    done
    strace -c -f -o "$summary" "${attached[@]}" 2>"$work/strace.errors" &
    tracer=$!
    sleep "$rest_s"
    requests="$(load_row put_load "$row" "$name" "$traced_s" | cut -d' ' -f1)"
    kill -INT "$tracer"
    wait "$tracer" || true
    { echo "$row $name: $requests requests" && head -n 12 "$summary" "$work/strace.errors"; } >&2
    awk -v requests="$requests" '$NF == "total" { printf "%.2f\n", $4 / requests }' "$summary"
}

measure_syscalls() {
    local row server name
    for row in "${request_rows[@]}"; do
        for server in raw nginx bulkhead; do
            wants "$server" && takes_part "$row" "$server" || continue
            name="$(contender_of "$row" "$server")"
            measure "system calls of $server: ${title_of[$row]}" "a request" \
                count_calls "$row" "$name" || return 1
        done
    done
}

bench_syscalls() {
    local status=0
    start_all && measure_syscalls || status=1
    stop_contenders
    return "$status"
}

# shellcheck shell=bash disable=SC2154
# Starting, applying and looking at the real server for tools/bench/run, which has set $build and
# $work.
#
#   start_ms CONFIG                       milliseconds from exec to ready; the server is ended again
#   apply_ms COUNT CONFIG                 milliseconds of `bulkhead apply`, COUNT times, in one line
#   look_at_memory COUNT CONFIG FILE      lines "supervisor Pss 1234" of COUNT starts
#   samples_of "supervisor Pss" FILE      their numbers in one line
#   stop_server                           ends what still runs

part start modules
part apply modules
part memory modules

server=""
worker=""
server_output=""
ready_limit_s=30
rest_s=0.5

now_us() {
    echo "${EPOCHREALTIME/./}"
}

elapsed_ms() {
    awk -v from="$1" -v to="$(now_us)" 'BEGIN { printf "%.1f\n", (to - from) / 1000 }'
}

launch() {
    exec {server_output}< <(exec "$build/bulkhead" serve --config "$1" 2>"$work/errors")
    server=$!
}

# Reads up to the next line that says so, and whose process serves now.
wait_ready() {
    local line
    while read -r -t "$ready_limit_s" -u "$server_output" line; do
        if [[ "$line" == *'"message":"generation ready"'* ]]; then
            worker="${line##*\"pid\":}"
            worker="${worker%%[^0-9]*}"
            return 0
        fi
    done
    cat "$work/errors" >&2
    stop_server
    return 1
}

stop_server() {
    [[ -n "$server" ]] || return 0
    kill -TERM "$server" 2>/dev/null || true
    wait "$server" 2>/dev/null || true
    exec {server_output}<&-
    server=""
}

# The first start of a configuration makes its database and its private copies.
warm_up() {
    [[ ! -e "$1.warm" ]] || return 0
    launch "$1" && wait_ready && stop_server && touch "$1.warm"
}

start_ms() {
    local from
    warm_up "$1" || return 1
    from="$(now_us)"
    launch "$1"
    wait_ready || return 1
    elapsed_ms "$from"
    stop_server
}

# Each time another value, since what has not changed is not applied.
apply_ms() {
    local count=$1 done_count from samples=() config="${2%.toml}-applied.toml"
    warm_up "$2" || return 1
    cp "$2" "$config"
    launch "$config"
    wait_ready || return 1
    for ((done_count = 1; done_count <= count; done_count++)); do
        sed -i "s/^request_seconds = .*/request_seconds = $((30 + done_count))/" "$config"
        from="$(now_us)"
        "$build/bulkhead" apply --config "$config" >&2 || {
            stop_server
            return 1
        }
        samples+=("$(elapsed_ms "$from")")
        sleep "$rest_s" # The one before drains meanwhile, and at most two may.
    done
    stop_server
    echo "${samples[*]}"
}

memory_of() {
    awk -v name="$1" '/^(Pss|Rss):/ { sub(":", "", $1); print name, $1, $2 }' "/proc/$2/smaps_rollup"
}

look_at_memory() {
    local count=$1 done_count
    warm_up "$2" || return 1
    for ((done_count = 0; done_count < count; done_count++)); do
        launch "$2"
        wait_ready || return 1
        sleep "$rest_s"
        { memory_of supervisor "$server" && memory_of worker "$worker"; } |
            awk '{ print; sum[$2] += $3 } END { for (kind in sum) print "both", kind, sum[kind] }'
        stop_server
    done >"$3"
}

samples_of() {
    awk -v wanted="$1" '$1 " " $2 == wanted { print $3 }' "$2" | paste -sd' '
}

bench_start() {
    measure "exec to ready, 3 modules" ms repeat "$runs" start_ms "$work/few.toml" &&
        measure "exec to ready, $many modules" ms repeat "$runs" start_ms "$work/many.toml"
}

bench_apply() {
    measure "apply to ready, 3 modules" ms apply_ms "$runs" "$work/few.toml" &&
        measure "apply to ready, $many modules" ms apply_ms "$runs" "$work/many.toml"
}

bench_memory() {
    local of kind
    look_at_memory "$runs" "$work/few.toml" "$work/memory" || return 1
    for of in supervisor worker; do
        for kind in Pss Rss; do
            measure "memory of the $of at rest, ${kind^^}" KiB samples_of "$of $kind" "$work/memory" ||
                return 1
        done
    done
    goal=20480 measure "memory of both at rest, PSS" KiB samples_of "both Pss" "$work/memory"
}

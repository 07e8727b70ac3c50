# shellcheck shell=bash disable=SC2154
# The lines of the table: what was measured, in which unit, every sample. Sourced by tools/bench/run.
#
#   measure NAME UNIT COMMAND ...      adds a line with the samples that the command prints; with
#                                      goal=N, the most that the median may be
#   repeat COUNT COMMAND ...           the command's outputs in one line
#   print_table, print_json, write_document FILE

rows=()

measure() {
    local name=$1 unit=$2 samples
    shift 2
    samples="$("$@")" || return 1
    [[ -n "$samples" ]] || return 1
    rows+=("$name|$unit|$samples|${goal:-}")
}

repeat() {
    local count=$1 done_count
    shift
    for ((done_count = 0; done_count < count; done_count++)); do
        "$@" || return 1
    done | paste -sd' '
}

machine() {
    echo "$(nproc) cores, $(g++ --version | head -n 1)"
}

# NAME|UNIT|MEDIAN|LEAST|MOST|GOAL|SAMPLES of each line.
summaries() {
    local row name unit samples most
    for row in "${rows[@]}"; do
        IFS='|' read -r name unit samples most <<<"$row"
        tr ' ' '\n' <<<"$samples" | sort -n | awk -v name="$name" -v unit="$unit" -v goal="$most" '
            { sample[NR] = $1; list = list (NR > 1 ? "," : "") $1 }
            END {
                middle = (sample[int((NR + 1) / 2)] + sample[int(NR / 2) + 1]) / 2
                if (goal != "") goal = "<= " goal ": " (middle <= goal + 0 ? "yes" : "no")
                printf "%s|%s|%.6g|%s|%s|%s|%s\n", name, unit, middle, sample[1], sample[NR], goal, list
            }'
    done
}

print_table() {
    machine
    print_requests
    ((${#rows[@]} > 0)) || return 0
    {
        echo "what|unit|median|least|most|goal"
        summaries | cut -d'|' -f1-6
    } | column -t -s'|' -o'  '
}

print_json() {
    summaries | awk -F'|' -v machine="$(machine)" -v requests="$(requests_as_json)" '
        BEGIN { printf "{\"machine\":\"%s\",%s,\"rows\":[", machine, requests }
        {
            printf "%s{\"what\":\"%s\",\"unit\":\"%s\",\"median\":%s,\"least\":%s,\"most\":%s,\"samples\":[%s]}",
                (NR > 1 ? "," : ""), $1, $2, $3, $4, $5, $7
        }
        END { print "]}" }'
}

# From here on the document is written by people, and kept.
kept_heading="## What limits each row"

kept_section() {
    if grep -qx "$kept_heading" "$1"; then
        sed -n "/^$kept_heading\$/,\$p" "$1"
    else
        echo "$kept_heading"
    fi
}

write_document() {
    local kept
    kept="$(kept_section "$1")"
    cat >"$1" <<TEXT
# What things cost

Written by \`tools/bench/run --write\` on the release preset, but for the last section: figures of
one machine at one moment, which had other work to do if the spread is wide.

Commit $(git describe --always --dirty), $(machine).

## Requests

Median of $rounds rounds of $round_s s, the servers in turns; server and load (wrk, one thread) share
one core, so that all see the same batches. "CPU" is that of all processes of the server, in
microseconds for each request, with its least and most round; "x raw" is its multiple of the raw
server's. Every server answers the same JSON, and every answer was checked before the load. The raw
server (tools/bench/raw_server.cpp) parses nothing and sends the very bytes that ours sends: it is
what the kernel costs. nginx (\`return 200\`) writes each line of its access log at once;
nginx-buffered collects them, as ours does. Fastify and Express log nothing. Ours runs as shipped:
supervisor and worker, all middleware, access log, metrics, a real token.

Rows of products, orders and /bench: one PostgreSQL for all, by TCP on 127.0.0.1, on the other
cores, with fsync; 10,000 products, each request another one. raw is there a server with libpq in
pipeline mode (tools/bench/raw_database.cpp), Fastify uses \`pg\` with a pool of 8 and prepared
statements (tools/bench/node/database.js). What the database itself spends stands in the next table.

$(write_requests)

## All else

CPU seconds are user + system of one g++. "Ready" is the log line \`generation ready\`: modules
gated, loaded and constructed, the database up to date, the sockets accepting. Applying is the whole
of \`bulkhead apply\` for a changed limit. 3 modules are the shipped ones; the others have a route
and a table each. The first 200 of ours is a page of products from the migrated database. Memory is
that of /proc/PID/smaps_rollup: RSS counts shared pages in full, PSS by share. System calls are
counted by strace. The paced client sends 200 requests a second on one connection, alone and during
each attack of tests/support/attack.cpp.

| what | unit | median | least | most | goal |
|---|---|---:|---:|---:|---|
$(summaries | awk -F'|' '{ printf "| %s | %s | %s | %s | %s | %s |\n", $1, $2, $3, $4, $5, $6 }')

$kept
TEXT
}

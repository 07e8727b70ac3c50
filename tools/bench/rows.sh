# shellcheck shell=bash
# The lines of the table: what was measured, in which unit, every sample. Sourced by tools/bench/run.
#
#   measure NAME UNIT COMMAND ...      adds a line with the samples that the command prints
#   repeat COUNT COMMAND ...           the command's outputs in one line
#   print_table, print_json, write_document FILE

rows=()

measure() {
    local name=$1 unit=$2 samples
    shift 2
    samples="$("$@")" || return 1
    [[ -n "$samples" ]] || return 1
    rows+=("$name|$unit|$samples")
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

# NAME|UNIT|MEDIAN|LEAST|MOST|SAMPLES of each line.
summaries() {
    local row name unit samples
    for row in "${rows[@]}"; do
        IFS='|' read -r name unit samples <<<"$row"
        tr ' ' '\n' <<<"$samples" | sort -n | awk -v name="$name" -v unit="$unit" '
            { sample[NR] = $1; list = list (NR > 1 ? "," : "") $1 }
            END {
                middle = (sample[int((NR + 1) / 2)] + sample[int(NR / 2) + 1]) / 2
                printf "%s|%s|%.6g|%s|%s|%s\n", name, unit, middle, sample[1], sample[NR], list
            }'
    done
}

print_table() {
    machine
    print_requests
    ((${#rows[@]} > 0)) || return 0
    {
        echo "what|unit|median|least|most"
        summaries | cut -d'|' -f1-5
    } | column -t -s'|'
}

print_json() {
    summaries | awk -F'|' -v machine="$(machine)" -v requests="$(requests_as_json)" '
        BEGIN { printf "{\"machine\":\"%s\",%s,\"rows\":[", machine, requests }
        {
            printf "%s{\"what\":\"%s\",\"unit\":\"%s\",\"median\":%s,\"least\":%s,\"most\":%s,\"samples\":[%s]}",
                NR > 1 ? "," : "", $1, $2, $3, $4, $5, $6
        }
        END { print "]}" }'
}

write_document() {
    cat >"$1" <<TEXT
# What things cost

Written by \`tools/bench/run --write\` on the release preset: figures of one machine at one moment,
which had other builds to do if the spread is wide. CPU seconds are user + system of one g++.
"Ready" is the log line \`generation ready\`: modules gated,
loaded and constructed, the database up to date, the sockets accepting. Applying is the whole of
\`bulkhead apply\` for a changed limit. 3 modules are the shipped ones; the others have a route and a
table each. Memory is that of /proc/PID/smaps_rollup at rest: RSS counts shared pages in full, PSS by
share.

Commit $(git describe --always --dirty), $(machine).

| what | unit | median | least | most |
|---|---|---:|---:|---:|
$(summaries | awk -F'|' '{ printf "| %s | %s | %s | %s | %s |\n", $1, $2, $3, $4, $5 }')
TEXT
}

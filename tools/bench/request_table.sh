# shellcheck shell=bash disable=SC2154
# The table of requests, from the samples that tools/bench/requests.sh has left. Sourced by
# tools/bench/run.
#
#   print_requests, write_requests      as text, as markdown
#   requests_as_json                    "requests":[...]

declare -A title_of=([json]="GET /json, 32 connections" [pipelined]="the same, pipelined x16"
    [single]="the same, one connection" [echo]="POST /echo, 1 KiB validated"
    [secured]="GET /secured, token and scope" [row]="GET /products/{id}, one row"
    [page]="GET /products, a page of 20" [order]="POST /orders, three lines"
    [lane-row]="GET /bench/row/{id}" [lane-page]="GET /bench/page/{id}, 20 rows")

# What the CPU of ours is held against: row, reference, the most that it may be as a multiple.
request_goals="json raw 1.35
json nginx 1.1
pipelined raw 1.5
echo fastify 0.35
secured raw 2
row fastify 0.45
page fastify 0.45
order fastify 0.35
lane-row raw 1.7
lane-page raw 1.7"

# row|server|req/s|p50|p99|CPU us|RSS KiB|errors|least CPU|most CPU: medians of the rounds, in the
# order of the first one.
request_medians() {
    [[ -f "$work/samples" ]] || return 0
    awk -F'|' '
        function median(key, column,   count, i, j, kept, values) {
            count = rounds[key]
            for (i = 1; i <= count; i++) {
                kept = sample[key, column, i] + 0
                for (j = i - 1; j > 0 && values[j] > kept; j--) values[j + 1] = values[j]
                values[j + 1] = kept
            }
            least = values[1]
            most = values[count]
            return (values[int((count + 1) / 2)] + values[int(count / 2) + 1]) / 2
        }
        {
            key = $1 "|" $2
            if (!(key in rounds)) keys[++known] = key
            rounds[key]++
            split($3, number, " ")
            for (column = 1; column <= 6; column++) sample[key, column, rounds[key]] = number[column]
            errors[key] += number[6]
        }
        END {
            for (at = 1; at <= known; at++) {
                key = keys[at]
                printf "%s|%d|%d|%d|", key, median(key, 1), median(key, 2), median(key, 3)
                rss = median(key, 5)
                printf "%.2f|%d|%d|", median(key, 4), rss, errors[key]
                printf "%.2f|%.2f\n", least, most
            }
        }' "$work/samples"
}

# The lines of request_medians with what the CPU is as a multiple of the references', and how ours
# stands to its goals: row|server|req/s|p50|p99|CPU|least|most|of raw|of nginx|of fastify|RSS|errors|goals
request_lines() {
    request_medians | awk -F'|' -v goals="$request_goals" '
        { line[NR] = $0; cpu[$1, $2] = $6 }
        function ratio(row, server, reference) {
            if (!((row, reference) in cpu) || cpu[row, reference] == 0) return ""
            return sprintf("%.2f", cpu[row, server] / cpu[row, reference])
        }
        function standing(row, server,   count, at, all, goal, reached, text) {
            if (server != "bulkhead") return ""
            count = split(goals, all, "\n")
            for (at = 1; at <= count; at++) {
                split(all[at], goal, " ")
                reached = ratio(row, server, goal[2])
                if (goal[1] == row && reached != "")
                    text = text (text == "" ? "" : ", ") "<= " goal[3] " " goal[2] ": " \
                        (reached + 0 <= goal[3] + 0 ? "yes" : "no")
            }
            return text
        }
        END {
            for (at = 1; at <= NR; at++) {
                split(line[at], f, "|")
                printf "%s|%s|%s|%s|%s|%s|%s|%s|%s|%s|%s|%s|%s|%s\n", f[1], f[2], f[3], f[4], f[5],
                    f[6], f[9], f[10], ratio(f[1], f[2], "raw"), ratio(f[1], f[2], "nginx"),
                    ratio(f[1], f[2], "fastify"), f[7], f[8], standing(f[1], f[2])
            }
        }'
}

request_titles="what|server|req/s|p50 us|p99 us|CPU us|least|most|x raw|x nginx|x Fastify|RSS MiB|errors|goals"

# The lines for people: what a row is, memory in MiB.
request_table() {
    local name line
    request_lines | while IFS='|' read -r name line; do
        echo "${title_of[$name]}|$line"
    done | awk -F'|' -v OFS='|' '{ $12 = sprintf("%.1f", $12 / 1024); print }'
}

print_requests() {
    [[ -f "$work/samples" ]] || return 0
    { echo "$request_titles" && request_table; } | column -t -s'|' -o'  '
    echo
}

write_requests() {
    echo "| ${request_titles//|/ | } |"
    echo "|---|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---|"
    request_table | sed -e 's/|/ | /g' -e 's/^/| /' -e 's/$/ |/'
}

requests_as_json() {
    request_lines | awk -F'|' '
        function number(text) { return text == "" ? "null" : text }
        BEGIN { printf "\"requests\":[" }
        {
            printf "%s{\"row\":\"%s\",\"server\":\"%s\",\"requests_per_second\":%s,", \
                (NR > 1 ? "," : ""), $1, $2, $3
            printf "\"p50_us\":%s,\"p99_us\":%s,\"cpu_us\":%s,\"least_cpu_us\":%s,\"most_cpu_us\":%s,", \
                $4, $5, $6, $7, $8
            printf "\"of_raw\":%s,\"of_nginx\":%s,\"of_fastify\":%s,\"rss_kib\":%s,\"errors\":%s}", \
                number($9), number($10), number($11), $12, $13
        }
        END { printf "]" }'
}

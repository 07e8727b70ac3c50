# shellcheck shell=bash disable=SC2154
# The servers that are compared: ours and the references, each on a free port of 127.0.0.1 and on
# the one core on which the load runs too. Sourced by tools/bench/run, which has set $root, $build
# and $work.
#
#   start_contender NAME COMMAND ...    runs until its output says "port N" or our own ready line
#   start_bulkhead NAME CONFIG          ours, as `bulkhead serve`, its access log in a file
#   free_port                           where nobody listens at the moment
#   start_nginx NAME ACCESS_LOG TEXT    nginx: return 200 TEXT
#   clients+=(PID)                      a process that lives no longer than they
#   stop_contenders                     ends them all
#   processes_of NAME                   the process and all its descendants, in one line
#   cpu_ns NAME, rss_kib NAME, pss_kib NAME    of all of them together
#   ${port_of[NAME]}                    where it listens

declare -A port_of=() pid_of=()
clients=()
contender_limit_s=30
# The last core that this tool may use: the first ones serve interrupts.
core="$(taskset -cp $$ | grep -oE '[0-9]+$')"

pinned() {
    exec taskset -c "$core" "$@"
}

start_contender() {
    local name=$1 log="$work/$1.log"
    shift
    : >"$log"
    pinned "$@" >>"$log" 2>"$work/$name.errors" &
    pid_of[$name]=$!
    wait_for_port "$name"
}

wait_for_port() {
    local name=$1 deadline=$((SECONDS + contender_limit_s)) port
    while ((SECONDS < deadline)) && kill -0 "${pid_of[$name]}" 2>/dev/null; do
        port="$(port_in "$work/$name.log")"
        if [[ -n "$port" ]]; then
            port_of[$name]=$port
            return 0
        fi
        sleep 0.05
    done
    echo "$name did not start:"
    cat "$work/$name.errors"
    return 1
}

# Ours says where it listens before it is ready to answer.
port_in() {
    sed -nE -e 's/^port ([0-9]+)$/\1/p' "$1"
    if grep -q '"message":"generation ready"' "$1"; then
        sed -nE 's/.*"message":"listening".*"address":"[^"]*:([0-9]+)".*/\1/p' "$1"
    fi
}

start_bulkhead() {
    start_contender "$1" "$build/bulkhead" serve --config "$2"
}

start_raw() {
    start_contender "$1" "$work/raw_server" "$2"
}

start_node() {
    start_contender "$1" env NODE_ENV=production REQUEST_ID="$2" node "$work/node/$1.js"
}

# Below those that the kernel gives to clients.
free_port() {
    local port
    for _ in {1..20}; do
        port=$((20000 + RANDOM % 10000))
        answers_on "$port" || { echo "$port" && return 0; }
    done
    return 1
}

# nginx takes no port 0.
start_nginx() {
    local name=$1 log=$2 text=$3
    port_of[$name]="$(free_port)" || return 1
    write_nginx_configuration "$work/$name" "${port_of[$name]}" "$log" "$text"
    pinned nginx -p "$work/$name" -e stderr -c nginx.conf 2>"$work/$name.errors" &
    pid_of[$name]=$!
    wait_until_listening "$name" || { cat "$work/$name.errors" && return 1; }
}

wait_until_listening() {
    local deadline=$((SECONDS + contender_limit_s))
    while ((SECONDS < deadline)) && kill -0 "${pid_of[$1]}" 2>/dev/null; do
        ! answers_on "${port_of[$1]}" || return 0
        sleep 0.05
    done
    return 1
}

answers_on() {
    (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null
}

write_nginx_configuration() {
    local folder=$1 port=$2 log=$3 text=$4
    mkdir -p "$folder"
    cat >"$folder/nginx.conf" <<CONF
daemon off;
pid nginx.pid;
worker_processes 1;
events { worker_connections 1024; }
http {
    access_log $log;
    default_type application/json;
    keepalive_requests 1000000000;
    client_body_temp_path body;
    proxy_temp_path proxy;
    fastcgi_temp_path fastcgi;
    uwsgi_temp_path uwsgi;
    scgi_temp_path scgi;
    server {
        listen 127.0.0.1:$port;
        location / { return 200 '$text'; }
    }
}
CONF
}

stop_contenders() {
    local name
    kill "${clients[@]}" 2>/dev/null || true
    clients=()
    for name in "${!pid_of[@]}"; do
        kill -TERM "${pid_of[$name]}" 2>/dev/null || true
    done
    for name in "${!pid_of[@]}"; do
        wait "${pid_of[$name]}" 2>/dev/null || true
        unset "pid_of[$name]" "port_of[$name]"
    done
}

# Whatever stands in a program's name, the parent is the second word after the last parenthesis.
processes_of() {
    cat /proc/[0-9]*/stat 2>/dev/null | awk -v root="${pid_of[$1]}" '
        { pid = $1; sub(/.*\) /, ""); parent[pid] = $2 }
        END {
            for (pid in parent) {
                for (at = pid; at in parent && at != root; at = parent[at]) {}
                if (at == root) list = list " " pid
            }
            print substr(list, 2)
        }'
}

# Nanoseconds on the processor of all threads that still run.
cpu_ns() {
    local pid
    for pid in $(processes_of "$1"); do
        cat "/proc/$pid"/task/*/schedstat
    done | awk '{ sum += $1 } END { printf "%.0f\n", sum }'
}

memory_kib() {
    local kind=$1 pid
    for pid in $(processes_of "$2"); do
        cat "/proc/$pid/smaps_rollup"
    done | awk -v kind="$kind:" '$1 == kind { sum += $2 } END { print sum + 0 }'
}

rss_kib() {
    memory_kib Rss "$1"
}

pss_kib() {
    memory_kib Pss "$1"
}

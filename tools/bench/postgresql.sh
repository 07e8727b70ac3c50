# shellcheck shell=bash disable=SC2154
# The PostgreSQL of the bench: its own data directory, one for all contenders, reached by TCP on
# 127.0.0.1. As in production it syncs what it commits; only what would disturb a round (autovacuum,
# checkpoints) waits. Sourced by tools/bench/run after contenders.sh.
#
#   start_postgresql               a contender named postgresql, so that cpu_ns can be asked
#   stop_postgresql                ends it with its data, and its clients' connections; before stop_contenders
#   make_database NAME             an empty database
#   url_of_database NAME           for libpq, node and ours
#   query NAME [ARGUMENT ...]      psql on it, its output bare; SQL from standard input
#   database_cpu_us                CPU of all its processes so far, those that ended included

postgresql_user=bench
postgresql_programs="$(find /usr/lib/postgresql -name bin 2>/dev/null | sort -V | tail -n 1)"

# PostgreSQL refuses to run as root.
as_owner() {
    if ((EUID == 0)); then
        setpriv --reuid=postgres --regid=postgres --init-groups env HOME=/ "$@"
    else
        "$@"
    fi
}

# All cores but the one of the servers and the load, if there are any.
other_cores() {
    local allowed
    allowed="$(taskset -cp $$ | sed 's/.*: //')"
    [[ "$allowed" == "$core" ]] && echo "$core" || sed -E "s/[,-]?$core\$//" <<<"$allowed"
}

make_cluster() {
    local folder=$1
    mkdir -p "$folder/socket"
    chmod 711 "$work"
    ((EUID != 0)) || chown -R postgres: "$folder"
    as_owner "$postgresql_programs/initdb" -D "$folder/data" -U "$postgresql_user" --auth=trust \
        --encoding=UTF8 --no-locale --no-sync || return 1
    cat >>"$folder/data/postgresql.conf" <<CONF
listen_addresses = '127.0.0.1'
port = $2
unix_socket_directories = '$folder/socket'
shared_buffers = 256MB
max_wal_size = 8GB
checkpoint_timeout = 1h
autovacuum = off
CONF
}

start_postgresql() {
    local folder="$work/postgresql" port deadline=$((SECONDS + contender_limit_s))
    port="$(free_port)" && make_cluster "$folder" "$port" || return 1
    as_owner taskset -c "$(other_cores)" "$postgresql_programs/postgres" -D "$folder/data" \
        >"$work/postgresql.log" 2>&1 &
    pid_of[postgresql]=$!
    port_of[postgresql]=$port
    until query postgres <<<"select 1" >/dev/null 2>&1; do
        ((SECONDS < deadline)) && kill -0 "${pid_of[postgresql]}" 2>/dev/null ||
            { cat "$work/postgresql.log" && return 1; }
        sleep 0.1
    done
    # Not what the shell has started, which has changed the user for it.
    pid_of[postgresql]="$(head -n 1 "$folder/data/postmaster.pid")"
}

stop_postgresql() {
    local pid=${pid_of[postgresql]:-}
    [[ -n "$pid" ]] || return 0
    kill -INT "$pid" 2>/dev/null || true
    while kill -0 "$pid" 2>/dev/null; do sleep 0.1; done
    unset "pid_of[postgresql]" "port_of[postgresql]"
    rm -rf "$work/postgresql"
}

url_of_database() {
    echo "postgresql://$postgresql_user@127.0.0.1:${port_of[postgresql]}/$1"
}

query() {
    psql -X -q -A -t -v ON_ERROR_STOP=1 "$(url_of_database "$1")" "${@:2}"
}

make_database() {
    query postgres <<<"create database $1"
}

database_cpu_us() {
    local ended
    ended="$(sed 's/.*) //' "/proc/${pid_of[postgresql]}/stat" | awk '{ print $14 + $15 }')"
    awk -v live="$(cpu_ns postgresql)" -v ended="$ended" -v hertz="$(getconf CLK_TCK)" \
        'BEGIN { printf "%.0f\n", live / 1000 + ended * 1e6 / hertz }'
}

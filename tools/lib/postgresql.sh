#!/usr/bin/env bash
# A PostgreSQL server of one's own, for tests and measurements: whoever calls this can have one, on
# a free port of 127.0.0.1 alone, with a password, in a folder that goes with it. It is fast because
# it may lose everything when the machine stops; the end of its processes loses nothing.
#
#   postgresql.sh start FOLDER [PID]   prints its URL, which FOLDER/url holds, too; after stop or
#                                      kill the same data on the same port. With PID it goes, data
#                                      and all, once that process has ended; `parent`: the caller.
#   postgresql.sh renew FOLDER [PID]   remove, then start
#   postgresql.sh stop FOLDER          ends it
#   postgresql.sh kill FOLDER          ends every process of it at once (SIGKILL)
#   postgresql.sh abort FOLDER         ends it by its own immediate shutdown
#   postgresql.sh halt FOLDER          stops every process of it as if the machine hung
#   postgresql.sh resume FOLDER        lets them go on
#   postgresql.sh remove FOLDER        ends it and deletes its data, its log excepted
#   postgresql.sh with COMMAND ...     runs a command that finds a server in its environment:
#                                      BULKHEAD_TEST_ENGINE, BULKHEAD_TEST_POSTGRESQL (the URL)
#
# FOLDER is made if need be. What every server begins with is kept beside it as
# template-VERSION.tar. PostgreSQL refuses to run as root: for root it runs as `postgres`, or as
# `nobody`.
set -euo pipefail
umask 077

longest_wait_seconds=60
# Above what services have, below what the kernel gives to clients: nobody takes the port of a
# server that was killed before it starts again.
lowest_port=20000
ports=12000

fail() {
    printf '%s\n' "$*" >&2
    exit 1
}

find_programs() {
    local found
    found="$(printf '%s\n' /usr/lib/postgresql/*/bin/postgres | sort -V | tail -n 1)"
    [[ -x "$found" ]] || found="$(command -v postgres)" ||
        fail "PostgreSQL is not installed here: apt-get install postgresql-15, then repeat."
    programs="$(dirname "$(readlink -f "$found")")"
}

choose_user() {
    user=postgres
    id -u "$user" >/dev/null 2>&1 || user=nobody
}

as_server() {
    if ((EUID == 0)); then
        setpriv --reuid "$user" --regid "$(id -g "$user")" --clear-groups --no-new-privs -- "$@"
    else
        "$@"
    fi
}

# Where servers lie: the caller's folder may be one that the server's user cannot enter, or too deep
# for the name of a socket.
make_place() {
    local place
    place="$(mktemp -d "${TMPDIR:-/tmp}/bulkhead-postgresql-XXXXXX")"
    ((EUID != 0)) || chown "$user:" "$place"
    echo "$place"
}

# Odd where a server may be odd, so that what depends on the server's own taste is found.
settings() {
    cat <<'SETTINGS'
listen_addresses = '127.0.0.1'
max_connections = 200
shared_buffers = 16MB
dynamic_shared_memory_type = mmap
fsync = off
full_page_writes = off
synchronous_commit = off
min_wal_size = 8MB
max_wal_size = 128MB
autovacuum = off
jit = off
timezone = 'Asia/Kathmandu'
datestyle = 'SQL, DMY'
lc_messages = 'C'
SETTINGS
}

make_template() {
    local template=$1 place
    place="$(make_place)"
    cd "$place"
    od -An -N16 -tx1 /dev/urandom | tr -d ' \n' >password
    ((EUID != 0)) || chown "$user:" password
    as_server "$programs/initdb" -D data --no-sync --no-instructions --auth=scram-sha-256 \
        --username=bulkhead --pwfile=password --locale=C.UTF-8 --encoding=UTF8 --wal-segsize=1 \
        >initdb.log 2>&1 || fail "initdb failed: $(tail -n 5 initdb.log)"
    settings >>data/postgresql.conf
    tar -cf template.tar data password
    mv template.tar "$template.$$"
    mv "$template.$$" "$template"
    cd / && rm -rf "$place"
}

make_data() {
    local version template
    version="$("$programs/postgres" --version | awk '{ print $3 }')"
    template="$(dirname "$folder")/template-$version.tar"
    [[ -s "$template" ]] || make_template "$template"
    place="$(make_place)"
    ln -sfn "$place" "$folder/place"
    as_server tar -x --no-same-owner -f - -C "$place" <"$template"
    rm -f "$folder/port"
}

process_of_server() {
    head -n 1 "$place/data/postmaster.pid" 2>/dev/null || true
}

# The state of a process and its parent; nothing once it has ended. Who waits for it may be slow to.
state_of() {
    local line
    read -r line 2>/dev/null <"/proc/$1/stat" || return 0
    read -r state parent _ <<<"${line##*) }"
    [[ $state == [ZX] ]] || echo "$state $parent"
}

runs() {
    [[ -n "$1" && -n "$(state_of "$1")" ]]
}

children_of() {
    local file pid state parent
    for file in /proc/[0-9]*/stat; do
        pid="${file//[^0-9]/}"
        read -r state parent <<<"$(state_of "$pid")"
        [[ "$parent" != "$1" ]] || echo "$pid"
    done
}

signal_all() {
    local pid
    pid="$(process_of_server)"
    runs "$pid" || fail "No server runs in $place."
    kill "-$1" "$pid"
    # shellcheck disable=SC2046
    kill "-$1" $(children_of "$pid") 2>/dev/null || true
}

await_end_of() {
    local pid given_up=$((SECONDS + longest_wait_seconds))
    for pid in "$@"; do
        while runs "$pid"; do
            ((SECONDS < given_up)) || fail "Process $pid of the server in $place does not end."
            sleep 0.01
        done
    done
}

launch() {
    as_server "$programs/pg_ctl" start -D "$place/data" -l "$place/log" -s -w \
        -t "$longest_wait_seconds" -o "-p $1 -k $place" >/dev/null 2>&1 </dev/null
}

launch_on_free_port() {
    local port tries
    for ((tries = 0; tries < 50; ++tries)); do
        port=$((lowest_port + RANDOM % ports))
        if launch "$port"; then
            echo "$port" >"$folder/port"
            return
        fi
        grep -q 'could not create any TCP/IP sockets' "$place/log" || return 1
    done
    return 1
}

start() {
    place="$(readlink "$folder/place" || true)"
    if [[ -n "$place" && -d "$place/data" && -s "$folder/port" ]]; then
        runs "$(process_of_server)" || launch "$(cat "$folder/port")" || could_not_start
    else
        make_data
        launch_on_free_port || could_not_start
    fi
    write_url
    if [[ -n "$1" ]]; then
        setsid "$self" watch "$folder" "$1" "$place" >/dev/null 2>&1 </dev/null &
    fi
    cat "$folder/url"
}

could_not_start() {
    fail "PostgreSQL did not start in $place: $(tail -n 5 "$place/log" 2>/dev/null)"
}

write_url() {
    printf 'postgresql://bulkhead:%s@127.0.0.1:%s/postgres\n' \
        "$(cat "$place/password")" "$(cat "$folder/port")" >"$folder/url.new"
    mv "$folder/url.new" "$folder/url"
}

stop() {
    local pid
    pid="$(process_of_server)"
    runs "$pid" || return 0
    as_server "$programs/pg_ctl" stop -D "$place/data" -m "${1:-fast}" -s -w -t "$longest_wait_seconds"
    await_end_of "$pid"
}

# The first process is halted before the rest is counted, because it would start others meanwhile.
# Its file goes, because the next start would take a process that nobody has waited for as alive;
# the last field of its line 7 is the number of what it leaves behind in the kernel.
kill_all() {
    local pid children memory file="$place/data/postmaster.pid"
    pid="$(process_of_server)"
    [[ -n "$pid" ]] || return 0
    if runs "$pid"; then
        kill -STOP "$pid"
        mapfile -t children < <(children_of "$pid")
        kill -KILL "$pid" "${children[@]}" 2>/dev/null || true
        await_end_of "$pid" "${children[@]}"
    fi
    memory="$(awk 'NR == 7 { print $2 }' "$file")"
    [[ -z "$memory" ]] || ipcrm -m "$memory" 2>/dev/null || true
    rm -f "$file" "$place"/.s.PGSQL.*
}

remove() {
    kill_all
    cp "$place/log" "$folder/log" 2>/dev/null || true
    rm -rf "$place" "$folder/place" "$folder/port" "$folder/url"
}

watch() {
    while runs "$1" && [[ -d "$2" ]]; do
        sleep 1
    done
    [[ "$(readlink "$folder/place")" != "$2" ]] || remove
}

run_with() {
    folder="$(mktemp -d "${TMPDIR:-/tmp}/bulkhead-postgresql-XXXXXX")/server"
    trap '"$self" remove "$folder"; rm -rf "$(dirname "$folder")"' EXIT
    BULKHEAD_TEST_POSTGRESQL="$("$self" start "$folder" $$)" BULKHEAD_TEST_ENGINE=postgresql "$@"
}

self="$(realpath "${BASH_SOURCE[0]}")"
usage="usage: postgresql.sh start|renew FOLDER [PID], stop|kill|remove|abort|halt|resume FOLDER, with COMMAND ..."
(($# >= 2)) || fail "$usage"
command=$1
shift
find_programs
choose_user
if [[ "$command" == with ]]; then
    run_with "$@"
    exit
fi

mkdir -p "$1"
folder="$(cd "$1" && pwd)"
place="$(readlink "$folder/place" || true)"
cd /
case $command in
    start | renew)
        [[ "${2:-}" != parent ]] || set -- "$1" "$PPID"
        [[ "$command" == start || -z "$place" ]] || remove
        start "${2:-}" ;;
    watch) watch "$2" "$3" ;;
    stop | kill | remove)
        [[ -n "$place" ]] || exit 0
        "${command/kill/kill_all}" ;;
    abort) stop immediate ;;
    halt) signal_all STOP ;;
    resume) signal_all CONT ;;
    *) fail "$usage" ;;
esac

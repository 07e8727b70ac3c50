# shellcheck shell=bash
# Debian packages by purpose, and their installation: only what is missing, nothing recommended.
# Sourced by the tools after progress.sh.
#
#   step "installing" install_packages build run
#   leave_root "$0" "$@"      go on as whoever called sudo, so that build/ and var/ are theirs

packages_for() {
    case $1 in
        build) echo g++ cmake ninja-build ccache libboost-json1.81-dev libboost-url1.81-dev \
            libsoci-dev libsqlite3-dev libpq-dev libssl-dev libtomlplusplus-dev libspdlog-dev \
            libfmt-dev libcli11-dev libargon2-dev prometheus-cpp-dev libdw-dev \
            zlib1g-dev libbrotli-dev ;;
        run) echo curl ;;
        test) echo catch2 gcovr curl dpkg-dev file postgresql-15 ;;
        check) echo git clang-format-19 clang-tidy-19 pmccabe shellcheck abigail-tools ;;
        bench) echo wrk nginx strace curl bsdextrautils postgresql-15 libpq-dev sqlite3 \
            "$(command -v npm >/dev/null || echo nodejs npm ca-certificates)" ;;
        package) echo catch2 dpkg-dev file ;;
        fuzz) echo clang-19 libclang-rt-19-dev ;;
        *) fail "tools/lib/packages.sh knows no purpose '$1': build, run, test, check, bench," \
            "package, fuzz." ;;
    esac
}

missing_packages() {
    local purpose more wanted=() package
    for purpose in "$@"; do
        read -ra more <<<"$(packages_for "$purpose")"
        wanted+=("${more[@]}")
    done
    for package in "${wanted[@]}"; do
        [[ "$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null)" == installed ]] ||
            echo "$package"
    done | sort -u
}

as_root() {
    if ((EUID == 0)); then
        "$@"
    else
        sudo "$@"
    fi
}

# Debian's package of PostgreSQL would start a server of its own on this machine, for good. Nobody
# here asks for it, and whoever has it keeps it.
server_of_its_own() {
    local folder=/etc/postgresql-common/createcluster.d
    [[ " ${missing[*]} " == *" postgresql-15 "* ]] || return 0
    case $1 in
        forbid) as_root mkdir -p "$folder" &&
            echo "create_main_cluster = false" | as_root tee "$folder/bulkhead.conf" ;;
        allow) as_root rm -f "$folder/bulkhead.conf" ;;
    esac || true
}

install_packages() {
    local missing status=0
    command -v dpkg-query >/dev/null || {
        echo "No dpkg here: this system's own packages are taken as they are."
        return
    }
    mapfile -t missing < <(missing_packages "$@")
    ((${#missing[@]} > 0)) || return 0
    echo "Missing: ${missing[*]}"
    if ((EUID != 0)) && ! command -v sudo >/dev/null; then
        echo "Packages are missing, and neither root nor sudo is there to install them; as root:" \
            "apt-get install -y --no-install-recommends ${missing[*]}"
        return 1
    fi
    server_of_its_own forbid
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -q update -o Acquire::Retries=3 &&
        as_root env DEBIAN_FRONTEND=noninteractive apt-get -q install -y --no-install-recommends \
            -o Acquire::Retries=3 -o DPkg::Lock::Timeout=120 "${missing[@]}" || status=1
    server_of_its_own allow
    return "$status"
}

leave_root() {
    if ((EUID == 0)) && [[ "${SUDO_UID:-0}" != 0 && "$(stat -c %u "$root")" == "$SUDO_UID" ]]; then
        chown -R "$SUDO_UID" "$root/build"
        exec sudo -H -u "#$SUDO_UID" -- "$@"
    fi
}

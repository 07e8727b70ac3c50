# shellcheck shell=bash
# What tools/bench/run can measure. A file that it sources declares its part by one line, and
# measures it in a function bench_NAME:
#
#   part NAME [PREPARATION ...]     each preparation is a function prepare_NAME, run once
#   is_part NAME
#   preparations                    those of the chosen parts, each once

all_parts=()
parts=()
declare -A preparation_of=()

part() {
    all_parts+=("$1")
    preparation_of[$1]="${*:2}"
}

is_part() {
    [[ -n "${preparation_of[$1]+declared}" ]]
}

preparations() {
    local name
    for name in "${parts[@]}"; do
        tr ' ' '\n' <<<"${preparation_of[$name]}"
    done | grep . | sort -u || true
}

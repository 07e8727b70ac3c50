#!/usr/bin/env bash
# Holds the SDK's binary interface against the recorded one: the functions of the core that the SDK's
# headers declare, and the layout of the types that they define. Additions pass; what a module that is
# built already would trip over fails. docs/sdk-versions.md has the rules.
#
#   tools/lib/sdk-interface.sh [--record] [BUILD]     BUILD: a built folder (default: build/dev);
#                                                     --record replaces the recorded interface
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
recorded=tests/sdk/interface.abi
record=no
[[ "${1:-}" != --record ]] || { record=yes && shift; }
build=${1:-build/dev}
library=$build/libbulkhead.so
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT

number_of() {
    sed -nE "s/^inline constexpr int $1 = ([0-9]+);$/\1/p" core/include/bulkhead/manifest.hpp
}

symbols() {
    nm -D --defined-only "$library" | awk '$2 ~ /[TDV]/ && $3 ~ /8bulkhead/ { print $3 }' | sort -u |
        while read -r symbol; do echo "$symbol $(c++filt -- "$symbol")"; done
}

# Headers first, so that they are read before the symbols that they are to explain.
write_probe() {
    symbols >"$work/symbols"
    (cd core/include && printf '#include <%s>\n' bulkhead/*.hpp)
    awk -f tools/lib/sdk-probe.awk core/include/bulkhead/*.hpp "$work/symbols"
}

# No debug information for templates: those of the standard library would be most of the record, and
# a module's compiler stamp holds them still.
present_interface() {
    write_probe >"$work/probe.cpp"
    "${CXX:-g++}" -std=c++20 -O0 -g -fPIC -shared -fno-access-control -w -Icore/include \
        -femit-class-debug-always -femit-struct-debug-detailed=ord:any,gen:none -ffile-prefix-map="$work/=" \
        -o "$work/interface.so" "$work/probe.cpp"
    abidw --headers-dir core/include --drop-private-types --no-show-locs --no-comp-dir-path \
        --no-corpus-path --no-parameter-names --no-elf-needed "$work/interface.so" |
        sed "1a <!-- SDK $sdk -->"
}

sdk="$(number_of sdk_major).$(number_of sdk_minor)"
[[ -f "$library" ]] || { echo "$library is not there: cmake --build --preset dev" && exit 1; }
present_interface >"$work/interface.abi"
if [[ "$record" == yes ]]; then
    cp "$work/interface.abi" "$recorded"
    echo "$recorded holds the interface of SDK $sdk now: read its diff before you commit it."
    exit
fi

recorded_sdk="$(sed -nE '2s/.*SDK ([0-9.]+).*/\1/p' "$recorded")"
if [[ "${sdk%.*}" != "${recorded_sdk%.*}" ]]; then
    echo "The headers say SDK $sdk, the recorded interface is that of $recorded_sdk:" \
        "record the new one with tools/check --record-sdk, and read its diff."
    exit 1
fi
if ! abidiff --no-added-syms "$recorded" "$work/interface.abi" >"$work/report"; then
    echo "Modules built against SDK $recorded_sdk would break on this core, and sdk_major does not say" \
        "so. Undo the change, or raise sdk_major in manifest.hpp; if no built module can notice it," \
        "record it with tools/check --record-sdk."
    sed -E 's/sdk_(_Z)/\1/g' "$work/report" | c++filt
    exit 1
fi
[[ "$sdk" == "$recorded_sdk" ]] || {
    echo "Nothing of SDK $recorded_sdk broke; what SDK $sdk adds is not recorded yet:" \
        "tools/check --record-sdk, and read the diff."
    exit 1
}

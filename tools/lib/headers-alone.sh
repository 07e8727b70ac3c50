#!/usr/bin/env bash
# Compiles every header on its own, so that none depends on what stands before it in some .cpp.
# Those that are the first include of a .cpp are left out: the build compiles them alone already.
# Prints the compiler's words for each that does not compile, then how many did; fails if any did not.
#
#   tools/lib/headers-alone.sh [BUILD]     a configured build folder, for its links to the modules'
#                                          api/ folders (default: build/dev)
set -euo pipefail
build="$(realpath "${1:-"$(dirname "${BASH_SOURCE[0]}")/../../build/dev"}")"
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

# Through standard input, because a #pragma once in the main file is a warning.
compile_alone() {
    echo "#include \"$1\"" | "${CXX:-g++}" -std=c++20 -fsyntax-only -Wall -Wextra -Wpedantic -Werror \
        -I. -Icore/include -Icore -Itests -Itests/support -I"$api" \
        -DBULKHEAD_SOURCE_DIR='""' -DBULKHEAD_BUILD_DIR='""' -DBULKHEAD_CMAKE='""' \
        -DBULKHEAD_TEST_MODULES='""' -DBULKHEAD_MODULES_DIR='""' \
        -DBULKHEAD_FIXTURES_DIR='""' -DBULKHEAD_PROGRAM='""' -x c++ - || {
        echo "$1 does not compile alone: include in it what it uses."
        return 1
    }
}
export -f compile_alone
export api="$build/api"

# Paths of the headers that a .cpp includes first.
first_includes() {
    local file line header folder
    while IFS=: read -r file line; do
        header="$(sed -E 's/.*[<"]([^>"]+)[>"].*/\1/' <<<"$line")"
        for folder in "$(dirname "$file")" core core/include tests tests/support; do
            [[ ! -f "$folder/$header" ]] || echo "$folder/$header"
        done
    done < <(find core modules app tests -name '*.cpp' -exec grep -m 1 -H '^#include' {} +)
}

mapfile -t headers < <(comm -23 <(find core modules app tests -name '*.hpp' | sort) \
    <(first_includes | sort -u))
status=0
# shellcheck disable=SC2016  # $1 belongs to the inner bash.
printf '%s\n' "${headers[@]}" | xargs -P "$(nproc)" -I{} bash -c 'compile_alone "$1"' _ {} || status=1
echo "${#headers[@]} headers compiled alone; the others stand first in a .cpp"
exit "$status"

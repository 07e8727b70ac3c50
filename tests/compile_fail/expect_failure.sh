#!/bin/sh
# expect_failure.sh COMPILER INCLUDE_DIR FILE: passes when FILE does not compile and the compiler
# says what the first line of FILE expects.
set -eu

compiler=$1 include_dir=$2 file=$3
expected=$(sed -n '1s|^// expect: ||p' "$file")
if [ -z "$expected" ]; then
    echo "$file: the first line must be '// expect: <part of the compiler's message>'" >&2
    exit 2
fi

# The C locale: plain quotes, English.
if said=$(LC_ALL=C "$compiler" -std=c++20 -Wall -Wextra -Werror -fsyntax-only \
    -I "$include_dir" "$file" 2>&1); then
    echo "$file compiles, though it breaks a rule; expected: $expected" >&2
    exit 1
fi
case $said in
*"$expected"*) ;;
*)
    printf '%s\n' "$said" "$file is refused for another reason; expected: $expected" >&2
    exit 1
    ;;
esac

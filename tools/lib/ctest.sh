# shellcheck shell=bash
# Running ctest and counting what it says. Sourced by the tools after build.sh, in $root.
#
#   test_preset dev [ctest arguments]     one step; adds to $passed and $failed

passed=0
failed=0

# Counts from JUnit's <testcase status="run|fail|notrun|disabled">. A test that could not even be
# run has failed, unless it asked to be skipped (SKIP_RETURN_CODE and the like).
count_junit() {
    local ran bad
    [[ -s $1 ]] || {
        echo "ctest wrote no results."
        failed=$((failed + 1))
        return
    }
    read -r ran bad < <(awk '
        /<testcase / { open = $0; if ($0 ~ /status="run"/) ran++; else if ($0 ~ /status="fail"/) bad++ }
        /<skipped / && open ~ /status="notrun"/ && $0 !~ /message="SKIP_/ { bad++ }
        END { print ran + 0, bad + 0 }' "$1")
    passed=$((passed + ran))
    failed=$((failed + bad))
}

test_preset() {
    local preset=$1 results="$root/build/$1/results.xml" status=0 failed_before=$failed
    shift
    rm -f "$results"
    step "testing $preset" ctest --preset "$preset" -j "$jobs" --timeout 300 \
        --output-junit "$results" "$@" || status=$?
    count_junit "$results"
    ((status == 0)) || grep -vE '^ *Start +[0-9]+: | Passed +[0-9.]+ sec$' "$step_log" || true
    # ctest also refuses for reasons that are no test's, such as finding none.
    ((status == 0 || failed > failed_before)) || failed=$((failed + 1))
}

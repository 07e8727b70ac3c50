# shellcheck shell=bash
# Step lines with a running percentage: "[2/5] building ... 40 % 85 % 12 s". Sourced by the tools,
# which have set $root.
#
#   steps 5                      how many there will be
#   step "building" COMMAND ...  runs it, its output in $step_log; returns its status
#   give_up "Building failed."   after a failed step: end of its log, the sentence, exit 1
#   fail "Sentence."             says why it cannot go on, exit 1

step_total=0
step_number=0
step_log=""

fail() {
    printf '%s\n' "$*" >&2
    exit 1
}

steps() {
    step_total=$1
    mkdir -p "$root/build/logs" 2>/dev/null ||
        fail "The folder build/ cannot be written: make it yours (chown) or free some space, then repeat."
}

step() {
    local name=$1 started=$SECONDS status=0 watcher
    shift
    step_number=$((step_number + 1))
    step_log="$root/build/logs/$step_number-${name//[^a-z0-9]/-}.log"
    printf '[%d/%d] %s ...' "$step_number" "$step_total" "$name"
    : >"$step_log"
    show_percentage "$step_log" &
    watcher=$!
    "$@" >"$step_log" 2>&1 || status=$?
    kill "$watcher" 2>/dev/null
    wait "$watcher" 2>/dev/null || true
    printf ' %d s\n' $((SECONDS - started))
    return "$status"
}

# Follows a log of ninja ("[12/80] ...") or ctest (" 12/80 Test ...") until it is killed, or until
# the tool that started it is gone.
show_percentage() {
    local log=$1 shown=0 done_count total percent
    while sleep 5 >/dev/null 2>&1 && kill -0 $$ 2>/dev/null; do
        read -r done_count total < <(tail -n 20 "$log" |
            sed -nE 's|^ *\[?([0-9]+)/([0-9]+)[] ].*|\1 \2|p' | tail -n 1) || continue
        percent=$((100 * done_count / (total > 0 ? total : 1)))
        if ((percent >= shown + 10 && percent < 100)); then
            shown=$percent
            printf ' %d %%' "$percent"
        fi
    done
}

# The known reasons why a step can fail that are not the project's fault, as a sentence.
cause_in() {
    local pattern sentence
    while IFS='|' read -r pattern sentence; do
        if grep -qiE "${pattern//;/|}" "$1"; then
            printf '%s\n' "$sentence"
            return
        fi
    done <<'CAUSES'
no space left on device|The disk is full: free about 3 GB, then repeat.
could not resolve;temporary failure resolving;failed to fetch;unable to connect|The package server cannot be reached: check the network, then repeat.
unable to locate package;has no installation candidate|This system does not offer one of the packages: Debian 12 (bookworm) does.
read-only file system;permission denied|Something cannot be written: repeat as the owner of this folder.
killed signal terminated;cannot allocate memory;virtual memory exhausted|The compiler ran out of memory: give it 2 GB, or repeat with JOBS=1.
CAUSES
}

give_up() {
    local cause
    cause="$(cause_in "$step_log")"
    tail -n 40 "$step_log" >&2
    fail "$1${cause:+ $cause} The whole output is in ${step_log#"$root"/}."
}

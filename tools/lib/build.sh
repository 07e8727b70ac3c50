# shellcheck shell=bash
# Configuring and building by preset. Sourced by the tools after progress.sh, in $root.
#
#   need_space_mb 3000
#   build_preset dev [TARGET ...]     two steps; gives up with a sentence

jobs="${JOBS:-$(nproc)}"

# Lets clones in different folders share what ccache keeps.
export CCACHE_BASEDIR="$root" CCACHE_NOHASHDIR=1

need_space_mb() {
    local free_mb
    free_mb="$(df -Pm "$root" | awk 'NR == 2 { print $4 }')"
    [[ -d "$root/build" ]] || ((free_mb >= $1)) ||
        fail "Building takes about $1 MB, and $free_mb MB are free on this disk: free some space, then repeat."
}

build_preset() {
    local preset=$1 targets=()
    shift
    (($# == 0)) || targets=(--target "$@")
    step "configuring $preset" cmake --preset "$preset" || give_up "Configuring failed."
    step "building $preset" cmake --build --preset "$preset" -j "$jobs" "${targets[@]}" ||
        give_up "Building failed."
}

# shellcheck shell=bash
# Which files are the project's. Sourced by the tools, in $root.
#
#   sources '*.hpp' '*.cpp'        all that are tracked, or new and not ignored
#   changed_sources '*.cpp'        those of them that differ from where this branch left the main one

sources() {
    git ls-files --cached --others --exclude-standard --deduplicate -- "$@" | existing
}

changed_sources() {
    local base
    base="$(git merge-base HEAD origin/main 2>/dev/null || git merge-base HEAD origin/master 2>/dev/null ||
        git rev-parse --verify -q HEAD~ 2>/dev/null || git hash-object -t tree /dev/null)"
    {
        git diff --name-only "$base" -- "$@"
        git ls-files --others --exclude-standard -- "$@"
    } | sort -u | existing
}

existing() {
    local file
    while read -r file; do
        [[ ! -f "$file" ]] || echo "$file"
    done
}

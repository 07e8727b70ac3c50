# Finds blocks that stand in two places: 8 or more lines in a row that are equal once spaces,
# comments, includes and lines without a word are left out. Fails if there is one.
#
#   awk -f tools/lib/duplicates.awk FILE ...

function normalised(line) {
    sub(/\/\/.*/, "", line)
    gsub(/[ \t]+/, " ", line)
    gsub(/^ | $/, "", line)
    return line ~ /[A-Za-z0-9]/ && line !~ /^(#|using |namespace |public:|private:)/ ? line : ""
}

FNR == 1 { count = 0 }

{
    line = normalised($0)
    if (line == "")
        next
    ++count
    text[count] = line
    place[count] = FNR
    if (count < 8)
        next
    block = ""
    for (i = count - 7; i <= count; ++i)
        block = block "\n" text[i]
    first = place[count - 7]
    # One long copy is many overlapping blocks: only its first is reported.
    if (!(block in seen)) {
        seen[block] = FILENAME ":" first
    } else if (FILENAME != reported_file || first > reported_until) {
        printf "%s:%d repeats %s: let one place hold it\n", FILENAME, first, seen[block]
        ++found
    }
    if (seen[block] != FILENAME ":" first) {
        reported_file = FILENAME
        reported_until = FNR
    }
}

END { exit found > 0 }

# Writes the C++ file whose debug information is the SDK's binary interface: a variable for each type
# that the headers define, and for each symbol of the core that they declare, a pointer of that
# function's type. Read by tools/lib/sdk-interface.sh.
#
#   awk -f sdk-probe.awk HEADER ... SYMBOLS     SYMBOLS: "MANGLED DEMANGLED" per line, from nm
#
# A symbol is the SDK's if its last name is called in a header and the namespaces and classes around
# it are all opened in one. The headers are taken as clang-format leaves them: what a namespace
# declares begins in the first column, and its closing brace says its name.

FILENAME ~ /\.hpp$/ { read_header_line($0); next }
FNR == 1 { print_types() }
{ print_symbol($1, substr($0, length($1) + 2)) }

function read_header_line(line,    name) {
    if (FNR == 1)
        scope = ""
    gsub(/\[\[[a-z]+\]\] /, "", line)
    if (match(line, /^namespace [a-z_:]+ \{/)) {
        outer = scope
        scope = scope substr(line, 11, RLENGTH - 12) "::"
        opened_at = FNR
    } else if (line == "}" && opened_at == FNR - 2)
        scope = outer
    else if (sub(/^\}  \/\/ namespace /, "", line))
        sub(line "::$", "", scope)
    note_opened(line)
    if (line ~ /^(class|struct|enum class) [A-Z][^;]*\{/ && before !~ /^(template|    requires)/ &&
        scope !~ /detail/) {
        name = line
        sub(/^(class|struct|enum class) /, "", name)
        sub(/[^A-Za-z0-9_].*/, "", name)
        types[++type_count] = scope name
    }
    before = line
    sub(/\/\/.*/, "", line)
    while (match(line, /~?[A-Za-z0-9_]+\(/)) {
        called[substr(line, RSTART, RLENGTH - 1)]
        line = substr(line, RSTART + RLENGTH)
    }
}

function note_opened(line,    names, count, i) {
    if (!match(line, /(^| )(namespace|class|struct) [A-Za-z0-9_:]+[^;]*\{/))
        return
    line = substr(line, RSTART, RLENGTH)
    sub(/.*(namespace|class|struct) /, "", line)
    sub(/[^A-Za-z0-9_:].*/, "", line)
    count = split(line, names, "::")
    for (i = 1; i <= count; i++)
        opened[names[i]]
}

function print_types(    i, name) {
    print "namespace {\ntemplate <class... A>\nstruct Taking {"
    print "    template <class R> static auto of(R (*f)(A...)) { return f; }"
    print "    template <class R, class C> static R (*of(R (C::*)(A...)))(C*, A...) { return {}; }"
    print "    template <class R, class C> static R (*of(R (C::*)(A...) const))(const C*, A...) { return {}; }"
    print "};\n}"
    for (i = 1; i <= type_count; i++) {
        name = types[i]
        gsub(/::/, "_", name)
        print types[i] "* sdk_type_" name ";"
    }
    # Templates have no debug information here, or the standard library would fill the record. The
    # one that crosses between modules and the core:
    print "char sdk_size_of_result_of_text[sizeof(bulkhead::Result<std::string>)];"
    print "char sdk_size_of_result_of_byte[sizeof(bulkhead::Result<char>)];"
    print "char sdk_place_in_result[1 + offsetof(bulkhead::Result<char>, value_)];"
    print "decltype(bulkhead::Result<char>::ok_)* sdk_state_of_result;"
    print "char sdk_size_of_id[sizeof(bulkhead::CallerId)];"
}

function is_of_the_sdk(text,    count, names, i) {
    count = split(text, names, "::")
    for (i = 1; i < count; i++)
        if (!(names[i] in opened))
            return 0
    last = names[count]
    around = names[count - 1]
    return (last in called) || (last in opened)
}

function print_symbol(mangled, text,    name, arguments) {
    gsub(/\[abi:[a-z0-9]+\]/, "", text)
    name = text
    sub(/^(vtable|typeinfo) for /, "", name)
    sub(/\(.*/, "", name)
    if (!is_of_the_sdk(name))
        return
    if (text ~ /^[a-z]+ for / || last == around || last ~ /^~/) {
        print "char sdk_" mangled ";"
        return
    }
    arguments = substr(text, length(name) + 2)
    sub(/\)( const)?$/, "", arguments)
    # Beside a template of the same name a function cannot be picked: only its name is recorded.
    print "auto sdk_" mangled " = [](auto taking) {"
    print "    if constexpr (requires { taking.of(&" name "); }) return taking.of(&" name ");"
    print "    else return char{};\n}(Taking<" arguments ">{});"
}

# shellcheck shell=bash disable=SC2154
# Generated modules for tools/bench/run, which has set $root, $build and $work.
#
#   write_ten_routes FILE          a module.cpp with ten shapes of eight fields and ten routes
#   build_module FILE SO           one source file into a module
#   compile_seconds LEVEL FILE     CPU seconds of compiling it, user + system
#   prepare_modules                $work/few.toml and $work/many.toml: the 3 shipped modules, and
#                                  $many with small ones; what was built before is taken as it is

part compile

module_flags=(-std=c++20 -fPIC -fvisibility=hidden -fvisibility-inlines-hidden -Wall -Wextra
    -I"$root/core/include")

write_ten_routes() {
    local number field
    {
        printf '#include <bulkhead/module.hpp>\n\nnamespace {\n\nusing namespace bulkhead;\n\nstruct Service {};\n'
        for number in {0..9}; do
            printf 'struct Shape%d {\n' "$number"
            for field in {0..3}; do
                printf '    std::string text%d;\n    std::int64_t number%d = 0;\n' "$field" "$field"
            done
            printf '    static auto fields() {\n        return shape('
            for field in {0..3}; do
                printf 'field("text%d", &Shape%d::text%d, length(0, 99)), ' "$field" "$number" "$field"
                printf 'field("number%d", &Shape%d::number%d, between(0, 9))' "$field" "$number" "$field"
                ((field == 3)) || printf ', '
            done
            printf ');\n    }\n};\n'
            if ((number % 2 == 0)); then
                printf 'Result<Created<Shape%d>> make%d(Service&, Body<Shape%d> wanted) { return Created<Shape%d>{*wanted}; }\n' \
                    "$number" "$number" "$number" "$number"
            else
                printf 'Result<Shape%d> show%d(Service&, Path<"id", Uuid>) { return Shape%d{}; }\n' \
                    "$number" "$number" "$number"
            fi
        done
        printf 'void routes(Routes<Service>& on) {\n'
        for number in {0..9}; do
            if ((number % 2 == 0)); then
                printf '    on.post("/shapes%d", make%d).open();\n' "$number" "$number"
            else
                printf '    on.get("/shapes%d/{id}", show%d).open();\n' "$number" "$number"
            fi
        done
        cat <<'CODE'
}

class ShapesModule final : public Module {
public:
    explicit ShapesModule(Core& core) { core.serve(routes, service_); }

private:
    Service service_;
};

}  // namespace

BULKHEAD_MODULE(.name = "shapes", .version = "1.0.0", .start = bulkhead::start<ShapesModule>)
CODE
    } >"$1"
}

compile_seconds() {
    local TIMEFORMAT='%3U %3S'
    { time g++ "${module_flags[@]}" "$1" -c "$2" -o "$work/compiled.o"; } 2>"$work/times" || {
        cat "$work/times" >&2
        return 1
    }
    awk 'END { printf "%.3f\n", $1 + $2 }' "$work/times"
}

write_small_module() {
    sed "s/NAME/$1/g" >"$2" <<'CODE'
#include <bulkhead/module.hpp>

namespace {

using namespace bulkhead;

struct Part {
    std::int64_t id = 0;
    std::string label;
    static auto fields() { return shape(field("id", &Part::id), field("label", &Part::label)); }
};

struct Service {
    db::Database& database;
};

Result<Part> show(Service& service, Path<"id", std::int64_t> id) {
    auto part = service.database.session().maybe<Part>(
        "select id, label from NAME_parts where id = :id", {{"id", *id}});
    if (!part)
        return Error::not_found("NAME.not_found", "No part with this id.");
    return *std::move(part);
}

void routes(Routes<Service>& on) {
    on.get("/NAME/{id}", show).open().summary("Show a part");
}

class PartsModule final : public Module {
public:
    explicit PartsModule(Core& core) : service_{core.database()} { core.serve(routes, service_); }

private:
    Service service_;
};

}  // namespace

std::span<const bulkhead::Migration> bulkhead::module_migrations() {
    static constexpr Migration files[] = {
        {"2026-11-20-12-00-create-NAME",
         "create table NAME_parts (id bigint not null primary key, label text not null)",
         "drop table NAME_parts"}};
    return files;
}

BULKHEAD_MODULE(.name = "NAME", .version = "1.0.0", .start = bulkhead::start<PartsModule>)
CODE
}

build_module() {
    g++ "${module_flags[@]}" -O2 -shared "$1" -o "$2.part" -L"$build" -lbulkhead \
        -Wl,--no-undefined -Wl,--version-script="$root/core/cmake/module.version" || return 1
    mv "$2.part" "$2"
}

build_small_module() {
    local name=$1 folder=$2
    [[ ! -f "$folder/$name.so" ]] || return 0
    write_small_module "$name" "$folder/$name.cpp"
    build_module "$folder/$name.cpp" "$folder/$name.so"
}

# Equal headers, an equal generator and an equal compiler give equal modules.
folder_of_small_modules() {
    {
        cat "$root"/core/include/bulkhead/*.hpp
        declare -f write_small_module build_module
        g++ --version
    } | sha256sum |
        awk -v root="$root" '{ print root "/build/bench/" substr($1, 1, 16) }'
}

write_configuration() {
    local file=$1 data=$2 name
    shift 2
    {
        printf '[server]\nlisten = "127.0.0.1:0"\ndata = "%s"\nprobation_seconds = 0\n' "$data"
        printf '[http]\nrequest_seconds = 30\n'
        printf '[database]\nurl = "sqlite://%s/bench.db"\n[log]\naccess = false\n' "$data"
        printf '[modules]\ndirectory = "modules"\n'
        for name in "$@"; do
            printf '[module.%s]\n' "$name"
        done
    } >"$file"
}

prepare_modules() {
    local count=$((many - 3)) small=() number folder
    folder="$(folder_of_small_modules)"
    mkdir -p "$folder" "$work/modules" "$work/few" "$work/many"
    for ((number = 1; number <= count; number++)); do
        small+=("part$number")
        printf '[%d/%d] part%d\n' "$number" "$count" "$number"
        build_small_module "part$number" "$folder" || return 1
    done
    cp "$folder"/*.so "$build"/modules/{users,auth,orders}.so "$work/modules"
    write_configuration "$work/few.toml" few users auth orders
    write_configuration "$work/many.toml" many users auth orders "${small[@]}"
    "$build/bulkhead" check --config "$work/many.toml"
}

bench_compile() {
    local level
    write_ten_routes "$work/ten_routes.cpp"
    for level in -O2 -O0; do
        measure "compile a module of ten routes, g++ $level" "s of CPU" \
            repeat 3 compile_seconds "$level" "$work/ten_routes.cpp" || return 1
    done
}

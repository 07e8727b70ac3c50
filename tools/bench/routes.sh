# shellcheck shell=bash disable=SC2154
# What routes cost: /json beside few and beside many other routes, in turns. Sourced by
# tools/bench/run.

part routes requests

few_routes=10
many_routes=1000

# Folders of ten, each with a list and its members, as an API that has grown looks.
write_routes_module() {
    local count=$1 name=$2 number
    cat <<'CODE'
#include <bulkhead/module.hpp>

namespace {

using namespace bulkhead;

struct Thing {
    std::int64_t id = 0;
    static auto fields() { return shape(field("id", &Thing::id)); }
};

struct Service {};

Result<Thing> list(Service&) { return Thing{}; }
Result<Thing> show(Service&, Path<"id", std::int64_t> id) { return Thing{*id}; }

void routes(Routes<Service>& on) {
CODE
    for ((number = 0; number < count; number += 2)); do
        printf '    on.get("/area%d/things%d", list).open();\n' $((number / 10)) "$number"
        printf '    on.get("/area%d/things%d/{id}", show).open();\n' $((number / 10)) "$number"
    done
    cat <<CODE
}

class RoutesModule final : public Module {
public:
    explicit RoutesModule(Core& core) { core.serve(routes, service_); }

private:
    Service service_;
};

}  // namespace

std::span<const bulkhead::Migration> bulkhead::module_migrations() { return {}; }

BULKHEAD_MODULE(.name = "$name", .version = "1.0.0", .start = bulkhead::start<RoutesModule>)
CODE
}

build_routes_module() {
    write_routes_module "$1" "routes$1" >"$work/routes$1.cpp"
    build_module "$work/routes$1.cpp" "$work/routes$1.so"
}

measure_routes() {
    build_routes_module "$few_routes" &&
        build_routes_module "$many_routes" &&
        start_bench_server few-routes "routes$few_routes" &&
        start_bench_server many-routes "routes$many_routes" &&
        load_in_turns "$work/routes-cpu" few-routes many-routes &&
        measure "CPU of GET /json beside $few_routes other routes" us \
            samples_of "cpu few-routes" "$work/routes-cpu" &&
        measure "CPU of GET /json beside $many_routes other routes" us \
            samples_of "cpu many-routes" "$work/routes-cpu" &&
        goal=1.1 measure "CPU beside $many_routes other routes, by that beside $few_routes" x \
            multiples_of few-routes many-routes "$work/routes-cpu"
}

bench_routes() {
    local status=0
    measure_routes || status=1
    stop_contenders
    return "$status"
}

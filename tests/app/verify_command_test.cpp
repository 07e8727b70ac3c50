// `bulkhead verify` and `bulkhead modules --graph`, as typed.

#include "support/deployment.hpp"

#include <boost/json/parse.hpp>
#include <catch2/catch.hpp>

namespace {

using Arguments = std::vector<std::string>;

constexpr auto* offenders = "[modules]\ndirectory = \"" BULKHEAD_OFFENDERS_DIR
                            "\"\n[module.shelf]\n[module.lonely]\n[module.squatter]\n";

}  // namespace

TEST_CASE("verify counts no breach of the shipped modules and ends with 0") {
    const Deployment deployment;

    const auto ended = deployment.run({"verify"});

    CHECK(ended.status == 0);
    CHECK(ended.output == "0 breaches in 3 modules\n");
    CHECK(ended.errors.empty());
}

TEST_CASE("verify leaves nothing behind") {
    const Deployment deployment;

    deployment.run({"verify"});

    for (const auto& entry : std::filesystem::directory_iterator(deployment.folder()))
        CHECK(entry.path() == deployment.config());
}

TEST_CASE("verify counts no breach in the sources of the shipped modules") {
    const auto [folder, counts] = GENERATE(
        table<std::string, std::string>({{"/modules", "0 breaches in 3 modules\n"},
                                         {"/modules/orders", "0 breaches in 1 module\n"}}));

    const auto ended =
        run_to_end(BULKHEAD_PROGRAM, {"verify", "--source", BULKHEAD_SOURCE_DIR + folder});

    CHECK(ended.status == 0);
    CHECK(ended.output == counts);
}

TEST_CASE("verify names each breach in one line and ends with 1") {
    const Deployment deployment;
    deployment.configure_as(offenders);

    const auto ended = deployment.run({"verify"});

    CHECK(ended.status == 1);
    CHECK_THAT(ended.output, Catch::Contains("lonely: needs: found: needs 'shelf' and uses nothing "
                                             "of it; expected: needs that are used; remedy: take "
                                             "it out of .needs.\n"));
    CHECK_THAT(ended.output,
               Catch::Contains("squatter: routes: found: POST /api/v1/hidden does not say who may "
                               "call it; expected: a scope or open() on each route; remedy: add "
                               ".scope(\"...\") with a name, or .open().\n"));
    CHECK_THAT(ended.errors, Catch::StartsWith("bulkhead: ") && Catch::Contains("breaches in") &&
                                 Catch::EndsWith("the list names each with its remedy\n"));
}

TEST_CASE("verify prints the same breaches as JSON") {
    const Deployment deployment;
    deployment.configure_as(offenders);

    const auto ended = deployment.run({"verify", "--json"});

    CHECK(ended.status == 1);
    const auto report = boost::json::parse(ended.output);
    const auto& first = report.at("breaches").at(0);
    for (const auto* name : {"module", "boundary", "found", "expected", "remedy"})
        CHECK_FALSE(first.at(name).as_string().empty());
    CHECK(report.at("modules").as_array().size() == 7);
}

TEST_CASE("modules --graph prints text by default, dot or Mermaid on demand, nothing else") {
    const Deployment deployment({.disabled = {"orders"}});
    const auto [arguments, output] = GENERATE(table<Arguments, std::string>({
        {{"modules", "--graph"},
         "auth 1.0.0 (running)\n  needs users (running)\n"
         "orders 1.0.0 (disabled)\n  needs users (running)\n"
         "users 1.0.0 (running)\n"},
        {{"modules", "--graph", "mermaid"},
         "graph TD\n    m1[\"auth 1.0.0<br/>running\"]\n    m2[\"orders 1.0.0<br/>disabled\"]\n"
         "    style m2 stroke-dasharray: 5 5\n    m3[\"users 1.0.0<br/>running\"]\n"
         "    m1 --> m3\n    m2 --> m3\n"},
        {{"modules", "--graph", "dot"},
         "digraph modules {\n    node [shape=box];\n"
         "    \"auth\" [label=\"auth 1.0.0\\nrunning\"];\n"
         "    \"orders\" [label=\"orders 1.0.0\\ndisabled\", style=dashed];\n"
         "    \"users\" [label=\"users 1.0.0\\nrunning\"];\n"
         "    \"auth\" -> \"users\";\n    \"orders\" -> \"users\";\n}\n"},
    }));

    const auto ended = deployment.run(arguments);

    CHECK(ended.status == 0);
    CHECK(ended.output == output);
}

TEST_CASE("a form that the graph does not have is wrong usage") {
    const auto ended = run_to_end(BULKHEAD_PROGRAM, {"modules", "--graph", "picture"});

    CHECK(ended.status == 2);
    CHECK_THAT(ended.errors, Catch::Contains("picture"));
}

#include "config/document.hpp"

#include "core/module/files.hpp"

#include <catch2/catch.hpp>
#include <cstdlib>

using namespace bulkhead;
using config::Document;

namespace {

enum class Colour : std::uint8_t { red, green };
constexpr std::array<std::string_view, 2> names(Colour) {
    return {"red", "green"};
}

struct Inner {
    std::int32_t depth = 1;
    static auto fields() { return shape(field("depth", &Inner::depth)); }
};

struct Options {
    std::string listen = "127.0.0.1:8080";
    std::int32_t workers = 4;
    std::int64_t bytes = 10;
    double ratio = 0.5;
    bool access = true;
    Colour colour = Colour::red;
    std::vector<std::string> order{"first"};
    std::optional<std::int32_t> maybe;
    Inner inner;

    static auto fields() {
        return shape(field("listen", &Options::listen, length(3, 20)),
                     field("workers", &Options::workers, between(0, 64)),
                     field("bytes", &Options::bytes), field("ratio", &Options::ratio),
                     field("access", &Options::access), field("colour", &Options::colour),
                     field("order", &Options::order, items(0, 3)), field("maybe", &Options::maybe),
                     field("inner", &Options::inner));
    }
};

Result<Options> read(std::string_view text, std::filesystem::path file = "plugins.toml") {
    auto document = Document::parse(text, std::move(file));
    if (!document)
        return document.error();
    Options options;
    if (auto done = document->read("server", table_of<Options>(), &options); !done)
        return done.error();
    return options;
}

std::string refusal(std::string_view text) {
    const auto options = read(text);
    return options ? "accepted" : options.error().message;
}

}  // namespace

TEST_CASE("every kind of value is read into its field") {
    const auto options = read(R"(
[server]
listen = "[::1]:80"
workers = 8
bytes = 9000000000
ratio = 2
access = false
colour = "green"
order = ["a", "b"]
maybe = 3
inner.depth = 7
)");

    REQUIRE(options);
    CHECK(options->listen == "[::1]:80");
    CHECK(options->workers == 8);
    CHECK(options->bytes == 9'000'000'000);
    CHECK(options->ratio == 2.0);
    CHECK_FALSE(options->access);
    CHECK(options->colour == Colour::green);
    CHECK(options->order == std::vector<std::string>{"a", "b"});
    CHECK(options->maybe == 3);
    CHECK(options->inner.depth == 7);
}

TEST_CASE("an absent table or key keeps the initial value") {
    const auto* text = GENERATE("", "[server]", "[other]\nworkers = 9");

    const auto options = read(text);

    REQUIRE(options);
    CHECK(options->workers == 4);
    CHECK(options->order == std::vector<std::string>{"first"});
    CHECK_FALSE(options->maybe);
}

TEST_CASE("a wrong table is refused in one sentence with file and line") {
    const auto [text, sentence] = GENERATE(table<std::string, std::string>({
        {"[server]\n\nlisen = 1",
         "plugins.toml:3: unknown key 'server.lisen'; did you mean 'server.listen'?"},
        {"[server]\ninner = {deph = 1}",
         "plugins.toml:2: unknown key 'server.inner.deph'; did you mean 'server.inner.depth'?"},
        {"[server]\nworkers = \"four\"",
         "plugins.toml:2: 'server.workers': expected an integer, found a string"},
        {"[server]\nworkers = 4.0",
         "plugins.toml:2: 'server.workers': expected an integer, found a number"},
        {"[server]\nlisten = 8080",
         "plugins.toml:2: 'server.listen': expected a string, found an integer"},
        {"[server]\naccess = 1",
         "plugins.toml:2: 'server.access': expected a boolean, found an integer"},
        {"[server]\norder = \"first\"",
         "plugins.toml:2: 'server.order': expected a list, found a string"},
        {"[server]\norder = [\n\"a\",\n1]",
         "plugins.toml:4: 'server.order[1]': expected a string, found an integer"},
        {"[server]\ninner = 3",
         "plugins.toml:2: 'server.inner': expected a table, found an integer"},
        {"[server]\nlisten = 2026-11-20",
         "plugins.toml:2: 'server.listen': expected a string, found a date"},
        {"# first line\nserver = 3",
         "plugins.toml:2: 'server': expected a table, found an integer"},
    }));

    CHECK(refusal(text) == sentence);
}

TEST_CASE("a broken limit is refused with the limit") {
    const auto [text, limit] = GENERATE(table<std::string, std::string>({
        {"workers = 65", "'server.workers' must be between 0 and 64; found 65"},
        {"workers = -1", "'server.workers' must be between 0 and 64; found -1"},
        {"workers = 9223372036854775807", "found 9223372036854775807"},
        {"maybe = 3000000000", "'server.maybe' must be"},
        {"listen = \"x\"", "'server.listen' must"},
        {"order = [\"1\", \"2\", \"3\", \"4\"]", "'server.order' must"},
        {"colour = \"blue\"", "'server.colour' must"},
        {"ratio = nan", "'server.ratio' must"},
    }));

    const auto sentence = refusal("[server]\n" + text);

    CHECK_THAT(sentence, Catch::StartsWith("plugins.toml:2: "));
    CHECK_THAT(sentence, Catch::Contains(limit));
}

TEST_CASE("the first wrong line of the file is the one that is named") {
    CHECK_THAT(refusal("[server]\nzzz = 1\nworkers = true\naaa = 1"),
               Catch::StartsWith("plugins.toml:2: unknown key 'server.zzz'"));
}

TEST_CASE("text that is no TOML is refused with its line") {
    const auto* text =
        GENERATE("[server]\nworkers = \n", "[server]\nworkers = 1 2", "[server]\na = 1\nworkers 3",
                 "[server]\nworkers = 1\nworkers = 2", "[server]\nlisten = \"\xff\xfe\"");

    const auto sentence = refusal(text);

    CHECK_THAT(sentence, Catch::StartsWith("plugins.toml:2: this is not TOML: ") ||
                             Catch::StartsWith("plugins.toml:3: this is not TOML: "));
    CHECK(sentence.find('\n') == std::string::npos);
}

TEST_CASE("env:NAME stands for what the environment holds") {
    ::setenv("BULKHEAD_TEST_VALUE", "10.0.0.1:80", 1);
    ::setenv("BULKHEAD_TEST_NUMBER", "12", 1);

    const auto options = read(
        "[server]\nlisten = \"env:BULKHEAD_TEST_VALUE\"\nworkers = \"env:BULKHEAD_TEST_NUMBER\"");

    REQUIRE(options);
    CHECK(options->listen == "10.0.0.1:80");
    CHECK(options->workers == 12);
}

TEST_CASE("file:PATH stands for what the file holds, without its last newline") {
    const test::TemporaryFolder folder;
    test::write(folder, "secrets/listen", "10.0.0.2:80\n");

    const auto options =
        read("[server]\nlisten = \"file:secrets/listen\"", folder.path() / "plugins.toml");

    REQUIRE(options);
    CHECK(options->listen == "10.0.0.2:80");
}

TEST_CASE("a reference to nothing is refused by name, and no value is shown") {
    ::unsetenv("BULKHEAD_TEST_UNSET");
    ::setenv("BULKHEAD_TEST_SECRET", "hunter2", 1);
    const auto [value, sentence] = GENERATE(table<std::string, std::string>({
        {"listen = \"env:BULKHEAD_TEST_UNSET\"", "names env:BULKHEAD_TEST_UNSET, which is not set"},
        {"listen = \"file:/no/such\"", "/no/such cannot be read (No such file or directory)"},
        {"listen = \"file:/dev/null\"", "/dev/null is not a regular file"},
        {"workers = \"env:BULKHEAD_TEST_SECRET\"", "env:BULKHEAD_TEST_SECRET holds"},
    }));

    const auto refused = refusal("[server]\n" + value);

    CHECK_THAT(refused, Catch::StartsWith("plugins.toml:2: 'server."));
    CHECK_THAT(refused, Catch::Contains(sentence));
    CHECK_THAT(refused, !Catch::Contains("hunter2"));
}

TEST_CASE("a sub-table of somebody else is left alone, as a table") {
    const std::array<std::string_view, 1> children{"settings"};
    const auto left = Document::parse("[a]\ndepth = 2\n[a.settings]\nx = 1", "f.toml");
    const auto wrong = Document::parse("[a]\nsettings = 1", "f.toml");
    Inner inner;

    const auto read = left->read("a", table_of<Inner>(), &inner, children);
    const auto refused = wrong->read("a", table_of<Inner>(), &inner, children);

    CHECK(read);
    CHECK(inner.depth == 2);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().message == "f.toml:2: 'a.settings': expected a table, found an integer");
}

TEST_CASE("sub-tables are listed in the order of the file") {
    const auto document =
        Document::parse("[module.users]\n[module.auth]\nx = 1\n[module.b]\n[zoo]", "f.toml");

    CHECK(document->tables_in("module") == std::vector<std::string>{"users", "auth", "b"});
    CHECK(document->tables_in("nothing").empty());
}

TEST_CASE("a top-level key that nobody reads is refused with the nearest") {
    const std::array<std::string_view, 2> known{"server", "http"};

    const auto refused = Document::parse("[http]\n[servr]", "f.toml")->allow_only(known);

    REQUIRE_FALSE(refused);
    CHECK(refused.error().message == "f.toml:2: unknown key 'servr'; did you mean 'server'?");
}

TEST_CASE("a place is the line of the key, or of what stands around it") {
    const auto document = Document::parse("\n[server]\nlisten = 1", "f.toml");

    CHECK(document->place("server.listen") == "f.toml:3");
    CHECK(document->place("server.absent") == "f.toml:2");
    CHECK(document->place("absent") == "f.toml");
}

TEST_CASE("a file that cannot be read is refused with its reason") {
    const test::TemporaryFolder folder;
    const auto [name, reason] = GENERATE(table<std::string, std::string>({
        {"absent.toml", "cannot be read (No such file or directory)"},
        {".", "is not a regular file"},
        {"huge.toml", "is larger than 1048576 bytes"},
    }));
    test::write(folder, "huge.toml", std::string(1'048'577, '#'));

    const auto document = Document::open(folder.path() / name);

    REQUIRE_FALSE(document);
    CHECK_THAT(document.error().message, Catch::Contains(reason));
    CHECK_THAT(document.error().message, Catch::Contains("--config"));
}

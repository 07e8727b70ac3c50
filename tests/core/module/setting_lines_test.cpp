#include "module/setting_lines.hpp"

#include <catch2/catch.hpp>
#include <cstdlib>

using namespace bulkhead;
using module::Setting;

namespace {

constexpr auto canary = "canary-5f3a";

struct Door {
    std::string name = "front";
    std::string password;
    static auto fields() {
        return shape(field("name", &Door::name), field("password", &Door::password));
    }
};

struct Everything {
    std::int32_t rooms = 3;
    bool open = true;
    std::string title = "inn";
    std::string url;
    std::string api_key;
    std::string key_file = "inn.pem";
    std::string pin;
    std::int32_t token_seconds = 900;
    std::vector<std::string> words{"a", "b"};
    std::vector<std::string> tokens;
    std::optional<std::string> note;
    Door door;
    std::vector<Door> doors;

    static auto fields() {
        return shape(
            field("rooms", &Everything::rooms), field("open", &Everything::open),
            field("title", &Everything::title), field("url", &Everything::url),
            field("api_key", &Everything::api_key), field("key_file", &Everything::key_file),
            field("pin", &Everything::pin, write_only),
            field("token_seconds", &Everything::token_seconds), field("words", &Everything::words),
            field("tokens", &Everything::tokens), field("note", &Everything::note),
            field("door", &Everything::door), field("doors", &Everything::doors));
    }
};

std::map<std::string, std::string> lines_of(const std::string& toml) {
    const auto document = config::Document::parse("[inn]\n" + toml, "plugins.toml");
    REQUIRE(document);
    Everything everything;
    REQUIRE(document->read("inn", table_of<Everything>(), &everything));
    std::map<std::string, std::string> lines;
    for (const auto& line : module::setting_lines(*document, "inn", everything))
        lines.emplace(line.key, line.value);
    return lines;
}

}  // namespace

TEST_CASE("every key of a table has its line, defaults included") {
    const auto lines = lines_of("rooms = 7\nwords = [\"x\"]\n");

    CHECK(lines.at("inn.rooms") == "7");
    CHECK(lines.at("inn.open") == "true");
    CHECK(lines.at("inn.title") == "inn");
    CHECK(lines.at("inn.key_file") == "inn.pem");
    CHECK(lines.at("inn.token_seconds") == "900");
    CHECK(lines.at("inn.words") == "[x]");
    CHECK(lines.at("inn.tokens") == "[]");
    CHECK(lines.at("inn.door.name") == "front");
    CHECK(lines.count("inn.note") == 0);
    CHECK(lines_of("note = \"n\"\n").at("inn.note") == "n");
}

TEST_CASE("no line shows a secret") {
    const std::string secret = canary;
    ::setenv("BULKHEAD_SETTING_CANARY", canary, 1);
    const auto [toml, key, shown] = GENERATE_COPY(table<std::string, std::string, std::string>(
        {{"title = \"env:BULKHEAD_SETTING_CANARY\"", "title", "env:BULKHEAD_SETTING_CANARY"},
         {"words = [\"a\", \"env:BULKHEAD_SETTING_CANARY\"]", "words",
          "[a, env:BULKHEAD_SETTING_CANARY]"},
         {"url = \"db://me:" + secret + "@host/name\"", "url", "db://host/name"},
         {"url = \"db://me:a@b/" + secret + "@host/name\"", "url", "db://host/name"},
         {"url = \"db://host/name?password=" + secret + "\"", "url", "db://host/name"},
         {"api_key = \"" + secret + "\"", "api_key", "(hidden)"},
         {"pin = \"" + secret + "\"", "pin", "(hidden)"},
         {"tokens = [\"" + secret + "\"]", "tokens", "[(hidden)]"},
         {"note = \"amqp://u:" + secret + "@h\"", "note", "amqp://h"},
         {"door.password = \"" + secret + "\"", "door.password", "(hidden)"},
         {"doors = [{name = \"d\", password = \"" + secret + "\"}]", "doors",
          "[{name = d, password = (hidden)}]"}}));

    const auto lines = lines_of(toml + "\n");

    CHECK(lines.at("inn." + key) == shown);
    for (const auto& [line, value] : lines) {
        INFO(line);
        CHECK(value.find(secret) == std::string::npos);
    }
}

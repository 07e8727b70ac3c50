#include "http/vary.hpp"

#include <catch2/catch.hpp>

using namespace bulkhead::http;

TEST_CASE("what a reply depends on is one list, whoever adds to it, with nothing twice") {
    const auto [given, names, reply_line, own_line] =
        GENERATE(table<std::string, std::vector<std::string>, std::string, std::string>(
            {{"-", {"Origin"}, "-", "Vary: Origin\r\n"},
             {"-", {"Accept-Encoding", "Origin"}, "-", "Vary: Accept-Encoding, Origin\r\n"},
             {"-", {"Origin", "origin"}, "-", "Vary: Origin\r\n"},
             {"Accept", {"Origin", "Origin"}, "Accept, Origin", ""},
             {"ACCEPT , origin", {"Origin"}, "ACCEPT , origin", ""},
             {"", {"Origin"}, "Origin", ""},
             {"*", {"Origin"}, "*", ""}}));
    Exchange exchange;
    exchange.header_lines = "X-Request-Id: no-Vary:-\r\n";
    if (given != "-")
        exchange.reply.headers.emplace_back("vary", given);

    for (const auto& name : names)
        vary_by(exchange, name);

    CHECK(exchange.header_lines == "X-Request-Id: no-Vary:-\r\n" + own_line);
    if (given != "-")
        CHECK(exchange.reply.headers.front().second == reply_line);
}

TEST_CASE("a line of another layer in front and behind stays as it is") {
    Exchange exchange;
    exchange.header_lines = "A: Vary: B\r\nVary: Accept-Encoding\r\nC: Vary: D\r\n";

    vary_by(exchange, "Origin");

    CHECK(exchange.header_lines == "A: Vary: B\r\nVary: Accept-Encoding, Origin\r\nC: Vary: D\r\n");
}

TEST_CASE("of two lines that the handler has set, both are read and one is added to") {
    Exchange exchange;
    exchange.reply.headers = {{"Vary", "Accept"}, {"Vary", "Cookie"}};

    vary_by(exchange, "Accept");
    vary_by(exchange, "Origin");

    CHECK(exchange.header_lines.empty());
    CHECK(exchange.reply.headers[0].second == "Accept");
    CHECK(exchange.reply.headers[1].second == "Cookie, Origin");
}

#include "http/middleware/forwarded.hpp"

#include "core/http/sample_application.hpp"
#include "http/chain.hpp"
#include "http/middleware/forwarded_hops.hpp"

#include <catch2/catch.hpp>

using namespace bulkhead;
using namespace bulkhead::http;
using namespace bulkhead::http::test;

namespace {

using Headers = std::vector<NamedText>;

/// Who a request comes from in the end.
struct Client {
    std::string address;
    bool secure = false;
    std::string host{};

    bool operator==(const Client&) const = default;
};

std::ostream& operator<<(std::ostream& out, const Client& client) {
    return out << client.address << (client.secure ? " by TLS, host " : ", host ") << client.host;
}

Blueprint behind(std::vector<std::string> trusted, std::string header) {
    Blueprint blueprint;
    blueprint.middleware = {"forwarded"};
    blueprint.features.forwarded = {std::move(trusted), std::move(header)};
    return blueprint;
}

Client client_of(const Blueprint& blueprint, std::string_view peer, const Headers& headers,
                 bool secure = false) {
    const Chain chain(blueprint);
    Exchange exchange;
    exchange.secure = secure;
    exchange.request.remote_address = peer;
    exchange.request.headers = headers;
    chain.enter(exchange);
    return {std::string(exchange.request.remote_address), exchange.secure,
            std::string(exchange.client_host)};
}

const std::vector<std::string> proxies{"10.0.0.0/8", "2001:db8:1::/48"};

}  // namespace

TEST_CASE("the client is the last address that no trusted proxy has, whatever stands before it") {
    const auto [chain, client] = GENERATE(table<std::string, std::string>({
        {"203.0.113.9", "203.0.113.9"},
        {"203.0.113.9, 10.0.0.2", "203.0.113.9"},
        {"203.0.113.9, 10.0.0.3, 10.0.0.2", "203.0.113.9"},
        {"10.9.9.9, 10.0.0.2", "10.9.9.9"},  // a client within the trusted networks
        {"198.51.100.1, 203.0.113.9", "203.0.113.9"},
        {"10.0.0.1, 203.0.113.9, 10.0.0.2", "203.0.113.9"},
        {"127.0.0.1,unix,203.0.113.9", "203.0.113.9"},
        {"evil, \"', 203.0.113.9", "203.0.113.9"},
        {"\", 203.0.113.9", "203.0.113.9"},
        {" , 203.0.113.9 ,, ", "203.0.113.9"},
        {"203.0.113.9:4711", "203.0.113.9"},
        {"::ffff:203.0.113.9", "203.0.113.9"},
        {"[2001:db8:2::1]:4711, ::ffff:10.0.0.2", "2001:db8:2::1"},
        {"2001:db8:2::1, 2001:DB8:1::1", "2001:db8:2::1"},
        {"fe80::1%eth0", "fe80::1"},
        // From something that is no address on, nothing is read.
        {"203.0.113.9, unknown, 10.0.0.2", "10.0.0.2"},
        {"203.0.113.9, 10.0.0.256", "10.0.0.1"},
        {"203.0.113.9, 10.0.0.2/8", "10.0.0.1"},
        {"203.0.113.9, [::1", "10.0.0.1"},
        {"203.0.113.9, [::1]1", "10.0.0.1"},
        {"203.0.113.9, [", "10.0.0.1"},
        {"203.0.113.9, \"10.0.0.2\"", "10.0.0.1"},
        {"203.0.113.9, " + std::string(100, '1'), "10.0.0.1"},
        {std::string("10.0.0.2\0x", 10), "10.0.0.1"},
        {"", "10.0.0.1"},
        {",,,", "10.0.0.1"},
    }));

    const auto found =
        client_of(behind(proxies, "x-forwarded"), "10.0.0.1", {{"X-Forwarded-For", chain}});

    CHECK(found == Client{client});
}

TEST_CASE("several lines of a header are one list") {
    const Headers headers{{"X-Forwarded-For", "198.51.100.1"},
                          {"Accept", "*/*"},
                          {"x-forwarded-for", "203.0.113.9, 10.0.0.3"},
                          {"X-FORWARDED-FOR", "10.0.0.2"}};

    const auto found = client_of(behind(proxies, "x-forwarded"), "10.0.0.1", headers);

    CHECK(found == Client{"203.0.113.9"});
}

TEST_CASE("nobody's word is taken but that of trusted peers, and only in the header named") {
    const Headers both{{"X-Forwarded-For", "203.0.113.1"},
                       {"X-Forwarded-Proto", "https"},
                       {"Forwarded", "for=203.0.113.2;proto=https"}};
    const auto [trusted, header, peer, client] =
        GENERATE(table<std::vector<std::string>, std::string, std::string, Client>(
            {{{}, "x-forwarded", "10.0.0.1", {"10.0.0.1"}},
             {{}, "x-forwarded", "unix", {"unix"}},
             {{"10.0.0.0/8"}, "x-forwarded", "unix", {"unix"}},
             {{"10.0.0.0/8"}, "x-forwarded", "", {""}},
             {{"10.0.0.2"}, "x-forwarded", "10.0.0.1", {"10.0.0.1"}},
             {{"10.0.0.0/31"}, "forwarded", "10.0.0.2", {"10.0.0.2"}},
             {{"::/0"}, "forwarded", "not-an-address", {"not-an-address"}},
             {{"unix"}, "x-forwarded", "unix", {"203.0.113.1", true}},
             {{"unix"}, "forwarded", "unix", {"203.0.113.2", true}},
             {{"10.0.0.1"}, "x-forwarded", "10.0.0.1", {"203.0.113.1", true}},
             {{"10.0.0.1"}, "x-forwarded", "::ffff:10.0.0.1", {"203.0.113.1", true}},
             {{"10.0.0.0/31"}, "forwarded", "10.0.0.1", {"203.0.113.2", true}},
             {{"fe80::/10"}, "forwarded", "fe80::1%eth0", {"203.0.113.2", true}},
             {{"0.0.0.0/0"}, "forwarded", "10.0.0.1", {"203.0.113.2", true}},
             {{"0.0.0.0/0"}, "forwarded", "::1", {"::1"}}}));

    CHECK(client_of(behind(trusted, header), peer, both) == client);
}

TEST_CASE("scheme and host are those at the client's own place") {
    const auto [addresses, schemes, hosts, client] =
        GENERATE(table<std::string, std::string, std::string, Client>(
            {{"203.0.113.9", "https", "a.example", {"203.0.113.9", true, "a.example"}},
             {"203.0.113.9", "HTTPS", "a.example:8443", {"203.0.113.9", true, "a.example:8443"}},
             {"203.0.113.9", "http", "", {"203.0.113.9", false}},
             {"203.0.113.9", "wss", "bad host/", {"203.0.113.9", false}},
             // What the client sent itself stands before what its proxy wrote.
             {"203.0.113.9", "https, http", "evil, a.example", {"203.0.113.9", false, "a.example"}},
             {"1.1.1.1, 203.0.113.9", "https, http", "", {"203.0.113.9", false}},
             {"203.0.113.9, 10.0.0.2", "https, http", "a, b", {"203.0.113.9", true, "a"}},
             {"203.0.113.9, 10.0.0.2", "https", "a", {"203.0.113.9", true, "a"}},
             {"", "https", "a", {"10.0.0.1", true, "a"}}}));
    const Headers headers{{"X-Forwarded-For", addresses},
                          {"X-Forwarded-Proto", schemes},
                          {"X-Forwarded-Host", hosts}};

    CHECK(client_of(behind(proxies, "x-forwarded"), "10.0.0.1", headers) == client);
}

TEST_CASE("a proxy that says http makes a request insecure, one that says nothing does not") {
    const auto [scheme, secure] = GENERATE(
        table<std::string, bool>({{"http", false}, {"https", true}, {"", true}, {"?", true}}));

    const auto found = client_of(behind(proxies, "x-forwarded"), "10.0.0.1",
                                 {{"X-Forwarded-Proto", scheme}}, true);

    CHECK(found.secure == secure);
}

TEST_CASE("Forwarded is read as RFC 7239 writes it") {
    const auto [value, client] = GENERATE(table<std::string, Client>({
        {"for=203.0.113.9", {"203.0.113.9"}},
        {"For=203.0.113.9;PROTO=https;Host=a.example;by=10.0.0.1",
         {"203.0.113.9", true, "a.example"}},
        {R"(for="203.0.113.9:4711" ; proto="https")", {"203.0.113.9", true}},
        {R"(for="[2001:db8:2::1]:4711";host="a.example:8443")",
         {"2001:db8:2::1", false, "a.example:8443"}},
        {R"(for=203.0.113.9;proto=https, for=10.0.0.3, for="10.0.0.2:1")", {"203.0.113.9", true}},
        {"for=198.51.100.1;proto=https, for=203.0.113.9;proto=http", {"203.0.113.9"}},
        {R"(for=203.0.113.9;secret="a, b;c=\"d\" \\";proto=https)", {"203.0.113.9", true}},
        {";for=203.0.113.9;", {"203.0.113.9"}},
        {"for=203.0.113.9,", {"203.0.113.9"}},
        // Hidden: the client is not known better than by the proxy that hides it.
        {"for=unknown;proto=https", {"10.0.0.1", true}},
        {"for=_hidden;proto=https, for=10.0.0.2", {"10.0.0.2", true}},
        {R"(for="_hidden:_port")", {"10.0.0.1"}},
        {"proto=https;host=a.example", {"10.0.0.1", true, "a.example"}},
        {R"(for="")", {"10.0.0.1"}},
        // A quote that the client leaves open takes nothing from what its proxy writes after it.
        {R"(for="198.51.100.1, for=203.0.113.9)", {"203.0.113.9"}},
        {R"(for="198.51.100.1, for="[2001:db8:2::1]")", {"2001:db8:2::1"}},
        {R"(for="1.1.1.1\, for="203.0.113.9:1";proto=https)", {"203.0.113.9", true}},
        {R"(", for=203.0.113.9)", {"203.0.113.9"}},
        // Malformed, and from there on nothing is read.
        {"for=203.0.113.9, for=10.0.0.2;", {"203.0.113.9"}},
        {"for=203.0.113.9, for=10.0.0.2;proto", {"10.0.0.1"}},
        {"for=203.0.113.9, for = 10.0.0.2", {"10.0.0.1"}},
        {"for=203.0.113.9, for=10.0.0.2;for=10.0.0.3", {"10.0.0.1"}},
        {"for=203.0.113.9;proto=https;proto=http", {"10.0.0.1"}},
        {"for=203.0.113.9, for=10.0.0.2:80", {"10.0.0.1"}},
        {"for=203.0.113.9, for=[::1]", {"10.0.0.1"}},
        {R"(for=203.0.113.9, for="10.0.0.2)", {"10.0.0.1"}},
        {R"(for=203.0.113.9, for=10.0.0.2")", {"10.0.0.1"}},
        {"203.0.113.9", {"10.0.0.1"}},
        {"=203.0.113.9", {"10.0.0.1"}},
        {"", {"10.0.0.1"}},
    }));

    const auto found = client_of(behind(proxies, "forwarded"), "10.0.0.1", {{"Forwarded", value}});

    CHECK(found == client);
}

TEST_CASE("a chain is followed over so many trusted proxies and no further") {
    std::string chain = "203.0.113.9";
    for (int hop = 0; hop < 40; ++hop)
        chain += ", 10.0.0." + std::to_string(100 - hop);

    const auto found =
        client_of(behind(proxies, "x-forwarded"), "10.0.0.1", {{"X-Forwarded-For", chain}});

    CHECK(found == Client{"10.0.0.92"});
}

TEST_CASE("the last element of a list is cut off outside of quotes") {
    const auto [list, last, rest] =
        GENERATE(table<std::string, std::string, std::string>({{"a,b", "b", "a"},
                                                               {"a", "a", ""},
                                                               {"", "", ""},
                                                               {",", "", ""},
                                                               {"a, \"b,c\"", "\"b,c\"", "a"},
                                                               {R"(a,"b\",c")", R"("b\",c")", "a"},
                                                               {R"(a,"b\\",c)", "c", R"(a,"b\\")"},
                                                               {R"(a",b)", "b", "a\""}}));
    std::string_view left = list;

    CHECK(take_last(left, ',') == last);
    CHECK(left == rest);
}

TEST_CASE("whom to trust must be an address, a network or unix") {
    const std::string peer =
        GENERATE("", "proxy.example", "10.0.0.0/33", "10.0.0.1/8", "10.0.0.0/", "10.0.0.0/8x",
                 "10.0.0/8", "2001:db8::/129", "2001:db8::1/64", "*", "10.0.0.1:80");

    const auto wrong = wrong_key(ForwardedOptions{{"unix", peer}});

    REQUIRE(wrong);
    CHECK(wrong->key == "forwarded.trusted");
    CHECK_THAT(wrong->sentence, Catch::Contains("no bits set behind the prefix"));
    CHECK_THAT(wrong->sentence, Catch::EndsWith("found '" + peer + "'"));
}

TEST_CASE("addresses, networks and unix can be trusted") {
    const std::string peer = GENERATE("unix", "10.0.0.1", "10.0.0.0/8", "0.0.0.0/0", "10.0.0.1/32",
                                      "::1", "2001:db8::/32", "::/0", "::1/128");

    CHECK_FALSE(wrong_key(ForwardedOptions{{peer}}));
}

TEST_CASE("the header to be read is one of two") {
    const auto wrong = wrong_key(ForwardedOptions{{}, "X-Real-IP"});

    REQUIRE(wrong);
    CHECK(wrong->sentence ==
          "'forwarded.header' must be x-forwarded or forwarded; found 'X-Real-IP'");
}

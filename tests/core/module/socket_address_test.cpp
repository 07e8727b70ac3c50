#include "module/socket_address.hpp"

#include <catch2/catch.hpp>

namespace bulkhead::module {

TEST_CASE("an address that cannot be read is refused with its key and its remedy") {
    const auto [listen, found] = GENERATE(table<std::string, std::string>(
        {{"8080", "the address or the port is missing"},
         {":8080", "the address or the port is missing"},
         {"127.0.0.1:", "the port must be a number"},
         {"127.0.0.1:http", "the port must be a number"},
         {"127.0.0.1:65536", "the port must be a number"},
         {"127.0.0.1:-1", "the port must be a number"},
         {"127.0.0.1:80 ", "the port must be a number"},
         {"localhost:8080", "\"localhost\" is neither an IPv4 address"},
         {"127.0.0.256:8080", "\"127.0.0.256\" is neither"},
         {"::1:8080", "\"::1\" is neither"},
         {"[127.0.0.1]:8080", "\"[127.0.0.1]\" is neither"}}));

    const auto address = tcp_address("tls.listen", listen);

    REQUIRE_FALSE(address);
    CHECK(address.error().code == "server.listen_malformed");
    CHECK_THAT(address.error().message, Catch::StartsWith("tls.listen is \"" + listen + "\""));
    CHECK_THAT(address.error().message, Catch::Contains(found));
    CHECK_THAT(address.error().message, Catch::Contains("127.0.0.1:8080"));
}

TEST_CASE("a path is refused once the kernel would cut it off") {
    const auto longest = "/" + std::string(106, 'a');

    const auto accepted = unix_address("server.unix_socket", longest);
    const auto refused = unix_address("server.unix_socket", longest + "a");

    CHECK(accepted);
    REQUIRE_FALSE(refused);
    CHECK_THAT(refused.error().message, Catch::StartsWith("server.unix_socket is /aaa"));
    CHECK_THAT(refused.error().message,
               Catch::EndsWith("108 bytes, and a Unix socket's path has at most 107; "
                               "name a shorter one"));
}

}  // namespace bulkhead::module

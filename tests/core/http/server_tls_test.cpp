// TLS as its clients meet it: what is agreed on in the handshake.

#include "http/tls_context.hpp"

#include "tls_server.hpp"

#include <catch2/catch.hpp>

#include <openssl/ssl.h>

using namespace bulkhead;
using namespace bulkhead::http;
using namespace bulkhead::http::test;
using namespace std::chrono_literals;

namespace {

TlsSetup only(int version) {
    TlsSetup setup;
    setup.version = version;
    return setup;
}

/// A session of `server`, as a client has it after one request.
std::shared_ptr<ssl_session_st> session_of(const TlsServer& server, int version) {
    auto client = server.connect(only(version));
    client.send(get("/quick"));
    client.read_response();
    return client.session();
}

bool resumes(const TlsServer& server, const std::shared_ptr<ssl_session_st>& session) {
    auto setup = only(SSL_SESSION_get_protocol_version(session.get()));
    setup.session = session;
    auto client = server.connect(setup);
    client.send(get("/quick"));
    return client.read_response().status == 200 && client.resumed();
}

}  // namespace

TEST_CASE("TLS 1.2 and 1.3 are served", "[tls]") {
    const auto [version, name] = GENERATE(
        table<int, std::string>({{TLS1_2_VERSION, "TLSv1.2"}, {TLS1_3_VERSION, "TLSv1.3"}}));
    const TlsServer server;

    auto client = server.connect(only(version));
    client.send(get("/quick"));

    CHECK(client.read_response().body == "quick");
    CHECK(client.version() == name);
}

TEST_CASE("older versions of TLS are refused", "[tls]") {
    const auto [least, version] = GENERATE(table<std::string, int>(
        {{"1.2", TLS1_VERSION}, {"1.2", TLS1_1_VERSION}, {"1.3", TLS1_2_VERSION}}));
    TlsOptions options;
    options.min_version = least;
    const TlsServer server(options);

    CHECK_THAT(refusal_of(server, only(version)), Catch::Contains("protocol version"));
    CHECK(server.serves());
}

TEST_CASE("ciphers without forward secrecy or without AEAD are refused", "[tls]") {
    const std::string ciphers = GENERATE("AES128-GCM-SHA256", "ECDHE-RSA-AES128-SHA256",
                                         "DHE-RSA-AES128-GCM-SHA256", "AES256-SHA");
    CertificateSetup rsa;
    rsa.rsa_bits = 2'048;
    static const PemPair pair(rsa);
    const TlsServer server(tls_context({}, pair));
    auto setup = only(TLS1_2_VERSION);
    setup.ciphers = ciphers;

    CHECK_THAT(refusal_of(server, setup), Catch::Contains("handshake failure"));
    CHECK(server.serves(only(TLS1_2_VERSION)));
}

TEST_CASE("ALPN settles on http/1.1, and on nothing else", "[tls]") {
    const auto [offered, chosen] = GENERATE(table<std::string, std::string>(
        {{"http/1.1", "http/1.1"}, {"h2,http/1.1", "http/1.1"}, {"", ""}}));
    const TlsServer server;
    TlsSetup setup;
    setup.protocols = offered;

    auto client = server.connect(setup);
    client.send(get("/quick"));

    CHECK(client.read_response().status == 200);
    CHECK(client.protocol() == chosen);
}

TEST_CASE("a client that speaks only HTTP/2 is told so by ALPN", "[tls]") {
    const TlsServer server;
    TlsSetup setup;
    setup.protocols = "h2";

    CHECK_THAT(refusal_of(server, setup), Catch::Contains("no application protocol"));
}

TEST_CASE("a client that comes back resumes its session by a ticket", "[tls]") {
    const int version = GENERATE(TLS1_2_VERSION, TLS1_3_VERSION);
    const TlsServer server;

    const auto session = session_of(server, version);

    CHECK(resumes(server, session));
}

TEST_CASE("the next generation opens the tickets of the one before", "[tls]") {
    const int version = GENERATE(TLS1_2_VERSION, TLS1_3_VERSION);
    const TlsOptions options;
    const PemPair pair;
    const auto seed = TicketSeed::fresh(options.session_seconds, now());
    const TlsServer before(tls_context(options, pair, seed));
    const TlsServer after(tls_context(options, pair, seed));
    const TlsServer stranger(tls_context(options, pair));
    const TlsServer renewed(tls_context(options, PemPair{}, seed));

    const auto session = session_of(before, version);

    CHECK(resumes(after, session));
    CHECK_FALSE(resumes(stranger, session));
    CHECK_FALSE(resumes(renewed, session));
}

TEST_CASE("without session_seconds there are no tickets", "[tls]") {
    const int version = GENERATE(TLS1_2_VERSION, TLS1_3_VERSION);
    TlsOptions options;
    options.session_seconds = 0;
    const TlsServer server(options);

    const auto session = session_of(server, version);

    CHECK(SSL_SESSION_has_ticket(session.get()) == 0);
    CHECK_FALSE(resumes(server, session));
}

TEST_CASE("a client cannot begin another handshake within a connection", "[tls]") {
    const TlsServer server;
    const auto client = server.connect(only(TLS1_2_VERSION));

    CHECK_FALSE(client.renegotiate());
    CHECK(server.serves());
}

TEST_CASE("a certificate that has just been replaced is served by the next generation", "[tls]") {
    const TlsServer before(tls_context({}, PemPair({.name = "before"})));
    const TlsServer after(tls_context({}, PemPair({.name = "after"})));

    CHECK(before.connect().certificate_name() == "before");
    CHECK(after.connect().certificate_name() == "after");
}

// TLS of the real program: certificates that are renewed, broken or late, and who is sent to it.

#include "support/certificates.hpp"
#include "support/generations.hpp"
#include "support/load.hpp"
#include "support/tls_client.hpp"

#include <catch2/catch.hpp>

#include <csignal>
#include <fstream>

namespace {

using bulkhead::test::TemporaryFolder;

const std::string health = "GET /health HTTP/1.1\r\nHost: a.example\r\n\r\n";

std::string tables_for(const TemporaryFolder& folder, const std::string& more) {
    const auto file = [&](const char* name) { return (folder.path() / name).string(); };
    return "[tls]\nlisten = \"127.0.0.1:0\"\ncertificate = \"" + file("server.pem") +
           "\"\nkey = \"" + file("server.key") + "\"\n" + more;
}

std::uint16_t tls_port_in(const std::string& output) {
    const auto line = output.find(R"("role":"tls")");
    REQUIRE(line != std::string::npos);
    return port_in(output.substr(line, output.find('\n', line) - line));
}

/// A server with a certificate in a folder of its own.
class Site {
public:
    explicit Site(const PemPair& pair = PemPair{}, const std::string& more = {},
                  bool single = false)
        : setup_(filled(pair, more, single)), server_(setup_) {}

    RunningServer& server() { return server_; }
    const TemporaryFolder& folder() const { return folder_; }
    /// Replaces plugins.toml by one with further lines of [server].
    void configure(const std::string& server_lines) const {
        auto setup = setup_;
        setup.server += server_lines;
        server_.deployment().configure(setup);
    }
    Ended run(const std::string& command) const { return server_.deployment().run({command}); }

    std::uint16_t port() { return tls_port_in(server_.process().output()); }
    TlsClient connect(const TlsSetup& setup = {}) { return TlsClient(port(), setup); }
    /// To be resumed, after one request.
    std::shared_ptr<ssl_session_st> session() {
        auto client = connect();
        client.send(health);
        client.read_response();
        return client.session();
    }

private:
    ServerSetup filled(const PemPair& pair, const std::string& more, bool single) const {
        pair.write_to(folder_.path());
        ServerSetup setup;
        setup.single = single;
        setup.tables = tables_for(folder_, more);
        return setup;
    }

    TemporaryFolder folder_;
    ServerSetup setup_;
    RunningServer server_;
};

LoadConnect securely() {
    return [](std::uint16_t port) { return std::make_unique<TlsClient>(port); };
}

void damage(const TemporaryFolder& folder, const std::string& file, const std::string& text) {
    std::ofstream(folder.path() / file) << text;
}

}  // namespace

TEST_CASE("curl is served over TLS, by HTTP/1.1", "[tls]") {
    const bool single = GENERATE(false, true);
    Site site(PemPair{}, "", single);

    const auto ended = run_to_end("/usr/bin/curl",
                                  {"--silent", "--insecure", "--max-time", "30", "--write-out",
                                   " %{http_code} %{http_version}",
                                   "https://127.0.0.1:" + std::to_string(site.port()) + "/health"});

    CHECK(ended.output == R"({"status":"ok"} 200 1.1)");
}

TEST_CASE("a renewed certificate is served after an apply, and no request fails", "[tls]") {
    Site site(PemPair({.name = "before"}));
    Generations generations(site.server());
    Load load(
        site.port(), {{"health", health}},
        [](const auto&, const RawResponse& reply) {
            return reply.status == 200 ? std::string() : "status " + std::to_string(reply.status);
        },
        securely());
    load.wait_for_replies(20);

    PemPair({.name = "after"}).write_to(site.folder().path());
    const auto refusal = generations.apply();
    load.wait_for_replies(20);
    generations.wait_for_drained();
    const auto name = site.connect().certificate_name();
    load.stop();

    CHECK(refusal.empty());
    CHECK(name == "after");
    INFO(load.failures());
    CHECK(load.failed() == 0);
}

TEST_CASE("a plan tells a renewed certificate, and an apply without one starts nothing", "[tls]") {
    Site site(PemPair({.name = "before"}));
    const auto idle = site.run("apply");

    PemPair({.name = "after"}).write_to(site.folder().path());
    const auto plan = site.run("plan");

    CHECK_THAT(idle.output, Catch::Contains("nothing has changed"));
    CHECK(plan.status == 0);
    CHECK_THAT(plan.output, Catch::Contains("tls.certificate.content") &&
                                Catch::Contains("CN=before") && Catch::Contains("CN=after"));
}

TEST_CASE("a client resumes its session in the next generation", "[tls]") {
    Site site;
    Generations generations(site.server());
    TlsSetup setup;
    setup.session = site.session();

    site.configure("health_seconds = 2\n");
    const auto refusal = generations.apply();
    generations.wait_for_drained();
    const auto client = site.connect(setup);

    CHECK(refusal.empty());
    CHECK(client.resumed());
}

TEST_CASE("a certificate or key that cannot serve is refused, and the old one serves on", "[tls]") {
    struct Damage {
        std::string file, text, place, why;
    };
    const PemPair other;
    const auto done = GENERATE_COPY(values<Damage>(
        {{"server.key", other.key, "tls.key (", "is not the key of the first certificate"},
         {"server.key", "secret", "tls.key (", "holds no private key"},
         {"server.pem", std::string("\x30\x82\xff", 3), "tls.certificate (", "no certificate"}}));
    Site site(PemPair({.name = "before"}));

    damage(site.folder(), done.file, done.text);
    const auto checked = site.run("check");
    const auto planned = site.run("plan");
    const auto applied = site.run("apply");
    const auto name = site.connect().certificate_name();
    ::kill(site.server().first_worker(), SIGKILL);
    site.server().next_worker();
    const auto name_after_crash = site.connect().certificate_name();

    for (const auto& ended : {checked, planned, applied}) {
        CHECK(ended.status == 1);
        CHECK_THAT(ended.errors, Catch::Contains(done.place) && Catch::Contains(done.why) &&
                                     Catch::Contains("expected"));
        CHECK_THAT(ended.output + ended.errors, !Catch::Contains(done.text));
    }
    CHECK_THAT(applied.errors, Catch::Contains("generation 1 goes on"));
    CHECK(name == "before");
    CHECK(name_after_crash == "before");
}

TEST_CASE("an expired certificate is served, and warned of", "[tls]") {
    Site site(PemPair({.begins_in_days = -30, .expires_in_days = -1}));

    const auto checked = site.run("check");

    CHECK(checked.status == 0);
    CHECK_THAT(checked.errors, Catch::Contains("has expired"));
    CHECK(site.server().process().count_of("has expired") == 1);
    CHECK_NOTHROW(site.session());
}

TEST_CASE("whoever asks without TLS is sent to it, if the server says so", "[tls]") {
    Site site(PemPair{}, "redirect = true\nredirect_port = 8443\n");
    RawClient plain(site.server().port());
    auto secure = site.connect();

    plain.send("GET /api/v1/products?limit=1 HTTP/1.1\r\nHost: a.example:8080\r\n\r\n" + health);
    const auto redirected = plain.read_response();
    const auto answered = plain.read_response();
    secure.send("GET /openapi.json HTTP/1.1\r\nHost: a.example\r\n\r\n");

    CHECK(redirected.status == 308);
    CHECK(redirected.header("Location") == "https://a.example:8443/api/v1/products?limit=1");
    CHECK(answered.status == 200);
    CHECK(secure.read_response().status == 200);
}

TEST_CASE("a key of TLS appears in no log and no description", "[tls]") {
    const PemPair pair;
    Site site(pair);
    Generations generations(site.server());
    const auto secret = pair.key.substr(pair.key.find('\n') + 1, 40);

    const auto checked = site.run("check");
    site.configure("health_seconds = 2\n");
    const auto planned = site.run("plan");
    const auto refusal = generations.apply();

    CHECK(refusal.empty());
    for (const auto& text : {checked.output + checked.errors, planned.output + planned.errors,
                             site.server().process().output()})
        CHECK_THAT(text, !Catch::Contains(secret));
}

TEST_CASE("/metrics say when the certificate ends", "[tls]") {
    Site site;
    auto client = site.connect();

    client.send("GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n");

    CHECK_THAT(client.read_response().body,
               Catch::Contains("\nbulkhead_tls_certificate_expires_seconds 1"));
}

#include "http/tls_context.hpp"

#include "http/features.hpp"
#include "support/certificates.hpp"
#include "support/temporary_folder.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <fstream>

using namespace bulkhead;
using namespace bulkhead::http;
using namespace std::chrono_literals;

namespace {

const PemPair& usual() {
    static const PemPair pair;
    return pair;
}

TlsOptions named_options() {
    TlsOptions options;
    options.listen = "127.0.0.1:8443";
    options.certificate = "server.pem";
    options.key = "server.key";
    return options;
}

std::string refusal_of(const TlsFiles& files) {
    const auto made = TlsContext::create(named_options(), files);
    return made ? std::string() : made.error().message;
}

}  // namespace

TEST_CASE("a certificate or key that cannot serve is refused by the key of plugins.toml", "[tls]") {
    const PemPair other;
    const PemPair locked({.passphrase = "secret"});
    const PemPair weak({.rsa_bits = 1'024});
    const auto [files, key, why] = GENERATE_COPY(table<TlsFiles, std::string, std::string>({
        {{"", usual().key}, "tls.certificate (server.pem)", "holds no certificate"},
        {{usual().key, usual().key}, "tls.certificate (server.pem)", "holds no certificate"},
        {{usual().certificate.substr(0, 200), usual().key},
         "tls.certificate",
         "certificate number 1"},
        {{usual().certificate + usual().certificate.substr(0, 200), usual().key},
         "tls.certificate",
         "certificate number 2"},
        {{usual().certificate, ""}, "tls.key (server.key)", "holds no private key"},
        {{usual().certificate, usual().certificate}, "tls.key", "holds no private key"},
        {{locked.certificate, locked.key}, "tls.key", "encrypted with a passphrase"},
        {{usual().certificate, other.key}, "tls.key", "CN=localhost"},
        {{weak.certificate, weak.key}, "tls.certificate", "at least 2048 bits"},
    }));

    const auto refusal = refusal_of(files);

    CHECK_THAT(refusal, Catch::StartsWith(key));
    CHECK_THAT(refusal, Catch::Contains(why) && Catch::Contains("expected"));
    CHECK_THAT(refusal, !Catch::Contains(usual().key.substr(30, 40)));
}

TEST_CASE("a version of TLS that is not served cannot be the least", "[tls]") {
    const auto [version, wrong] = GENERATE(table<std::string, bool>(
        {{"1.1", true}, {"1.2", false}, {"1.3", false}, {"2.0", true}, {"tls", true}}));
    Features features;
    features.tls.min_version = version;

    const auto found = wrong_key(features);

    REQUIRE(found.has_value() == wrong);
    if (wrong) {
        CHECK(found->key == "tls.min_version");
        CHECK_THAT(found->sentence, Catch::Contains("1.2 or 1.3") && Catch::Contains(version));
    }
}

TEST_CASE("files of TLS that cannot be read are refused by the key of plugins.toml", "[tls]") {
    const bulkhead::test::TemporaryFolder folder;
    usual().write_to(folder.path());
    const auto [certificate, key, why] = GENERATE(table<std::string, std::string, std::string>({
        {"", "server.key", "tls.certificate is empty"},
        {"absent.pem", "server.key", "absent.pem cannot be read"},
        {"server.pem", "", "tls.key is empty"},
        {"server.pem", ".", "is not a regular file"},
        {"server.pem", "-----BEGIN PRIVATE KEY-----", "tls.key is given the text of a file"},
    }));
    auto options = named_options();
    options.certificate = certificate;
    options.key = key;

    const auto files = read_tls_files(options, folder.path());

    REQUIRE_FALSE(files);
    CHECK_THAT(files.error().message, Catch::Contains(why) && Catch::Contains("expected"));
    CHECK_THAT(files.error().message, !Catch::Contains("BEGIN PRIVATE"));
}

TEST_CASE("files of TLS are read from beside plugins.toml", "[tls]") {
    const bulkhead::test::TemporaryFolder folder;
    usual().write_to(folder.path());

    const auto files = read_tls_files(named_options(), folder.path());

    REQUIRE(files);
    CHECK(*files == TlsFiles{usual().certificate, usual().key});
}

TEST_CASE("a certificate says who it is for, and how long", "[tls]") {
    const PemPair pair({.name = "example.org"});

    const auto context = TlsContext::create(named_options(), {pair.certificate, pair.key});

    REQUIRE(context);
    const auto& summary = (*context)->certificate();
    CHECK(summary.subject == "CN=example.org");
    CHECK(summary.sha256.size() == 64);
    CHECK(summary.expires - summary.begins == std::chrono::days(31));
    CHECK(summary.warning_at(now()).empty());
    CHECK_THAT(summary.warning_at(summary.begins - 1s), Catch::Contains("is not valid before"));
    CHECK_THAT(summary.warning_at(summary.expires - 24h), Catch::Contains("expires at"));
    CHECK_THAT(summary.warning_at(summary.expires), Catch::Contains("has expired"));
}

TEST_CASE("an expired certificate is no reason to refuse a start", "[tls]") {
    const PemPair expired({.begins_in_days = -30, .expires_in_days = -1});

    const auto context = TlsContext::create(named_options(), {expired.certificate, expired.key});

    REQUIRE(context);
    CHECK_THAT((*context)->certificate().warning_at(now()),
               Catch::Contains("has expired") && Catch::Contains("bulkhead apply"));
}

TEST_CASE("a ticket's keys live for the period after their own, and no longer", "[tls]") {
    StoppedClock clock(Timestamp(1'800'000'000s));
    constexpr std::int32_t period_seconds = 600;
    TlsTickets tickets({}, period_seconds);
    const auto first = tickets.sealing_keys();
    TicketKeys found;

    CHECK(tickets.opening_keys(first.name, found) == TlsTickets::Age::present);
    CHECK(found.cipher == first.cipher);
    clock.advance(600s);
    CHECK(tickets.sealing_keys().name != first.name);
    CHECK(tickets.opening_keys(first.name, found) == TlsTickets::Age::past);
    CHECK(found.mac == first.mac);
    clock.advance(600s);
    CHECK(tickets.opening_keys(first.name, found) == TlsTickets::Age::unknown);
}

TEST_CASE("whoever has the seed of a ticket's period or of one before opens it", "[tls]") {
    StoppedClock clock(Timestamp(1'800'000'000s));
    constexpr std::int32_t period_seconds = 600;
    const auto seed = TicketSeed::fresh(period_seconds, now());
    clock.advance(GENERATE(0s, 600s, 60'000s));
    TlsTickets mine(seed, period_seconds);
    TlsTickets theirs(seed.at(period_seconds, now()), period_seconds);
    TicketKeys found;

    const auto age = theirs.opening_keys(mine.sealing_keys().name, found);

    CHECK(age == TlsTickets::Age::present);
}

TEST_CASE("a seed of tickets forgets what came before, and is replaced where it cannot serve",
          "[tls]") {
    const Timestamp start(1'800'000'000s);
    const auto seed = TicketSeed::fresh(600, start);

    CHECK(seed.at(600, start).secret == seed.secret);
    CHECK(seed.at(600, start + 600s).secret != seed.secret);
    CHECK(seed.at(600, start + 600s).at(600, start + 1'200s).secret ==
          seed.at(600, start + 1'200s).secret);
    CHECK(seed.at(60, start).period_seconds == 60);
    CHECK(seed.at(600, start - 60'000s).secret != seed.secret);
    CHECK(TicketSeed{}.at(600, start).secret.size() == seed.secret.size());
}

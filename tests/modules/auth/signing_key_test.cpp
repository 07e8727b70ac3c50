#include "modules/auth/signing_key.hpp"

#include "support/temporary_folder.hpp"

#include <sys/stat.h>
#include <catch2/catch.hpp>

#include <fstream>
#include <thread>
#include <vector>

using auth::SigningKey;
using bulkhead::test::TemporaryFolder;

namespace {

std::string refusal_of(const std::string& file) {
    try {
        SigningKey::open(file);
    } catch (const std::runtime_error& error) {
        return error.what();
    }
    return "";
}

}  // namespace

TEST_CASE("auth: the first start makes a key that only its owner can read, later ones keep it") {
    const TemporaryFolder folder;
    const auto file = (folder.path() / "var" / "key.pem").string();

    const auto made = SigningKey::open(file);
    const auto read = SigningKey::open(file);

    struct stat status = {};
    REQUIRE(stat(file.c_str(), &status) == 0);
    CHECK((status.st_mode & 07777) == 0600);
    CHECK(made.id() == read.id());
    CHECK(made.id().size() == 43);
    CHECK(read.verifies("text", made.sign("text")));
}

TEST_CASE("auth: processes that start at once agree on one key") {
    const TemporaryFolder folder;
    const auto file = (folder.path() / "key.pem").string();
    std::vector<std::string> ids(8);

    {
        std::vector<std::jthread> starters;
        for (auto& id : ids)
            starters.emplace_back([&] { id = SigningKey::open(file).id(); });
    }

    for (const auto& id : ids)
        CHECK(id == ids.front());
}

TEST_CASE("auth: a signature is 64 bytes and fits its text and its key only") {
    const TemporaryFolder folder;
    const auto key = SigningKey::open((folder.path() / "key.pem").string());
    const auto other = SigningKey::open((folder.path() / "other.pem").string());
    const auto signature = key.sign("text");
    auto damaged = signature;
    damaged[40] = static_cast<char>(damaged[40] ^ 1);

    CHECK(signature.size() == SigningKey::signature_bytes);
    CHECK(key.verifies("text", signature));
    CHECK_FALSE(key.verifies("texts", signature));
    CHECK_FALSE(key.verifies("text", damaged));
    CHECK_FALSE(key.verifies("text", signature.substr(0, 63)));
    CHECK_FALSE(key.verifies("text", signature + "x"));
    CHECK_FALSE(key.verifies("text", std::string(64, '\0')));
    CHECK_FALSE(other.verifies("text", signature));
}

TEST_CASE("auth: a key that others than its owner can get at is refused with the remedy") {
    const auto mode = GENERATE(0640, 0604, 0660, 0601);
    const TemporaryFolder folder;
    const auto file = (folder.path() / "key.pem").string();
    SigningKey::open(file);
    REQUIRE(chmod(file.c_str(), static_cast<mode_t>(mode)) == 0);

    const auto refusal = refusal_of(file);

    CHECK_THAT(refusal, Catch::Contains("run chmod 600 " + file));
}

TEST_CASE("auth: a file that holds no P-256 private key is refused with the remedy") {
    const auto* content =
        GENERATE("", "rubbish",
                 "-----BEGIN PRIVATE KEY-----\n"
                 "MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g\n"
                 "-----END PRIVATE KEY-----\n");
    const TemporaryFolder folder;
    const auto file = (folder.path() / "key.pem").string();
    std::ofstream(file) << content;
    REQUIRE(chmod(file.c_str(), 0600) == 0);

    const auto refusal = refusal_of(file);

    CHECK_THAT(refusal, Catch::StartsWith(file + " holds no unencrypted P-256 private key"));
}

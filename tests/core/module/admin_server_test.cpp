#include "module/admin_server.hpp"

#include "module/admin_socket.hpp"
#include "support/temporary_folder.hpp"

#include <catch2/catch.hpp>

#include <sys/stat.h>
#include <unistd.h>

#include <fstream>

namespace bulkhead::module {
namespace {

class Folder {
public:
    Result<AdminServer> open() const { return AdminServer::open(*DataLock::take(folder_.path())); }
    std::filesystem::path socket() const { return folder_.path() / admin_socket_name; }

    /// A connection that says this.
    LineChannel client(const std::string& bytes) const {
        const int folder = open_folder(folder_.path());
        const int client = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
        const auto address = admin_address(folder);
        REQUIRE(::connect(client, reinterpret_cast<const sockaddr*>(&address), sizeof address) ==
                0);
        ::close(folder);
        // The server may have hung up on it already.
        [[maybe_unused]] const auto count =
            ::send(client, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        return {client, {max_message_bytes, max_message_bytes}};
    }

private:
    test::TemporaryFolder folder_;
};

constexpr auto* status = "{\"command\":\"status\",\"retry\":false,\"wait\":false}\n";

}  // namespace

TEST_CASE("the admin socket is for its user alone, and goes with its server") {
    const Folder folder;
    struct stat found{};
    {
        const auto server = *folder.open();
        REQUIRE(::stat(folder.socket().c_str(), &found) == 0);
    }

    CHECK((found.st_mode & 07777) == 0600);
    CHECK_FALSE(std::filesystem::exists(folder.socket()));
}

TEST_CASE("the socket of a server that has ended is replaced, and nothing else") {
    const Folder folder;
    const int dead = ::socket(AF_UNIX, SOCK_STREAM, 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    folder.socket().string().copy(address.sun_path, sizeof address.sun_path - 1);
    REQUIRE(::bind(dead, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
    ::close(dead);

    const bool replaced = static_cast<bool>(folder.open());
    std::ofstream(folder.socket()) << "letters";
    const auto refused = folder.open();

    CHECK(replaced);
    REQUIRE_FALSE(refused);
    CHECK_THAT(refused.error().message, Catch::Contains("remove what lies in its place"));
    CHECK(std::filesystem::file_size(folder.socket()) == 7);
}

TEST_CASE("garbage on the admin socket is answered or dropped, and harms nobody") {
    const Folder folder;
    auto server = *folder.open();
    std::vector<LineChannel> others;
    for (int number = 0; number < 100; ++number) {
        others.push_back(folder.client(number % 3 == 0   ? "garbage\n"
                                       : number % 3 == 1 ? std::string(10'000, 'x')
                                                         : ""));
        CHECK(server.serve().empty());
    }

    auto client = folder.client(status);
    const auto asked = server.serve();
    AdminAnswer answer;
    answer.done = true;
    server.answer(asked.at(0).client, answer);

    std::vector<pollfd> watched;
    server.watch(watched);
    CHECK(asked.size() == 1);
    CHECK(asked[0].request.command == AdminCommand::status);
    CHECK(client.next_line());
    CHECK(watched.size() <= 1 + max_admin_clients);
    CHECK_THAT(others[0].next_line().value_or(""), Catch::Contains("is not understood"));
}

TEST_CASE("a client that says nothing is given up, and one that has asked is waited on") {
    const Folder folder;
    auto server = *folder.open();
    auto silent = folder.client("");
    server.serve();

    const auto deadline = server.deadline();
    silent.send(std::string(status).substr(0, std::string(status).size() - 1));
    const auto asked = server.serve();

    REQUIRE(deadline);
    CHECK(*deadline <= AdminServer::Clock::now() + admin_patience);
    CHECK(asked.size() == 1);
    CHECK_FALSE(server.deadline());
}

}  // namespace bulkhead::module

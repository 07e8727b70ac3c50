#include "support/siege.hpp"

namespace {

constexpr std::int64_t some_replies = 3;

ServerSetup setup_of(const std::string& http, const std::string& server) {
    ServerSetup setup{.seeded = true, .server = server};
    setup.tables = "[http]\n" + http;
    return setup;
}

// Without a worker, and with one that asks the database.
std::vector<LoadRequest> requests() {
    std::vector<LoadRequest> all;
    for (const std::string path : {"/health", "/api/v1/products?limit=2"})
        all.push_back({path, "GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n"});
    return all;
}

std::string judge(const LoadRequest&, const RawResponse& reply) {
    return reply.status == 200 ? "" : "status " + std::to_string(reply.status);
}

}  // namespace

Siege::Siege(const std::string& http, const std::string& server) : server_(setup_of(http, server)) {
    Load(server_.port(), requests(), judge).wait_for_replies(some_replies);
    becomes_true([&] {
        const auto sockets = std::exchange(before_, usage()).sockets;
        return before_.sockets == sockets;
    });
    neighbours_.emplace(server_.port(), requests(), judge);
}

AttackReport Siege::suffer(std::string_view attack, int connections) {
    return play(server_.port(), scripts_of(attack_named(attack), connections));
}

std::string Siege::complaints() {
    neighbours_->wait_for_replies(some_replies);
    return neighbours_->failures();
}

bool Siege::is_as_before(std::size_t more_bytes) {
    neighbours_->stop();
    neighbours_.reset();
    return becomes_true([&] {
        const auto now = usage();
        return now.sockets <= before_.sockets &&
               now.resident_bytes <= before_.resident_bytes + more_bytes;
    });
}

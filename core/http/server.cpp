#include "http/server.hpp"

#include "http/loop.hpp"

#include <unistd.h>

#include <algorithm>
#include <latch>
#include <stdexcept>

namespace bulkhead::http {

struct Server::Parts {
    Parts(const Options& options, Application& application, std::span<const Listening> listening,
          std::size_t io_threads, const std::shared_ptr<const TlsContext>& tls);
    ~Parts();

    void take(int socket, std::string address, Role role);

    const std::int64_t connections;
    Tally tally;
    std::vector<std::shared_ptr<Loop>> loops;
    std::vector<std::thread> threads;
};

Server::Parts::Parts(const Options& options, Application& application,
                     std::span<const Listening> listening, std::size_t io_threads,
                     const std::shared_ptr<const TlsContext>& tls)
    : connections(options.connections) {
    if (!tls && std::ranges::find(listening, Role::tls, &Listening::role) != listening.end())
        throw std::invalid_argument(
            "a socket listens for TLS and tls.certificate is empty: name the certificate and its "
            "key, or empty tls.listen and restart the server");
    for (std::size_t i = 0; i < io_threads; ++i) {
        const auto& loop =
            loops.emplace_back(std::make_shared<Loop>(options, application, tally, tls));
        for (const auto& [socket, role] : listening)
            loop->listen(socket, [this, role](int accepted, std::string address) {
                take(accepted, std::move(address), role);
            });
    }
    for (const auto& loop : loops)
        threads.emplace_back([&loop = *loop] { loop.run(); });
}

Server::Parts::~Parts() {
    for (const auto& loop : loops)
        loop->post([&loop = *loop] { loop.end(); });
    for (auto& thread : threads)
        thread.join();
}

// On whichever thread accepted it: the kernel wakes one of them, not the one with the least to do.
void Server::Parts::take(int socket, std::string address, Role role) {
    if (!tally.enter(connections)) {
        ::close(socket);
        return;
    }
    const auto& loop =
        *std::ranges::min_element(loops, {}, [](const auto& l) { return l->load(); });
    loop->expect_connection();
    if (loop->is_current_thread())
        return loop->adopt(socket, std::move(address), role);
    const bool posted = loop->post([&loop = *loop, socket, role, address = std::move(address)] {
        loop.adopt(socket, address, role);
    });
    if (!posted) {
        ::close(socket);
        tally.leave();
    }
}

Server::Server(const Options& options, Application& application,
               std::span<const Listening> listening, std::int32_t io_threads,
               std::shared_ptr<const TlsContext> tls)
    : parts_(std::make_unique<Parts>(
          options, application, listening,
          io_threads > 0 ? static_cast<std::size_t>(io_threads)
                         : std::max<std::size_t>(std::thread::hardware_concurrency(), 1),
          tls)) {}

Server::~Server() = default;

bool Server::drain(std::chrono::milliseconds limit, const std::function<void()>& when_closed) {
    std::latch told(static_cast<std::ptrdiff_t>(parts_->loops.size()));
    for (const auto& loop : parts_->loops)
        loop->post([&told, &loop = *loop] {
            loop.drain();
            told.count_down();
        });
    told.wait();  // Until then one of them might still accept.
    when_closed();
    return parts_->tally.wait_until_none(limit);
}

ServerStatistics Server::statistics() const {
    const auto& tally = parts_->tally;
    return {tally.open(), tally.accepted(), tally.refused(), tally.held_bytes()};
}

}  // namespace bulkhead::http

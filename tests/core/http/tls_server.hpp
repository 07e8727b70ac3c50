#pragma once
// A real server that speaks TLS, and what its clients need.

#include "support/certificates.hpp"
#include "support/tls_client.hpp"
#include "test_server.hpp"

#include <stdexcept>

namespace bulkhead::http::test {

/// Throws with the sentence of a refusal.
inline std::shared_ptr<const TlsContext> tls_context(const TlsOptions& options = {},
                                                     const PemPair& pair = PemPair{},
                                                     const TicketSeed& seed = {}) {
    auto made = TlsContext::create(options, {pair.certificate, pair.key}, seed);
    if (!made)
        throw std::runtime_error(made.error().message);
    return *made;
}

struct TlsServer : TestServer {
    explicit TlsServer(const TlsOptions& tls = {}, const Options& options = {})
        : TlsServer(tls_context(tls), options) {}
    explicit TlsServer(const std::shared_ptr<const TlsContext>& context,
                       const Options& options = {}, std::int32_t io_threads = 1)
        : TestServer(options, io_threads, context) {}

    TlsClient connect(const TlsSetup& setup = {}) const { return TlsClient(socket.port(), setup); }

    /// Whether a request on a connection of its own is answered.
    bool serves(const TlsSetup& setup = {}) const {
        auto client = connect(setup);
        client.send(get("/quick"));
        return client.read_response().status == 200;
    }
};

/// Why a client with this setup is not served; empty if it is.
inline std::string refusal_of(const TlsServer& server, const TlsSetup& setup) {
    try {
        server.serves(setup);
    } catch (const std::runtime_error& refusal) {
        return refusal.what();
    }
    return {};
}

}  // namespace bulkhead::http::test

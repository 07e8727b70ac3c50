#include "http/tls_context.hpp"

#include "http/tls_pair.hpp"

#include <openssl/core_names.h>
#include <openssl/rand.h>

#include <algorithm>
#include <optional>
#include <stdexcept>

namespace bulkhead::http {

struct TlsContext::Parts {
    Parts(const TlsOptions& options, const TicketSeed& seed, CertificateSummary summary)
        : certificate(std::move(summary)), handshake_limit(options.handshake_seconds) {
        if (options.session_seconds > 0)
            tickets.emplace(seed, options.session_seconds);
    }

    SslContext context{SSL_CTX_new(TLS_server_method())};
    CertificateSummary certificate;
    std::chrono::seconds handshake_limit;
    std::optional<TlsTickets> tickets;
};

namespace {

constexpr const char* ciphers =
    "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:"
    "ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:"
    "ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305";
constexpr const char* groups = "X25519:P-256:P-384";
constexpr int security_level = 2;  // 112 bits: RSA of 2048.

// RFC 7301: whoever names protocols and not this one is told so; whoever names none is served.
int select_protocol(SSL* /*connection*/, const unsigned char** selected, unsigned char* size,
                    const unsigned char* offered, unsigned offered_size, void* /*unused*/) {
    constexpr std::string_view ours = "http/1.1";
    std::string_view rest(reinterpret_cast<const char*>(offered), offered_size);
    while (!rest.empty()) {
        const auto name = rest.substr(1, static_cast<unsigned char>(rest.front()));
        if (name == ours) {
            *selected = reinterpret_cast<const unsigned char*>(name.data());
            *size = static_cast<unsigned char>(name.size());
            return SSL_TLSEXT_ERR_OK;
        }
        rest.remove_prefix(1 + name.size());
    }
    return SSL_TLSEXT_ERR_ALERT_FATAL;
}

bool start_mac(EVP_MAC_CTX* mac, TicketKeys& keys) {
    char digest[] = "SHA256";
    const std::array parameters{
        OSSL_PARAM_construct_octet_string(OSSL_MAC_PARAM_KEY, keys.mac.data(), keys.mac.size()),
        OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, static_cast<char*>(digest), 0),
        OSSL_PARAM_construct_end()};
    return EVP_MAC_CTX_set_params(mac, parameters.data()) == 1;
}

int seal(TlsTickets& tickets, unsigned char* name, unsigned char* iv, EVP_CIPHER_CTX* cipher,
         EVP_MAC_CTX* mac) {
    auto keys = tickets.sealing_keys();
    std::ranges::copy(keys.name, name);
    const bool good =
        RAND_bytes(iv, EVP_CIPHER_get_iv_length(EVP_aes_256_cbc())) == 1 &&
        EVP_EncryptInit_ex(cipher, EVP_aes_256_cbc(), nullptr, keys.cipher.data(), iv) == 1 &&
        start_mac(mac, keys);
    return good ? 1 : -1;
}

// 2 asks for a new ticket, under the present keys.
int open(TlsTickets& tickets, const unsigned char* name, const unsigned char* iv,
         EVP_CIPHER_CTX* cipher, EVP_MAC_CTX* mac) {
    TicketKeys keys;
    const auto age = tickets.opening_keys(std::span<const unsigned char, 16>(name, 16), keys);
    if (age == TlsTickets::Age::unknown)
        return 0;
    const bool good =
        EVP_DecryptInit_ex(cipher, EVP_aes_256_cbc(), nullptr, keys.cipher.data(), iv) == 1 &&
        start_mac(mac, keys);
    if (!good)
        return -1;
    return age == TlsTickets::Age::present ? 1 : 2;
}

// Called by OpenSSL, which no exception may cross.
int seal_or_open(SSL* connection, unsigned char* name, unsigned char* iv, EVP_CIPHER_CTX* cipher,
                 EVP_MAC_CTX* mac, int sealing) noexcept {
    auto& tickets = *static_cast<TlsTickets*>(SSL_CTX_get_app_data(SSL_get_SSL_CTX(connection)));
    return sealing == 1 ? seal(tickets, name, iv, cipher, mac)
                        : open(tickets, name, iv, cipher, mac);
}

void require(bool good, const char* what) {
    if (good)
        return;
    ERR_clear_error();
    throw std::runtime_error(std::string("the cryptographic library refuses ") + what);
}

void set_protocols(const TlsOptions& options, SSL_CTX& context) {
    const int least = options.min_version == "1.3" ? TLS1_3_VERSION : TLS1_2_VERSION;
    SSL_CTX_set_security_level(&context, security_level);
    require(SSL_CTX_set_min_proto_version(&context, least) == 1 &&
                SSL_CTX_set_max_proto_version(&context, TLS1_3_VERSION) == 1,
            "TLS 1.2 and 1.3");
    require(SSL_CTX_set_cipher_list(&context, ciphers) == 1, "the ciphers of TLS 1.2");
    require(SSL_CTX_set1_groups_list(&context, groups) == 1, "X25519 and P-256");
    SSL_CTX_set_alpn_select_cb(&context, select_protocol, nullptr);
}

void set_behaviour(SSL_CTX& context) {
    // The end of a TCP stream counts as the end of the client's input even without close_notify:
    // HTTP says itself where a request ends (RFC 9112, 9.8).
    SSL_CTX_set_options(
        &context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_IGNORE_UNEXPECTED_EOF);
    // An idle connection holds no buffer of records.
    SSL_CTX_set_mode(&context, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE |
                                   SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    SSL_CTX_set_read_ahead(&context, 1);
    SSL_CTX_set_session_cache_mode(&context, SSL_SESS_CACHE_OFF);
}

void set_tickets(const TlsOptions& options, const CertificateSummary& certificate,
                 std::optional<TlsTickets>& tickets, SSL_CTX& context) {
    if (!tickets) {
        SSL_CTX_set_options(&context, SSL_OP_NO_TICKET);
        SSL_CTX_set_num_tickets(&context, 0);
        return;
    }
    SSL_CTX_set_timeout(&context, options.session_seconds);
    SSL_CTX_set_app_data(&context, &*tickets);
    SSL_CTX_set_tlsext_ticket_key_evp_cb(&context, seal_or_open);
    // A session lasts no longer than the certificate that it began with: whoever has to replace a
    // stolen key wants it gone.
    static_assert(SSL_MAX_SID_CTX_LENGTH <= 64);
    require(SSL_CTX_set_session_id_context(
                &context, reinterpret_cast<const unsigned char*>(certificate.sha256.data()),
                SSL_MAX_SID_CTX_LENGTH) == 1,
            "session tickets");
}

}  // namespace

Result<std::shared_ptr<const TlsContext>> TlsContext::create(const TlsOptions& options,
                                                             const TlsFiles& files,
                                                             const TicketSeed& seed) {
    const auto pair = parse_tls_pair(options, files);
    if (!pair)
        return pair.error();
    auto parts = std::make_unique<Parts>(options, seed, summary_of(*pair->certificate));
    require(parts->context != nullptr, "to serve TLS");
    set_protocols(options, *parts->context);
    set_behaviour(*parts->context);
    set_tickets(options, parts->certificate, parts->tickets, *parts->context);
    if (auto done = use_tls_pair(options, *pair, *parts->context); !done)
        return std::move(done.error());
    return std::shared_ptr<const TlsContext>(new TlsContext(std::move(parts)));
}

TlsContext::TlsContext(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
TlsContext::~TlsContext() = default;

const CertificateSummary& TlsContext::certificate() const {
    return parts_->certificate;
}

std::chrono::seconds TlsContext::handshake_limit() const {
    return parts_->handshake_limit;
}

ssl_ctx_st* TlsContext::handle() const {
    return parts_->context.get();
}

}  // namespace bulkhead::http

#include "support/tls_client.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <csignal>
#include <sstream>
#include <stdexcept>

namespace {

// OpenSSL writes by write(2). Only this thread: whether the server is safe is its own affair.
void hold_back_sigpipe() {
    sigset_t held;
    sigemptyset(&held);
    sigaddset(&held, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &held, nullptr);
}

[[noreturn]] void fail(const std::string& what) {
    const char* const reason = ERR_reason_error_string(ERR_peek_last_error());
    throw std::runtime_error("TLS client: " + what + ": " +
                             (reason == nullptr ? "the connection ended" : reason));
}

// RFC 7301: each name behind its length.
std::string wire_form(const std::string& protocols) {
    std::istringstream names(protocols);
    std::string wire;
    for (std::string name; std::getline(names, name, ',');)
        wire.append(1, static_cast<char>(name.size())).append(name);
    return wire;
}

void set_versions(SSL& connection, int version) {
    SSL_set_security_level(&connection,
                           0);  // Whether old versions are refused is the server's word.
    SSL_set_min_proto_version(&connection, version == 0 ? TLS1_2_VERSION : version);
    SSL_set_max_proto_version(&connection, version == 0 ? TLS1_3_VERSION : version);
}

}  // namespace

TlsClient::TlsClient(std::uint16_t port, const TlsSetup& setup) : RawClient(port) {
    hold_back_sigpipe();
    ERR_clear_error();
    const std::shared_ptr<SSL_CTX> context(SSL_CTX_new(TLS_client_method()), SSL_CTX_free);
    connection_.reset(SSL_new(context.get()), SSL_free);
    auto* const connection = connection_.get();
    set_versions(*connection, setup.version);
    if (!setup.ciphers.empty())
        SSL_set_cipher_list(connection, setup.ciphers.c_str());
    const auto wire = wire_form(setup.protocols);
    SSL_set_alpn_protos(connection, reinterpret_cast<const unsigned char*>(wire.data()),
                        static_cast<unsigned>(wire.size()));
    if (setup.session)
        SSL_set_session(connection, setup.session.get());
    SSL_set_fd(connection, socket());
    if (SSL_connect(connection) != 1)
        fail("handshake");
}

// Else OpenSSL would hold the session for broken, and resume it no more.
TlsClient::~TlsClient() {
    if (connection_)
        SSL_set_shutdown(connection_.get(), SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN);
}

void TlsClient::send(std::string_view bytes) const {
    hold_back_sigpipe();
    ERR_clear_error();
    std::size_t sent = 0;
    if (SSL_write_ex(connection_.get(), bytes.data(), bytes.size(), &sent) != 1)
        fail("send");
}

bool TlsClient::try_send(std::string_view /*bytes*/) const {
    throw std::logic_error("a TLS client has no part of a record to send");
}

void TlsClient::half_close() const {
    SSL_shutdown(connection_.get());
}

std::size_t TlsClient::receive(char* room, std::size_t size) {
    ERR_clear_error();
    std::size_t count = 0;
    const int result = SSL_read_ex(connection_.get(), room, size, &count);
    if (result != 1 && SSL_get_error(connection_.get(), result) != SSL_ERROR_ZERO_RETURN)
        fail("receive");
    return count;
}

std::string TlsClient::version() const {
    return SSL_get_version(connection_.get());
}

std::string TlsClient::cipher() const {
    return SSL_get_cipher_name(connection_.get());
}

std::string TlsClient::protocol() const {
    const unsigned char* name = nullptr;
    unsigned size = 0;
    SSL_get0_alpn_selected(connection_.get(), &name, &size);
    return {reinterpret_cast<const char*>(name), size};
}

bool TlsClient::resumed() const {
    return SSL_session_reused(connection_.get()) == 1;
}

std::string TlsClient::certificate_name() const {
    const auto* const certificate = SSL_get0_peer_certificate(connection_.get());
    char name[256] = "";
    X509_NAME_get_text_by_NID(X509_get_subject_name(certificate), NID_commonName,
                              static_cast<char*>(name), sizeof name);
    return static_cast<const char*>(name);
}

std::shared_ptr<ssl_session_st> TlsClient::session() const {
    return {SSL_get1_session(connection_.get()), SSL_SESSION_free};
}

bool TlsClient::renegotiate() const {
    ERR_clear_error();
    return SSL_renegotiate(connection_.get()) == 1 && SSL_do_handshake(connection_.get()) == 1 &&
           SSL_total_renegotiations(connection_.get()) > 0;
}

bool TlsClient::renew_keys(int times) const {
    hold_back_sigpipe();
    ERR_clear_error();
    while (times-- > 0)
        if (SSL_key_update(connection_.get(), SSL_KEY_UPDATE_NOT_REQUESTED) != 1 ||
            SSL_do_handshake(connection_.get()) != 1)
            return false;
    return true;
}

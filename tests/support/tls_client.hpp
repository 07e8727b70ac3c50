#pragma once

#include "support/raw_client.hpp"

#include <memory>

struct ssl_st;
struct ssl_session_st;

/// What a client asks for in its handshake.
struct TlsSetup {
    int version = 0;          ///< the only one, such as TLS1_2_VERSION; 0: the best of 1.2 and 1.3
    std::string ciphers{};    ///< of TLS 1.2; empty: what OpenSSL usually offers
    std::string protocols{};  ///< ALPN, separated by commas; empty: none is named
    std::shared_ptr<ssl_session_st> session{};  ///< to be resumed
};

/// A RawClient within TLS that trusts every certificate. What the server refuses throws
/// std::runtime_error with OpenSSL's reason.
class TlsClient : public RawClient {
public:
    explicit TlsClient(std::uint16_t port, const TlsSetup& setup = {});
    ~TlsClient() override;

    void send(std::string_view bytes) const override;
    bool try_send(std::string_view bytes) const override;
    void half_close() const override;  ///< by close_notify; the socket stays as it is

    std::string version() const;
    std::string cipher() const;
    std::string protocol() const;  ///< that the server chose by ALPN; empty for none
    bool resumed() const;
    std::string certificate_name() const;  ///< CN
    /// To resume it; tickets of TLS 1.3 come with what is read.
    std::shared_ptr<ssl_session_st> session() const;
    /// Asks the server to begin a new handshake within this connection (TLS 1.2); false if it
    /// refuses.
    bool renegotiate() const;
    /// Goes over to new keys so many times (TLS 1.3); false once that fails.
    bool renew_keys(int times) const;

protected:
    std::size_t receive(char* room, std::size_t size) override;

private:
    std::shared_ptr<ssl_st> connection_;
};

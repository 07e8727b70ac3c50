// OpenSSL's own BIO of a socket writes by write(2), which raises SIGPIPE when the client is gone.

#include "http/tls_openssl.hpp"
#include "http/tls_stream.hpp"

#include <sys/socket.h>

#include <cerrno>
#include <new>

namespace bulkhead::http {

namespace {

// A record and what begins with it are less. What is more can only be messages of TLS itself, such
// as new keys without end (RFC 8446, 4.6.3): OpenSSL would read on and on, and nobody have a turn.
constexpr std::size_t most_unheard_bytes = 65'536;

bool is_temporary(int error) {
    return error == EAGAIN || error == EWOULDBLOCK || error == EINTR;
}

TlsPeer& peer_of(BIO* bio) {
    return *static_cast<TlsPeer*>(BIO_get_data(bio));
}

int write(BIO* bio, const char* bytes, std::size_t size, std::size_t* written) {
    BIO_clear_retry_flags(bio);
    const auto sent = ::send(peer_of(bio).socket, bytes, size, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent < 0 && is_temporary(errno))
        BIO_set_retry_write(bio);
    *written = sent > 0 ? static_cast<std::size_t>(sent) : 0;
    return sent > 0 ? 1 : 0;
}

int read(BIO* bio, char* bytes, std::size_t size, std::size_t* taken) {
    BIO_clear_retry_flags(bio);
    *taken = 0;
    auto& peer = peer_of(bio);
    if (peer.unheard_bytes > most_unheard_bytes)
        return 0;
    const auto received = ::recv(peer.socket, bytes, size, MSG_DONTWAIT);
    if (received < 0 && is_temporary(errno))
        BIO_set_retry_read(bio);
    if (received == 0)
        BIO_set_flags(bio, BIO_FLAGS_IN_EOF);
    if (received <= 0)
        return 0;
    *taken = static_cast<std::size_t>(received);
    peer.unheard_bytes += *taken;
    return 1;
}

long control(BIO* bio, int command, long /*number*/, void* /*pointer*/) {
    switch (command) {
        case BIO_CTRL_EOF:
            return BIO_test_flags(bio, BIO_FLAGS_IN_EOF) != 0 ? 1 : 0;
        case BIO_CTRL_FLUSH:
            return 1;
        default:
            return 0;
    }
}

struct Method {
    Method() : made(BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "socket")) {
        if (made == nullptr)
            throw std::bad_alloc();
        BIO_meth_set_write_ex(made, write);
        BIO_meth_set_read_ex(made, read);
        BIO_meth_set_ctrl(made, control);
    }
    ~Method() { BIO_meth_free(made); }
    Method(const Method&) = delete;
    Method& operator=(const Method&) = delete;

    BIO_METHOD* made;
};

}  // namespace

Bio socket_bio(TlsPeer* peer) {
    static const Method method;
    Bio bio(BIO_new(method.made));
    if (bio) {
        BIO_set_data(bio.get(), peer);
        BIO_set_init(bio.get(), 1);
    }
    return bio;
}

}  // namespace bulkhead::http

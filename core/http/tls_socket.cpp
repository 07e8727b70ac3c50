// OpenSSL's own BIO of a socket writes by write(2), which raises SIGPIPE when the client is gone.

#include "http/tls_openssl.hpp"

#include <sys/socket.h>

#include <cerrno>
#include <new>

namespace bulkhead::http {

namespace {

bool is_temporary(int error) {
    return error == EAGAIN || error == EWOULDBLOCK || error == EINTR;
}

int socket_of(BIO* bio) {
    return *static_cast<const int*>(BIO_get_data(bio));
}

int write(BIO* bio, const char* bytes, std::size_t size, std::size_t* written) {
    BIO_clear_retry_flags(bio);
    const auto sent = ::send(socket_of(bio), bytes, size, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent < 0 && is_temporary(errno))
        BIO_set_retry_write(bio);
    *written = sent > 0 ? static_cast<std::size_t>(sent) : 0;
    return sent > 0 ? 1 : 0;
}

int read(BIO* bio, char* bytes, std::size_t size, std::size_t* taken) {
    BIO_clear_retry_flags(bio);
    const auto received = ::recv(socket_of(bio), bytes, size, MSG_DONTWAIT);
    if (received < 0 && is_temporary(errno))
        BIO_set_retry_read(bio);
    if (received == 0)
        BIO_set_flags(bio, BIO_FLAGS_IN_EOF);
    *taken = received > 0 ? static_cast<std::size_t>(received) : 0;
    return received > 0 ? 1 : 0;
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

Bio socket_bio(int* socket) {
    static const Method method;
    Bio bio(BIO_new(method.made));
    if (bio) {
        BIO_set_data(bio.get(), socket);
        BIO_set_init(bio.get(), 1);
    }
    return bio;
}

}  // namespace bulkhead::http

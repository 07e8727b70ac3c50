#pragma once

#include "http/server.hpp"
#include "module/configuration.hpp"

#include <sys/types.h>

namespace bulkhead::module {

/// A key of plugins.toml that says where a server listens. A running server keeps its sockets, so a
/// changed one takes a restart.
struct ListenKey {
    std::string_view key;
    std::string value;
    Result<> (*check)(std::string_view key, const std::string& value);  ///< opens nothing
};
std::vector<ListenKey> listen_keys(const Configuration& configuration);

/// The listening sockets of a server, non-blocking and close-on-exec. Closed with this; the path of
/// a Unix socket is removed then, if it still leads here.
class Listeners {
public:
    /// Takes what a service manager has opened (activation.hpp), else opens what the keys say.
    /// Refused with a sentence: address in use or not of this machine, no permission, nothing
    /// named. A Unix socket that nobody answers any more is replaced.
    static Result<Listeners> open(const Configuration& configuration);

    /// Of sockets that are open already.
    explicit Listeners(std::vector<http::Listening> sockets) : sockets_(std::move(sockets)) {}
    Listeners(Listeners&& other) noexcept;
    Listeners& operator=(Listeners&&) = delete;
    ~Listeners() { close(); }

    std::span<const http::Listening> sockets() const { return sockets_; }
    void close();

private:
    /// A path, and what it led to when it was made.
    struct Name {
        std::filesystem::path path;
        dev_t device;
        ino_t inode;
    };

    Result<> open_tcp(std::string_view key, const std::string& listen, http::Role role);
    Result<> open_unix(const std::filesystem::path& path, mode_t mode);

    std::vector<http::Listening> sockets_;
    std::optional<Name> name_;
};

}  // namespace bulkhead::module

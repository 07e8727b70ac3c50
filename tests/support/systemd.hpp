#pragma once
// What systemd is to a service: a datagram socket that it talks to, and listening sockets that it
// inherits.

#include "support/process.hpp"
#include "support/temporary_folder.hpp"

#include <optional>
#include <string>
#include <vector>

/// The socket of NOTIFY_SOCKET. Every wait is bounded and throws.
class NotifySocket {
public:
    enum class Kind { path, abstract };

    explicit NotifySocket(Kind kind = Kind::path);
    ~NotifySocket();
    NotifySocket(const NotifySocket&) = delete;
    NotifySocket& operator=(const NotifySocket&) = delete;

    /// What NOTIFY_SOCKET says.
    const std::string& address() const { return address_; }

    /// The next datagram: "READY=1\nSTATUS=...".
    std::string next();
    /// The next one that contains `text`; those before it are dropped.
    std::string next_with(const std::string& text);

private:
    bulkhead::test::TemporaryFolder folder_;
    std::string address_;
    int socket_;
};

/// A variable of this process's environment, as it was before once this ends.
class Variable {
public:
    Variable(std::string name, const std::string& value);
    ~Variable();
    Variable(const Variable&) = delete;
    Variable& operator=(const Variable&) = delete;

private:
    std::string name_;
    std::optional<std::string> before_;
};

#pragma once

#include "module/admin_server.hpp"

namespace bulkhead::module {

/// Who waits for which apply. One runs at a time; whoever asks meanwhile shares the next one. One
/// thread.
class ApplyQueue {
public:
    explicit ApplyQueue(AdminServer& admin) : admin_(admin) {}

    /// A SIGHUP asks without a client.
    void ask(const AdminServer::Asked& asked);
    void ask() { next_.wanted = true; }
    bool due() const { return next_.wanted; }
    /// Between begin() and finish().
    bool is_running() const { return running_; }
    /// Says a sentence to those whose turn cannot come yet; false when they know.
    bool put_off(const std::string& why);

    /// The next one's turn has come; whether it is to be tried again.
    bool begin();
    /// To those whose turn it is.
    void say(const std::string& line, const std::optional<Stage>& entered = {});
    /// Their turn is over. Those who wait for the probation hear of it by end_of_probation().
    void finish(const ApplyOutcome& outcome);
    void end_of_probation(const ApplyOutcome& outcome);
    /// The server ends: nobody's turn will come.
    void dismiss(const ApplyOutcome& outcome);

private:
    struct Waiting {
        AdminServer::Client client;
        bool until_proven;
    };
    struct Turn {
        bool wanted = false;
        bool retry = false;
        bool put_off = false;
        std::vector<Waiting> clients;
    };

    AdminServer& admin_;
    Turn next_, current_;
    bool running_ = false;
    std::vector<AdminServer::Client> until_proven_;
};

}  // namespace bulkhead::module

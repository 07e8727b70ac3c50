#pragma once
// Clients that go on asking while a server changes under them, and forgive nothing.

#include "support/raw_client.hpp"

#include <atomic>
#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

struct LoadRequest {
    std::string name;   ///< for people and judges
    std::string bytes;  ///< the whole of it
};

/// Why a reply is not what it has to be at the moment; empty when it is.
using LoadJudge = std::function<std::string(const LoadRequest&, const RawResponse&)>;

/// A new connection.
using LoadConnect = std::function<std::unique_ptr<RawClient>(std::uint16_t port)>;

/// Clients of all kinds, each on a thread of its own, asking all of the requests in turn: on a kept
/// connection, on a new one for each, sixteen at a time. A request that gets no reply (no
/// connection, a reset, an end before it or within it) has failed: nothing is asked twice.
class Load {
public:
    Load(
        std::uint16_t port, std::vector<LoadRequest> requests, LoadJudge judge,
        LoadConnect connect = [](auto port) { return std::make_unique<RawClient>(port); });
    ~Load();  ///< ends it
    Load(const Load&) = delete;
    Load& operator=(const Load&) = delete;

    /// From now on replies are judged so; one to a request that was sent before may also be right
    /// by the judge of then.
    void judge_by(LoadJudge judge);
    /// Waits until each kind of request has been answered this many times more; throws when that
    /// takes 60 s.
    void wait_for_replies(std::int64_t more);
    void stop();

    std::int64_t failed() const;
    std::int64_t answered(const std::string& request) const;
    /// The first failures, one sentence each.
    std::string failures() const;

private:
    using Judgement = std::shared_ptr<const LoadJudge>;

    void ask_on_kept_connections();
    void ask_on_new_connections();
    void ask_many_at_once();
    void check(const LoadRequest& request, const RawResponse& reply, const Judgement& when_sent);
    void fail(const std::string& client, const std::string& why);
    Judgement judgement() const;

    const std::uint16_t port_;
    const std::vector<LoadRequest> requests_;
    const LoadConnect connect_;
    mutable std::mutex mutex_;  ///< guards all below
    std::condition_variable answered_one_;
    Judgement judge_;
    std::map<std::string, std::int64_t> answered_;
    std::int64_t failed_ = 0;
    std::vector<std::string> failures_;
    std::atomic<bool> ended_{false};
    std::vector<std::thread> clients_;
};

#include "support/load.hpp"

#include <algorithm>
#include <chrono>
#include <stdexcept>

namespace {

constexpr int clients_of_each_kind = 2;
constexpr std::size_t pipelined = 16;
constexpr std::size_t failures_told = 20;
constexpr std::chrono::seconds longest_wait{60};
constexpr std::chrono::milliseconds thinking{10};  // Between two requests of one client.

bool ends_connection(const RawResponse& reply) {
    return reply.header("Connection") == "close";
}

}  // namespace

Load::Load(std::uint16_t port, std::vector<LoadRequest> requests, LoadJudge judge,
           LoadConnect connect)
    : port_(port),
      requests_(std::move(requests)),
      connect_(std::move(connect)),
      judge_(std::make_shared<const LoadJudge>(std::move(judge))) {
    for (int client = 0; client < clients_of_each_kind; ++client) {
        clients_.emplace_back([this] { ask_on_kept_connections(); });
        clients_.emplace_back([this] { ask_on_new_connections(); });
        clients_.emplace_back([this] { ask_many_at_once(); });
    }
}

Load::~Load() {
    stop();
}

void Load::judge_by(LoadJudge judge) {
    const std::scoped_lock lock(mutex_);
    judge_ = std::make_shared<const LoadJudge>(std::move(judge));
}

void Load::wait_for_replies(std::int64_t more) {
    std::unique_lock lock(mutex_);
    const auto before = answered_;
    const bool enough = answered_one_.wait_for(lock, longest_wait, [&] {
        return std::ranges::all_of(requests_, [&](const auto& request) {
            const auto then = before.find(request.name);
            return answered_[request.name] >= (then == before.end() ? 0 : then->second) + more;
        });
    });
    if (!enough)
        throw std::runtime_error("the load gets no replies any more");
}

void Load::stop() {
    ended_ = true;
    for (auto& client : clients_)
        if (client.joinable())
            client.join();
}

std::int64_t Load::failed() const {
    const std::scoped_lock lock(mutex_);
    return failed_;
}

std::int64_t Load::answered(const std::string& request) const {
    const std::scoped_lock lock(mutex_);
    const auto found = answered_.find(request);
    return found == answered_.end() ? 0 : found->second;
}

std::string Load::failures() const {
    const std::scoped_lock lock(mutex_);
    std::string text;
    for (const auto& failure : failures_)
        text += failure + '\n';
    return text;
}

void Load::ask_on_kept_connections() {
    std::unique_ptr<RawClient> kept;
    for (std::size_t turn = 0; !ended_; ++turn) {
        const auto& request = requests_[turn % requests_.size()];
        try {
            if (!kept)
                kept = connect_(port_);
            const auto when_sent = judgement();
            kept->send(request.bytes);
            const auto reply = kept->read_response();
            check(request, reply, when_sent);
            if (ends_connection(reply))
                kept.reset();
        } catch (const std::runtime_error& failure) {
            fail("a kept connection, " + request.name, failure.what());
            kept.reset();
        }
        std::this_thread::sleep_for(thinking);
    }
}

void Load::ask_on_new_connections() {
    for (std::size_t turn = 0; !ended_; ++turn) {
        const auto& request = requests_[turn % requests_.size()];
        try {
            const auto client = connect_(port_);
            const auto when_sent = judgement();
            client->send(request.bytes);
            check(request, client->read_response(), when_sent);
        } catch (const std::runtime_error& failure) {
            fail("a new connection, " + request.name, failure.what());
        }
        std::this_thread::sleep_for(thinking);
    }
}

void Load::ask_many_at_once() {
    std::unique_ptr<RawClient> kept;
    std::string bytes;
    for (std::size_t i = 0; i < pipelined; ++i)
        bytes += requests_[i % requests_.size()].bytes;
    while (!ended_) {
        std::size_t replies = 0;
        try {
            if (!kept)
                kept = connect_(port_);
            const auto when_sent = judgement();
            kept->send(bytes);
            bool last = false;
            for (; replies < pipelined; ++replies) {
                const auto reply = kept->read_response();
                check(requests_[replies % requests_.size()], reply, when_sent);
                last = ends_connection(reply);
            }
            if (last)
                kept.reset();
        } catch (const std::runtime_error& failure) {
            fail("pipelined, after " + std::to_string(replies) + " replies", failure.what());
            kept.reset();
        }
        std::this_thread::sleep_for(thinking * pipelined);
    }
}

void Load::check(const LoadRequest& request, const RawResponse& reply, const Judgement& when_sent) {
    const auto now = judgement();
    auto complaint = (*now)(request, reply);
    if (!complaint.empty() && now != when_sent)
        complaint = (*when_sent)(request, reply);
    if (!complaint.empty())
        return fail(request.name, complaint);
    const std::scoped_lock lock(mutex_);
    ++answered_[request.name];
    answered_one_.notify_all();
}

void Load::fail(const std::string& client, const std::string& why) {
    const std::scoped_lock lock(mutex_);
    ++failed_;
    if (failures_.size() < failures_told)
        failures_.push_back(client + ": " + why);
}

Load::Judgement Load::judgement() const {
    const std::scoped_lock lock(mutex_);
    return judge_;
}

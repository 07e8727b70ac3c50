#include "support/attack_script.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <memory>
#include <stdexcept>
#include <string_view>
#include <utility>
#include <vector>

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds longest_sleep{50};
constexpr std::string_view status_line = "HTTP/1.1 ";

[[noreturn]] void fail(const char* what) {
    throw std::runtime_error(std::string("attack: ") + what + ": " + std::strerror(errno));
}

enum class End : std::uint8_t { none, closed, reset, left };

/// One connection and how far its script is.
class Bot {
public:
    Bot(std::uint16_t port, const Script& script, AttackReport& report);
    ~Bot() { shut(); }
    Bot(const Bot&) = delete;
    Bot& operator=(const Bot&) = delete;

    int descriptor() const { return socket_; }
    End end() const { return end_; }
    bool reads() const { return script_.reads; }
    /// Whether it has something to send at this time, and the kernel is to say when it takes more.
    bool wants_to_send(Clock::time_point now) const;
    void take_turn(std::uint32_t events, Clock::time_point now);

private:
    void connect(std::uint16_t port) const;
    std::string_view next_piece() const;
    bool has_more() const { return sent_ < text_.size() || drips_left_ > 0; }
    bool may_finish() const;
    void hear(std::uint32_t events);
    void send(Clock::time_point now);
    void count_sent(std::size_t bytes, Clock::time_point now);
    void receive();
    void count_replies(std::string_view bytes);
    void finish();
    void end_as(End end);
    void shut();

    const Script& script_;
    AttackReport& report_;
    int socket_;
    std::string_view text_;
    std::size_t sent_ = 0;
    std::int64_t drips_left_;
    Clock::time_point next_{};
    std::uint64_t received_ = 0;
    std::string tail_;  ///< of what was received, where a status line may have begun
    bool finished_ = false;
    End end_ = End::none;
};

Bot::Bot(std::uint16_t port, const Script& script, AttackReport& report)
    : script_(script),
      report_(report),
      socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)),
      text_(script.opening),
      drips_left_(script.drips) {
    if (socket_ < 0)
        fail("socket");
    const int yes = 1;
    ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    if (const int bytes = script.receive_buffer_bytes; bytes > 0)
        ::setsockopt(socket_, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof bytes);
    connect(port);
}

void Bot::connect(std::uint16_t port) const {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 &&
        errno != EINPROGRESS)
        fail("connect");
}

bool Bot::wants_to_send(Clock::time_point now) const {
    return has_more() ? now >= next_ : may_finish();
}

bool Bot::may_finish() const {
    return !finished_ && !has_more() && received_ >= script_.finish_after_bytes;
}

void Bot::take_turn(std::uint32_t events, Clock::time_point now) {
    hear(events);
    if (end_ == End::none && (events & EPOLLOUT) != 0)
        send(now);
    if (end_ == End::none && may_finish())
        finish();
}

void Bot::hear(std::uint32_t events) {
    if (script_.reads && (events & EPOLLIN) != 0)
        receive();
    else if ((events & EPOLLERR) != 0)
        end_as(End::reset);
    else if ((events & (EPOLLRDHUP | EPOLLHUP)) != 0)
        end_as(End::closed);
}

std::string_view Bot::next_piece() const {
    const auto rest = text_.substr(sent_);
    const bool opening = text_.data() == script_.opening.data();
    return opening && script_.piece_bytes > 0 ? rest.substr(0, script_.piece_bytes) : rest;
}

void Bot::send(Clock::time_point now) {
    while (has_more() && now >= next_) {
        if (sent_ == text_.size()) {
            text_ = script_.drip;
            sent_ = 0;
            --drips_left_;
        }
        const auto piece = next_piece();
        const auto sent = ::send(socket_, piece.data(), piece.size(), MSG_NOSIGNAL);
        if (sent < 0) {
            if (errno != EAGAIN && !script_.reads)
                end_as(End::reset);
            return;
        }
        count_sent(static_cast<std::size_t>(sent), now);
        if (script_.piece_bytes > 0)
            return;  // The next piece in another turn, so that all take theirs.
    }
}

void Bot::count_sent(std::size_t bytes, Clock::time_point now) {
    sent_ += bytes;
    report_.sent_bytes += bytes;
    next_ = now + script_.pause;
}

void Bot::receive() {
    std::array<char, 65'536> bytes;
    const auto count = ::recv(socket_, bytes.data(), bytes.size(), 0);
    if (count == 0)
        end_as(End::closed);
    else if (count < 0 && errno != EAGAIN)
        end_as(End::reset);
    else if (count > 0)
        count_replies({bytes.data(), static_cast<std::size_t>(count)});
}

void Bot::count_replies(std::string_view bytes) {
    received_ += bytes.size();
    tail_ += bytes;
    std::size_t seen = 0;
    constexpr auto whole = status_line.size() + 3;
    for (auto at = tail_.find(status_line); at != std::string::npos && at + whole <= tail_.size();
         at = tail_.find(status_line, seen)) {
        ++report_.replies[std::atoi(tail_.c_str() + at + status_line.size())];
        seen = at + whole;
    }
    tail_.erase(0, std::max(seen, tail_.size() - std::min(tail_.size(), whole)));
}

void Bot::finish() {
    finished_ = true;
    if (script_.finish == Script::Finish::half_close) {
        ::shutdown(socket_, SHUT_WR);
    } else if (script_.finish == Script::Finish::reset) {
        const linger at_once{1, 0};
        ::setsockopt(socket_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    }
    if (script_.finish == Script::Finish::leave || script_.finish == Script::Finish::reset)
        end_as(End::left);
}

void Bot::end_as(End end) {
    end_ = end;
    shut();
}

void Bot::shut() {
    if (socket_ >= 0)
        ::close(std::exchange(socket_, -1));
}

/// All bots of one attack and the kernel's news of them.
class Swarm {
public:
    Swarm(std::uint16_t port, std::span<const Script> scripts, AttackReport& report);
    ~Swarm() { ::close(poll_); }
    Swarm(const Swarm&) = delete;
    Swarm& operator=(const Swarm&) = delete;

    void run_until(Clock::time_point end);
    int ended_as(End end) const;

private:
    void watch(std::size_t number, int operation);
    void turn(Clock::time_point now);
    void wake_those_due(Clock::time_point now);

    AttackReport& report_;
    const int poll_ = ::epoll_create1(EPOLL_CLOEXEC);
    std::vector<std::unique_ptr<Bot>> bots_;
    std::vector<bool> asked_to_send_;
    std::size_t open_ = 0;
};

Swarm::Swarm(std::uint16_t port, std::span<const Script> scripts, AttackReport& report)
    : report_(report), asked_to_send_(scripts.size(), true) {
    for (const auto& script : scripts) {
        bots_.push_back(std::make_unique<Bot>(port, script, report_));
        watch(bots_.size() - 1, EPOLL_CTL_ADD);
    }
    open_ = bots_.size();
}

void Swarm::watch(std::size_t number, int operation) {
    epoll_event wanted{};
    wanted.events = EPOLLRDHUP | (bots_[number]->reads() ? EPOLLIN : 0U) |
                    (asked_to_send_[number] ? EPOLLOUT : 0U);
    wanted.data.u64 = number;
    if (::epoll_ctl(poll_, operation, bots_[number]->descriptor(), &wanted) != 0)
        fail("epoll_ctl");
}

void Swarm::run_until(Clock::time_point end) {
    for (auto now = Clock::now(); open_ > 0 && now < end; now = Clock::now()) {
        wake_those_due(now);
        turn(now);
    }
}

void Swarm::wake_those_due(Clock::time_point now) {
    for (std::size_t number = 0; number < bots_.size(); ++number) {
        const auto& bot = *bots_[number];
        if (asked_to_send_[number] || bot.end() != End::none || !bot.wants_to_send(now))
            continue;
        asked_to_send_[number] = true;
        watch(number, EPOLL_CTL_MOD);
    }
}

void Swarm::turn(Clock::time_point now) {
    std::array<epoll_event, 512> news;
    const int count = ::epoll_wait(poll_, news.data(), static_cast<int>(news.size()),
                                   static_cast<int>(longest_sleep.count()));
    for (int i = 0; i < count; ++i) {
        const auto number = static_cast<std::size_t>(news[static_cast<std::size_t>(i)].data.u64);
        auto& bot = *bots_[number];
        bot.take_turn(news[static_cast<std::size_t>(i)].events, now);
        if (bot.end() != End::none) {
            --open_;
        } else if (asked_to_send_[number] && !bot.wants_to_send(Clock::now())) {
            asked_to_send_[number] = false;
            watch(number, EPOLL_CTL_MOD);
        }
    }
}

int Swarm::ended_as(End end) const {
    return static_cast<int>(
        std::ranges::count(bots_, end, [](const auto& bot) { return bot->end(); }));
}

}  // namespace

int AttackReport::replies_of(int status) const {
    const auto found = replies.find(status);
    return found == replies.end() ? 0 : found->second;
}

AttackReport play(std::uint16_t port, std::span<const Script> scripts,
                  std::chrono::milliseconds patience) {
    AttackReport report;
    report.connections = static_cast<int>(scripts.size());
    Swarm swarm(port, scripts, report);
    swarm.run_until(Clock::now() + patience);
    report.closed = swarm.ended_as(End::closed);
    report.reset = swarm.ended_as(End::reset);
    report.left = swarm.ended_as(End::left);
    report.unfinished = swarm.ended_as(End::none);
    return report;
}

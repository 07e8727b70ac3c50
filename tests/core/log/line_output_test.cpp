#include "log/line_output.hpp"

#include "log/log.hpp"

#include <bulkhead/log.hpp>

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <atomic>
#include <catch2/catch.hpp>
#include <csignal>
#include <iostream>
#include <sstream>
#include <thread>

using namespace bulkhead;

namespace {

// Standard output is a pipe while one lives, and nobody reads it unless it is asked to.
class UnreadPipe {
public:
    UnreadPipe() : before_(::dup(STDOUT_FILENO)) {
        log::flush();
        std::cout.flush();  // Of the test framework.
        REQUIRE(::pipe2(ends_.data(), O_CLOEXEC) == 0);
        ::dup2(ends_[1], STDOUT_FILENO);
    }
    ~UnreadPipe() {
        ::close(ends_[0]);
        ::dup2(before_, STDOUT_FILENO);
        ::close(before_);
        ::close(ends_[1]);
    }
    UnreadPipe(const UnreadPipe&) = delete;
    UnreadPipe& operator=(const UnreadPipe&) = delete;

    std::string read_what_is_there() const {
        ::fcntl(ends_[0], F_SETFL, O_NONBLOCK);
        std::string text, bytes(65'536, '\0');
        for (ssize_t count = 0; (count = ::read(ends_[0], bytes.data(), bytes.size())) > 0;)
            text.append(bytes, 0, static_cast<std::size_t>(count));
        return text;
    }

    /// Whether there is something to read, if need be in a while.
    bool is_waiting() const {
        pollfd end{ends_[0], POLLIN, 0};
        return ::poll(&end, 1, 10'000) > 0;
    }

private:
    std::array<int, 2> ends_{};
    int before_;
};

const Log orders("orders");

void write_lines(std::int64_t first, std::int64_t end) {
    for (auto number = first; number < end; ++number)
        orders.info("counted", {{"number", number}});
}

bool is_whole(const std::string& line) {
    return line.starts_with(R"({"time":)") && line.ends_with("}");
}

}  // namespace

TEST_CASE("a pipe that nobody reads holds nobody up, and what is lost is counted") {
    log::start(LogLevel::info);
    const UnreadPipe output;
    constexpr std::int64_t many = 20'000;

    write_lines(0, many);
    std::string text;
    do {
        text += output.read_what_is_there();
        log::flush();  // Or another thread, which flushes now and then, is about to tell it.
    } while (text.find("lines were lost") == std::string::npos && output.is_waiting());
    for (std::string more; !(more = output.read_what_is_there()).empty(); log::flush())
        text += more;

    std::int64_t kept = 0, lost = 0;
    bool whole = true;
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
        const auto told =
            line.find(R"("message":"lines were lost because nobody read them","lines":)");
        whole &= is_whole(line);
        kept += told == std::string::npos ? 1 : 0;
        if (told != std::string::npos)
            lost += std::stoll(line.substr(line.rfind(':') + 1));
    }
    CHECK(whole);
    CHECK(lost > 0);
    CHECK(kept + lost == many);
}

TEST_CASE("lines of two processes in one pipe are not torn") {
    log::start(LogLevel::info);
    const UnreadPipe output;
    constexpr std::int64_t many = 2'000;
    const std::string other = R"({"time":"of another process"})"
                              "\n";
    std::atomic<bool> done = false, read_enough = false;
    std::thread another([&] {
        while (!done)
            static_cast<void>(::write(STDOUT_FILENO, other.data(), other.size()));
    });
    std::string text;
    std::thread reader([&] {
        while (!read_enough)
            text += output.read_what_is_there();
    });

    write_lines(0, many);
    log::flush();
    done = true;
    another.join();
    read_enough = true;
    reader.join();
    text += output.read_what_is_there();

    std::int64_t lines_of_ours = 0;
    std::istringstream lines(text);
    bool whole = true;
    for (std::string line; std::getline(lines, line);) {
        whole &= is_whole(line);
        lines_of_ours += line.find("counted") != std::string::npos ? 1 : 0;
    }
    CHECK(whole);
    CHECK(lines_of_ours == many);
}

TEST_CASE("a log whose reader has ended holds nobody up") {
    ::signal(SIGPIPE, SIG_IGN);
    log::start(LogLevel::info);
    std::array<int, 2> ends{};
    REQUIRE(::pipe2(ends.data(), O_CLOEXEC) == 0);
    std::string line = "gone\n";
    ::close(ends[0]);

    const auto done = log::put_out(ends[1], {{{line.data(), line.size()}, {nullptr, 0}}});

    CHECK(done == line.size());
    ::close(ends[1]);
}

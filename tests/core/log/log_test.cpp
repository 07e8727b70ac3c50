#include "log/log.hpp"

#include "log/lines.hpp"

#include "core/module/files.hpp"

#include <bulkhead/clock.hpp>

#include <fcntl.h>
#include <unistd.h>

#include <boost/json.hpp>
#include <catch2/catch.hpp>
#include <cmath>
#include <limits>
#include <map>
#include <sstream>
#include <thread>

using namespace bulkhead;

namespace {

// Standard output goes to a file while one lives.
class Capture {
public:
    Capture() : before_(::dup(STDOUT_FILENO)) {
        log::flush();
        const auto file = test::write(folder_, "lines", "");
        const int to = ::open(file.c_str(), O_WRONLY | O_APPEND);
        ::dup2(to, STDOUT_FILENO);
        ::close(to);
    }
    ~Capture() {
        log::flush();
        ::dup2(before_, STDOUT_FILENO);
        ::close(before_);
    }
    Capture(const Capture&) = delete;
    Capture& operator=(const Capture&) = delete;

    std::string text() const { return test::bytes_of(folder_.path() / "lines"); }
    std::string flushed() const {
        log::flush();
        return text();
    }

private:
    test::TemporaryFolder folder_;
    int before_;
};

const Log orders("orders");

}  // namespace

TEST_CASE("a line is one JSON object with time, level, module, message and fields") {
    log::start(LogLevel::info);
    const StoppedClock clock(*timestamp_from("2026-11-20T10:21:10.123456Z"));
    const Capture output;

    orders.info("placed", {{"items", 3}, {"total", 12.5}, {"gift", true}, {"sku", "A-1"}});

    CHECK(output.flushed() ==
          R"({"time":"2026-11-20T10:21:10.123456Z","level":"info","module":"orders",)"
          R"("message":"placed","items":3,"total":12.5,"gift":true,"sku":"A-1"})"
          "\n");
}

TEST_CASE("whatever a value holds, its line is one line of JSON") {
    log::start(LogLevel::info);
    const std::string value = GENERATE(as<std::string>{}, "two\nlines", "\"quoted\"", "back\\slash",
                                       std::string("nul\0byte", 8), "\xff\xfe not UTF-8",
                                       "\x1b[31m", "\xe2\x80\xa8 separator");
    const Capture output;

    orders.info(value, {{value, value}});

    const auto text = output.flushed();
    CHECK(text.find('\n') == text.size() - 1);
    CHECK(text.find('\x1b') == std::string::npos);
    CHECK(boost::json::parse(text).as_object().at("message").is_string());
}

TEST_CASE("numbers that JSON cannot write become null") {
    log::start(LogLevel::info);
    const auto value = GENERATE(std::numeric_limits<double>::infinity(), -HUGE_VAL,
                                std::numeric_limits<double>::quiet_NaN());
    const Capture output;

    orders.info("odd", {{"value", value}});

    CHECK(boost::json::parse(output.flushed()).at("value").is_null());
}

TEST_CASE("lines below the level are not written") {
    log::start(LogLevel::warning);
    const Capture output;

    orders.debug("one");
    orders.info("two");
    orders.error("three");

    const auto text = output.flushed();
    CHECK(std::count(text.begin(), text.end(), '\n') == 1);
    CHECK_THAT(text, Catch::Contains(R"("message":"three")"));
    log::start(LogLevel::info);
}

TEST_CASE("a warning is written at once, together with what was held back before it") {
    log::start(LogLevel::info);
    const Capture output;

    orders.info("held back");
    orders.warning("urgent");

    CHECK_THAT(output.text(), Catch::Contains("held back") && Catch::Contains("urgent"));
}

TEST_CASE("lines within a request carry its id, and those of the outer one after it") {
    log::start(LogLevel::info);
    const Capture output;

    {
        const log::RequestScope outer("r-1");
        {
            const log::RequestScope inner("r-2");
            orders.info("inner");
        }
        orders.info("outer");
    }
    orders.info("none");

    const auto text = output.flushed();
    CHECK_THAT(text, Catch::Contains(R"("message":"inner","request_id":"r-2"})"));
    CHECK_THAT(text, Catch::Contains(R"("message":"outer","request_id":"r-1"})"));
    CHECK_THAT(text, Catch::Contains(R"("message":"none"})"));
}

TEST_CASE("the lines of many threads are all written, those of each in their order") {
    log::start(LogLevel::info);
    constexpr std::int64_t threads = 4, each = 2'000;
    const Capture output;
    std::vector<std::thread> running;

    for (std::int64_t thread = 0; thread < threads; ++thread)
        running.emplace_back([thread] {
            for (std::int64_t line = 0; line < each; ++line)
                orders.info("counted", {{"thread", thread}, {"line", line}});
        });
    for (auto& thread : running)
        thread.join();

    std::map<std::int64_t, std::int64_t> next;
    bool in_order = true;
    std::istringstream text(output.flushed());
    for (std::string line; std::getline(text, line);) {
        const auto read = boost::json::parse(line).as_object();
        in_order &= next[read.at("thread").as_int64()]++ == read.at("line").as_int64();
    }
    CHECK(in_order);
    CHECK(next == std::map<std::int64_t, std::int64_t>{{0, each}, {1, each}, {2, each}, {3, each}});
}

TEST_CASE("a line that is longer than what a thread can keep comes whole, behind those before it") {
    log::start(LogLevel::info);
    const std::string longest(300'000, 'x');
    const Capture output;

    orders.info("before");
    orders.info(longest);
    orders.info("after");

    const auto text = output.flushed();
    CHECK(text.find("before") < text.find(longest));
    CHECK(text.find(longest) < text.find("after"));
    CHECK(std::count(text.begin(), text.end(), '\n') == 3);
}

TEST_CASE("lines are written without being asked for once there are enough of them") {
    log::start(LogLevel::info);
    const Capture output;

    for (std::size_t bytes = 0; bytes <= log::write_bytes; bytes += 100)
        orders.info(std::string(100, 'x'));

    CHECK(output.text().size() >= log::write_bytes);
}

TEST_CASE("what waits is written when the process crashes") {
    log::start(LogLevel::info);
    const Capture output;
    orders.info("the last words");

    log::write_lines_while_crashing();

    CHECK_THAT(output.text(), Catch::Contains("the last words"));
}

TEST_CASE("what a thread writes while it ends is not lost") {
    struct Farewell {
        bool said = false;
        ~Farewell() { orders.info("farewell"); }
    };
    log::start(LogLevel::info);
    const Capture output;

    std::thread([] {
        thread_local Farewell farewell;  // Before the first line: so it ends after what keeps them.
        farewell.said = true;
        orders.info("hello");
    }).join();

    const auto text = output.flushed();
    CHECK(text.find("hello") < text.find("farewell"));
    CHECK(std::count(text.begin(), text.end(), '\n') == 2);
}

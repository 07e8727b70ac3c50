#include "module/crash_report.hpp"

#include "files.hpp"
#include "module/crash_handler.hpp"
#include "module/crash_names.hpp"
#include "module/crash_news.hpp"
#include "module/crash_text.hpp"

#include <catch2/catch.hpp>

#include <fcntl.h>
#include <unistd.h>

#include <csignal>
#include <limits>

namespace bulkhead::module {
namespace {

using test::TemporaryFolder;

constexpr auto* report_of_orders =
    "signal 11\ncode 1\naddress 10\ngeneration 4\npid 123\nthread 125\ntime 1763645123\n"
    "frame 1f 00ff - - - /lib/libc.so.6\n"
    "frame 2f - orders 1.1.0 abcd /var/lib/a folder/abcd.so\n"
    "frame 3f 11 core 0.1.0 - /usr/lib/libbulkhead.so.1\n"
    "request 0190-1\nend \n";

}  // namespace

TEST_CASE("a crash report says whose code it was") {
    const auto report = parse_crash_report(report_of_orders);

    CHECK(report.signal == 11);
    CHECK(report.address == 16);
    CHECK(report.thread == 125);
    REQUIRE(report.frames.size() == 3);
    CHECK(report.frames[0].build_id == "00ff");
    REQUIRE(report.blamed() == &report.frames[1]);
    CHECK(report.module() == report.blamed());
    CHECK(report.frames[1].path == "/var/lib/a folder/abcd.so");
    CHECK(sentence_of(report) ==
          "worker 123 of generation 4 crashed in module orders 1.1.0, in abcd.so+0x2f: signal 11 "
          "(Segmentation fault); request 0190-1");
}

TEST_CASE("a crash report that breaks off is told as far as it goes") {
    const auto [text, sentence] = GENERATE(table<std::string, std::string>(
        {{"", "a worker crashed and could not write its report; is the disk full?"},
         {"sign", "a worker crashed and could not write its report; is the disk full?"},
         {"signal 6\npid 7\ngeneration 1\n",
          "worker 7 of generation 1 crashed outside of the core and its modules: signal 6 "
          "(Aborted)"},
         {"signal 6\npid 7\ngeneration 1\nframe zz\nframe\nframe 1 - a",
          "worker 7 of generation 1 crashed in module a , in +0x1: signal 6 (Aborted)"},
         {"signal many\npid -\n\xff\xfe\n\n",
          "a worker crashed and could not write its report; is the disk full?"}}));

    CHECK(sentence_of(parse_crash_report(text)) == sentence);
}

TEST_CASE("a function is named without what it takes and returns") {
    const auto [demangled, name] = GENERATE(table<std::string, std::string>(
        {{"orders::Service::place(bulkhead::Id<int> const&, int)", "orders::Service::place"},
         {"bulkhead::Result<int (*)(char)> call<A (&)(B), C>(D) const", "call<A (&)(B), C>"},
         {"orders::(anonymous namespace)::total(int)", "orders::(anonymous namespace)::total"},
         {"a::f(int)::{lambda(int)#1}::operator()(int) const",
          "a::f(int)::{lambda(int)#1}::operator()(int) const"},
         {"main", "main"},
         {"", ""}}));

    CHECK(plain_name(demangled) == name);
}

TEST_CASE("crash reports are told once, and the oldest of those told are dropped") {
    const TemporaryFolder data;
    for (std::size_t number = 0; number < told_crash_reports_kept + 5; ++number)
        test::write(data, "crashes/" + std::to_string(1'000 + number) + "-1.crash",
                    report_of_orders);

    const auto told = tell_crashes(data.path());
    const auto again = tell_crashes(data.path());

    CHECK(told.size() == told_crash_reports_kept + 5);
    CHECK(again.empty());
    CHECK_FALSE(std::filesystem::exists(data.path() / "crashes/1004-1.told"));
    CHECK(std::filesystem::exists(data.path() / "crashes/1005-1.told"));
}

TEST_CASE("a file whose build is another by now names no function") {
    const TemporaryFolder data;
    const auto file = test::write(data, "good.so", test::fixture("good"));
    const auto build_id = GENERATE(as<std::string>(), "00ff", "-");
    test::write(data, "crashes/1-1.crash",
                "signal 11\nframe 5000 " + build_id + " good 1.2.3 - " + file.string() + "\n");

    const auto reports = read_crash_reports(data.path());

    REQUIRE(reports.size() == 1);
    CHECK(reports[0].frames.at(0).function.empty());
}

TEST_CASE("a broken file names no function and does no harm") {
    const TemporaryFolder data;
    auto bytes = test::fixture("good");
    bytes.resize(GENERATE(as<std::size_t>(), 0, 3, 64, 5'000));
    const auto file = test::write(data, "good.so", bytes);
    test::write(data, "crashes/1-1.crash",
                "signal 11\nframe 10 - good 1.2.3 - " + file.string() + "\n");

    const auto told = tell_crashes(data.path());

    REQUIRE(told.size() == 1);
    CHECK(told[0].find("good.so+0x10") != std::string::npos);
}

TEST_CASE("what a crash writes is one word or line at a time, and never too much") {
    const TemporaryFolder folder;
    const auto path = folder.path() / "text";
    const int descriptor = ::open(path.c_str(), O_WRONLY | O_CREAT, 0600);
    CrashText text;

    text.line("what", "two\nlines\x01");
    text.line("least", std::numeric_limits<std::int64_t>::min());
    text.word("address").hex(0xdeadbeef).hex(0).end_line();
    text.flush(descriptor);
    const auto short_text = test::bytes_of(path);
    text.line("long", std::string(100'000, 'x'));
    text.flush(descriptor);
    ::close(descriptor);

    CHECK(short_text == "what two?lines?\nleast -9223372036854775808\naddress deadbeef 0\n");
    CHECK(test::bytes_of(path).size() <= short_text.size() + 16'384);
}

}  // namespace bulkhead::module

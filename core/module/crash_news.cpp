#include "module/crash_news.hpp"

#include "config/file.hpp"
#include "module/crash_handler.hpp"
#include "module/crash_names.hpp"
#include "value/crash_signals.hpp"
#include "value/write_all.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <sstream>

namespace bulkhead::module {

namespace {

namespace fs = std::filesystem;

using Clock = std::chrono::steady_clock;

constexpr std::size_t max_report_bytes = 65'536;
constexpr std::chrono::seconds longest_naming{5};  // The supervisor does nothing else meanwhile.

// Their names begin with the time.
std::vector<fs::path> files_of(const fs::path& data_folder, const char* extension) {
    std::vector<fs::path> files;
    std::error_code reason;
    for (fs::directory_iterator at(crash_folder(data_folder), reason), end; !reason && at != end;
         at.increment(reason))
        if (at->path().extension() == extension)
            files.push_back(at->path());
    std::ranges::sort(files);
    return files;
}

std::vector<CrashReport> parse_all(const std::vector<fs::path>& files) {
    std::vector<CrashReport> reports;
    for (const auto& file : files)
        if (const auto text = config::read_regular_file(file, max_report_bytes))
            reports.push_back(parse_crash_report(*text));
    return reports;
}

// A function and a source for each frame, a line each.
void write_names(std::vector<CrashReport> reports, int descriptor) {
    std::string names;
    for (auto& report : reports) {
        name_frames(report);
        for (const auto& frame : report.frames)
            names.append(frame.function + '\n').append(frame.source + '\n');
    }
    value::write_all(descriptor, names);
}

[[noreturn]] void be_the_reader(const std::vector<CrashReport>& reports, int descriptor) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);  // What it has inherited must not outlive its parent.
    for (const int number : value::crash_signals)
        ::signal(number, SIG_DFL);
    try {
        write_names(reports, descriptor);
    } catch (const std::exception&) {
        ::_exit(1);  // Out of memory, most likely; the other side knows what to do without names.
    }
    ::_exit(0);
}

// What is said until the other side closes or `deadline` has passed.
std::string read_until(int descriptor, Clock::time_point deadline) {
    std::string said;
    char bytes[4096];
    for (;;) {
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now());
        pollfd watched{descriptor, POLLIN, 0};
        if (left.count() <= 0 || ::poll(&watched, 1, static_cast<int>(left.count())) == 0)
            return {};
        const auto count = ::read(descriptor, bytes, sizeof bytes);
        if (count == 0)
            return said;
        said.append(bytes, static_cast<std::size_t>(std::max<ssize_t>(count, 0)));
    }
}

std::string names_from_a_reader(const std::vector<CrashReport>& reports) {
    int ends[2] = {};
    if (::pipe2(ends, O_CLOEXEC) != 0)
        return {};
    const pid_t reader = ::fork();
    if (reader == 0)
        be_the_reader(reports, ends[1]);
    ::close(ends[1]);
    auto names = reader < 0 ? std::string() : read_until(ends[0], Clock::now() + longest_naming);
    ::close(ends[0]);
    int status = -1;
    if (reader > 0 && ::kill(reader, SIGKILL) == 0)
        while (::waitpid(reader, &status, 0) < 0 && errno == EINTR) {
        }
    return names;
}

void take_names(std::vector<CrashReport>& reports, const std::string& names) {
    std::istringstream lines(names);
    for (auto& report : reports)
        for (auto& frame : report.frames) {
            std::getline(lines, frame.function);
            std::getline(lines, frame.source);
        }
}

void drop_old(std::vector<fs::path> told) {
    std::error_code gone;  // Another process may have removed the same file.
    while (told.size() > told_crash_reports_kept) {
        fs::remove(told.front(), gone);
        told.erase(told.begin());
    }
}

std::vector<CrashReport> named(const std::vector<fs::path>& files) {
    auto reports = parse_all(files);
    if (!reports.empty())
        take_names(reports, names_from_a_reader(reports));
    return reports;
}

}  // namespace

std::vector<CrashReport> read_crash_reports(const fs::path& data_folder) {
    return named(files_of(data_folder, ".crash"));
}

std::vector<std::string> tell_crashes(const fs::path& data_folder) {
    const auto files = files_of(data_folder, ".crash");
    std::vector<std::string> sentences;
    for (const auto& report : named(files))
        sentences.push_back(sentence_of(report));
    std::error_code reason;
    for (const auto& file : files)
        fs::rename(file, fs::path(file).replace_extension(".told"), reason);
    if (!files.empty())
        drop_old(files_of(data_folder, ".told"));
    return sentences;
}

}  // namespace bulkhead::module

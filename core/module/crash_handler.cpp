#include "module/crash_handler.hpp"

#include "log/lines.hpp"
#include "log/log.hpp"
#include "module/child.hpp"
#include "module/crash_image.hpp"
#include "module/crash_stack.hpp"
#include "module/crash_text.hpp"
#include "value/alternate_stack.hpp"
#include "value/crash_signals.hpp"

#include <cxxabi.h>
#include <dlfcn.h>
#include <fcntl.h>
#include <unistd.h>
#include <unwind.h>

#include <atomic>
#include <bit>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <ctime>
#include <exception>

namespace bulkhead::module {

namespace {

namespace fs = std::filesystem;

constexpr unsigned longest_seconds = 5;  // Then whatever hangs in here is ended.
constexpr std::size_t max_request_id_bytes = 128;

std::atomic<const std::string*> report_path{nullptr};  ///< of the report that will be
std::atomic<std::int64_t> generation_number{1};
std::atomic<bool> reporting{false};

/// The exception that nobody caught, kept from std::terminate until the report is written.
struct Uncaught {
    std::array<char, 256> type{};
    std::array<char, 512> text{};
} uncaught;

// Nothing is allocated while crashing.
CrashText text;

template <std::size_t Size>
void keep(std::array<char, Size>& room, const char* words) {
    std::strncpy(room.data(), words, Size - 1);
}

// SOCI puts the values of a statement into its texts.
bool may_hold_values(std::string_view type) {
    return type.find("soci") != std::string_view::npos;
}

void note_exception() {
    const auto* const type = abi::__cxa_current_exception_type();
    if (type == nullptr)
        return;
    keep(uncaught.type, type->name());
    if (may_hold_values(type->name()))
        return;
    try {
        throw;
    } catch (const std::exception& exception) {
        keep(uncaught.text, exception.what());
    } catch (...) {
        return;  // Something without words; its type is known.
    }
}

[[noreturn]] void end_by_terminate() {
    ::alarm(longest_seconds);
    note_exception();
    std::abort();
}

void set_watchdog() {
    ::signal(SIGALRM, SIG_DFL);
    sigset_t alarm_only;
    ::sigemptyset(&alarm_only);
    ::sigaddset(&alarm_only, SIGALRM);
    ::pthread_sigmask(SIG_UNBLOCK, &alarm_only, nullptr);
    ::alarm(longest_seconds);
}

int open_report(const char* path) {
    constexpr int flags = O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW;
    const int descriptor = ::open(path, flags, 0600);
    if (descriptor >= 0 || (errno != EMFILE && errno != ENFILE))
        return descriptor;
    ::close(STDIN_FILENO);  // No descriptor is left, and nobody reads this one any more.
    return ::open(path, flags, 0600);
}

void write_head(int number, const siginfo_t& info) {
    text.line("signal", number);
    text.line("code", info.si_code);
    if (info.si_code > 0)  // Else si_addr means something else: somebody has sent it.
        text.word("address").hex(reinterpret_cast<std::uintptr_t>(info.si_addr)).end_line();
    text.line("generation", generation_number);
    text.line("pid", ::getpid());
    text.line("thread", ::gettid());
    timespec now{};
    ::clock_gettime(CLOCK_REALTIME, &now);
    text.line("time", now.tv_sec);
    if (uncaught.type[0] != '\0')
        text.line("exception", uncaught.type.data());
    if (uncaught.text[0] != '\0')
        text.line("what", uncaught.text.data());
}

// Whoever ended by std::terminate is below the frame of our own end_by_terminate().
std::span<const std::uintptr_t> frames_to_tell(std::span<const std::uintptr_t> frames) {
    for (std::size_t at = 0; at < frames.size(); ++at)
        if (_Unwind_FindEnclosingFunction(std::bit_cast<void*>(frames[at])) ==
            reinterpret_cast<void*>(&end_by_terminate))
            return frames.subspan(at + 1);
    return frames;
}

std::string_view or_dash(std::string_view word) {
    return word.empty() ? "-" : word;
}

// frame OFFSET BUILD-ID NAME VERSION SHA256 PATH
void write_frame(std::uintptr_t address) {
    const auto image = image_of(address);
    text.word("frame").hex(address - image.base).hex(image.build_id);
    if (image.owner == nullptr)
        text.word("- - -");
    else
        text.word(or_dash(image.owner->name))
            .word(or_dash(image.owner->version))
            .word(or_dash(image.owner->sha256));
    text.word(or_dash(image.path)).end_line();
}

// What is most likely to fault comes last, and what was gathered before is in the file by then.
void write_report(int descriptor, int number, const siginfo_t& info, const void* context) {
    write_head(number, info);
    text.flush(descriptor);
    const CrashStack stack(context);
    for (const auto address : frames_to_tell(stack.frames()))
        write_frame(address);
    text.flush(descriptor);
    const auto request = log::current_request_id().substr(0, max_request_id_bytes);
    if (!request.empty())
        text.line("request", request);
    text.line("end", "");
    text.flush(descriptor);
}

void handle_crash(int number, siginfo_t* info, void* context) {
    if (reporting.exchange(true))
        for (;;)
            ::pause();  // Two at once: the first one's report ends this thread as well.
    set_watchdog();
    const int descriptor = open_report(report_path.load()->c_str());
    if (descriptor >= 0) {
        write_report(descriptor, number, *info, context);
        ::close(descriptor);
    }
    log::write_lines_while_crashing();
    ::signal(number, SIG_DFL);
    // What the kernel raised comes again by itself; what was sent has to be sent again.
    if (info->si_code <= 0)
        ::raise(number);
}

void catch_signals() {
    struct sigaction action{};
    action.sa_sigaction = handle_crash;
    action.sa_flags = SA_SIGINFO | SA_ONSTACK;
    ::sigfillset(&action.sa_mask);  // A fault within the handler ends the process at once.
    for (const int number : value::crash_signals)
        ::sigaction(number, &action, nullptr);
}

void make_folder(const fs::path& folder) {
    std::error_code reason;
    fs::create_directories(folder, reason);
    if (!reason)
        fs::permissions(folder, fs::perms::owner_all, reason);
    if (reason)
        Log("core").warning("crashes will leave no report; let this user write to the folder",
                            {{"folder", folder.string()}, {"detail", reason.message()}});
}

void note_own_images() {
    const auto program = running_program().string();
    note_program(program);
    note_image({program, crash_core, BULKHEAD_VERSION, {}});
    Dl_info library{};
    if (::dladdr(reinterpret_cast<const void*>(&catch_signals), &library) != 0)
        note_image({library.dli_fname, crash_core, BULKHEAD_VERSION, {}});
}

}  // namespace

fs::path crash_folder(const fs::path& data_folder) {
    return data_folder / "crashes";
}

void install_crash_handler(const fs::path& data_folder) {
    static const value::AlternateStack of_the_main_thread;
    const auto folder = crash_folder(fs::absolute(data_folder));
    make_folder(folder);
    const auto name = std::to_string(std::time(nullptr)) + "-" + std::to_string(::getpid());
    report_path = new std::string(folder / (name + ".crash"));
    note_own_images();
    CrashStack::warm_up();
    std::set_terminate(end_by_terminate);
    catch_signals();
}

void note_generation(std::int64_t generation) {
    generation_number = generation;
}

}  // namespace bulkhead::module

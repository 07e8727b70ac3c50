#include "module/announce.hpp"

#include "module/crash_news.hpp"
#include "module/supervisor.hpp"

#include <unistd.h>

#include <iostream>

namespace bulkhead::module {

void log_listening(const Log& log, std::span<const int> listening) {
    for (const int descriptor : listening)
        log.info("listening", {{"address", bound_address(descriptor)}});
}

void greet(std::span<const int> listening, const std::filesystem::path& config) {
    if (::isatty(STDERR_FILENO) == 0)
        return;
    for (const int descriptor : listening)
        std::cerr << "serving on http://" << bound_address(descriptor) << " by " << config.string()
                  << "; Ctrl-C ends it\n";
}

void complain(std::string_view sentence) {
    // In one piece, because several processes may share the terminal.
    std::cerr << "bulkhead: " + std::string(sentence) + "\n";
}

void announce_crashes(const Log& log, const std::filesystem::path& data_folder) {
    for (const auto& sentence : tell_crashes(data_folder)) {
        log.error("crash", {{"report", sentence}});
        complain(sentence);
    }
}

}  // namespace bulkhead::module

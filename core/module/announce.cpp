#include "module/announce.hpp"

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
    std::cerr << "bulkhead: " << sentence << '\n';
}

}  // namespace bulkhead::module

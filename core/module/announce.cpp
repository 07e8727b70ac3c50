#include "module/announce.hpp"

#include "module/crash_news.hpp"
#include "module/socket_address.hpp"
#include "value/enum_name.hpp"

#include <unistd.h>

#include <iostream>

namespace bulkhead::module {
namespace {

std::string url_of(const http::Listening& socket) {
    const auto address = bound_address(socket.descriptor);
    if (address.starts_with("unix:"))
        return address;
    return (socket.role == http::Role::tls ? "https://" : "http://") + address;
}

}  // namespace

void log_listening(const Log& log, std::span<const http::Listening> listening) {
    for (const auto& [descriptor, role] : listening)
        log.info("listening",
                 {{"role", value::name_of(role)}, {"address", bound_address(descriptor)}});
}

void greet(std::span<const http::Listening> listening, const std::filesystem::path& config) {
    if (::isatty(STDERR_FILENO) == 0)
        return;
    std::string places;
    for (const auto& socket : listening)
        places.append(places.empty() ? "" : ", ").append(url_of(socket));
    std::cerr << "serving on " + places + " by " + config.string() + "; Ctrl-C ends it\n";
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

#include "support/process_usage.hpp"

#include "support/process.hpp"

#include <fstream>
#include <stdexcept>

namespace {

namespace fs = std::filesystem;

#if defined(__SANITIZE_THREAD__) || defined(__SANITIZE_ADDRESS__)
constexpr bool is_sanitized = true;
#else
constexpr bool is_sanitized = false;
#endif

constexpr std::chrono::milliseconds between_looks{10};  // The kernel tells of none of this.

std::size_t sockets_of(const fs::path& process) {
    std::size_t sockets = 0;
    for (const auto& entry : fs::directory_iterator(process / "fd")) {
        std::error_code gone;  // Since it was listed.
        sockets += fs::read_symlink(entry, gone).string().starts_with("socket:") ? 1 : 0;
    }
    return sockets;
}

// "VmRSS:     12345 kB"
std::size_t bytes_in(const fs::path& status, const std::string& name) {
    std::ifstream file(status);
    for (std::string line; std::getline(file, line);)
        if (line.starts_with(name))
            return std::stoul(line.substr(name.size())) * 1'024;
    throw std::runtime_error("there is no " + name + " in " + status.string());
}

}  // namespace

ProcessUsage usage_of(pid_t process) {
    const auto folder = fs::path("/proc") / std::to_string(process);
    if (is_sanitized)
        return {.sockets = sockets_of(folder)};
    return {sockets_of(folder), bytes_in(folder / "status", "VmRSS:"),
            bytes_in(folder / "status", "VmHWM:")};
}

bool becomes_true(const std::function<bool()>& condition) {
    const auto end = std::chrono::steady_clock::now() + ProcessOptions().patience;
    while (!condition()) {
        if (std::chrono::steady_clock::now() >= end)
            return false;
        std::this_thread::sleep_for(between_looks);
    }
    return true;
}

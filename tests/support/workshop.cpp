#include "support/workshop.hpp"

#include "support/running_server.hpp"

#include <cstdlib>
#include <fstream>
#include <stdexcept>

namespace {

// Compilers at work, on a machine where others are, too.
constexpr std::chrono::seconds patience{90};

}  // namespace

Workshop::Workshop() {
    std::filesystem::create_directory(folder());
    run_well("cmake --install '" BULKHEAD_BUILD_DIR "' --prefix '" + prefix().string() + "'");
}

ProcessOptions Workshop::options(const std::filesystem::path& folder) const {
    const char* path = std::getenv("PATH");
    return {{{"PATH", (prefix() / "bin").string() + ":" + (path == nullptr ? "" : path)}},
            this->folder() / folder,
            {},
            patience};
}

Ended Workshop::run(const std::string& script, const std::filesystem::path& folder) const {
    return run_to_end("/bin/bash", {"-eu", "-c", script}, options(folder));
}

std::string Workshop::run_well(const std::string& script,
                               const std::filesystem::path& folder) const {
    const auto ended = run(script, folder);
    if (ended.status != 0)
        throw std::runtime_error(script + "\nends with " + std::to_string(ended.status) + "\n" +
                                 ended.output + ended.errors);
    return ended.output;
}

std::string Workshop::read(const std::filesystem::path& file) const {
    std::ifstream stream(folder() / file);
    if (!stream)
        throw std::runtime_error(file.string() + " is not there");
    return {std::istreambuf_iterator<char>(stream), {}};
}

void Workshop::write(const std::filesystem::path& file, const std::string& text) const {
    std::filesystem::create_directories((folder() / file).parent_path());
    std::ofstream(folder() / file) << text;
}

void Workshop::replace(const std::filesystem::path& file, const std::string& what,
                       const std::string& with) const {
    auto text = read(file);
    const auto at = text.find(what);
    if (at == std::string::npos || text.find(what, at + 1) != std::string::npos)
        throw std::runtime_error(file.string() + " does not have once: " + what);
    write(file, text.replace(at, what.size(), with));
}

AuthorsServer::AuthorsServer(const Workshop& workshop, const std::filesystem::path& folder,
                             const std::string& arguments)
    : process_("/bin/bash", {"-c", "exec bulkhead serve " + arguments + " 2>&1"},
               workshop.options(folder)),
      port_(port_in(process_.wait_for_line(R"("message":"listening")"))) {
    process_.wait_for_line("generation ready");
}

void AuthorsServer::await_next_generation() {
    process_.wait_for_line("generation ready");
    process_.wait_for_line("generation ended");
}

#pragma once

#include "log/log.hpp"

#include <bulkhead/test/temporary_folder.hpp>

#include <fcntl.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>

namespace bulkhead::test {

/// What the process writes to standard output while this lives goes to a file.
class CapturedOutput {
public:
    explicit CapturedOutput(const std::filesystem::path& file) : saved_(dup(STDOUT_FILENO)) {
        log::flush();
        const int descriptor = open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
        dup2(descriptor, STDOUT_FILENO);
        close(descriptor);
    }
    ~CapturedOutput() {
        log::flush();
        dup2(saved_, STDOUT_FILENO);
        close(saved_);
    }
    CapturedOutput(const CapturedOutput&) = delete;
    CapturedOutput& operator=(const CapturedOutput&) = delete;

private:
    int saved_;
};

/// What the process writes to standard output, log lines included, while `work` runs.
template <class Work>
std::string output_of(Work&& work) {
    const TemporaryFolder folder;
    const auto path = folder.path() / "output";
    {
        const CapturedOutput captured(path);
        work();
    }
    std::ifstream file(path);
    return {std::istreambuf_iterator<char>(file), {}};
}

/// How often `text` holds `part`.
inline std::size_t count_of(std::string_view part, std::string_view text) {
    std::size_t count = 0;
    for (auto at = text.find(part); at != std::string_view::npos; at = text.find(part, at + 1))
        ++count;
    return count;
}

}  // namespace bulkhead::test

#pragma once

#include <filesystem>

namespace bulkhead::app {

/// A folder that stands for server.data while a command only looks: what is there can be read in
/// it, what a module makes anew goes with it. Private copies of modules are kept in server.data all
/// the same, where it exists and this user may write to it.
class Scratch {
public:
    /// Throws std::runtime_error with its remedy when no folder can be made.
    explicit Scratch(const std::filesystem::path& data_folder);
    ~Scratch();
    Scratch(const Scratch&) = delete;
    Scratch& operator=(const Scratch&) = delete;

    const std::filesystem::path& path() const { return path_; }

private:
    std::filesystem::path path_;
};

}  // namespace bulkhead::app

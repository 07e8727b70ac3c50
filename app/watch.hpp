#pragma once
// `serve --watch`: save a file, and the running server has it.

#include <bulkhead/result.hpp>

#include <CLI/App.hpp>

#include <filesystem>

namespace bulkhead::app {

struct WatchOptions {
    const CLI::Option* watch = nullptr;  ///< counts --watch
    std::string folder = ".";
    std::string build = "cmake --build build";
};

/// Gives a command the options --watch and --build, which are written to `options`.
void offer_watch(CLI::App& command, WatchOptions& options);

/// Starts, if --watch was given, a process that builds and delivers what is saved and then tells
/// this one to apply it. It ends with this one. Before any thread starts and any socket is opened.
Result<> start_watching(const WatchOptions& options, const std::filesystem::path& config);

}  // namespace bulkhead::app

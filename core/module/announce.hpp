#pragma once
// What a serving process says to people beside its log.

#include "http/server.hpp"

#include <bulkhead/log.hpp>

#include <filesystem>
#include <span>

namespace bulkhead::module {

/// One log line for each: {"message":"listening","role":"plain","address":"127.0.0.1:8080"}.
void log_listening(const Log& log, std::span<const http::Listening> listening);

/// One line on standard error, if that is a terminal: where it serves and how to end it.
void greet(std::span<const http::Listening> listening, const std::filesystem::path& config);

/// One sentence on standard error: why this program goes no further.
void complain(std::string_view sentence);

/// What has crashed since it was last asked (see crash_news.hpp), in the log and on standard error.
void announce_crashes(const Log& log, const std::filesystem::path& data_folder);

}  // namespace bulkhead::module

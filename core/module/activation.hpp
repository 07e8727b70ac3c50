#pragma once

#include "http/server.hpp"

#include <bulkhead/result.hpp>

#include <optional>

namespace bulkhead::module {

/// The value of an environment variable that is meant for this process alone: nobody that it starts
/// will find it. Call it while there is one thread.
std::optional<std::string> take_variable(const char* name);

/// The listening sockets that a service manager has opened for this process, by sd_listen_fds(3):
/// descriptors from 3 on, made non-blocking and close-on-exec, and LISTEN_* taken out of the
/// environment. A socket named "https" (FileDescriptorName= of its unit) speaks TLS; "http" and one
/// without a name of its own do not. None where the variables are absent or another process's.
/// Refused with a sentence where one of them is no listening stream socket or has another name.
Result<std::vector<http::Listening>> activated_sockets();

}  // namespace bulkhead::module

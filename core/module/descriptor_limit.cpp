#include "module/descriptor_limit.hpp"

#include <sys/resource.h>

#include <cerrno>
#include <cstring>

namespace bulkhead::module {
namespace {

constexpr rlim_t beside_connections = 256;  // Databases, modules, logs, what handlers open.

}  // namespace

void raise_descriptor_limit(const Log& log, std::int32_t connections) {
    rlimit limit{};
    ::getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    if (::setrlimit(RLIMIT_NOFILE, &limit) != 0)
        log.warning("the limit of open files cannot be raised", {{"detail", std::strerror(errno)}});
    const auto wanted = static_cast<rlim_t>(connections) + beside_connections;
    if (limit.rlim_max < wanted)
        log.warning(
            "fewer files may be open than http.connections needs: raise the hard limit (ulimit "
            "-Hn, LimitNOFILE= of the unit) or lower http.connections",
            {{"limit", static_cast<std::int64_t>(limit.rlim_max)},
             {"needed", static_cast<std::int64_t>(wanted)}});
}

}  // namespace bulkhead::module

#pragma once

#include "http/exchange.hpp"
#include "http/path.hpp"
#include "http/static_folder.hpp"
#include "http/static_options.hpp"

#include <map>

namespace bulkhead::http {

struct Answer;

/// The folders of [static.<name>]: each serves the paths below its own that no route has. Where
/// one lies below another, the longer path wins. Any thread.
class StaticFiles {
public:
    /// Adds one route "/docs/*" of module "core" for each folder to `routes`, which count, limit
    /// and list it like any other, and which must not move from here on.
    StaticFiles(const std::map<std::string, StaticOptions>& options, std::deque<Route>& routes);

    /// For a path that no route has, as it came (`raw`) and without I/O: whether it may name a file
    /// here, in exchange.route and progress. Percent-decoded once, segment by segment: a name that
    /// begins with a dot, or has a slash in it ("%2F"), is no file's.
    void find(std::string_view raw, Exchange& exchange) const;

    /// GET or HEAD of what find() has found, on a worker: it blocks on the disk. Conditions and
    /// ranges by RFC 9110, 13 and 14. Throws as StaticFolder does.
    void answer(const Exchange& exchange, Answer& answer) const;

private:
    struct Mount {
        StaticOptions options;
        StaticFolder folder;
        const Route* route;
        std::size_t route_number;
        Segments path;
    };

    static void offer(const Mount& mount, std::span<const std::string_view> names,
                      std::string_view end, Exchange& exchange);
    const Mount* mount_of(std::span<const std::string_view> segments) const;

    std::deque<Mount> mounts_;  ///< a deque: `path` points into `options`
};

}  // namespace bulkhead::http

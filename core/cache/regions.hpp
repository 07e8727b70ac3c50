#pragma once

#include "cache/options.hpp"
#include "cache/region.hpp"

#include <map>
#include <mutex>

namespace bulkhead::cache {

/// The caches of one generation; they start empty and outlive the modules. Any thread.
class Regions {
public:
    /// Both outlive the regions.
    Regions(const Options& options, db::Pool& pool) : options_(options), pool_(pool) {}

    /// For the constructor of a module. Throws std::runtime_error with a sentence for a name that
    /// is none or taken, and for limits that are out of their range.
    Region& add(const std::string& module, std::string_view name, const CacheLimits& limits,
                const AnyCache::Form& form);
    /// By name.
    std::vector<Statistics> statistics() const;

private:
    const Options& options_;
    db::Pool& pool_;
    mutable std::mutex mutex_;
    std::map<std::string, Region> regions_;
};

}  // namespace bulkhead::cache

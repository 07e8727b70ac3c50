#include "cache/regions.hpp"

#include "cache/memory.hpp"

#include <stdexcept>

namespace bulkhead {

Result<AnyCache::Value> AnyCache::get(std::string_view key, Load load) {
    return region_ == nullptr ? load.call(load.object) : region_->get(key, load);
}

void AnyCache::forget(std::string_view key) {
    if (region_ != nullptr)
        region_->forget(key);
}

void AnyCache::forget_all() {
    if (region_ != nullptr)
        region_->forget_all();
}

// The session is asked for so that nobody writes this outside of a transaction; which one is open
// the thread knows.
void AnyCache::forget_after_commit(db::Session&, std::string_view key) {
    if (region_ != nullptr)
        region_->forget_after_commit(key);
}

namespace cache {

namespace {

constexpr std::int32_t longest_seconds = 86'400;
constexpr std::int32_t most_entries = 10'000'000;

void check_name(const std::string& module, std::string_view name) {
    constexpr std::string_view spelled = "abcdefghijklmnopqrstuvwxyz0123456789_";
    if (name.empty() || name.find_first_not_of(spelled) != std::string_view::npos)
        throw std::runtime_error("'" + module + "' names a cache '" + std::string(name) +
                                 "'; expected lower-case letters, digits and underscores.");
}

void check_limit(const std::string& cache, const char* limit, std::int32_t found,
                 std::int32_t least, std::int32_t most) {
    if (found < least || found > most)
        throw std::runtime_error("the cache '" + cache + "' asks for " + limit + " = " +
                                 std::to_string(found) + "; expected " + std::to_string(least) +
                                 " to " + std::to_string(most) + ".");
}

void check(const std::string& cache, const CacheLimits& limits) {
    check_limit(cache, "seconds", limits.seconds, 1, longest_seconds);
    check_limit(cache, "entries", limits.entries, 1, most_entries);
    check_limit(cache, "absent_seconds", limits.absent_seconds, 0, longest_seconds);
}

std::unique_ptr<Store> store_for(const CacheLimits& limits, const Options& options) {
    if (!options.enabled)
        return nullptr;
    return std::make_unique<Memory>(
        static_cast<std::size_t>(std::min(limits.entries, options.entries)),
        static_cast<std::size_t>(options.bytes));
}

Region::Limits limits_for(const CacheLimits& limits, const Options& options) {
    return {std::chrono::seconds(std::min(limits.seconds, options.seconds)),
            std::chrono::seconds(std::min(limits.absent_seconds, options.seconds)),
            std::chrono::milliseconds(options.wait_ms)};
}

}  // namespace

Region& Regions::add(const std::string& module, std::string_view name, const CacheLimits& limits,
                     const AnyCache::Form& form) {
    check_name(module, name);
    const auto full = module + "." + std::string(name);
    check(full, limits);
    const std::scoped_lock lock(mutex_);
    const auto [place, added] = regions_.try_emplace(full, full, form, limits_for(limits, options_),
                                                     pool_, store_for(limits, options_));
    if (!added)
        throw std::runtime_error("'" + module + "' asks for the cache '" + full +
                                 "' twice; give the second one a name of its own.");
    return place->second;
}

std::vector<Statistics> Regions::statistics() const {
    const std::scoped_lock lock(mutex_);
    std::vector<Statistics> all;
    for (const auto& [name, region] : regions_)
        all.push_back(region.statistics());
    return all;
}

}  // namespace cache

}  // namespace bulkhead

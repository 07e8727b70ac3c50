#pragma once
// What may not start again until its files change. Kept in server.data/quarantine.json, so that a
// restart does not forget it.

#include "module/terms.hpp"

#include <bulkhead/result.hpp>

#include <filesystem>
#include <map>
#include <span>

namespace bulkhead::module {

/// For one thread. What cannot be written (disk full) holds in memory and is logged.
class Quarantine {
public:
    /// Reads what is there; a damaged file counts as empty and is logged.
    explicit Quarantine(const std::filesystem::path& data_folder);

    /// Counts a start that this file's code did not survive; from the `attempts`th on the module is
    /// quarantined, and this returns true.
    bool failed_to_start(const Pin& module, std::int32_t attempts, const std::string& reason);
    /// Its count begins anew.
    void started(std::span<const Pin> modules);

    /// A set (by its digest) that was rolled back, and why.
    void refuse_set(const std::string& digest, const std::string& reason);
    bool refuses_any_set() const { return !sets_.empty(); }
    /// Why it was; empty when it may be tried.
    std::string refusal_of_set(const std::string& digest) const;

    std::vector<Quarantined> modules() const;
    /// An administrator says to try again.
    void release();

private:
    void write() const;

    std::filesystem::path file_;
    std::vector<Quarantined> modules_;
    std::map<std::string, std::int32_t> attempts_;  ///< starts that failed, by sha256
    std::map<std::string, std::string> sets_;       ///< digest to reason
};

/// That a set which was rolled back for this reason is not tried again, with the remedy.
std::string not_tried_again(const std::string& reason);

}  // namespace bulkhead::module

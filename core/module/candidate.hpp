#pragma once
// What a generation is to be made of, and whether that differs from what serves.

#include "module/description.hpp"
#include "module/module_set.hpp"

namespace bulkhead::module {

struct Candidate {
    std::shared_ptr<const Configuration> configuration;
    /// The text, and the file of every enabled module as it lay in the directory, once that has
    /// been looked at: more than a set that has run, for some of these may not come to run.
    ModuleSet wanted;
    std::map<std::string, std::string> versions;  ///< of the modules, from their manifests
    /// Of what a new generation takes as well: the program, the core's library, the files that the
    /// text names as values.
    std::string surroundings;
    /// Of the files that [tls] names: a renewed certificate is a change.
    std::optional<http::TlsFiles> tls_files;
    std::string unreadable;  ///< and files in the directory that are no modules
    std::vector<Pin> pins;   ///< exactly these contents are loaded ...
    bool pinned = false;     ///< ... where this says so

    std::string digest() const { return wanted.digest(); }
    std::string sha256_of(const std::string& module) const;  ///< empty for an unknown one
};

/// From what lies on the disk, the module directory not looked at yet. `program`: what the workers
/// execute.
Candidate candidate_from(Configuration configuration, const std::filesystem::path& program);
/// Reads the files of the directory, which takes the time of hashing them ...
void look_at_files(Candidate& candidate);
/// ... or takes them from whoever has read them.
void take_files(Candidate& candidate, std::span<const ModuleStatus> modules);
/// Forgets the contents that were pinned and could not be read any more: applying them is a change.
void forget_lost(Candidate& candidate, std::span<const ModuleStatus> modules);
/// From a set that has served; refused when its text cannot be read any more (an environment
/// variable is gone).
Result<Candidate> candidate_from(const ModuleSet& set, const std::filesystem::path& file,
                                 const std::filesystem::path& program);

/// Whether starting `next` would change nothing.
bool is_same(const Candidate& running, const Candidate& next);
/// Whether log.level alone has another value; that needs no new generation.
bool differs_in_log_level_alone(const Candidate& running, const Candidate& next);

/// The modules of `left_out`, which do not run now, that need not come to run with `next` either:
/// their files are the same, and what is quarantined still is.
std::vector<std::string> excused_from(const Candidate& next, std::span<const ModuleStatus> left_out,
                                      std::span<const Quarantined> quarantined);

/// The modules that are enabled and do not run.
std::vector<ModuleStatus> left_out_of(const Description& serving);

}  // namespace bulkhead::module

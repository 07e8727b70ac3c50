#pragma once
// What commands that look at modules begin with.

#include "module/generation.hpp"
#include "scratch.hpp"

#include <memory>

namespace bulkhead::app {

/// A generation that serves nobody, and what it lies on.
class Loaded {
public:
    Loaded(std::unique_ptr<Scratch> scratch, std::unique_ptr<module::Generation> generation)
        : scratch_(std::move(scratch)), generation_(std::move(generation)) {}

    module::Generation& operator*() const { return *generation_; }
    module::Generation* operator->() const { return generation_.get(); }

private:
    std::unique_ptr<Scratch> scratch_;  ///< null: on server.data itself
    std::unique_ptr<module::Generation> generation_;
};

/// The configuration with its modules gated, loaded and constructed to be looked at: the database
/// is untouched, and what modules make in server.data is gone afterwards. With the URL of another
/// database, it is that one that they look at.
Result<Loaded> load(const std::filesystem::path& config, const std::string& database_url = {});

/// The same for commands that write, on server.data itself: refused while expand migrations are
/// pending.
Result<Loaded> load_migrated(const std::filesystem::path& config);

/// The state of one module, or null when neither the configuration nor the directory knows it.
const module::ModuleStatus* status_of(const module::Generation& generation, std::string_view name);

/// The modules and their states, for people.
std::string states_in_columns(const std::vector<module::ModuleStatus>& modules);

}  // namespace bulkhead::app

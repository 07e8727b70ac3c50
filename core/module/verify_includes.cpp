#include "module/verify_includes.hpp"

#include "module/walls.hpp"

#include <algorithm>
#include <optional>
#include <set>

namespace bulkhead::module {

namespace {

namespace fs = std::filesystem;

std::string first_folder(std::string_view path) {
    const auto slash = path.find('/');
    return slash == std::string_view::npos ? "" : std::string(path.substr(0, slash));
}

bool holds(const std::vector<std::string>& names, const std::string& name) {
    return std::ranges::find(names, name) != names.end();
}

struct Verdict {
    std::string expected;
    std::string remedy;
};

using Judgement = std::optional<Verdict>;

// The includes of one module, one by one.
class IncludeCheck {
public:
    IncludeCheck(const ModuleSources& module, const std::set<std::string>& modules)
        : module_(module), modules_(modules) {}

    std::vector<Breach> run() {
        for (const auto& file : module_.files)
            for (const auto& include : includes_of(file))
                if (const auto verdict = judge(file, include))
                    breaches_.push_back({module_.subject.name, Boundary::includes,
                                         file.path + ":" + std::to_string(include.line) +
                                             " includes " + include.target,
                                         verdict->expected, verdict->remedy});
        for (const auto& need : module_.subject.needs)
            if (!seen_.contains(need))
                breaches_.push_back({module_.subject.name, Boundary::needs,
                                     "needs '" + need + "' and includes nothing of its api/",
                                     "needs that are used", "take it out of .needs"});
        return std::move(breaches_);
    }

private:
    Judgement judge(const SourceFile& file, const Include& include) {
        if (include.quoted && is_own(file, include))
            return judge_own(file, include);
        if (include.target.starts_with("bulkhead/"))
            return {};
        if (const auto* wall = wall_of_header(include.target))
            return Verdict{"no library that the core keeps to itself: only " +
                               std::string(wall->home) + " may",
                           "use the SDK, <bulkhead/module.hpp>"};
        const auto path = path_among_modules(file, include);
        const auto owner = first_folder(path);
        if (is_module(owner))
            return judge_foreign(owner, path);
        if (is_core_folder(owner) || first_folder(path) == "core")
            return Verdict{"only the SDK of the core", "use <bulkhead/module.hpp>"};
        if (include.quoted)
            return Verdict{"a file of this module", "put it into this module's folder"};
        return {};
    }

    bool is_own(const SourceFile& file, const Include& include) const {
        const auto place = place_of(file, include);
        return !place.starts_with("../") && fs::exists(module_.folder / place);
    }

    static std::string place_of(const SourceFile& file, const Include& include) {
        return (fs::path(file.path).parent_path() / include.target)
            .lexically_normal()
            .generic_string();
    }

    Judgement judge_own(const SourceFile& file, const Include& include) const {
        if (!file.in("api") || place_of(file, include).starts_with("api/"))
            return {};
        return Verdict{"nothing from outside of api/, for others would see it",
                       "move what is needed into api/"};
    }

    // "../stock/shelf.hpp", "modules/stock/shelf.hpp" and "stock/shelf.hpp" all mean "stock/...".
    static std::string path_among_modules(const SourceFile& file, const Include& include) {
        auto path = include.quoted ? place_of(file, include) : include.target;
        if (include.quoted && !path.starts_with("../"))
            path = include.target;
        while (path.starts_with("../"))
            path.erase(0, 3);
        return path.starts_with("modules/") ? path.substr(8) : path;
    }

    bool is_module(const std::string& name) const {
        return modules_.contains(name) || holds(module_.subject.needs, name);
    }

    Judgement judge_foreign(const std::string& owner, const std::string& path) {
        seen_.insert(owner);
        const auto& own = module_.subject.name;
        if (owner == own)
            return {};
        if (!path.starts_with(owner + "/api/"))
            return Verdict{"only <" + owner + "/api/...> of another module",
                           "use what its api/ declares, or have it declare more"};
        if (holds(module_.subject.needs, owner))
            return {};
        return Verdict{"only the api/ of modules that the manifest needs",
                       "add \"" + owner + "\" to .needs"};
    }

    const ModuleSources& module_;
    const std::set<std::string>& modules_;
    std::set<std::string> seen_;  ///< modules of which something is included
    std::vector<Breach> breaches_;
};

}  // namespace

std::vector<Breach> include_breaches(std::span<const ModuleSources> modules) {
    std::set<std::string> names;
    for (const auto& module : modules)
        names.insert(module.subject.name);
    std::vector<Breach> breaches;
    for (const auto& module : modules)
        for (auto& breach : IncludeCheck(module, names).run())
            breaches.push_back(std::move(breach));
    return breaches;
}

}  // namespace bulkhead::module

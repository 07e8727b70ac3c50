#include "module/verify.hpp"

#include "module/crew.hpp"
#include "module/verify_includes.hpp"
#include "module/verify_links.hpp"
#include "module/verify_needs.hpp"
#include "module/verify_routes.hpp"
#include "module/verify_tables.hpp"
#include "value/enum_name.hpp"

#include <algorithm>
#include <tuple>

namespace bulkhead::module {

namespace {

auto key_of(const Breach& breach) {
    return std::tie(breach.module, breach.boundary, breach.found);
}

// One table may stand in many statements, one include in many files.
void settle(Verification& verification) {
    auto& breaches = verification.breaches;
    std::ranges::sort(breaches, {}, key_of);
    const auto repeated = std::ranges::unique(breaches, {}, key_of);
    breaches.erase(repeated.begin(), repeated.end());
    std::ranges::sort(verification.modules);
}

std::string without_stop(std::string sentence) {
    if (sentence.ends_with('.'))
        sentence.pop_back();
    return sentence;
}

// A module that ought to run and does not was not seen whole.
bool must_run(State state) {
    return state != State::running && state != State::disabled && state != State::available;
}

class Inspection {
public:
    explicit Inspection(Crew& crew) : crew_(crew) {
        for (const auto& status : crew_.statuses())
            made_.modules.push_back(status.name);
    }

    Verification run() {
        for (const auto& status : crew_.statuses())
            look_at(status);
        add(table_breaches(subjects_));
        add(route_breaches(routes_));
        for (const auto& status : crew_.statuses())
            if (must_run(status.state) && !is_explained(status.name))
                add({unknown(status)});
        settle(made_);
        return std::move(made_);
    }

private:
    void look_at(const ModuleStatus& status) {
        if (const auto file = read_module_file(status.file))
            read(status, file->bytes);
        if (const auto* host = crew_.host_of(status.name))
            routes_.insert(routes_.end(), host->routes.begin(), host->routes.end());
    }

    // These alone end a constructor.
    bool is_explained(const std::string& name) const {
        return std::ranges::any_of(made_.breaches, [&](const Breach& breach) {
            return breach.module == name &&
                   (breach.boundary == Boundary::needs || breach.boundary == Boundary::routes);
        });
    }

    static Breach unknown(const ModuleStatus& status) {
        const auto state = value::name_of(status.state);
        return {status.name, Boundary::start,
                std::string(state) + ": " + without_stop(status.reason),
                "a module that starts, so that its routes are known",
                "do what its reason says, or disable the module"};
    }

    void read(const ModuleStatus& status, std::string_view image) {
        auto linkage = read_linkage(image);
        if (!linkage)
            return made_.breaches.push_back({status.name, Boundary::links, linkage.error().message,
                                             "a table of symbols",
                                             "build it with bulkhead_module()"});
        add(link_breaches(status.name, *linkage, made_.modules));
        auto& subject = subjects_.emplace_back();
        subject.name = status.name;
        subject.needs = status.needs;
        subject.texts = std::move(linkage->texts);
        subject.migrations = migrations_of(status.name);
        add(need_breaches(subject, uses_of(status.name), made_.modules));
    }

    std::span<const ContractUse> uses_of(const std::string& name) const {
        const auto* host = crew_.host_of(name);
        return host == nullptr ? std::span<const ContractUse>() : host->uses;
    }

    std::vector<MigrationText> migrations_of(const std::string& name) const {
        std::vector<MigrationText> texts;
        for (const auto& set : crew_.migration_sets())
            for (const auto& migration : set.migrations)
                if (set.module == name)
                    texts.push_back({std::string(migration.name), std::string(migration.up),
                                     std::string(migration.down)});
        return texts;
    }

    void add(std::vector<Breach> breaches) {
        std::ranges::move(breaches, std::back_inserter(made_.breaches));
    }

    Crew& crew_;
    std::vector<Subject> subjects_;
    std::deque<Route> routes_;
    Verification made_;
};

}  // namespace

Result<Verification> verify(const Configuration& configuration) {
    db::Pool pool(configuration.database, configuration.document->folder());
    events::Hub events(configuration.events, pool);
    const Start start{.migrate = Migrate::no};
    cache::Regions caches(configuration.cache, pool);
    Crew crew(configuration, pool, events, caches, start);
    if (auto done = crew.load(); !done)
        return std::move(done.error());
    if (auto done = crew.start({}); !done)
        return std::move(done.error());
    return Inspection(crew).run();
}

Result<Verification> verify_sources(const std::filesystem::path& folder) {
    const auto modules = read_module_sources(folder);
    if (!modules)
        return modules.error();
    Verification made;
    std::vector<Subject> subjects;
    for (const auto& module : *modules) {
        made.modules.push_back(module.subject.name);
        subjects.push_back(module.subject);
    }
    made.breaches = table_breaches(subjects);
    std::ranges::move(include_breaches(*modules), std::back_inserter(made.breaches));
    settle(made);
    return made;
}

}  // namespace bulkhead::module

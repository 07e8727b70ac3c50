#include "module/plan.hpp"

#include "module/listeners.hpp"
#include "value/enum_name.hpp"

#include <algorithm>

namespace bulkhead::module {
namespace {

using Fate = ModuleChange::Fate;
using Effect = SettingChange::Effect;

template <class T>
struct Pair {
    const T* before = nullptr;
    const T* after = nullptr;
};

// Everything of both sides by its key.
template <class T, class Key>
auto pairs_of(const std::vector<T>& before, const std::vector<T>& after, Key key) {
    std::map<decltype(key(before.front())), Pair<T>> pairs;
    for (const auto& one : before)
        pairs[key(one)].before = &one;
    for (const auto& one : after)
        pairs[key(one)].after = &one;
    return pairs;
}

template <class T>
std::optional<T> copy_of(const T* value) {
    return value == nullptr ? std::nullopt : std::optional(*value);
}

bool runs(const ModuleStatus* module) {
    return module != nullptr && module->state == State::running;
}

bool is_off(const ModuleStatus* module) {
    return module == nullptr || module->state == State::disabled ||
           module->state == State::available;
}

bool fails(const ModuleStatus* module) {
    return !runs(module) && !is_off(module);
}

bool is_same(const Pair<ModuleStatus>& pair) {
    return pair.before != nullptr && pair.after != nullptr &&
           std::tie(pair.before->state, pair.before->version, pair.before->sha256) ==
               std::tie(pair.after->state, pair.after->version, pair.after->sha256);
}

// The same file does not run now either: no reason to refuse the rest.
bool is_excused(const Pair<ModuleStatus>& pair) {
    return fails(pair.before) && pair.before->sha256 == pair.after->sha256;
}

// Empty for what is off on both sides.
std::optional<Fate> fate_of(const Pair<ModuleStatus>& pair) {
    if (runs(pair.after) && runs(pair.before))
        return is_same(pair) ? Fate::stays : Fate::changes;
    if (runs(pair.after))
        return Fate::starts;
    if (fails(pair.after))
        return Fate::fails;
    if (runs(pair.before))
        return Fate::stops;
    const bool ignored = pair.after != nullptr && pair.after->state == State::available;
    return ignored ? std::optional(Fate::ignored) : std::nullopt;
}

std::string reason_of(const Pair<ModuleStatus>& pair) {
    if (pair.after == nullptr)
        return "neither in plugins.toml nor in the module directory any more.";
    if (!fails(pair.after))
        return pair.after->reason;
    const auto state = value::name_of(pair.after->state);
    return std::string(state) + ": " + pair.after->reason;
}

ModuleChange change_of(const std::string& name, const Pair<ModuleStatus>& pair, Fate fate) {
    ModuleChange change;
    change.name = name;
    change.fate = fate;
    change.reason = reason_of(pair);
    if (pair.before != nullptr)
        change.version_before = pair.before->version, change.sha256_before = pair.before->sha256;
    if (pair.after != nullptr)
        change.version = pair.after->version, change.sha256 = pair.after->sha256;
    if (runs(pair.after))
        change.file = pair.after->file;
    return change;
}

std::vector<RouteChange> routes_between(const Description& before, const Description& after) {
    std::vector<RouteChange> changes;
    const auto key = [](const RouteLine& line) { return std::pair(line.pattern, line.method); };
    const auto told = [](const RouteLine& line) {
        return std::tie(line.module, line.scope, line.summary);
    };
    for (const auto& [name, pair] : pairs_of(before.routes, after.routes, key))
        if (pair.before == nullptr || pair.after == nullptr ||
            told(*pair.before) != told(*pair.after))
            changes.push_back({copy_of(pair.before), copy_of(pair.after)});
    return changes;
}

Effect effect_of(std::string_view key) {
    const auto keys = listen_keys({});
    if (key == "server.data" || std::ranges::find(keys, key, &ListenKey::key) != keys.end())
        return Effect::restart;
    return key == "log.level" ? Effect::at_once : Effect::generation;
}

std::vector<SettingChange> settings_between(const Description& before, const Description& after) {
    std::vector<SettingChange> changes;
    const auto key = [](const Setting& setting) { return setting.key; };
    const auto value = [](const Setting* setting) {
        return setting == nullptr ? std::nullopt : std::optional(setting->value);
    };
    for (const auto& [name, pair] : pairs_of(before.settings, after.settings, key))
        if (value(pair.before) != value(pair.after))
            changes.push_back({name, value(pair.before), value(pair.after), effect_of(name)});
    return changes;
}

bool has(const std::vector<SettingChange>& settings, std::string_view key) {
    return std::ranges::find(settings, key, &SettingChange::key) != settings.end();
}

bool has(const std::vector<SettingChange>& settings, Effect effect) {
    return std::ranges::find(settings, effect, &SettingChange::effect) != settings.end();
}

bool is_pending_expand(const PendingMigration& migration) {
    return migration.migration_class == db::MigrationClass::expand;
}

// Collects what is more than a list of lines: whether modules differ, and what is refused of them.
struct Comparison {
    Plan plan;
    std::string failing;
    bool modules_differ = false;

    void add(const std::string& name, const Pair<ModuleStatus>& pair) {
        const auto fate = fate_of(pair);
        if (!fate)
            return;
        plan.modules.push_back(change_of(name, pair, *fate));
        modules_differ = modules_differ || (*fate != Fate::ignored && !is_same(pair));
        if (*fate == Fate::fails && !is_excused(pair))
            failing.append(failing.empty() ? "" : ", ")
                .append(name + " (" + plan.modules.back().reason + ")");
    }

    Plan::Action action() const {
        if (modules_differ || !plan.routes.empty() || has(plan.settings, Effect::generation) ||
            std::ranges::any_of(plan.migrations, is_pending_expand))
            return Plan::Action::generation;
        if (has(plan.settings, Effect::at_once))
            return Plan::Action::log_level;
        return has(plan.settings, Effect::restart) ? Plan::Action::restart : Plan::Action::nothing;
    }
};

}  // namespace

Plan plan_of(const std::optional<Description>& serving, const Description& next,
             std::vector<PendingMigration> pending) {
    const auto& before = serving ? *serving : Description{};
    Comparison comparison;
    comparison.plan.migrations = std::move(pending);
    comparison.plan.routes = routes_between(before, next);
    for (const auto& [name, pair] :
         pairs_of(before.modules, next.modules, [](const auto& module) { return module.name; }))
        comparison.add(name, pair);
    if (serving)
        comparison.plan.settings = settings_between(before, next);
    comparison.plan.action = serving ? comparison.action() : Plan::Action::start;
    if (has(comparison.plan.settings, "server.data"))
        comparison.plan.refusal =
            refusal_of(serving, "server.data has changed; change it back, or restart the service");
    else if (!comparison.failing.empty())
        comparison.plan.refusal =
            serving ? refusal_of(serving, comparison.failing + " would not run")
                    : "a start would leave out what is enabled and would not run: " +
                          comparison.failing;
    return std::move(comparison.plan);
}

std::string refusal_of(const std::optional<Description>& serving, const std::string& why) {
    return (serving ? "apply would be refused, and the generation that serves would go on: "
                    : "a start would be refused: ") +
           why;
}

}  // namespace bulkhead::module

#include "plan_text.hpp"

#include "text_columns.hpp"

namespace bulkhead::app {
namespace {

using module::ModuleChange;
using module::Plan;
using module::SettingChange;
using Fate = ModuleChange::Fate;
using Lines = std::vector<std::vector<std::string>>;

constexpr std::size_t shown_sha256_digits = 12;

std::string section(const std::string& title, const Lines& lines) {
    return lines.empty() ? "" : title + "\n" + in_columns(lines) + "\n";
}

std::string arrow(const std::string& before, const std::string& after) {
    return before == after ? after : before + " -> " + after;
}

std::string brief(const std::string& sha256) {
    return sha256.substr(0, shown_sha256_digits);
}

std::string sign_of(Fate fate) {
    constexpr std::array<std::string_view, 6> signs{"+", "~", "-", " ", "!", " "};
    return "  " + std::string(signs[static_cast<std::size_t>(fate)]);
}

std::string versions_of(const ModuleChange& change) {
    switch (change.fate) {
        case Fate::changes:
            return arrow(change.version_before, change.version);
        case Fate::stops:
            return change.version_before;
        default:
            return or_dash(change.version);
    }
}

std::string remark_on(const ModuleChange& change) {
    switch (change.fate) {
        case Fate::starts:
            return "starts: loads " + change.file + " (sha256 " + brief(change.sha256) + ")";
        case Fate::changes:
            return "loads " + change.file + " (sha256 " +
                   arrow(brief(change.sha256_before), brief(change.sha256)) + ")";
        case Fate::stays:
            return "stays";
        case Fate::stops:
            return "stops: " + change.reason;
        default:
            return change.reason;
    }
}

Lines lines_of(const std::vector<ModuleChange>& modules) {
    Lines lines;
    for (const auto& change : modules)
        lines.push_back(
            {sign_of(change.fate), change.name, versions_of(change), remark_on(change)});
    return lines;
}

Lines lines_of(const std::vector<module::PendingMigration>& migrations) {
    Lines lines;
    for (const auto& one : migrations) {
        const bool expand = one.migration_class == db::MigrationClass::expand;
        lines.push_back({expand ? "  +" : "   ", one.module + "/" + one.name,
                         expand ? "is applied, and stays applied" : "contract: stays pending"});
    }
    return lines;
}

std::string scope_of(const module::RouteLine& route) {
    return route.scope.value_or("open");
}

Lines lines_of(const std::vector<module::RouteChange>& routes) {
    Lines lines;
    for (const auto& [before, after] : routes) {
        const auto& old = before ? *before : *after;
        const auto& route = after ? *after : *before;
        const auto* const sign = before && after ? "  ~" : after ? "  +" : "  -";
        lines.push_back({sign, route.method, route.pattern, arrow(old.module, route.module),
                         arrow(scope_of(old), scope_of(route)), arrow(old.summary, route.summary)});
    }
    return lines;
}

std::string shown(const std::optional<std::string>& value) {
    if (!value)
        return "(none)";
    return value->empty() ? "\"\"" : *value;
}

std::string remark_on(const SettingChange& change, Plan::Action action) {
    if (change.effect == SettingChange::Effect::restart)
        return "needs a restart of the service";
    return action == Plan::Action::log_level ? "at once, without a new generation" : "";
}

Lines lines_of(const std::vector<SettingChange>& settings, Plan::Action action) {
    Lines lines;
    for (const auto& change : settings) {
        const auto* const sign = change.before && change.after ? "  ~"
                                 : change.after                ? "  +"
                                                               : "  -";
        const auto value = change.before && change.after
                               ? arrow(shown(change.before), shown(change.after))
                               : shown(change.after ? change.after : change.before);
        lines.push_back({sign, change.key, value, remark_on(change, action)});
    }
    return lines;
}

std::string headline(const Plan& plan) {
    if (!plan.generation)
        return "no server runs; a start would come to this\n\n";
    const auto now = *plan.generation;
    if (plan.action == Plan::Action::generation)
        return "generation " + std::to_string(now) + " serves; this is what applying would do\n\n";
    return "generation " + std::to_string(now) + " serves\n\n";
}

std::string summary_of(const Plan& plan) {
    if (!plan.refusal.empty())
        return "";
    switch (plan.action) {
        case Plan::Action::nothing:
            return "nothing to do\n";
        case Plan::Action::log_level:
            return "`bulkhead apply` changes the log level at once, without a new generation\n";
        case Plan::Action::restart:
            return "nothing that `bulkhead apply` could do; restart the service\n";
        case Plan::Action::generation:
            return "`bulkhead apply` starts a new generation\n";
        case Plan::Action::start:
            return "`bulkhead serve` starts the first generation\n";
    }
    return "";
}

}  // namespace

std::string for_people(const Plan& plan) {
    return headline(plan) + section("modules", lines_of(plan.modules)) +
           section("migrations", lines_of(plan.migrations)) +
           section("routes", lines_of(plan.routes)) +
           section("settings", lines_of(plan.settings, plan.action)) + summary_of(plan);
}

}  // namespace bulkhead::app

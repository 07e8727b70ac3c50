#include "module/verify_needs.hpp"

#include <algorithm>
#include <regex>

namespace bulkhead::module {

namespace {

bool holds(std::span<const std::string> names, std::string_view name) {
    return std::ranges::find(names, name) != names.end();
}

std::string owner_of(std::string_view name) {
    return std::string(name.substr(0, name.find('.')));
}

// "stock.shelf/1"
bool is_contract(const std::string& text) {
    static const std::regex form(R"([a-z0-9_]+(\.[a-z0-9_]+)+/[0-9]+)");
    return std::regex_match(text, form);
}

// The same, or a topic: "stock.shelf_emptied".
bool is_offered_name(const std::string& text) {
    static const std::regex form(R"([a-z0-9_]+(\.[a-z0-9_]+)+(/[0-9]+)?)");
    return std::regex_match(text, form);
}

class NeedCheck {
public:
    NeedCheck(const Subject& subject, std::span<const ContractUse> uses)
        : subject_(subject), uses_(uses) {}

    std::vector<Breach> run(std::span<const std::string> modules) {
        for (const auto& use : uses_)
            if (!use.offered_by.empty())
                judge_use(use.contract, use.offered_by);
        for (const auto& text : subject_.texts)
            if (is_contract(text) && holds(modules, owner_of(text)))
                judge_use(text, owner_of(text));
        for (const auto& need : subject_.needs)
            if (!is_used(need))
                breaches_.push_back({subject_.name, Boundary::needs,
                                     "needs '" + need + "' and uses nothing of it",
                                     "needs that are used", "take it out of .needs"});
        return std::move(breaches_);
    }

private:
    void judge_use(const std::string& contract, const std::string& owner) {
        if (owner == subject_.name || holds(subject_.needs, owner) || holds(judged_, contract))
            return;
        judged_.push_back(contract);
        breaches_.push_back({subject_.name, Boundary::needs,
                             "uses '" + contract + "' of '" + owner + "' without needing it",
                             "only contracts of modules that the manifest needs",
                             "add \"" + owner + "\" to .needs"});
    }

    bool is_used(const std::string& need) const {
        return std::ranges::find(uses_, need, &ContractUse::offered_by) != uses_.end() ||
               std::ranges::any_of(subject_.texts, [&](const std::string& text) {
                   return text.starts_with(need + ".") && is_offered_name(text);
               });
    }

    const Subject& subject_;
    std::span<const ContractUse> uses_;
    std::vector<std::string> judged_;
    std::vector<Breach> breaches_;
};

}  // namespace

std::vector<Breach> need_breaches(const Subject& subject, std::span<const ContractUse> uses,
                                  std::span<const std::string> modules) {
    return NeedCheck(subject, uses).run(modules);
}

}  // namespace bulkhead::module

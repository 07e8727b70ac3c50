#include "module/start_order.hpp"

#include <algorithm>

namespace bulkhead::module {

namespace {

bool holds(const std::vector<std::string>& names, const std::string& name) {
    return std::ranges::find(names, name) != names.end();
}

std::string cause(State state, const std::string& name) {
    switch (state) {
        case State::disabled:
            return "is disabled; set module." + name + ".enabled = true";
        case State::available:
            return "is not in plugins.toml; add [module." + name + "]";
        case State::refused:
            return "is refused; see its own reason";
        case State::failed:
            return "has failed; see its own reason";
        case State::quarantined:
            return "is quarantined; see its own reason";
        default:
            return "is blocked; see its own reason";
    }
}

std::string needs_of_each(const std::vector<std::string>& chain) {
    std::string text;
    for (std::size_t index = 0; index + 1 < chain.size(); ++index)
        text.append(index == 0 ? "" : ", ")
            .append(chain[index])
            .append(" needs ")
            .append(chain[index + 1]);
    return text;
}

// From the first mention of the module at which the chain came round.
std::string circle(const std::vector<std::string>& chain) {
    std::string text;
    for (auto at = std::ranges::find(chain, chain.back()); at != chain.end(); ++at)
        text.append(text.empty() ? "" : " -> ").append(*at);
    return text;
}

}  // namespace

void StartOrder::add(std::string name, std::vector<std::string> needs, State state) {
    members_.insert_or_assign(std::move(name), Member{std::move(needs), state});
}

void StartOrder::change(const std::string& name, State state) {
    members_.at(name).state = state;
}

bool StartOrder::may_start(const std::string& name, const std::vector<std::string>& started) const {
    const auto& member = members_.at(name);
    return member.state == State::running && !holds(started, name) &&
           std::ranges::all_of(member.needs,
                               [&](const std::string& need) { return holds(started, need); });
}

std::vector<std::string> StartOrder::to_start() const {
    std::vector<std::string> started;
    for (auto before = members_.size(); before != started.size();) {
        before = started.size();
        for (const auto& [name, member] : members_)
            if (may_start(name, started))
                started.push_back(name);
    }
    return started;
}

// Follows the first need that keeps each module from starting. Ends at a module that is the cause
// (or that nobody knows), or at one that the chain has met before.
std::vector<std::string> StartOrder::chain_from(const std::string& name) const {
    const auto started = to_start();
    std::vector<std::string> chain{name};
    for (auto at = members_.find(name);
         at != members_.end() && (chain.size() == 1 || at->second.state == State::running);
         at = members_.find(chain.back())) {
        const auto need = std::ranges::find_if(
            at->second.needs, [&](const std::string& need) { return !holds(started, need); });
        if (need == at->second.needs.end())
            break;
        const bool round = holds(chain, *need);
        chain.push_back(*need);
        if (round)
            break;
    }
    return chain;
}

std::string StartOrder::blocked_by(const std::string& name) const {
    const auto chain = chain_from(name);
    if (chain.size() == 1)
        return {};
    const auto text = needs_of_each(chain);
    const auto last = members_.find(chain.back());
    if (last == members_.end())
        return text + ", of which there is no file and no table; put " + chain.back() +
               ".so into the module directory and add [module." + chain.back() + "].";
    if (last->second.state == State::running)
        return text + ": a cycle (" + circle(chain) + "); take one of these needs out.";
    return text + ", which " + cause(last->second.state, chain.back()) + ".";
}

}  // namespace bulkhead::module

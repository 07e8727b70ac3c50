#include "module/contracts.hpp"

namespace bulkhead::module {

namespace {

std::string_view without_version(std::string_view contract) {
    return contract.substr(0, contract.rfind('/'));
}

std::string offered_twice(const std::string& module, const std::string& contract,
                          const std::string& other) {
    return std::string("'")
        .append(module)
        .append("' offers '")
        .append(contract)
        .append("', which '" + other + "' offers already; disable one of the two.");
}

}  // namespace

void Contracts::check(const std::string& module, const Offered& offered) const {
    for (const auto& [contract, service] : offered)
        if (const auto* other = find(contract))
            throw Refusal(offered_twice(module, contract, other->module));
}

void Contracts::add(const std::string& module, const Offered& offered) {
    check(module, offered);
    for (const auto& [contract, service] : offered)
        offers_.insert_or_assign(contract, Offer{module, service});
}

const Contracts::Offer* Contracts::find(std::string_view contract) const {
    const auto found = offers_.find(contract);
    return found == offers_.end() ? nullptr : &found->second;
}

std::string_view Contracts::other_version(std::string_view contract) const {
    for (const auto& [offered, offer] : offers_)
        if (without_version(offered) == without_version(contract))
            return offered;
    return {};
}

}  // namespace bulkhead::module

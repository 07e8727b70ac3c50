#pragma once
// What modules offer to one another, each under the name of its interface.

#include <map>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace bulkhead::module {

/// Who offers what. Filled while modules start, on one thread; only read afterwards.
class Contracts {
public:
    struct Offer {
        std::string module;
        void* service;
    };
    using Offered = std::vector<std::pair<std::string, void*>>;

    /// Throws Refusal naming both modules when one of these is offered already.
    void check(const std::string& module, const Offered& offered) const;
    /// All or none: throws as check() does.
    void add(const std::string& module, const Offered& offered);
    const Offer* find(std::string_view contract) const;
    /// The same interface in another version, for a refusal's remedy; empty when there is none.
    std::string_view other_version(std::string_view contract) const;

private:
    std::map<std::string, Offer, std::less<>> offers_;
};

/// A contract that a module's constructor asked for; `offered_by` is empty where nobody did.
struct ContractUse {
    std::string contract;
    std::string offered_by;
};

/// Thrown by the core into a module's constructor, or after it: the sentence already names module,
/// cause and remedy.
class Refusal final : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

}  // namespace bulkhead::module

#include "http/accept_encoding.hpp"

#include "http/token.hpp"

#include <array>
#include <charconv>

namespace bulkhead::http {

namespace {

constexpr int most = 1000;  ///< weights are in thousandths

/// "0.5", "1", "1.000" (RFC 9110, 12.4.2).
std::optional<int> weight_from(std::string_view text) {
    std::string whole = "0.000";
    if (text.empty() || text.size() > whole.size())
        return std::nullopt;
    std::ranges::copy(text, whole.begin());
    if (whole[1] != '.')
        return std::nullopt;
    whole.erase(1, 1);
    int weight = 0;
    const auto end = std::from_chars(whole.data(), whole.data() + whole.size(), weight).ptr;
    const bool usable = end == whole.data() + whole.size() && is_digit(whole[0]) && weight <= most;
    return usable ? std::optional(weight) : std::nullopt;
}

/// What a client says of each coding that is known here, and of all that it does not name.
struct Wishes {
    std::array<std::optional<int>, 3> weights{};  ///< by Coding
    std::optional<int> others{};

    std::optional<int>* slot_for(std::string_view name) {
        const auto of = [this](Coding coding) {
            return &weights[static_cast<std::size_t>(coding)];
        };
        if (same_ignoring_case(name, "gzip") || same_ignoring_case(name, "x-gzip"))
            return of(Coding::gzip);
        if (same_ignoring_case(name, "br"))
            return of(Coding::br);
        if (same_ignoring_case(name, "identity"))
            return of(Coding::identity);
        return name == "*" ? &others : nullptr;
    }

    void add(std::string_view element) {
        const auto semicolon = std::min(element.find(';'), element.size());
        auto* const slot = slot_for(trimmed(element.substr(0, semicolon)));
        if (slot == nullptr)
            return;
        if (semicolon == element.size()) {
            *slot = most;
            return;
        }
        const auto parameter = trimmed(element.substr(semicolon + 1));
        if (same_ignoring_case(parameter.substr(0, 2), "q="))
            if (const auto weight = weight_from(parameter.substr(2)))
                *slot = weight;
    }

    int weight_of(Coding coding) const {
        return weights[static_cast<std::size_t>(coding)].value_or(others.value_or(0));
    }
};

}  // namespace

Coding choose_coding(std::span<const NamedText> headers, std::span<const Coding> offered) {
    Wishes wishes;
    for (const auto& [name, value] : headers)
        if (same_ignoring_case(name, "Accept-Encoding"))
            for_each_element(value, [&](std::string_view element) { wishes.add(element); });

    auto best = Coding::identity;
    int least = std::max(wishes.weight_of(Coding::identity), 1);
    for (const auto coding : offered)
        if (const int weight = wishes.weight_of(coding); weight >= least)
            best = coding, least = weight + 1;
    return best;
}

}  // namespace bulkhead::http

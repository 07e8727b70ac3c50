#pragma once
// Identifiers: UUID version 7 (RFC 9562, 5.7), so that they sort by the time they were made.

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace bulkhead {

/// 128 bits in network order; the text form is the usual 36 characters in lower case.
struct Uuid {
    std::array<std::uint8_t, 16> bytes{};

    /// A new version 7 value; any thread; strictly increasing within one process.
    static Uuid fresh();
    /// Reads the 36-character form in either case; empty for anything else.
    static std::optional<Uuid> from(std::string_view text);

    std::string to_text() const;
    auto operator<=>(const Uuid&) const = default;
};

/// A Uuid that only fits where its Tag fits: an OrderId is no UserId.
template <class Tag>
struct Id {
    Uuid uuid;

    static Id fresh() { return {Uuid::fresh()}; }
    static std::optional<Id> from(std::string_view text) {
        const auto uuid = Uuid::from(text);
        return uuid ? std::optional<Id>{Id{*uuid}} : std::nullopt;
    }

    std::string to_text() const { return uuid.to_text(); }
    auto operator<=>(const Id&) const = default;
};

/// Whoever makes a request. The core gives it no meaning; the module that owns accounts does.
using CallerId = Id<struct CallerTag>;

}  // namespace bulkhead

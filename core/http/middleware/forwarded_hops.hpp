#pragma once

#include <bulkhead/request.hpp>

namespace bulkhead::http {

/// What one proxy says of whoever sent it the request. Views into the headers; empty: not said.
struct Hop {
    std::string_view node;  ///< an address, perhaps with a port, or a word that hides it
    std::string_view scheme;
    std::string_view host;
};

/// The elements of all lines of one list header, the last one first: what the nearest proxy wrote
/// is read before, and apart from, what others wrote before it.
class ElementsFromLast {
public:
    ElementsFromLast(std::span<const NamedText> headers, std::string_view name)
        : headers_(headers), name_(name) {}

    /// False at the end; then element() stays the first one of the list.
    bool next();
    std::string_view element() const { return element_; }

private:
    std::span<const NamedText> headers_;  ///< not looked at yet
    std::string_view name_;
    std::string_view rest_;  ///< of the line that is being read
    std::string_view element_;
};

/// Reads X-Forwarded-For with, column by column, -Proto and -Host; where these have fewer elements,
/// their first one holds for all before it.
class XForwardedHops {
public:
    explicit XForwardedHops(std::span<const NamedText> headers);
    /// The next hop, away from the server; nothing at the end.
    std::optional<Hop> next();

private:
    ElementsFromLast nodes_;
    ElementsFromLast schemes_;
    ElementsFromLast hosts_;
    bool begun_ = false;
};

/// Reads Forwarded (RFC 7239).
class ForwardedHops {
public:
    explicit ForwardedHops(std::span<const NamedText> headers) : elements_(headers, "Forwarded") {}
    /// The next hop, away from the server; nothing at the end and at an element that is malformed.
    std::optional<Hop> next();

private:
    ElementsFromLast elements_;
};

/// The last element of a list, trimmed, and taken off it. A separator within quotes is none.
std::string_view take_last(std::string_view& list, char separator);

}  // namespace bulkhead::http

#pragma once
// Where a value meets its declared limits. Bodies, query parameters, path segments and settings all
// come through here, so that one limit means the same everywhere.

#include "value/utf8.hpp"

#include <bulkhead/result.hpp>
#include <bulkhead/shape.hpp>

namespace bulkhead::value {

/// Of one refusal; the message says when there were more.
inline constexpr std::size_t max_violations = 100;
/// Of a client's own words in a message.
inline constexpr std::size_t quoted_bytes = 64;

/// Empty when all is well; else code and message. `field` stays empty: only the caller knows where
/// the value stands.
using Refusal = std::optional<Violation>;

/// Codes "format" (not UTF-8, holds NUL, no e-mail address) and "length".
Refusal check_text(const Limits& limits, std::string_view text);
/// Code "range"; not-a-number breaks every range.
Refusal check_number(const Limits& limits, double number);
/// Code "range"; the range of an int32 is a limit as well.
Refusal check_integer(Kind kind, const Limits& limits, std::int64_t number);
/// Code "items".
Refusal check_items(const Limits& limits, std::size_t count);

/// Code "type": "must be an integer" and the like, by what `type` takes.
Violation wrong_type(const Type& type);
/// Code "range", for an integer too large for any integer type.
Violation out_of_range(Kind kind, const Limits& limits);

/// Check one value and put it at `value`, through as many optionals as `type` has. A value of a
/// kind that `type` does not take is "type"; text that is no such atom is "format" or "choice". An
/// integer may stand for a number, never the other way round.
Refusal store_boolean(const Type& type, bool given, void* value);
Refusal store_integer(const Type& type, const Limits& limits, std::int64_t given, void* value);
Refusal store_number(const Type& type, const Limits& limits, double given, void* value);
Refusal store_text(const Type& type, const Limits& limits, std::string_view given, void* value);

/// Turns one text (a query parameter, a path segment) into a value of a scalar type or an optional
/// of one. False fills `out`, its `field` excepted. Booleans are "true" and "false".
bool read_text_into(const Type& type, const Limits& limits, std::string_view text, void* value,
                    Violation& out);

}  // namespace bulkhead::value

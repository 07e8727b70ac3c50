#pragma once

#include <bulkhead/request.hpp>

namespace bulkhead::http {

/// A content coding (RFC 9110, 8.4.1).
enum class Coding : std::uint8_t { identity, gzip, br };

/// The coding that the client likes best among `offered`, which stand in our own order of
/// preference, by its Accept-Encoding (RFC 9110, 12.5.3). Identity where it has none of them, likes
/// it better or says nothing; nobody is answered 406. An element that is malformed says nothing.
Coding choose_coding(std::span<const NamedText> headers, std::span<const Coding> offered);

}  // namespace bulkhead::http

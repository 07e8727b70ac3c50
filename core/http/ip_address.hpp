#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace bulkhead::http {

/// An IPv6 address, or an IPv4 one as its IPv4-mapped IPv6 address (RFC 4291, 2.5.5.2): however a
/// socket or a proxy writes it, it is the same address.
struct IpAddress {
    std::array<std::uint8_t, 16> bytes{};

    bool operator==(const IpAddress&) const = default;
};

/// Reads "192.0.2.1", "2001:db8::1", "::ffff:192.0.2.1", "fe80::1%eth0" (without its zone).
std::optional<IpAddress> address_from(std::string_view text);
bool is_ipv4(const IpAddress& address);
/// In its usual form; IPv4 with dots.
std::string to_text(const IpAddress& address);

/// All addresses that begin with the same bits (RFC 4632).
struct Network {
    IpAddress first;
    unsigned prefix_bits = 128;

    bool has(const IpAddress& address) const;
};

/// Reads "10.0.0.0/8", "fd00::/8", or an address alone; nothing where bits behind the prefix are
/// set.
std::optional<Network> network_from(std::string_view text);

}  // namespace bulkhead::http

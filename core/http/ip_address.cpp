#include "http/ip_address.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>

namespace bulkhead::http {

namespace {

constexpr std::size_t ipv4_at = 12;  ///< where an IPv4-mapped address has its IPv4 one
constexpr std::array<std::uint8_t, ipv4_at> ipv4_prefix{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};

IpAddress with_first_bits(const IpAddress& address, unsigned bits) {
    auto masked = address;
    for (unsigned at = 0; at < masked.bytes.size(); ++at) {
        const unsigned kept = std::clamp(bits, at * 8, at * 8 + 8) - at * 8;
        masked.bytes[at] &= static_cast<std::uint8_t>(0xFF00U >> kept);
    }
    return masked;
}

std::optional<unsigned> number_from(std::string_view digits) {
    unsigned number = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
    if (error != std::errc{} || end != digits.data() + digits.size())
        return std::nullopt;
    return number;
}

}  // namespace

bool is_ipv4(const IpAddress& address) {
    return std::equal(ipv4_prefix.begin(), ipv4_prefix.end(), address.bytes.begin());
}

std::optional<IpAddress> address_from(std::string_view text) {
    text = text.substr(0, text.find('%'));
    char terminated[INET6_ADDRSTRLEN];
    if (text.size() >= sizeof terminated || text.find('\0') != std::string_view::npos)
        return std::nullopt;
    *std::ranges::copy(text, terminated).out = '\0';

    IpAddress address;
    if (::inet_pton(AF_INET6, terminated, address.bytes.data()) == 1)
        return address;
    std::ranges::copy(ipv4_prefix, address.bytes.begin());
    if (::inet_pton(AF_INET, terminated, &address.bytes[ipv4_at]) == 1)
        return address;
    return std::nullopt;
}

std::string to_text(const IpAddress& address) {
    char text[INET6_ADDRSTRLEN];
    const auto* const made = is_ipv4(address)
                                 ? ::inet_ntop(AF_INET, &address.bytes[ipv4_at], text, sizeof text)
                                 : ::inet_ntop(AF_INET6, address.bytes.data(), text, sizeof text);
    return made;
}

bool Network::has(const IpAddress& address) const {
    return with_first_bits(address, prefix_bits) == first;
}

std::optional<Network> network_from(std::string_view text) {
    const auto slash = text.find('/');
    const auto address = address_from(text.substr(0, slash));
    if (!address)
        return std::nullopt;
    Network network{*address};
    if (slash != std::string_view::npos) {
        const bool dotted = text.find(':') == std::string_view::npos;
        const auto bits = number_from(text.substr(slash + 1));
        if (!bits || *bits > (dotted ? 32U : 128U))
            return std::nullopt;
        network.prefix_bits = *bits + (dotted ? 96 : 0);
    }
    return network.has(network.first) ? std::optional(network) : std::nullopt;
}

}  // namespace bulkhead::http

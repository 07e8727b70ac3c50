#pragma once
// Session tickets (RFC 5077; RFC 8446, 4.6.1): a client that comes back resumes its session without
// a signature of the server. The server keeps nothing but the keys that the tickets are sealed by.

#include <bulkhead/clock.hpp>
#include <bulkhead/shape.hpp>

#include <array>
#include <mutex>
#include <span>

namespace bulkhead::http {

/// What the keys of all periods from one on follow from, and those before do not: a secret that is
/// hashed into the next. Generations that share it open each other's tickets. Never to be shown or
/// written to a disk.
struct TicketSeed {
    std::int32_t period_seconds = 0;  ///< 0: none
    std::int64_t period = 0;          ///< counted from 1970; the secret's
    std::string secret;               ///< base64url

    static auto fields() {
        return shape(field("period_seconds", &TicketSeed::period_seconds),
                     field("period", &TicketSeed::period), field("secret", &TicketSeed::secret));
    }

    /// Made so that it opens tickets of the period before `time` as well.
    static TicketSeed fresh(std::int32_t period_seconds, Timestamp time);
    /// Forgets what no ticket needs any more at `time`. A fresh one where the period has another
    /// length or lies far from `time`.
    TicketSeed at(std::int32_t wanted_period_seconds, Timestamp time) const;
};

/// Keys of one period.
struct TicketKeys {
    std::array<unsigned char, 16> name{};
    std::array<unsigned char, 32> cipher{};
    std::array<unsigned char, 32> mac{};
};

/// Seals with the keys of the present period and opens with these or those of the one before, so a
/// ticket lives for at least one period. Any thread.
class TlsTickets {
public:
    TlsTickets(const TicketSeed& seed, std::int32_t period_seconds);
    ~TlsTickets();
    TlsTickets(const TlsTickets&) = delete;
    TlsTickets& operator=(const TlsTickets&) = delete;

    TicketKeys sealing_keys();
    enum class Age : std::uint8_t { unknown, present, past };
    /// Sets `keys` unless nothing is known of a ticket of this name.
    Age opening_keys(std::span<const unsigned char, 16> name, TicketKeys& keys);

private:
    void follow_clock();
    void derive();

    std::mutex mutex_;
    TicketSeed seed_;  ///< of the period before the present one
    TicketKeys past_;
    TicketKeys present_;
};

}  // namespace bulkhead::http

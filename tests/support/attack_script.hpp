#pragma once
// What one hostile connection does, as data, and many of them at once on one thread. Needs nothing
// but the kernel, so that tools/bench builds it alone.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>

/// In this order: opening, drips, finish.
struct Script {
    enum class Finish : std::uint8_t {
        wait,        ///< until the server ends the connection
        half_close,  ///< the same, having said that nothing more comes
        leave,       ///< FIN
        reset        ///< RST
    };

    std::string opening{};
    std::size_t piece_bytes = 0;  ///< of the opening, each a segment of its own; 0: all at once
    std::string drip{};           ///< then this, over and over
    std::int64_t drips = 0;       ///< how often
    std::chrono::milliseconds pause{0};  ///< between pieces, and between drips
    bool reads = true;                   ///< else what comes stays in the kernel
    int receive_buffer_bytes = 0;        ///< of the kernel; 0: as usual
    Finish finish = Finish::wait;
    std::uint64_t finish_after_bytes = 0;  ///< have been received
};

/// What became of all of them.
struct AttackReport {
    int connections = 0;           ///< tried
    int closed = 0;                ///< by the server
    int reset = 0;                 ///< by the server, or never taken by it
    int left = 0;                  ///< ended as their script says
    int unfinished = 0;            ///< still open when patience was over
    std::map<int, int> replies{};  ///< how many by status
    std::uint64_t sent_bytes = 0;

    int replies_of(int status) const;
};

/// Plays each script on a connection of its own to 127.0.0.1, all at once, until all have ended or
/// `patience` is over. Throws std::runtime_error when this process has no descriptor left.
AttackReport play(std::uint16_t port, std::span<const Script> scripts,
                  std::chrono::milliseconds patience = std::chrono::seconds(60));

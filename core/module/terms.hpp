#pragma once
// What a supervisor decides about a generation, beside the text of its configuration.

#include "http/tls_files.hpp"
#include "http/tls_tickets.hpp"

namespace bulkhead::module {

/// More modules than one server will ever have.
constexpr std::size_t max_modules = 1'024;

/// A module's file by its content, which is kept in server.data/modules even after the file in the
/// module directory has changed.
struct Pin {
    std::string name;
    std::string sha256;

    static auto fields() { return shape(field("name", &Pin::name), field("sha256", &Pin::sha256)); }
    bool operator==(const Pin&) const = default;
};

/// A module that is left out, whatever plugins.toml says of it, as long as its file has this
/// content.
struct Quarantined {
    std::string name;
    std::string sha256;
    std::string reason;  ///< one sentence with the remedy

    static auto fields() {
        return shape(field("name", &Quarantined::name), field("sha256", &Quarantined::sha256),
                     field("reason", &Quarantined::reason));
    }
};

/// As they are by default: all that plugins.toml names, from the module directory; what fails is
/// left out.
struct Terms {
    std::int64_t generation = 1;
    bool safe = false;   ///< the core alone: no module is loaded
    bool whole = false;  ///< refused as a whole if an enabled module does not come to run ...
    std::vector<std::string> excused{};  ///< ... other than these, which do not run now either
    /// Exactly these contents are loaded; empty: what lies in the directory.
    std::vector<Pin> pinned{};
    std::vector<Quarantined> quarantined{};
    /// What the files of [tls] held when this configuration was accepted: what lies there by now
    /// may be broken. None: they are read. Never to be shown.
    std::optional<http::TlsFiles> tls_files{};
    /// Shared with the generations before and after. Never to be shown.
    std::optional<http::TicketSeed> ticket_seed{};

    static auto fields() {
        return shape(
            field("generation", &Terms::generation), field("safe", &Terms::safe),
            field("whole", &Terms::whole), field("excused", &Terms::excused, items(0, max_modules)),
            field("pinned", &Terms::pinned, items(0, max_modules)),
            field("quarantined", &Terms::quarantined, items(0, max_modules)),
            field("tls_files", &Terms::tls_files), field("ticket_seed", &Terms::ticket_seed));
    }
};

}  // namespace bulkhead::module

#pragma once
// Registering and logging in, as clients send it.

#include "settings.hpp"

#include <users/api/directory.hpp>

namespace auth {

/// Password limits after NIST SP 800-63B, 5.1.1.2: at least 8 code points, no rule about which.
struct Registration {
    std::string email;
    std::string password;
    std::string name;

    static auto fields() {
        return shape(
            field("email", &Registration::email, bulkhead::email, example(R"("ada@example.com")")),
            field("password", &Registration::password, length(8, 128), write_only,
                  example(R"("correct horse battery")")),
            field("name", &Registration::name, users::name_length, example(R"("Ada Lovelace")")));
    }
};

/// No limits of their own: whatever no account has is answered as wrong credentials.
struct Login {
    std::string email;
    std::string password;

    static auto fields() {
        return shape(
            field("email", &Login::email, example(R"("ada@example.com")")),
            field("password", &Login::password, write_only, example(R"("correct horse battery")")));
    }
};

}  // namespace auth

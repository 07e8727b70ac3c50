#pragma once

#include <string>

namespace auth {

/// The content of `file`, which nobody but its owner may be able to read. Where there is none,
/// `make` gives the content of a new one, with mode 0600; of several processes that do so at once,
/// one wins and all read the winner's. Throws std::runtime_error with a sentence.
std::string read_or_make_private_file(const std::string& file, std::string (*make)());

}  // namespace auth

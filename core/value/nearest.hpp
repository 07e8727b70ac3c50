#pragma once

#include <span>
#include <string>
#include <string_view>

namespace bulkhead {

/// The candidate that was probably meant: the least number of letters to insert, drop, replace or
/// swap (Damerau-Levenshtein), at most a third of the longer word and never above three; else
/// empty.
std::string_view nearest(std::string_view text, std::span<const std::string_view> candidates);

/// The end of a refusal: "; did you mean 'PREFIXcandidate'?", or, where none is near,
/// "; expected one of: a, b, c".
std::string suggestion(std::string_view text, std::span<const std::string_view> candidates,
                       std::string_view prefix = {});

}  // namespace bulkhead

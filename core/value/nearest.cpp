#include "value/nearest.hpp"

#include <algorithm>
#include <vector>

namespace bulkhead {

namespace {

constexpr std::size_t longest_compared = 128;

// Optimal string alignment: three rows of the distance table are enough to see swapped neighbours.
class Distance {
public:
    Distance(std::string_view from, std::string_view to)
        : from_(from), to_(to), older_(to.size() + 1), old_(older_), row_(older_) {}

    std::size_t count() {
        for (std::size_t column = 0; column <= to_.size(); ++column)
            row_[column] = column;
        for (std::size_t line = 1; line <= from_.size(); ++line)
            next_row(line);
        return row_.back();
    }

private:
    void next_row(std::size_t line) {
        older_.swap(old_);
        old_.swap(row_);
        row_[0] = line;
        for (std::size_t column = 1; column <= to_.size(); ++column)
            row_[column] = cell(line, column);
    }

    std::size_t cell(std::size_t line, std::size_t column) const {
        const bool same = from_[line - 1] == to_[column - 1];
        const auto least = std::min({old_[column] + 1, row_[column - 1] + 1,
                                     old_[column - 1] + static_cast<std::size_t>(!same)});
        const bool swapped = line > 1 && column > 1 && from_[line - 1] == to_[column - 2] &&
                             from_[line - 2] == to_[column - 1];
        return swapped ? std::min(least, older_[column - 2] + 1) : least;
    }

    std::string_view from_, to_;
    std::vector<std::size_t> older_, old_, row_;
};

}  // namespace

std::string_view nearest(std::string_view text, std::span<const std::string_view> candidates) {
    std::string_view best;
    auto least = static_cast<std::size_t>(-1);
    if (text.size() > longest_compared)
        return best;
    for (const auto candidate : candidates) {
        const auto limit = std::min<std::size_t>(3, std::max(text.size(), candidate.size()) / 3);
        const auto distance = Distance(text, candidate).count();
        if (distance <= limit && distance < least)
            least = distance, best = candidate;
    }
    return best;
}

std::string suggestion(std::string_view text, std::span<const std::string_view> candidates,
                       std::string_view prefix) {
    if (const auto meant = nearest(text, candidates); !meant.empty())
        return std::string("; did you mean '").append(prefix).append(meant).append("'?");
    std::string all;
    for (const auto candidate : candidates)
        all.append(all.empty() ? "; expected one of: " : ", ").append(candidate);
    return all;
}

}  // namespace bulkhead

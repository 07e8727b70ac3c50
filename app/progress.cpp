#include "progress.hpp"

#include <unistd.h>
#include <iostream>

namespace bulkhead::app {

namespace {

constexpr std::int64_t bar_width = 40;
constexpr std::int64_t lines = 10;

}  // namespace

Progress::Progress(std::string_view what, std::int64_t total)
    : what_(what), total_(total), terminal_(::isatty(STDOUT_FILENO) == 1) {}

Progress::~Progress() {
    if (terminal_ && shown_ > 0)
        std::cout << '\n';
}

void Progress::show(std::int64_t done) {
    const auto steps = terminal_ ? 100 : lines;
    const auto step = total_ == 0 ? steps : steps * done / total_;
    if (step == shown_)
        return;
    shown_ = step;
    draw(done);
}

void Progress::draw(std::int64_t done) const {
    if (!terminal_) {
        std::cout << what_ << ": " << done << " of " << total_ << std::endl;
        return;
    }
    const auto filled = bar_width * done / total_;
    std::cout << '\r' << what_ << " [" << std::string(static_cast<std::size_t>(filled), '#')
              << std::string(static_cast<std::size_t>(bar_width - filled), '.') << "] " << done
              << " of " << total_ << std::flush;
}

}  // namespace bulkhead::app

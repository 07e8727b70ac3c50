#include "support/generations.hpp"

#include <algorithm>

namespace {

bool says(const std::string& line, const std::string& text) {
    return line.find(text) != std::string::npos;
}

}  // namespace

std::string Generations::apply() {
    const auto ended = server_.deployment().run({"apply"});
    for (;;) {
        const auto line = take_line();
        if (says(line, R"("message":"generation ready")"))
            return ended.status == 0 ? std::string() : ended.errors;
        if (says(line, "the running one goes on"))
            return ended.status == 0 ? "apply returned 0 although " + line : ended.errors;
    }
}

void Generations::wait_for_drained() {
    while (!draining_.empty())
        take_line();
}

std::string Generations::take_line() {
    auto line = server_.process().wait_for_line(R"("module":"supervisor")");
    const auto pid = number_in(line, "pid");
    if (says(line, R"("message":"generation ready")"))
        serving_ = static_cast<pid_t>(pid);
    else if (says(line, R"("message":"generation draining")"))
        draining_.insert(pid);
    else if (says(line, R"("message":"generation ended")"))
        draining_.erase(pid);
    most_draining_ = std::max(most_draining_, draining_.size());
    return line;
}

#include "module/readiness.hpp"

#include "module/announce.hpp"

#include <sys/prctl.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <string>
#include <utility>

namespace bulkhead::module {

// The supervisor asked for it before exec, but the kernel forgets it for a program with
// capabilities of its own (setcap). A supervisor that is gone already shows as a broken pipe.
void Readiness::follow_supervisor() const {
    if (supervised())
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);
}

bool Readiness::ready() {
    return !supervised() || say("ready");
}

int Readiness::refuse(std::string_view reason) {
    if (descriptor_ >= 0)
        say(reason);
    else
        complain(reason);
    return 1;
}

bool Readiness::say(std::string_view text) {
    std::string line(text);
    std::ranges::replace(line, '\n', ' ');
    line += '\n';
    const auto written = ::write(descriptor_, line.data(), line.size());
    ::close(std::exchange(descriptor_, -1));
    return written == static_cast<ssize_t>(line.size());
}

}  // namespace bulkhead::module

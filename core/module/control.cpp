#include "module/control.hpp"

#include "module/announce.hpp"

#include <bulkhead/json.hpp>

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>

#include <csignal>

namespace bulkhead::module {
namespace {

Error supervisor_gone() {
    return Error::unavailable("server.no_supervisor",
                              "the supervisor has ended, or said nothing that a worker of this "
                              "version understands; start the server with `bulkhead serve`");
}

}  // namespace

Control::Control(int descriptor)
    : channel_(descriptor, {max_message_bytes, max_message_bytes}), supervised_(descriptor >= 0) {
    if (supervised_)
        ::fcntl(descriptor, F_SETFD, FD_CLOEXEC);
}

// The supervisor asked for it before exec, but the kernel forgets it for a program with
// capabilities of its own (setcap). A supervisor that is gone already shows as an ended channel.
void Control::follow_supervisor() const {
    if (supervised())
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);
}

Result<Terms> Control::terms() {
    if (!supervised())
        return Terms{};
    auto instruction = next_instruction();
    while (!instruction && !channel_.ended()) {
        pollfd watched{channel_.descriptor(), POLLIN, 0};
        ::poll(&watched, 1, -1);
        instruction = next_instruction();
    }
    if (!instruction || !instruction->terms)
        return supervisor_gone();
    return *std::move(instruction->terms);
}

std::optional<Instruction> Control::next_instruction() {
    const auto line = channel_.next_line();
    if (!line)
        return std::nullopt;
    auto instruction = json::read<Instruction>(*line);
    return instruction ? std::optional(*std::move(instruction)) : Instruction{};
}

void Control::entered(const Stage& stage) {
    Report report;
    report.entered = stage;
    say(report);
}

void Control::migrated(const std::string& name) {
    Report report;
    report.migrated = name;
    say(report);
}

bool Control::serving(const Description& description) {
    Report report;
    report.serving = description;
    if (json::text_of(report).size() < max_message_bytes)
        return say(report);
    refuse("its routes and settings, described, are more than " +
           std::to_string(max_message_bytes) + " bytes");
    return false;
}

int Control::refuse(std::string_view reason) {
    Report report;
    report.refusal = clipped(reason);
    if (!supervised() || !say(report))
        complain(reason);
    return 1;
}

void Control::count(const Counts& counts) {
    Report report;
    report.counts = counts;
    channel_.flush();
    if (channel_.all_sent())
        channel_.send(json::text_of(report));
}

bool Control::say(const Report& report) {
    if (!supervised())
        return true;
    return channel_.send(json::text_of(report)) && channel_.flush_waiting();
}

}  // namespace bulkhead::module

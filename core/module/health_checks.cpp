#include "module/health_checks.hpp"

#include "db/pool.hpp"
#include "value/alternate_stack.hpp"

#include <bulkhead/log.hpp>

namespace bulkhead::module {

std::string why_unhealthy(const HealthCheck& check) {
    try {
        const db::HandlerScope scope;
        const auto done = check.ask();
        return done ? std::string() : done.error().message;
    } catch (const std::exception& thrown) {
        return std::string("it threw '") + thrown.what() + "'";
    } catch (...) {
        return "it threw something that is no std::exception";
    }
}

HealthChecks::HealthChecks(std::vector<HealthCheck> checks, std::chrono::milliseconds patience,
                           std::chrono::milliseconds kept)
    : kept_(kept), patience_(patience) {
    for (auto& check : checks)
        patients_.push_back({std::move(check)});
}

std::vector<HealthChecks::Finding> HealthChecks::find() {
    const std::scoped_lock lock(guard_);
    for (auto& patient : patients_)
        ask(patient);
    std::vector<Finding> findings;
    for (auto& patient : patients_) {
        hear(patient);
        findings.push_back({patient.check.module, patient.answer});
    }
    return findings;
}

void HealthChecks::ask(Patient& patient) const {
    const auto now = Clock::now();
    const bool old = patient.asked == Clock::time_point{} || now - patient.asked >= kept_;
    if (patient.pending.valid() || !old)
        return;
    patient.asked = now;
    patient.pending = std::async(std::launch::async, [&check = patient.check] {
        const value::AlternateStack for_crashes;
        return why_unhealthy(check);
    });
}

void HealthChecks::hear(Patient& patient) const {
    if (!patient.pending.valid())
        return;
    const auto before = patient.answer;
    std::string reason = "it does not answer";
    patient.answer = Answer::silent;
    if (patient.pending.wait_until(patient.asked + patience_) == std::future_status::ready) {
        reason = patient.pending.get();
        patient.answer = reason.empty() ? Answer::healthy : Answer::unhealthy;
    }
    if (patient.answer == before)
        return;
    const Log log(patient.check.module);
    if (patient.answer == Answer::healthy)
        log.info("healthy again");
    else
        log.warning("not healthy", {{"reason", reason}});
}

}  // namespace bulkhead::module

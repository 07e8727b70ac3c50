#pragma once
// The supervisor's state and its deeds, by file: supervisor.cpp waits and dispatches, starting.cpp
// starts what is due and hears how it goes, applying.cpp does so for an administrator, serving.cpp
// watches over what serves and what drains.

#include "module/apply_queue.hpp"
#include "module/backoff.hpp"
#include "module/notifier.hpp"
#include "module/quarantine.hpp"
#include "module/signals.hpp"
#include "module/supervised_worker.hpp"
#include "module/supervisor.hpp"

#include <csignal>

namespace bulkhead::module {

constexpr std::size_t max_draining = 2;         // Beyond, the next generation waits.
constexpr std::chrono::seconds drain_grace{5};  // To unload, once its drain limit has passed.
constexpr std::chrono::seconds start_grace{5};  // To fail, and to be tried again.
// For the old generation to accept no more before an apply ends: whoever comes then meets the new.
constexpr std::chrono::seconds handover_patience{2};

inline std::chrono::seconds longest_drain(const Worker& worker) {
    return std::chrono::seconds(worker.candidate.configuration->server.drain_seconds) + drain_grace;
}

struct Supervisor::Parts {
    Parts(Configuration configuration, const std::filesystem::path& file,
          const SupervisorOptions& options, AdminServer admin_server, Listeners listening_sockets);

    struct Handover {
        ApplyOutcome outcome;
        Clock::time_point end = Clock::now() + handover_patience;
    };

    std::filesystem::path file;
    std::filesystem::path program;
    bool own_program;  ///< the workers' program is the one that runs here
    bool safe;
    Listeners listening;
    AdminServer admin;
    ApplyQueue applies{admin};
    Notifier manager;
    std::string refused_apply;  ///< why the last apply was refused
    HeldSignals signals{SIGTERM, SIGINT, SIGHUP, SIGCHLD};
    Log log{"supervisor"};
    Backoff backoff;
    std::filesystem::path data_folder;
    std::string data;               ///< as plugins.toml called it at the start
    std::vector<ListenKey> listen;  ///< the same
    Quarantine quarantine;

    Candidate accepted;                  ///< what is to serve; a worker that dies is replaced by it
    std::vector<ModuleStatus> left_out;  ///< enabled, and not running with what is accepted
    std::optional<ModuleSet> good;       ///< what passed its probation last
    http::TicketSeed ticket_seed;        ///< never kept on a disk
    std::int64_t generations = 0;
    std::optional<Worker> starting;  ///< with what is accepted
    std::optional<Worker> next;      ///< of an apply
    std::optional<Worker> serving;
    std::vector<Worker> draining;
    std::optional<Clock::time_point> start_due = Clock::now();
    std::optional<Handover> handover;  ///< of an apply that has succeeded
    bool ever_ready = false;
    bool ending = false;
    bool crashes_untold = true;  ///< of a supervisor before this one, to begin with
    int status = 0;

    // supervisor.cpp
    bool finished() const { return ending && draining.empty(); }
    void wait();
    std::optional<Clock::time_point> next_deadline() const;
    void take_signals();
    void answer_admins();
    SupervisorStatus current_status() const;
    void tell_manager();
    std::string sentence_of_state() const;
    void end(int number);
    void reap();
    void ended(pid_t pid, int wait_status);
    void enforce_deadlines();
    void enforce_readiness(Worker& worker) const;
    void kill(Worker& worker) const;

    // starting.cpp
    void take_first_candidate();
    bool may_drain_one_more() const;
    bool may_start() const;
    void start_what_is_due();
    void put_off_apply();
    void start_generation(const Candidate& candidate, Cause cause);
    Result<Child> start_worker(const Candidate& candidate, Cause cause);
    Terms terms_for(const Candidate& candidate, Cause cause);
    bool is_starting(const Worker& worker) const;
    void hear(std::optional<Worker>& worker);
    bool hear_line(Worker& worker);
    void take(Worker& worker, const Report& report);
    void hear_nothing(Worker& worker) const;
    void distrust(Worker& worker, const std::string& why) const;
    void promote(std::optional<Worker>& ready);
    void accept_what_serves();
    void start_died(std::optional<Worker>& ended, int wait_status);
    void start_failed(const FailedStart& failed);
    void blame(const Pin& module, const std::string& reason);

    // applying.cpp
    void begin_apply();
    Result<Candidate> next_candidate();
    void warn_of_changed_addresses(const Configuration& next);
    bool applied_without_start(const Candidate& next);
    ApplyOutcome outcome(bool applied, const std::string& reason) const;
    void refuse_apply(const std::string& reason, const Stage& stage,
                      std::vector<std::string> migrated = {});
    void refuse_candidate(const std::string& reason);
    void say_stage(const Worker& worker);
    void hand_over(std::int64_t milliseconds);
    void finish_handover();

    // serving.cpp
    void retire(std::optional<Worker>& worker);
    std::optional<ModuleSet> set_to_return_to(const Worker& ready) const;
    void begin_probation();
    void judge();
    void pass_probation();
    void keep(const ModuleSet& set) const;
    void roll_back(const std::string& reason);
    void serving_died(int wait_status);
    void drained(pid_t pid, int wait_status);
};

}  // namespace bulkhead::module

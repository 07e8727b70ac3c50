#include "commands.hpp"
#include "events/backlog.hpp"
#include "loaded.hpp"
#include "log/log.hpp"
#include "text_columns.hpp"
#include "value/enum_name.hpp"

#include <bulkhead/json.hpp>

#include <CLI/Error.hpp>

#include <iostream>

namespace bulkhead::app {
namespace {

using Entries = std::vector<events::BacklogEntry>;

constexpr std::int32_t most_rows = 10'000;

struct Listing {
    bool only_dead = false;
    std::int32_t rows = 100;
};

struct Choice {
    std::string event;
    std::string subscription;
    bool all = false;
};

/// The database as any process may have it, whatever its modules are up to.
class Outbox {
public:
    explicit Outbox(const module::Configuration& configuration)
        : pool_(configuration.database, configuration.document->folder()), database_(pool_) {}

    Result<> refuse_pending() {
        const std::vector<db::MigrationSet> core{{"core", db::core_migrations()}};
        return db::refuse_pending(pool_, core);
    }

    template <class Work>
    auto read(Work&& work) {
        const db::HandlerScope scope;
        return work(database_.session());
    }
    std::int64_t write(const std::function<std::int64_t(db::Session&)>& work) {
        return *database_.transaction(
            [&](db::Session& sql) -> Result<std::int64_t> { return work(sql); });
    }

private:
    db::Pool pool_;
    db::Database database_;
};

Result<std::unique_ptr<Outbox>> open(const std::filesystem::path& config) {
    log::start(LogLevel::error, log::Destination::standard_error);
    const auto configuration = module::load_configuration(config);
    if (!configuration)
        return configuration.error();
    auto outbox = std::make_unique<Outbox>(*configuration);
    if (auto current = outbox->refuse_pending(); !current)
        return current.error();
    return outbox;
}

Entries entries_of(Outbox& outbox, const Listing& wanted) {
    return outbox.read([&](db::Session& sql) {
        auto entries = events::backlog::list(sql, events::DeliveryState::dead, wanted.rows);
        const auto left = wanted.rows - static_cast<std::int32_t>(entries.size());
        if (wanted.only_dead || left == 0)
            return entries;
        for (auto& one : events::backlog::list(sql, events::DeliveryState::pending, left))
            entries.push_back(std::move(one));
        return entries;
    });
}

std::string for_people(const Entries& entries) {
    std::vector<std::vector<std::string>> lines{
        {"EVENT", "TOPIC", "SUBSCRIPTION", "STATE", "ATTEMPTS", "NEXT ATTEMPT", "LAST ERROR"}};
    for (const auto& one : entries) {
        const bool dead = one.state == events::DeliveryState::dead;
        lines.push_back({one.event_id.to_text(), one.topic, one.subscription,
                         std::string(value::name_of(one.state)), std::to_string(one.attempts),
                         dead ? "-" : to_text(one.next_attempt_at),
                         or_dash(one.last_error.value_or(""))});
    }
    return in_columns(lines);
}

Result<int> list(const Listing& wanted, const CommandOptions& options) {
    const auto outbox = open(options.config);
    if (!outbox)
        return outbox.error();
    const auto entries = entries_of(**outbox, wanted);
    if (options.json)
        std::cout << json::text_of(entries) << '\n';
    else if (entries.empty())
        std::cout << (wanted.only_dead ? "no event is dead\n" : "every event is delivered\n");
    else
        std::cout << for_people(entries);
    if (!options.json && entries.size() == static_cast<std::size_t>(wanted.rows))
        std::cout << "there may be more: --limit shows up to " << most_rows << '\n';
    return exit_done;
}

events::Selection selection_of(const Choice& choice) {
    return {Uuid::from(choice.event), choice.subscription};
}

/// Replays or drops what was chosen; nothing to choose from is a refusal, unless all were meant.
Result<int> change_dead(const Choice& choice, const CommandOptions& options,
                        std::int64_t (*change)(db::Session&, const events::Selection&),
                        std::string_view done) {
    const auto outbox = open(options.config);
    if (!outbox)
        return outbox.error();
    const auto changed =
        (*outbox)->write([&](db::Session& sql) { return change(sql, selection_of(choice)); });
    if (changed == 0 && !choice.all)
        return refusal(
            "no dead delivery is of this event and subscription; `bulkhead events list "
            "--dead` shows those that there are");
    std::cout << changed << " deliveries " << done << '\n';
    return exit_done;
}

Result<int> forget(const std::string& subscription, const CommandOptions& options) {
    const auto outbox = open(options.config);
    if (!outbox)
        return outbox.error();
    const auto known = (*outbox)->read(events::outbox::enrolments);
    if (std::ranges::find(known, subscription, &events::Enrolment::name) == known.end())
        return refusal("there is no subscription '" + subscription + "'");
    const auto dropped = (*outbox)->write(
        [&](db::Session& sql) { return events::backlog::forget(sql, subscription); });
    std::cout << subscription << " is forgotten, with " << dropped << " deliveries\n";
    return exit_done;
}

void offer_choice(CLI::App& command, const std::shared_ptr<Choice>& choice) {
    auto* event = command.add_option("--id", choice->event, "The id of an event");
    event->check(CLI::Validator(
        [](const std::string& text) {
            return Uuid::from(text) ? std::string() : "'" + text + "' is no id of an event";
        },
        "UUID"));
    auto* subscription =
        command.add_option("--subscription", choice->subscription, "The name of a subscription");
    command.add_flag("--all", choice->all, "All that are dead")
        ->excludes(event)
        ->excludes(subscription);
    command.callback([choice] {
        if (choice->event.empty() && choice->subscription.empty() && !choice->all)
            throw CLI::RequiredError("one of --id, --subscription and --all");
    });
}

}  // namespace

void add_events(Program& program) {
    auto& group =
        program.add_group("events", "What modules tell each other and did not get through");

    auto listing = std::make_shared<Listing>();
    auto& listed =
        program.add(group, "list", "List the deliveries that are dead, then those that wait",
                    [listing](const CommandOptions& options) { return list(*listing, options); });
    listed.add_flag("--dead", listing->only_dead, "Only those that were given up");
    listed.add_option("--limit", listing->rows, "At most so many")
        ->check(CLI::Range(1, most_rows))
        ->capture_default_str();
    program.offer_json(listed);

    auto replayed = std::make_shared<Choice>();
    offer_choice(program.add(group, "replay", "Try dead deliveries again, with all their attempts",
                             [replayed](const CommandOptions& options) {
                                 return change_dead(*replayed, options, events::backlog::replay,
                                                    "will be tried again");
                             }),
                 replayed);

    auto dropped = std::make_shared<Choice>();
    offer_choice(program.add(group, "drop", "Give dead deliveries up for good",
                             [dropped](const CommandOptions& options) {
                                 return change_dead(*dropped, options, events::backlog::drop,
                                                    "dropped");
                             }),
                 dropped);

    auto name = std::make_shared<std::string>();
    program
        .add(group, "forget", "Keep no more events for the subscription of a module that is gone",
             [name](const CommandOptions& options) { return forget(*name, options); })
        .add_option("SUBSCRIPTION", *name, "Its name: module.name")
        ->required();
}

}  // namespace bulkhead::app

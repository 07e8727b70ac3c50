#include "module/verify_tables.hpp"

#include "db/migration_set.hpp"
#include "db/migration_text.hpp"
#include "db/sql_tables.hpp"

#include <algorithm>
#include <map>

namespace bulkhead::module {

namespace {

using db::TableMention;
using db::TableUse;

constexpr std::string_view core = "core";

std::string in_quotes(std::string_view name) {
    return "'" + std::string(name) + "'";
}

std::string done_to(TableUse use) {
    switch (use) {
        case TableUse::created:
            return "creates table ";
        case TableUse::dropped:
            return "drops table ";
        case TableUse::altered:
            return "alters table ";
        case TableUse::referenced:
            return "has a foreign key to table ";
        case TableUse::queried:
            break;
    }
    return "reads or writes table ";
}

std::vector<TableMention> mentions_in(const Subject& subject) {
    std::vector<TableMention> mentions;
    const auto add = [&](const std::string& sql) {
        for (auto& mention : db::tables_in(sql))
            mentions.push_back(std::move(mention));
    };
    for (const auto& text : subject.texts)
        if (db::reads_as_sql(text))
            add(text);
    for (const auto& migration : subject.migrations)
        add(migration.up), add(migration.down);
    return mentions;
}

// Who creates which table; the core's are the core's, whoever else creates them.
class Owners {
public:
    explicit Owners(std::span<const Subject> subjects) {
        for (const auto& migration : db::core_migrations())
            claim({std::string(core), {}, {std::string(migration.up)}, {}});
        for (const auto& subject : subjects)
            claim(subject);
    }

    /// Empty: nobody's.
    std::string of(const std::string& table) const {
        const auto found = owners_.find(table);
        return found == owners_.end() ? "" : found->second;
    }

private:
    void claim(const Subject& subject) {
        for (const auto& mention : mentions_in(subject))
            if (mention.use == TableUse::created)
                owners_.try_emplace(mention.table, subject.name);
    }

    std::map<std::string, std::string> owners_;
};

Boundary boundary_of(TableUse use) {
    return use == TableUse::queried ? Boundary::tables : Boundary::migrations;
}

std::string remedy_for(TableUse use, const std::string& owner) {
    if (owner.empty())
        return "create it in a migration of this module";
    if (use == TableUse::referenced)
        return "keep the id without a foreign key and check it through the owner's api/";
    if (use == TableUse::created)
        return "give the table another name";
    if (owner == core)
        return "leave it to the core";
    return "need " + owner + " and ask it through its api/";
}

Breach breach_of(const Subject& subject, const TableMention& mention, const std::string& owner) {
    const auto whose =
        owner.empty() ? ", which no migration creates" : ", which belongs to " + in_quotes(owner);
    return {subject.name, boundary_of(mention.use),
            done_to(mention.use) + in_quotes(mention.table) + whose,
            "only tables that its own migrations create", remedy_for(mention.use, owner)};
}

void add_foreign(const Subject& subject, const Owners& owners, std::vector<Breach>& breaches) {
    for (const auto& mention : mentions_in(subject))
        if (const auto owner = owners.of(mention.table); owner != subject.name)
            breaches.push_back(breach_of(subject, mention, owner));
}

void add_unmarked(const Subject& subject, std::vector<Breach>& breaches) {
    for (const auto& [name, up, down] : subject.migrations) {
        const auto loss = db::first_loss(up);
        if (!loss.text.empty() && db::class_of({name, up, down}) == db::MigrationClass::expand)
            breaches.push_back({subject.name, Boundary::migrations,
                                name + ".up.sql, line " + std::to_string(loss.line) +
                                    ", takes something away: `" + loss.text + "`",
                                "nothing that the version before still uses is taken away unasked",
                                "mark it with `-- contract` as first line, or only add"});
    }
}

void add_unknown_engines(const Subject& subject, std::vector<Breach>& breaches) {
    for (const auto& migration : subject.migrations)
        for (const auto& [ending, text] :
             {std::pair(".up.sql", &migration.up), std::pair(".down.sql", &migration.down)})
            if (const auto known = db::text_for(db::Dialect::sqlite, *text); !known)
                breaches.push_back({subject.name, Boundary::migrations,
                                    migration.name + ending + ", " + known.error().message,
                                    "lines for an engine that there is", "correct that line"});
}

}  // namespace

std::vector<Breach> table_breaches(std::span<const Subject> subjects) {
    const Owners owners(subjects);
    std::vector<Breach> breaches;
    for (const auto& subject : subjects) {
        add_foreign(subject, owners, breaches);
        add_unmarked(subject, breaches);
        add_unknown_engines(subject, breaches);
    }
    return breaches;
}

}  // namespace bulkhead::module

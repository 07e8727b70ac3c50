#include "db/migration_text.hpp"

#include "db/sql_text.hpp"
#include "value/enum_name.hpp"

#include <algorithm>
#include <initializer_list>
#include <optional>

namespace bulkhead::db {

namespace {

using Words = std::initializer_list<std::string_view>;

bool is_one_of(std::string_view word, Words words) {
    return std::ranges::find(words, word) != words.end();
}

std::string_view trimmed(std::string_view line) {
    constexpr std::string_view blanks = " \t\r";
    line.remove_prefix(std::min(line.find_first_not_of(blanks), line.size()));
    return line.substr(0, line.find_last_not_of(blanks) + 1);
}

/// Which engine the lines from here on are for; none: every one.
class Section {
public:
    /// False for a line that names no engine.
    bool take(std::string_view line) {
        constexpr std::string_view only = "-- only ";
        if (line == "-- every engine")
            engine_ = {};
        if (!line.starts_with(only))
            return true;
        engine_ = trimmed(line.substr(only.size()));
        return std::ranges::count(names(Dialect{}), engine_) != 0;
    }
    bool holds_for(Dialect dialect) const {
        return engine_.empty() || engine_ == value::name_of(dialect);
    }

private:
    std::string_view engine_;  ///< empty: every one
};

/// The tokens of one statement; beyond its end there are empty ones.
class StatementTokens {
public:
    void add(const Token& token) { tokens_.push_back(token); }
    std::size_t size() const { return tokens_.size(); }
    bool empty() const { return tokens_.empty(); }
    std::size_t begins_at() const { return tokens_.front().at; }
    std::string_view at(std::size_t place) const {
        return place < tokens_.size() ? std::string_view(tokens_[place].text) : "";
    }
    std::string_view before(std::size_t place, std::size_t count) const {
        return place >= count ? at(place - count) : "";
    }

    /// Of `create or replace temp trigger`: what is made; the verb is at 0.
    std::string_view object() const {
        std::size_t place = 1;
        while (is_one_of(at(place),
                         {"or", "replace", "temp", "temporary", "constraint", "materialized"}))
            ++place;
        return at(place);
    }
    /// It may hold statements of its own, which end with semicolons.
    bool has_body() const {
        return at(0) == "create" && is_one_of(object(), {"trigger", "function", "procedure"});
    }

private:
    std::vector<Token> tokens_;
};

// `alter [column] NAME [set data] type`; not `add column type text`, `alter type`, `alter table
// type`.
bool retypes(const StatementTokens& statement, std::size_t place) {
    if (statement.at(place) != "type")
        return false;
    const auto last = statement.before(place, 1);
    const auto last_but_one = statement.before(place, 2);
    return (last == "data" && last_but_one == "set") ||
           (last_but_one == "column" && statement.before(place, 3) == "alter") ||
           (last_but_one == "alter" && place > 2);
}

bool tightens(const StatementTokens& statement, std::size_t place) {
    return statement.at(place) == "set" && statement.at(place + 1) == "not" &&
           statement.at(place + 2) == "null";
}

bool alters_away(const StatementTokens& statement) {
    for (std::size_t place = 1; place < statement.size(); ++place)
        if (is_one_of(statement.at(place), {"drop", "rename"}) || retypes(statement, place) ||
            tightens(statement, place))
            return true;
    return false;
}

bool deletes(const StatementTokens& statement) {
    for (std::size_t place = 0; place < statement.size(); ++place)
        if (statement.at(place) == "delete" && statement.at(place + 1) == "from")
            return true;
    return false;
}

bool takes_away(const StatementTokens& statement) {
    const auto verb = statement.at(0);
    if (verb == "alter")
        return alters_away(statement);
    if (verb == "drop")
        return !is_one_of(statement.at(1), {"index", "trigger"});
    return verb == "truncate" || (is_one_of(verb, {"delete", "with"}) && deletes(statement));
}

/// How deep in the body of a trigger or function a token lies, by what opens and ends it.
int change_of_depth(std::string_view token) {
    if (is_one_of(token, {"begin", "case"}))
        return 1;
    return token == "end" ? -1 : 0;
}

std::vector<StatementTokens> statements_in(std::string_view sql) {
    std::vector<StatementTokens> statements(1);
    int depth = 0;
    for (const auto& token : placed_tokens(sql)) {
        if (token.text == ";" && depth <= 0) {
            if (!statements.back().empty())
                statements.emplace_back();
            depth = 0;
            continue;
        }
        depth += token.text == "(" ? 1 : 0;
        depth -= token.text == ")" ? 1 : 0;
        statements.back().add(token);
        if (statements.back().has_body())
            depth += change_of_depth(token.text);
    }
    return statements;
}

bool controls(const StatementTokens& statement) {
    if (statement.at(0) == "prepare" || statement.at(0) == "start")
        return statement.at(1) == "transaction";
    return is_one_of(statement.at(0), {"begin", "commit", "rollback", "end", "abort", "savepoint",
                                       "release", "attach", "detach"});
}

FoundStatement first_that(std::string_view sql, bool (*stands_out)(const StatementTokens&)) {
    for (const auto& statement : statements_in(sql)) {
        if (!stands_out(statement))
            continue;
        const auto at = statement.begins_at();
        const auto lines = std::ranges::count(sql.substr(0, at), '\n');
        const auto rest = sql.substr(at);
        return {static_cast<std::size_t>(lines) + 1, shortened(rest.substr(0, rest.find(';')))};
    }
    return {};
}

}  // namespace

Result<std::string> text_for(Dialect dialect, std::string_view file) {
    std::string text;
    Section section;
    std::size_t line_number = 0;
    for (std::size_t at = 0; at < file.size();) {
        const auto end = std::min(file.find('\n', at), file.size() - 1) + 1;
        const auto line = file.substr(at, end - at);
        ++line_number;
        const auto content = trimmed(line.substr(0, line.find('\n')));
        if (!section.take(content))
            return Error(ErrorKind::conflict, "db.migration_engine",
                         "line " + std::to_string(line_number) + ": `" + std::string(content) +
                             "` names no engine; expected `-- only sqlite` or `-- only "
                             "postgresql`, and `-- every engine` behind such lines");
        text += section.holds_for(dialect) ? line : std::string_view("\n");
        at = end;
    }
    return text;
}

std::vector<std::string> statements_of(std::string_view sql) {
    std::vector<std::string> texts;
    const auto statements = statements_in(sql);
    for (std::size_t place = 0; place < statements.size() && !statements[place].empty(); ++place) {
        const auto from = statements[place].begins_at();
        const bool last = place + 1 == statements.size() || statements[place + 1].empty();
        const auto to = last ? sql.size() : statements[place + 1].begins_at();
        const auto lines = std::ranges::count(sql.substr(0, from), '\n');
        texts.push_back(
            std::string(static_cast<std::size_t>(lines), '\n').append(sql.substr(from, to - from)));
    }
    return texts;
}

FoundStatement first_loss(std::string_view sql) {
    return first_that(sql, takes_away);
}

FoundStatement first_control(std::string_view sql) {
    return first_that(sql, controls);
}

}  // namespace bulkhead::db

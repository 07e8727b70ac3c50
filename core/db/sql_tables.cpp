#include "db/sql_tables.hpp"

#include "db/sql_text.hpp"

#include <algorithm>
#include <array>
#include <initializer_list>

namespace bulkhead::db {

namespace {

using Tokens = std::vector<std::string>;
using Words = std::initializer_list<std::string_view>;

bool is_one_of(std::string_view word, Words words) {
    return std::ranges::find(words, word) != words.end();
}

bool is_word(std::string_view token) {
    return !token.empty() && (token[0] == '_' || (token[0] >= 'a' && token[0] <= 'z'));
}

// Tokens by their place; beyond the end there are empty ones.
class Reading {
public:
    explicit Reading(Tokens tokens) : tokens_(std::move(tokens)) {}

    std::size_t size() const { return tokens_.size(); }
    const std::string& at(std::size_t place) const {
        return place < tokens_.size() ? tokens_[place] : nothing_;
    }
    const std::string& before(std::size_t place, std::size_t count = 1) const {
        return place >= count ? tokens_[place - count] : nothing_;
    }
    /// The place behind the parenthesis that closes the one at `place`.
    std::size_t behind(std::size_t place) const {
        std::size_t depth = 0;
        for (; place < size(); ++place) {
            depth += at(place) == "(" ? 1 : 0;
            depth -= at(place) == ")" ? 1 : 0;
            if (depth == 0)
                return place + 1;
        }
        return place;
    }
    std::size_t behind_words(std::size_t place, Words words) const {
        while (is_one_of(at(place), words))
            ++place;
        return place;
    }

private:
    Tokens tokens_;
    std::string nothing_;
};

// `with NAME (columns) as not materialized (`
bool names_expression(const Reading& text, std::size_t place) {
    if (!is_word(text.at(place)) || !is_one_of(text.before(place), {"with", "recursive", ","}))
        return false;
    auto next = place + 1;
    if (text.at(next) == "(")
        next = text.behind(next);
    if (text.at(next) != "as")
        return false;
    return text.at(text.behind_words(next + 1, {"not", "materialized"})) == "(";
}

Tokens expressions_in(const Reading& text) {
    Tokens names;
    for (std::size_t place = 1; place < text.size(); ++place)
        if (names_expression(text, place))
            names.push_back(text.at(place));
    return names;
}

class TableScan {
public:
    explicit TableScan(std::string_view sql)
        : text_(tokens_of(sql)), expressions_(expressions_in(text_)) {}

    std::vector<TableMention> run() {
        for (std::size_t place = 0; place < text_.size(); ++place)
            take(place);
        return std::move(found_);
    }

private:
    void take(std::size_t place) {
        const auto& token = text_.at(place);
        if (place == 0 || text_.before(place) == ";")
            begin_statement(place);
        if (token == "(")
            callers_.push_back(text_.before(place));
        else if (token == ")" && !callers_.empty())
            callers_.pop_back();
        else if (is_word(token))
            take_word(token, place);
    }

    void begin_statement(std::size_t place) {
        verb_ = text_.at(place);
        callers_.clear();
        const auto object = text_.behind_words(
            place + 1, {"temp", "temporary", "unlogged", "unique", "virtual", "or", "replace"});
        object_ = text_.at(object);
        if (is_one_of(object_, {"table", "view"}))
            take_object(text_.behind_words(object + 1, {"if", "not", "exists", "only"}));
    }

    void take_object(std::size_t place) {
        if (verb_ == "create")
            add(place, TableUse::created);
        else if (verb_ == "alter")
            add(place, TableUse::altered);
        else if (verb_ == "truncate")
            add(place, TableUse::queried);
        else if (verb_ == "drop")
            while (text_.at(place = add(place, TableUse::dropped)) == ",")
                ++place;
    }

    void take_word(const std::string& word, std::size_t place) {
        if (word == "from")
            take_from(place);
        else if (word == "in")
            take_in(place);
        else if (word == "join" || (word == "using" && is_one_of(verb_, {"delete", "merge"})))
            add_source(place + 1);
        else if (word == "into")
            add(place + 1, TableUse::queried);
        else if (word == "update")
            take_update(place);
        else
            take_declaration(word, place);
    }

    void take_from(std::size_t place) {
        if (!is_part_of_expression(place))
            add_list(place + 1);
    }

    // SQLite: `id in things`.
    void take_in(std::size_t place) {
        const bool within = !callers_.empty() && callers_.back() == "position";
        if (!within && is_word(text_.at(place + 1)))
            add_source(place + 1);
    }

    void take_update(std::size_t place) {
        if (is_statement(place))
            add(text_.behind_words(
                    place + 1, {"only", "or", "ignore", "replace", "rollback", "abort", "fail"}),
                TableUse::queried);
    }

    void take_declaration(const std::string& word, std::size_t place) {
        if (word == "references")
            add(place + 1, TableUse::referenced);
        else if (word == "on" && is_object_on_table())
            add(place + 1, TableUse::altered), object_.clear();
    }

    // `extract(year from at)`, `is distinct from`
    bool is_part_of_expression(std::size_t place) const {
        const bool within = !callers_.empty() &&
                            is_one_of(callers_.back(), {"extract", "substring", "trim", "overlay"});
        return within || text_.before(place) == "distinct";
    }

    // Not `for update`, `on conflict do update set`, `after update on things`, `on update cascade`.
    bool is_statement(std::size_t place) const {
        return !is_one_of(text_.before(place),
                          {"for", "do", "on", "after", "before", "of", "or"}) &&
               !is_one_of(text_.at(place + 1), {"set", "of", "on"});
    }

    bool is_object_on_table() const {
        return verb_ == "create" && is_one_of(object_, {"index", "trigger"}) && callers_.empty();
    }

    // `from a, b as x, (select ...) y, f(1) z (n), c`
    void add_list(std::size_t place) {
        for (;; ++place) {
            place = behind_source(add_source(place));
            if (text_.at(place) != ",")
                return;
        }
    }

    // Over aliases, their columns and conditions of joins, to the next comma or the list's end.
    std::size_t behind_source(std::size_t place) const {
        while (!is_one_of(text_.at(place), {"",          ",",         ")",      ";",      "where",
                                            "group",     "having",    "window", "order",  "limit",
                                            "offset",    "fetch",     "for",    "union",  "except",
                                            "intersect", "returning", "set",    "select", "when"}))
            place = text_.at(place) == "(" ? text_.behind(place) : place + 1;
        return place;
    }

    // A table, or several joined in parentheses, or a subquery or function, which is none. Returns
    // the place behind it.
    std::size_t add_source(std::size_t place) {
        place = text_.behind_words(place, {"only", "lateral"});
        if (text_.at(place) == "(") {
            const auto inner = text_.behind_words(place, {"("});
            if (!is_one_of(text_.at(inner), {"select", "with", "values"}))
                add_list(inner);
            return text_.behind(place);
        }
        if (text_.at(place + 1) == "(")
            return text_.behind(place + 1);
        return add(place, TableUse::queried);
    }

    std::size_t add(std::size_t place, TableUse use) {
        if (text_.at(place + 1) == ".")
            place += 2;
        const auto& name = text_.at(place);
        const bool expression = use == TableUse::queried && is_expression(name);
        if (is_word(name) && !expression)
            found_.push_back({name, use});
        return place + 1;
    }

    bool is_expression(const std::string& name) const {
        return std::ranges::find(expressions_, name) != expressions_.end();
    }

    Reading text_;
    Tokens expressions_;
    std::string verb_, object_;         ///< of this statement: "create", "index"
    std::vector<std::string> callers_;  ///< the words before the parentheses that are open
    std::vector<TableMention> found_;
};

// An article behind `from` is prose: "select one from the list".
bool speaks_of(const Reading& text, Words words) {
    for (std::size_t place = 0; place < text.size(); ++place)
        if (is_one_of(text.at(place), words) && !is_one_of(text.at(place + 1), {"the", "a", "an"}))
            return true;
    return false;
}

bool has_form_of_statement(const Reading& text) {
    const auto& verb = text.at(0);
    if (verb == "select" || verb == "delete")
        return speaks_of(text, {"from"});
    if (verb == "insert" || verb == "replace")
        return speaks_of(text, {"into"});
    if (verb == "update")
        return is_one_of("set", {text.at(2), text.at(3), text.at(4), text.at(5)});
    if (verb == "with")
        return !expressions_in(text).empty();
    constexpr std::size_t most_adjectives = 4;
    for (std::size_t place = 1; place < most_adjectives; ++place)
        if (is_one_of(text.at(place), {"table", "view", "index", "trigger"}))
            return is_one_of(verb, {"create", "alter", "drop", "truncate"});
    return false;
}

}  // namespace

bool reads_as_sql(std::string_view text) {
    const Reading reading(tokens_of(text));
    const auto& verb = reading.at(0);
    if (!is_word(verb) || !has_form_of_statement(reading))
        return false;
    std::string upper;
    for (const char c : verb)
        upper += static_cast<char>(c == '_' ? c : c - 'a' + 'A');
    return text.find(verb) != std::string_view::npos || text.find(upper) != std::string_view::npos;
}

std::vector<TableMention> tables_in(std::string_view sql) {
    return TableScan(sql).run();
}

}  // namespace bulkhead::db

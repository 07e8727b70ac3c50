#pragma once
// Words that people type, for the full-text search of the engine: FTS5 of SQLite, tsquery of
// PostgreSQL. Since SDK 1.1.
//
//     const auto words = db::search_words(sql.dialect(), text);
//     if (words.empty())
//         return none;
//     sql.all<Found>(sql.pick({
//         .sqlite = "select ... from things_text where things_text match :words",
//         .postgresql = "select ... from things where words @@ to_tsquery('simple', :words)"}),
//         {{"words", words}});

#include <bulkhead/session.hpp>

namespace bulkhead::db {

/// A query that finds what has all of these words, and words that begin with the last one. A word
/// is what lies between spaces, punctuation and symbols; nothing of `text` becomes syntax of the
/// query, whatever signs it has. Empty if there is no word in it. Case and accents stay as they
/// are: folding them is the index's work (FTS5's tokenizer unicode61; on PostgreSQL the expression
/// in docs/search.md, which its query needs, too).
std::string search_words(Dialect dialect, std::string_view text);

}  // namespace bulkhead::db

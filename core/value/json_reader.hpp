#pragma once
// Fills values from the parser's events, straight through the Type tables: no document in between.

#include <bulkhead/json.hpp>

#include <boost/json/error.hpp>
#include <boost/json/string_view.hpp>

namespace bulkhead::json {

/// How deep objects and lists may be nested, the outermost included.
inline constexpr std::size_t max_depth = 32;

/// What becomes of members that an object's type does not have.
enum class UnknownMembers : std::uint8_t { refused, passed_over };

/// A handler of boost::json::basic_parser for one text. It goes on after a violation, so that all
/// of them are found at once, and drops what has no place: unknown members, list elements beyond
/// the limit, values of another type.
class Reader {
public:
    using error_code = boost::json::error_code;
    using string_view = boost::json::string_view;

    // The parser's own limits; the size of the text bounds them all.
    static constexpr std::size_t max_object_size = static_cast<std::size_t>(-1);
    static constexpr std::size_t max_array_size = static_cast<std::size_t>(-1);
    static constexpr std::size_t max_key_size = static_cast<std::size_t>(-1);
    static constexpr std::size_t max_string_size = static_cast<std::size_t>(-1);

    Reader(const Type& type, void* value, UnknownMembers unknown)
        : unknown_(unknown), root_{&type, value, &root_limits_} {}

    std::vector<Violation>& violations() { return violations_; }
    /// The member that an object has twice; empty if none has.
    std::string_view duplicate() const { return duplicate_; }

    bool on_document_begin(error_code&) { return true; }
    bool on_document_end(error_code&) { return true; }
    bool on_object_begin(error_code&);
    bool on_object_end(std::size_t, error_code&);
    bool on_array_begin(error_code&);
    bool on_array_end(std::size_t, error_code&);
    bool on_key_part(string_view part, std::size_t, error_code&);
    bool on_key(string_view last, std::size_t, error_code& error);
    bool on_string_part(string_view part, std::size_t, error_code&);
    bool on_string(string_view last, std::size_t, error_code&);
    bool on_number_part(string_view, error_code&) { return true; }
    bool on_int64(std::int64_t number, string_view literal, error_code&);
    bool on_uint64(std::uint64_t, string_view literal, error_code&);
    bool on_double(double, string_view literal, error_code&);
    bool on_bool(bool given, error_code&);
    bool on_null(error_code&);
    bool on_comment_part(string_view, error_code&) { return true; }
    bool on_comment(string_view, error_code&) { return true; }

private:
    /// Where the next value goes; no type: nowhere.
    struct Slot {
        const Type* type;
        void* value;
        const Limits* limits;
    };
    /// An open object or list that is being filled.
    struct Frame {
        Slot slot;
        const Table* table;  ///< object: its fields; list: null
        std::size_t index;   ///< object: the field being read; list: elements met so far
        std::size_t seen;    ///< object: where the marks of its fields begin in `seen_`
    };

    Slot next();
    bool open(Kind kind);
    bool ignoring() const { return ignored_depth_ > 0; }
    std::string_view whole(string_view last);
    void require_members(Frame& frame);
    void note_unknown(const Table& table, std::string_view name);
    void note(std::optional<Violation> violation);
    std::string path() const;

    const UnknownMembers unknown_;
    Limits root_limits_{};
    Slot root_;
    std::array<Frame, max_depth> frames_;
    std::size_t depth_ = 0;
    std::size_t ignored_depth_ = 0;  ///< open objects and lists that have no place
    std::vector<std::uint8_t> seen_;
    std::string parts_;  ///< of a key or text that has escapes
    std::string duplicate_;
    std::vector<Violation> violations_;
};

}  // namespace bulkhead::json

#include "value/json_plain.hpp"
#include "value/utf8.hpp"

#include <bulkhead/json.hpp>

#include <algorithm>
#include <charconv>
#include <cmath>

namespace bulkhead::json {
namespace {

/// Appends to a string through a bare pointer: the string is made longer ahead of it, twice as long
/// each time, and cut to what was written at the end.
class Cursor {
public:
    explicit Cursor(std::string& out) : out_(out), at_(out.size()) {}
    ~Cursor() { out_.resize(at_); }
    Cursor(const Cursor&) = delete;
    Cursor& operator=(const Cursor&) = delete;

    char* room(std::size_t bytes) {
        if (out_.size() - at_ < bytes)
            out_.resize(std::max(out_.size() * 2, at_ + bytes + 256));
        return out_.data() + at_;
    }
    void advance(std::size_t bytes) { at_ += bytes; }
    void put(char c) {
        *room(1) = c;
        ++at_;
    }
    void put(std::string_view text) { at_ += text.copy(room(text.size()), text.size()); }
    template <class Number>
    void put_number(Number number) {
        constexpr std::size_t longest = 32;
        char* begin = room(longest);
        at_ += static_cast<std::size_t>(std::to_chars(begin, begin + longest, number).ptr - begin);
    }

private:
    std::string& out_;
    std::size_t at_;
};

void put_escaped(Cursor& out, char c) {
    constexpr std::string_view meant = "\"\\\b\f\n\r\t";
    constexpr std::string_view letters = "\"\\bfnrt";
    if (const auto index = meant.find(c); index != std::string_view::npos) {
        out.put('\\');
        return out.put(letters[index]);
    }
    constexpr std::string_view hex = "0123456789abcdef";
    out.put("\\u00");
    out.put(hex[static_cast<unsigned char>(c) >> 4 & 0xF]);
    out.put(hex[static_cast<unsigned char>(c) & 0xF]);
}

/// Writes the one character that ended a plain run; returns its bytes. What is no UTF-8 becomes
/// U+FFFD, so that the document stays JSON whatever a text holds.
std::size_t put_special(Cursor& out, std::string_view text) {
    if (static_cast<unsigned char>(text[0]) < 0x80)
        return put_escaped(out, text[0]), 1;
    const std::size_t bytes = value::code_point_bytes(text);
    if (bytes == 0)
        return out.put("\xEF\xBF\xBD"), 1;
    return out.put(text.substr(0, bytes)), bytes;
}

void put_text(Cursor& out, std::string_view text) {
    out.put('"');
    while (!text.empty()) {
        const std::size_t run = value::json_plain_prefix(text);
        out.put(text.substr(0, run));
        text.remove_prefix(run);
        if (!text.empty())
            text.remove_prefix(put_special(out, text));
    }
    out.put('"');
}

template <class T>
const T& as(const void* value) {
    return *static_cast<const T*>(value);
}

void put_value(Cursor& out, const Type& type, const void* value);

void put_number(Cursor& out, double number) {
    if (std::isfinite(number))
        out.put_number(number);
    else
        out.put("null");
}

void put_object(Cursor& out, const Table& table, const void* value) {
    char separator = '{';
    for (std::size_t index = 0; index < table.fields.size(); ++index) {
        const Field& field = table.fields[index];
        if (field.limits.write_only)
            continue;
        out.put(separator);
        separator = ',';
        out.put(table.labels[index]);
        put_value(out, *field.type, static_cast<const std::byte*>(value) + field.offset);
    }
    if (separator == '{')
        out.put('{');
    out.put('}');
}

void put_list(Cursor& out, const Type& type, const void* value) {
    out.put('[');
    const std::size_t count = type.count(value);
    for (std::size_t index = 0; index < count; ++index) {
        if (index > 0)
            out.put(',');
        put_value(out, *type.inner, type.at(value, index));
    }
    out.put(']');
}

void put_optional(Cursor& out, const Type& type, const void* value) {
    if (const void* inner = type.get(value))
        put_value(out, *type.inner, inner);
    else
        out.put("null");
}

void put_atom(Cursor& out, const Type& type, const void* value) {
    std::string text;
    type.print(value, text);
    put_text(out, text);
}

void put_value(Cursor& out, const Type& type, const void* value) {
    switch (type.kind) {
        case Kind::boolean:
            return out.put(as<bool>(value) ? "true" : "false");
        case Kind::int32:
            return out.put_number(as<std::int32_t>(value));
        case Kind::int64:
            return out.put_number(as<std::int64_t>(value));
        case Kind::number:
            return put_number(out, as<double>(value));
        case Kind::text:
            return put_text(out, as<std::string>(value));
        case Kind::atom:
            return put_atom(out, type, value);
        case Kind::object:
            return put_object(out, type.table(), value);
        case Kind::list:
            return put_list(out, type, value);
        case Kind::optional:
            return put_optional(out, type, value);
    }
}

}  // namespace

void write(std::string& out, const Type& type, const void* value) {
    Cursor cursor(out);
    put_value(cursor, type, value);
}

void write_text(std::string& out, std::string_view text) {
    Cursor cursor(out);
    put_text(cursor, text);
}

}  // namespace bulkhead::json

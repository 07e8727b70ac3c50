#pragma once
// JSON (RFC 8259) in and out through the field lists of shape.hpp.

#include <bulkhead/result.hpp>
#include <bulkhead/shape.hpp>

namespace bulkhead::json {

/// Reads one JSON text into `value`. Not JSON at all (bad UTF-8, duplicate members, depth over 32,
/// trailing bytes ...) is `malformed`, code "http.malformed_json", with the byte offset in the
/// message. JSON that breaks the shape is `invalid`, code "http.invalid", with every violation at
/// once. On an error `value` is partly filled and must be dropped.
Result<> read_into(std::string_view text, const Type& type, void* value);

/// The same for what another version may have written: members that `type` does not have are passed
/// over.
Result<> read_known_into(std::string_view text, const Type& type, void* value);

/// Appends `value` as JSON; members that are write_only are left out, empty optionals are null.
void write(std::string& out, const Type& type, const void* value);

/// Appends a JSON string, quotes and escapes included.
void write_text(std::string& out, std::string_view text);

template <class T>
Result<T> read(std::string_view text) {
    T value{};
    if (auto done = read_into(text, type_of<T>(), &value); !done)
        return std::move(done.error());
    return value;
}

template <class T>
std::string text_of(const T& value) {
    std::string out;
    write(out, type_of<T>(), &value);
    return out;
}

}  // namespace bulkhead::json

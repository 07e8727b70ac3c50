#include "value/json_reader.hpp"

#include "value/limits.hpp"
#include "value/nearest.hpp"

#include <algorithm>
#include <charconv>

namespace bulkhead::json {
namespace {

constexpr std::size_t unknown_field = static_cast<std::size_t>(-1);

// Most clients send members in the order of the documentation, so the search begins where the last
// one ended.
std::size_t find(const std::vector<Field>& fields, std::string_view name, std::size_t first) {
    for (std::size_t index = first; index < fields.size(); ++index)
        if (fields[index].name == name)
            return index;
    for (std::size_t index = 0; index < std::min(first, fields.size()); ++index)
        if (fields[index].name == name)
            return index;
    return unknown_field;
}

Violation unknown_member(const Table& table, std::string_view name) {
    std::vector<std::string_view> known;
    known.reserve(table.fields.size());
    for (const Field& field : table.fields)
        known.push_back(field.name);
    return {std::string(name), "unknown", "is unknown" + suggestion(name, known)};
}

Kind kind_within(const Type& type) {
    return type.kind == Kind::optional ? kind_within(*type.inner) : type.kind;
}

bool is_integer(Kind kind) {
    return kind == Kind::int32 || kind == Kind::int64;
}

}  // namespace

Reader::Slot Reader::next() {
    if (ignoring())
        return {};
    if (depth_ == 0)
        return root_;
    Frame& frame = frames_[depth_ - 1];
    const Slot& slot = frame.slot;
    if (frame.table) {
        if (frame.index == unknown_field)
            return {};
        const Field& field = frame.table->fields[frame.index];
        return {field.type, static_cast<std::byte*>(slot.value) + field.offset, &field.limits};
    }
    if (++frame.index > slot.limits->max_items)
        return {};
    return {slot.type->inner, slot.type->append(slot.value), slot.limits};
}

bool Reader::open(Kind kind) {
    Slot slot = next();
    while (slot.type && slot.type->kind == Kind::optional)
        slot = {slot.type->inner, slot.type->emplace(slot.value), slot.limits};
    if (!slot.type || slot.type->kind != kind) {
        if (slot.type)
            note(value::wrong_type(*slot.type));
        ++ignored_depth_;
        return false;
    }
    if (kind == Kind::object)
        frames_[depth_++] = {slot, &slot.type->table(), unknown_field, seen_.size()};
    else
        frames_[depth_++] = {slot, nullptr, 0, 0};
    return true;
}

bool Reader::on_object_begin(error_code&) {
    if (open(Kind::object)) {
        const Frame& frame = frames_[depth_ - 1];
        seen_.resize(frame.seen + frame.table->fields.size());
    }
    return true;
}

bool Reader::on_object_end(std::size_t, error_code&) {
    if (ignoring()) {
        --ignored_depth_;
        return true;
    }
    Frame& frame = frames_[depth_ - 1];
    require_members(frame);
    seen_.resize(frame.seen);
    --depth_;
    return true;
}

void Reader::require_members(Frame& frame) {
    const auto& fields = frame.table->fields;
    for (std::size_t index = 0; index < fields.size(); ++index)
        if (!seen_[frame.seen + index] && fields[index].type->kind != Kind::optional) {
            frame.index = index;
            note(Violation{{}, "required", "is required"});
        }
}

bool Reader::on_array_begin(error_code&) {
    if (open(Kind::list)) {
        const Slot& slot = frames_[depth_ - 1].slot;
        slot.type->clear(slot.value);
    }
    return true;
}

bool Reader::on_array_end(std::size_t, error_code&) {
    if (ignoring()) {
        --ignored_depth_;
        return true;
    }
    const Frame& frame = frames_[--depth_];
    note(value::check_items(*frame.slot.limits, frame.index));
    return true;
}

bool Reader::on_key_part(string_view part, std::size_t, error_code&) {
    parts_.append(part.data(), part.size());
    return true;
}

void Reader::note_unknown(const Table& table, std::string_view name) {
    if (unknown_ == UnknownMembers::refused)
        note(unknown_member(table, value::front_of(name, value::quoted_bytes)));
}

bool Reader::on_key(string_view last, std::size_t, error_code& error) {
    const std::string_view name = whole(last);
    if (!ignoring()) {
        Frame& frame = frames_[depth_ - 1];
        const Table& table = *frame.table;
        frame.index = find(table.fields, name, frame.index + 1);
        if (frame.index == unknown_field)
            note_unknown(table, name);
        else if (seen_[frame.seen + frame.index])
            duplicate_ = name, error = boost::json::error::syntax;
        else
            seen_[frame.seen + frame.index] = 1;
    }
    parts_.clear();
    return !error;
}

bool Reader::on_string_part(string_view part, std::size_t, error_code&) {
    parts_.append(part.data(), part.size());
    return true;
}

bool Reader::on_string(string_view last, std::size_t, error_code&) {
    if (const Slot slot = next(); slot.type)
        note(value::store_text(*slot.type, *slot.limits, whole(last), slot.value));
    parts_.clear();
    return true;
}

bool Reader::on_int64(std::int64_t number, string_view, error_code&) {
    if (const Slot slot = next(); slot.type)
        note(value::store_integer(*slot.type, *slot.limits, number, slot.value));
    return true;
}

bool Reader::on_uint64(std::uint64_t, string_view literal, error_code& error) {
    return on_double(0, literal, error);
}

// The literal counts, not the parser's number: it is off by a bit for many of 17 digits.
bool Reader::on_double(double, string_view literal, error_code&) {
    const Slot slot = next();
    if (!slot.type)
        return true;
    const bool whole_number = literal.find_first_of(".eE") == string_view::npos;
    double number = 0;
    const auto read = std::from_chars(literal.data(), literal.data() + literal.size(), number);
    const Kind kind = kind_within(*slot.type);
    if (whole_number && is_integer(kind))
        note(value::out_of_range(kind, *slot.limits));
    else if (read.ec == std::errc::result_out_of_range)
        note(value::out_of_range(Kind::number, *slot.limits));
    else
        note(value::store_number(*slot.type, *slot.limits, number, slot.value));
    return true;
}

bool Reader::on_bool(bool given, error_code&) {
    if (const Slot slot = next(); slot.type)
        note(value::store_boolean(*slot.type, given, slot.value));
    return true;
}

bool Reader::on_null(error_code&) {
    const Slot slot = next();
    if (slot.type && slot.type->kind == Kind::optional)
        slot.type->clear(slot.value);
    else if (slot.type)
        note(Violation{{}, "null", "must not be null"});
    return true;
}

std::string_view Reader::whole(string_view last) {
    if (parts_.empty())
        return {last.data(), last.size()};
    return parts_.append(last.data(), last.size());
}

void Reader::note(std::optional<Violation> violation) {
    if (!violation || violations_.size() == value::max_violations)
        return;
    std::string field = path();
    if (!field.empty() && !violation->field.empty())
        field += '.';
    violation->field.insert(0, field);
    violations_.push_back(*std::move(violation));
}

std::string Reader::path() const {
    std::string path;
    for (std::size_t depth = 0; depth < depth_; ++depth) {
        const Frame& frame = frames_[depth];
        if (!frame.table) {
            path.append("[").append(std::to_string(frame.index - 1)).append("]");
        } else if (frame.index != unknown_field) {
            path.append(path.empty() ? "" : ".");
            path.append(frame.table->fields[frame.index].name);
        }
    }
    return path;
}

}  // namespace bulkhead::json

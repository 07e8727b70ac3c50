#include <bulkhead/json.hpp>

namespace bulkhead {

Table::Table(std::string_view name, std::span<const Field> fields)
    : name(name), fields(fields.begin(), fields.end()) {
    labels.reserve(fields.size());
    for (const Field& field : fields) {
        json::write_text(labels.emplace_back(), field.name);
        labels.back() += ':';
    }
}

}  // namespace bulkhead

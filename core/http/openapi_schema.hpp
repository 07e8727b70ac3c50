#pragma once

#include <bulkhead/shape.hpp>

#include <boost/json/object.hpp>

#include <map>

namespace bulkhead::http {

/// The components/schemas of a document, collected while its routes are described.
class Schemas {
public:
    /// JSON Schema of a value. Shaped structs become components, referred to by name; `module`
    /// stands before the name of one that lies in no namespace.
    boost::json::object of(const Type& type, const Limits& limits, std::string_view module);

    /// The same for a parameter: what it is when it is given, so never null.
    boost::json::object of_parameter(const Field& field, std::string_view module);

    void add(std::string name, boost::json::object schema);

    /// All components, by name.
    boost::json::object take();

    /// {"$ref": "#/components/schemas/<name>"}
    static boost::json::object reference(std::string_view name);

private:
    boost::json::object plain(const Type& type, const Limits& limits, std::string_view module);
    boost::json::object nullable(const Type& type, const Limits& limits, std::string_view module);
    boost::json::object component(const Table& table, std::string_view module);
    boost::json::object shape_of(const Table& table, std::string_view module);

    std::map<std::string, boost::json::object> components_;
};

}  // namespace bulkhead::http

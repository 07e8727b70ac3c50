#include "value/json_reader.hpp"
#include "value/limits.hpp"

#include <boost/json/basic_parser_impl.hpp>

namespace bulkhead::json {
namespace {

Error malformed(std::string reason, std::size_t offset_bytes) {
    return Error::malformed(
        "http.malformed_json",
        "Not valid JSON: " + std::move(reason) + " at byte " + std::to_string(offset_bytes) + ".");
}

std::string reason_of(const boost::json::error_code& error, const Reader& reader) {
    if (!reader.duplicate().empty())
        return "the member '" + std::string(reader.duplicate()) + "' stands there twice,";
    if (error == boost::json::error::too_deep)
        return "nested more than " + std::to_string(max_depth) + " deep";
    if (error == boost::json::error::extra_data)
        return "more text after the end of the value";
    if (error == boost::json::error::incomplete)
        return "the text ends too early,";
    return error.message();
}

Error invalid(std::vector<Violation>& violations) {
    auto error = Error::invalid("http.invalid",
                                "The JSON does not fit what is expected here; "
                                "`details` names each field.");
    if (violations.size() == value::max_violations)
        error.message +=
            " Only the first " + std::to_string(value::max_violations) + " are listed.";
    error.violations = std::move(violations);
    return error;
}

Result<> read(std::string_view text, const Type& type, void* value, UnknownMembers unknown) {
    if (text.starts_with("\xEF\xBB\xBF"))
        return malformed("it begins with a byte order mark", 0);
    boost::json::parse_options options;
    options.max_depth = max_depth;
    boost::json::basic_parser<Reader> parser(options, type, value, unknown);
    boost::json::error_code error;
    const std::size_t read = parser.write_some(false, text.data(), text.size(), error);
    if (!error && read < text.size())
        error = boost::json::error::extra_data;
    if (error)
        return malformed(reason_of(error, parser.handler()), read);
    if (auto& violations = parser.handler().violations(); !violations.empty())
        return invalid(violations);
    return Done{};
}

}  // namespace

Result<> read_into(std::string_view text, const Type& type, void* value) {
    return read(text, type, value, UnknownMembers::refused);
}

Result<> read_known_into(std::string_view text, const Type& type, void* value) {
    return read(text, type, value, UnknownMembers::passed_over);
}

}  // namespace bulkhead::json

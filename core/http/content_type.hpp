#pragma once

#include <string_view>

namespace bulkhead::http {

/// The media type of a file by the extension of its name, whatever its case;
/// "application/octet-stream" for one that is not in the table. Text is UTF-8 here.
std::string_view content_type_of(std::string_view file_name);

}  // namespace bulkhead::http

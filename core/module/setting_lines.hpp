#pragma once

#include "module/description.hpp"

namespace bulkhead::module {

/// Every key of a struct that was read from the table at `path` of `document`, defaults included,
/// as lines that anyone may see: a value that was given as env:NAME or file:PATH stands as that
/// text, a URL without its user, its password and its query, and a text whose key speaks of a
/// secret ("smtp_password", "api_key") as "(hidden)".
std::vector<Setting> setting_lines(const config::Document& document, std::string_view path,
                                   const Table& table, const void* options);

template <Shaped Options>
std::vector<Setting> setting_lines(const config::Document& document, std::string_view path,
                                   const Options& options) {
    return setting_lines(document, path, table_of<Options>(), &options);
}

}  // namespace bulkhead::module

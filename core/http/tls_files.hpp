#pragma once

#include "http/tls_options.hpp"

#include <bulkhead/result.hpp>

#include <filesystem>

namespace bulkhead::http {

/// What the two files of [tls] held when they were read. The key is a secret: it is handed on to
/// whoever serves with it, and shown to nobody.
struct TlsFiles {
    static constexpr std::size_t max_bytes = 262'144;  ///< of each: some hundred certificates

    std::string certificate;  ///< PEM
    std::string key;          ///< PEM

    static auto fields() {
        return shape(field("certificate", &TlsFiles::certificate, length(0, max_bytes)),
                     field("key", &TlsFiles::key, length(0, max_bytes)));
    }
    bool operator==(const TlsFiles&) const = default;
};

/// Refused with a sentence that names the key of plugins.toml. Relative paths are relative to
/// `folder`. What is in the files is judged by TlsContext.
Result<TlsFiles> read_tls_files(const TlsOptions& options, const std::filesystem::path& folder);

}  // namespace bulkhead::http

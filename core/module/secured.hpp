#pragma once
// TLS of a generation: from the files that [tls] names to what its server needs.

#include "http/tls_context.hpp"
#include "module/configuration.hpp"
#include "module/description.hpp"
#include "module/terms.hpp"

namespace bulkhead::module {

/// What lies there now; empty without TLS, and where it cannot be read or handed on: then the
/// generation looks itself, and says what is wrong.
std::optional<http::TlsFiles> tls_files_of(const Configuration& configuration);

/// With the files and the seed of the terms, else with those of [tls] and one of its own; null
/// without TLS. Refused with a sentence.
Result<std::shared_ptr<const http::TlsContext>> tls_of(const Configuration& configuration,
                                                       const Terms& terms);

/// The keys of [tls], and a line on the certificate that they lead to: its file may have changed
/// although its name has not.
std::vector<Setting> tls_lines(const Configuration& configuration, const http::TlsContext* tls);

}  // namespace bulkhead::module

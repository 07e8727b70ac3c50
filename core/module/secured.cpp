#include "module/secured.hpp"

#include "module/setting_lines.hpp"
#include "value/utf8.hpp"

#include <algorithm>

namespace bulkhead::module {
namespace {

// Sockets of a running server stay, whatever tls.listen says by now.
bool has_tls(const http::TlsOptions& options) {
    return !options.listen.empty() || !options.certificate.empty();
}

// What is said between processes is text.
bool is_text(std::string_view bytes) {
    return value::code_points(bytes).has_value();
}

std::string line_of(const http::CertificateSummary& certificate) {
    return certificate.subject + ", expires " + to_text(certificate.expires) + ", SHA-256 " +
           certificate.sha256;
}

}  // namespace

std::optional<http::TlsFiles> tls_files_of(const Configuration& configuration) {
    const auto& options = configuration.features.tls;
    if (!has_tls(options))
        return std::nullopt;
    auto files = http::read_tls_files(options, configuration.document->folder());
    if (!files || !is_text(files->certificate) || !is_text(files->key))
        return std::nullopt;
    return *std::move(files);
}

Result<std::shared_ptr<const http::TlsContext>> tls_of(const Configuration& configuration,
                                                       const Terms& terms) {
    const auto& options = configuration.features.tls;
    if (!has_tls(options))
        return std::shared_ptr<const http::TlsContext>();
    auto files = terms.tls_files ? Result<http::TlsFiles>(*terms.tls_files)
                                 : http::read_tls_files(options, configuration.document->folder());
    if (!files)
        return std::move(files.error());
    return http::TlsContext::create(options, *files,
                                    terms.ticket_seed.value_or(http::TicketSeed()));
}

std::vector<Setting> tls_lines(const Configuration& configuration, const http::TlsContext* tls) {
    const auto& options = configuration.features.tls;
    auto lines = setting_lines(*configuration.document, "tls", options);
    if (tls == nullptr)
        return lines;
    // It is the path of a secret that has been read, and no secret.
    const auto key = std::ranges::find(lines, "tls.key", &Setting::key);
    if (key != lines.end() && !configuration.document->references().contains("tls.key"))
        key->value = options.key;
    lines.push_back({"tls.certificate.content", line_of(tls->certificate())});
    return lines;
}

}  // namespace bulkhead::module

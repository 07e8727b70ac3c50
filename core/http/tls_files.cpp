#include "http/tls_files.hpp"

#include "config/file.hpp"

namespace bulkhead::http {

namespace {

Error refused(std::string why) {
    return Error::invalid("config.invalid", std::move(why));
}

/// `holds`: "certificate", "private key".
Result<std::string> read_pem(const std::string& key, const std::string& path,
                             const std::string& holds, const std::filesystem::path& folder) {
    const auto expected = "expected the path of a PEM file with the server's " + holds;
    if (path.empty())
        return refused(key + " is empty although tls.listen is not; " + expected);
    // By "file:" or "env:", most likely: the text itself must get into no log.
    if (path.find("-----BEGIN") != std::string::npos || path.find('\n') != std::string::npos)
        return refused(key + " is given the text of a file; " + expected +
                       ", without \"file:\" before it");
    auto text = config::read_regular_file(folder / path, TlsFiles::max_bytes);
    if (!text)
        return refused(key + ": " + text.error().message + "; " + expected +
                       " that the server's user may read");
    return text;
}

}  // namespace

Result<TlsFiles> read_tls_files(const TlsOptions& options, const std::filesystem::path& folder) {
    auto certificate = read_pem("tls.certificate", options.certificate, "certificate", folder);
    if (!certificate)
        return std::move(certificate.error());
    auto key = read_pem("tls.key", options.key, "private key", folder);
    if (!key)
        return std::move(key.error());
    return TlsFiles{*std::move(certificate), *std::move(key)};
}

}  // namespace bulkhead::http

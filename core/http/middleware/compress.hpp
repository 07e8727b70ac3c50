#pragma once

#include "http/accept_encoding.hpp"
#include "http/chain.hpp"
#include "http/middleware/compression_options.hpp"

namespace bulkhead::http {

/// Compresses the bodies of replies as the client wishes (gzip, br), on the thread that has made
/// the reply. Left as they are: what is short, of another type or encoded already; 204 and 206;
/// replies with `Cache-Control: no-transform`; paths below compression.except and routes that are
/// uncompressed(), because their replies hold a secret beside what the client has sent (BREACH);
/// what gets no shorter. A strong ETag becomes weak. HEAD is answered as GET would be.
class Compress final : public Middleware {
public:
    static bool has_work(const Blueprint& blueprint);

    explicit Compress(const Blueprint& blueprint);
    void leave(Exchange& exchange) override;

private:
    bool may_compress(const Exchange& exchange) const;
    bool has_type(std::string_view content_type) const;
    bool is_excepted(const Exchange& exchange) const;

    CompressionOptions options_;
    std::vector<Coding> offered_;
    std::vector<bool> uncompressed_;  ///< by route number
    bool json_ = false;               ///< whether `types` has it: then all +json are
};

}  // namespace bulkhead::http

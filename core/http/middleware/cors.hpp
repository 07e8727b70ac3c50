#pragma once

#include "http/chain.hpp"

#include <map>

namespace bulkhead::http {

/// Tells browsers which pages of other origins may use the API (Fetch Standard, 3.2). Preflights
/// end here, before anybody is asked who calls: 204 with what the path and the configuration allow,
/// which the browser compares with what its page wants; 403 "http.foreign_origin" for an origin
/// that is not listed. Other requests of foreign origins are served as ever, without the headers
/// that would let their page read the reply.
class Cors final : public Middleware {
public:
    static bool has_work(const Blueprint& blueprint);

    explicit Cors(const Blueprint& blueprint);
    Step enter(Exchange& exchange) override;
    void leave(Exchange& exchange) override;

private:
    /// The ready lines for the origin of a request; null for a foreign one, and for none.
    const std::string* lines_for(const Request& request) const;

    bool every_origin_;
    std::map<std::string, std::string, std::less<>> lines_;  ///< by origin
    std::string preflight_lines_;
};

}  // namespace bulkhead::http

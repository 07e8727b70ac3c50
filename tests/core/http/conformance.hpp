#pragma once
// Rules of the RFCs as rows: what a client sends, and what the server may make of it.

#include "test_server.hpp"

#include <catch2/catch.hpp>

#include <atomic>

namespace bulkhead::http::test {

/// RFC 2119; `own` is a rule of this server where the RFCs leave it a choice.
enum class Level : std::uint8_t { must, should, may, own };

/// What becomes of the connection.
enum class Then : std::uint8_t {
    kept,   ///< the next request on it is answered
    closed  ///< nothing behind the answer is read as a request
};

struct Rule {
    const char* name;
    const char* clause;  ///< of RFC 9112, where no other is named
    Level level;
    std::string sent;
    std::vector<int> statuses;  ///< of the answer: one of them
    Then then;
    const char* code = "";  ///< of the error, where there is one
};

/// Counts what its routes are asked, so that a test sees what was executed.
struct Ledger {
    std::atomic<int> executed = 0;
};

Options conformance_options();

/// A server whose routes lie under /api/v1: GET /page, /host, /query, /path/{name}, /empty (204),
/// /same (304), /fails (500); POST and PUT /echo, POST /small (8 bytes) and /work (on a worker);
/// and GET /next, which each rule sends behind its own bytes.
class ConformanceServer {
public:
    ConformanceServer();

    RawClient connect() const { return RawClient(socket_.port()); }
    int executed() const { return ledger_.executed; }

    /// Sends what the rule says and a request behind it, and checks all that comes back.
    void check(const Rule& rule) const;

private:
    ListeningSocket socket_;
    const Listening listening_{socket_.descriptor()};
    Ledger ledger_;
    Application application_;
    Server server_;  ///< last: it ends first
};

void check_all(std::span<const Rule> rules);

/// Has the shape of an error of this server, with this code.
void check_envelope(const RawResponse& response, const std::string& code);

inline std::string request(std::string_view line, std::string_view headers = {},
                           std::string_view body = {}) {
    return std::string(line) + "\r\nHost: a\r\n" + std::string(headers) + "\r\n" +
           std::string(body);
}

inline const std::string next_request = request("GET /api/v1/next HTTP/1.1");

}  // namespace bulkhead::http::test

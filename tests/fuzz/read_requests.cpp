#include "fuzz/beast_reader.hpp"
#include "fuzz/conversation.hpp"
#include "fuzz/targets.hpp"
#include "http/token.hpp"

#include <algorithm>

namespace fuzz {
namespace {

std::ptrdiff_t count(const ReadRequest& request, std::string_view name) {
    return std::ranges::count_if(request.headers, [&](const auto& header) {
        return bulkhead::http::same_ignoring_case(header.first, name);
    });
}

bool is_chunked(const ReadRequest& request) {
    return count(request, "Transfer-Encoding") > 0;
}

// Beast obeys this one, too.
bool has_proxy_connection(const ReadRequest& request) {
    return count(request, "Proxy-Connection") > 0;
}

// Nor does it tell a Connection among the trailers from one among the headers.
bool must_persist_alike(const ReadRequest& request) {
    return !request.http_1_0 && !is_chunked(request) && !has_proxy_connection(request);
}

// Whether a reader that is less strict could see other lines.
bool has_other_lines(std::string head) {
    for (auto at = head.find("\r\n"); at != std::string::npos; at = head.find("\r\n", at))
        head.replace(at, 2, "  ");
    return head.find_first_of(std::string_view("\r\n\0", 3)) != std::string::npos;
}

// What no request may have, whoever else would take it.
void check_framing(const ReadRequest& request, std::string_view bytes) {
    if (count(request, "Content-Length") + count(request, "Transfer-Encoding") > 1)
        fail("more than one header says where the body ends");
    if (const auto hosts = count(request, "Host"); hosts != 1 && (hosts != 0 || !request.http_1_0))
        fail("the request has not one host");
    if (has_other_lines(std::string(bytes.substr(0, bytes.find("\r\n\r\n")))))
        fail("a line of the head has a byte that ends lines elsewhere");
}

// Of an absolute target only the path is kept, and its host stands in Host.
void compare_origin_form(const ReadRequest& ours, const BeastRequest& theirs) {
    const auto query = ours.query.empty() ? std::string{} : "?" + ours.query;
    if (ours.path + query != theirs.target && ours.path + "?" != theirs.target)
        fail("Beast reads another target: " + theirs.target);
    if (ours.headers != theirs.fields)
        fail("Beast reads other headers");
}

void compare(const ReadRequest& ours, const BeastRequest& theirs) {
    if (ours.method != theirs.method || ours.http_1_0 != (theirs.version == 10))
        fail("Beast reads another method or version");
    if (theirs.target.starts_with('/'))
        compare_origin_form(ours, theirs);
    if (ours.body != theirs.body)
        fail("Beast reads another body");
    if (ours.end - ours.begin != theirs.bytes)
        fail("Beast ends the request elsewhere");
    if (must_persist_alike(ours) && ours.keeps_alive != theirs.keeps_alive)
        fail("Beast disagrees on what becomes of the connection");
}

// Beast takes no HTTP/1.2, no such trailers, and judges extensions that are only passed over here.
bool may_be_refused_there(const ReadRequest& request, std::string_view bytes) {
    const auto line = bytes.substr(0, bytes.find("\r\n"));
    return is_chunked(request) || has_proxy_connection(request) ||
           !(line.ends_with("HTTP/1.0") || line.ends_with("HTTP/1.1"));
}

void check(const Conversation& conversation, std::string_view bytes) {
    for (const auto& request : conversation.requests) {
        const auto text = bytes.substr(request.begin);
        check_framing(request, text);
        if (const auto theirs = read_with_beast(text))
            compare(request, *theirs);
        else if (!may_be_refused_there(request, text))
            fail("Beast refuses it");
    }
}

}  // namespace

void read_requests(std::string_view bytes) {
    check(converse_in_all_ways(bytes), bytes);
}

void read_chunks(std::string_view bytes) {
    const auto request =
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" + std::string(bytes);
    check(converse_in_all_ways(request), request);
}

}  // namespace fuzz

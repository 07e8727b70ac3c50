#include "fuzz/beast_reader.hpp"
#include "fuzz/conversation.hpp"
#include "fuzz/targets.hpp"

namespace fuzz {
namespace {

// Beast obeys Proxy-Connection as well.
bool obeys_connection_alone(const ReadRequest& request) {
    for (const auto& [name, value] : request.headers)
        if (name.size() == std::string_view("Proxy-Connection").size())
            return false;
    return !request.http_1_0;
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
    if (obeys_connection_alone(ours) && ours.keeps_alive != theirs.keeps_alive)
        fail("Beast disagrees on what becomes of the connection");
}

void compare_with_beast(const Conversation& conversation, std::string_view bytes) {
    for (const auto& request : conversation.requests)
        if (const auto theirs = read_with_beast(bytes.substr(request.begin)))
            compare(request, *theirs);
}

}  // namespace

void read_requests(std::string_view bytes) {
    compare_with_beast(converse_in_all_ways(bytes), bytes);
}

void read_chunks(std::string_view bytes) {
    const auto request =
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" + std::string(bytes);
    compare_with_beast(converse_in_all_ways(request), request);
}

}  // namespace fuzz

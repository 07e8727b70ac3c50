#include "http/head_reader.hpp"

namespace bulkhead::http {

namespace {

bool is_known(std::string_view method) {
    for (const std::string_view known :
         {"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"})
        if (method == known)
            return true;
    return false;
}

Error bad_request_line(std::string message) {
    return Error::malformed("http.bad_request_line", std::move(message));
}

Error bad_method(std::string_view line) {
    if (line.data()[line.size()] == '\x16' && line.empty())  // How a TLS handshake begins.
        return bad_request_line("This looks like TLS; this port speaks HTTP without it.");
    return bad_request_line("The request does not begin with a method and one space.");
}

Error bad_version(std::string_view version) {
    if (version.size() == 8 && version.starts_with("HTTP/") && is_digit(version[5]) &&
        version[6] == '.' && is_digit(version[7]) && version[5] != '1')
        return {ErrorKind::version_unsupported, "http.version_unsupported",
                std::string(version) + " is not served here; expected HTTP/1.1 or HTTP/1.0."};
    return bad_request_line(
        "The request line must be METHOD, target and HTTP/1.1, each parted by one space and ended "
        "by CR LF.");
}

}  // namespace

Parsed HeadReader::read() {
    auto parsed = read_request_line();
    while (parsed == Parsed::complete && !ended_)
        parsed = read_field();
    return parsed == Parsed::complete ? finish() : parsed;
}

Parsed HeadReader::read_request_line() {
    if (!lines_.find())
        return Parsed::need_more;
    const auto line = lines_.line();
    const char* const line_end = line.data() + line.size();
    const char* const method_end = token_end(line.data(), line.data() + line.size());
    if (method_end == line.data() || *method_end != ' ')
        return refuse(bad_method(line));
    head_.method = line.substr(0, static_cast<std::size_t>(method_end - line.data()));
    const std::string_view rest(method_end + 1, line_end);
    auto target = read_origin_form(rest);
    if (target.empty())
        target = rest.substr(0, rest.find(' '));
    const char* const target_end = target.data() + target.size();
    if (target.empty() || target_end == line_end)
        return refuse(Error::malformed("http.bad_target",
                                       "The request target is empty, has a control character, or "
                                       "is not followed by one space and HTTP/1.1."));
    const auto parsed = read_version({target_end + 1, line_end});
    return parsed == Parsed::complete ? judge_target(target) : parsed;
}

// By far the most targets: a path, perhaps with a query, and nothing in them that may not be. Empty
// if it is none of these.
std::string_view HeadReader::read_origin_form(std::string_view rest) {
    const char* const begin = rest.data();
    const char* const path_end = scan<PathStop>(begin, lines_.text_end());
    const char* stop = path_end;
    while (*stop == '?')
        stop = scan<PathStop>(stop + 1, lines_.text_end());
    if (*begin != '/' || *stop != ' ')
        return {};
    head_.path = {begin, path_end};
    if (stop != path_end)
        head_.query = {path_end + 1, stop};
    return {begin, stop};
}

Parsed HeadReader::read_version(std::string_view version) {
    if (version.size() != 8 || !version.starts_with("HTTP/1.") || !is_digit(version[7]))
        return refuse(bad_version(version));
    // RFC 9110, 2.5: a minor version above ours is to be taken as ours.
    head_.http_1_0 = version[7] == '0';
    const auto passed = lines_.pass();
    return passed == Parsed::refused ? refuse(bad_version(version)) : passed;
}

Parsed HeadReader::judge_target(std::string_view target) {
    if (!is_known(head_.method))
        return refuse({ErrorKind::not_implemented, "http.not_implemented",
                       "This server knows the methods GET, HEAD, POST, PUT, PATCH, DELETE and "
                       "OPTIONS."});
    if (!head_.path.empty())
        return Parsed::complete;
    auto parts = split_target(head_.method, target);
    if (!parts)
        return refuse(std::move(parts.error()));
    head_.path = parts->path;
    head_.query = parts->query;
    authority_ = parts->authority;
    return Parsed::complete;
}

Parsed HeadReader::read_field() {
    NamedText field;
    if (const auto parsed = lines_.read_field(field, refusal); parsed != Parsed::complete)
        return parsed;
    ended_ = field.name.empty();
    if (ended_)
        return Parsed::complete;
    if (head_.headers.size() == static_cast<std::size_t>(options_.header_count))
        return refuse(
            {ErrorKind::headers_too_large, "http.too_many_headers",
             "The request has more than " + std::to_string(options_.header_count) + " headers."});
    head_.headers.push_back(field);
    auto added = framing_.add(field.name, field.value);
    return added ? Parsed::complete : refuse(std::move(added.error()));
}

Parsed HeadReader::finish() {
    head_.bytes = lines_.bytes_done();
    if (auto judged = framing_.finish(head_.http_1_0); !judged)
        return refuse(std::move(judged.error()));
    head_.content_length = framing_.content_length();
    head_.chunked = framing_.chunked();
    head_.keeps_alive = framing_.keeps_alive();
    head_.expects_continue = framing_.expects_continue();
    if (!authority_.empty())
        replace_host();
    return Parsed::complete;
}

// RFC 9112, 3.2.2: the host of an absolute target counts, whatever Host says.
void HeadReader::replace_host() {
    const auto is_host = [](const NamedText& field) {
        return same_ignoring_case(field.name, "Host");
    };
    const auto found = std::ranges::find_if(head_.headers, is_host);
    if (found == head_.headers.end())
        head_.headers.push_back({"Host", authority_});
    else
        found->value = authority_;
}

Parsed HeadReader::refuse(Error error) {
    refusal = std::move(error);
    return Parsed::refused;
}

}  // namespace bulkhead::http

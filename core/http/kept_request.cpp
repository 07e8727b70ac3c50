#include "http/kept_request.hpp"

namespace bulkhead::http {

namespace {

struct Kept {
    std::deque<std::string> texts;  ///< a deque: its elements never move
    std::vector<NamedText> headers;

    std::string_view keep(std::string_view text) { return texts.emplace_back(text); }
};

}  // namespace

std::shared_ptr<Exchange> keep_request(const Request& request) {
    const auto kept = std::make_shared<Kept>();
    auto exchange = std::make_shared<Exchange>();
    exchange->buffer = kept;
    exchange->request_bytes = request.body.size();
    for (const auto& [name, value] : request.headers)
        kept->headers.push_back({kept->keep(name), kept->keep(value)});
    exchange->request.method = kept->keep(request.method);
    exchange->request.path = kept->keep(request.path);
    exchange->request.query = kept->keep(request.query);
    exchange->request.body = kept->keep(request.body);
    exchange->request.remote_address = kept->keep(request.remote_address);
    exchange->request.headers = kept->headers;
    return exchange;
}

Reply take_reply(Exchange& exchange) {
    constexpr std::size_t piece_bytes = 65'536;
    while (exchange.file.is_open() && exchange.file.length() > 0)
        if (!exchange.file.read(exchange.reply.body, piece_bytes))
            break;
    std::string_view rest = exchange.header_lines;
    while (!rest.empty()) {
        const auto line = rest.substr(0, rest.find("\r\n"));
        const auto colon = line.find(": ");
        exchange.reply.headers.emplace_back(line.substr(0, colon), line.substr(colon + 2));
        rest.remove_prefix(line.size() + 2);
    }
    return std::move(exchange.reply);
}

}  // namespace bulkhead::http

#include "fuzz/beast_reader.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/basic_parser.hpp>

#include <limits>

namespace fuzz {
namespace {

namespace http = boost::beast::http;
using boost::beast::error_code;
using View = boost::beast::string_view;

std::string text_of(View view) {
    return {view.data(), view.size()};
}

class Reader : public http::basic_parser<true> {
public:
    explicit Reader(BeastRequest& request) : request_(request) {
        header_limit(std::numeric_limits<std::uint32_t>::max());
        body_limit(boost::none);
        eager(true);
    }

private:
    void on_request_impl(http::verb, View method, View target, int version, error_code&) override {
        request_.method = text_of(method);
        request_.target = text_of(target);
        request_.version = version;
    }
    void on_field_impl(http::field, View name, View value, error_code&) override {
        if (!is_header_done())  // A trailer is no header.
            request_.fields.emplace_back(text_of(name), text_of(value));
    }
    std::size_t on_body_impl(View bytes, error_code&) override { return append(bytes); }
    std::size_t on_chunk_body_impl(std::uint64_t, View bytes, error_code&) override {
        return append(bytes);
    }
    void on_response_impl(int, View, int, error_code&) override {}
    void on_header_impl(error_code&) override {}
    void on_body_init_impl(const boost::optional<std::uint64_t>&, error_code&) override {}
    void on_chunk_header_impl(std::uint64_t, View, error_code&) override {}
    void on_finish_impl(error_code&) override {}

    std::size_t append(View bytes) {
        request_.body.append(bytes.data(), bytes.size());
        return bytes.size();
    }

    BeastRequest& request_;
};

}  // namespace

std::optional<BeastRequest> read_with_beast(std::string_view text) {
    BeastRequest request;
    Reader reader(request);
    error_code error;
    while (!reader.is_done() && !error) {
        const auto rest = text.substr(request.bytes);
        request.bytes += reader.put(boost::asio::const_buffer(rest.data(), rest.size()), error);
    }
    if (error)
        return {};
    request.keeps_alive = reader.keep_alive();
    return request;
}

}  // namespace fuzz

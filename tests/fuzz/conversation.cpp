#include "fuzz/conversation.hpp"

#include <algorithm>
#include <cstring>
#include <stdexcept>

namespace fuzz {
namespace {

using namespace bulkhead::http;

class Reader {
public:
    Conversation run(std::string_view bytes, const std::function<std::size_t()>& next_piece) {
        while (!bytes.empty() && said_.refusal.empty()) {
            const auto piece = receive(bytes, next_piece());
            bytes.remove_prefix(piece);
            while (read()) {
            }
        }
        said_.left = fed_ - input_.unread().size();
        return std::move(said_);
    }

private:
    std::size_t receive(std::string_view bytes, std::size_t wanted) {
        if (!in_body_)
            input_.make_room(std::min(wanted, bytes.size()));
        const auto piece = bytes.substr(0, std::min(wanted, input_.room().size()));
        if (piece.empty())
            fail("there is no room for more of a request that needs more");
        std::memcpy(input_.room().data(), piece.data(), piece.size());
        input_.filled(piece.size());
        fed_ += piece.size();
        return piece.size();
    }

    // True: there may be more to read.
    bool read() {
        const auto parsed = in_body_ ? read_body() : read_head();
        if (parsed == Parsed::refused) {
            said_.refusal = parser_.error().code;
            said_.refused_in_head = !in_body_;
        }
        return parsed == Parsed::complete;
    }

    Parsed read_head() {
        const auto parsed = parser_.read_head();
        if (parsed != Parsed::complete)
            return parsed;
        note_head(parser_.head());
        in_body_ = parser_.head().has_body();
        if (in_body_)
            return parser_.limit_body(body_limit_bytes);
        finish();
        return Parsed::complete;
    }

    Parsed read_body() {
        const auto parsed = parser_.read_body();
        if (parser_.body_bytes() > body_limit_bytes)
            fail("the body is longer than its limit");
        const auto waiting = input_.unread().size() - parser_.head().bytes;
        if (parsed == Parsed::need_more && waiting > ChunkReader::most_left_bytes(options_))
            fail("more is kept of a body that needs more than its limits need");
        if (parsed == Parsed::complete)
            finish();
        return parsed;
    }

    void note_head(const Head& head) {
        ReadRequest request;
        request.method = head.method;
        request.path = head.path;
        request.query = head.query;
        for (const auto& [name, value] : head.headers)
            request.headers.emplace_back(name, value);
        request.http_1_0 = head.http_1_0;
        request.keeps_alive = head.keeps_alive;
        request.expects_continue = head.expects_continue;
        request.begin = fed_ - input_.unread().size();
        begun_ = std::move(request);
    }

    void finish() {
        begun_.body = parser_.body();
        parser_.next();
        begun_.end = fed_ - input_.unread().size();
        said_.requests.push_back(std::move(begun_));
        in_body_ = false;
        input_.shrink();
    }

    Options options_ = small_limits();
    Input input_;
    Parser parser_{options_, input_};
    ReadRequest begun_;
    Conversation said_;
    std::size_t fed_ = 0;
    bool in_body_ = false;
};

// A head that was refused before its end came may still be waited for, if it came in pieces.
bool may_wait(const Conversation& whole, std::string_view bytes) {
    const auto rest = bytes.substr(whole.left);
    return whole.refused_in_head && rest.find("\n\n") == std::string_view::npos &&
           rest.find("\n\r\n") == std::string_view::npos &&
           rest.size() < static_cast<std::size_t>(small_limits().header_bytes);
}

void compare(const Conversation& whole, const Conversation& pieces, std::string_view bytes) {
    if (whole.requests != pieces.requests)
        fail("other requests came out of the same bytes in pieces");
    if (whole.refusal != pieces.refusal && !(pieces.refusal.empty() && may_wait(whole, bytes)))
        fail("whole it says '" + whole.refusal + "', in pieces '" + pieces.refusal + "'");
}

// Lengths that look random but depend on nothing but the bytes.
std::function<std::size_t()> odd_pieces(std::string_view bytes) {
    auto state = static_cast<std::uint32_t>(std::hash<std::string_view>{}(bytes));
    return [state]() mutable {
        state = state * 1'664'525 + 1'013'904'223;
        return static_cast<std::size_t>(state >> 16U) % 29 + 1;
    };
}

}  // namespace

void fail(const std::string& sentence) {
    throw std::logic_error(sentence);
}

Options small_limits() {
    Options options;
    options.header_bytes = 1'024;
    options.header_count = 8;
    return options;
}

Conversation converse(std::string_view bytes, const std::function<std::size_t()>& next_piece) {
    return Reader().run(bytes, next_piece);
}

Conversation converse_in_all_ways(std::string_view bytes) {
    auto whole = converse(bytes, [&] { return bytes.size(); });
    compare(whole, converse(bytes, [] { return 1; }), bytes);
    compare(whole, converse(bytes, odd_pieces(bytes)), bytes);
    return whole;
}

}  // namespace fuzz

#include "http/static_reply.hpp"

#include "http/answer.hpp"
#include "http/byte_range.hpp"
#include "http/content_type.hpp"
#include "http/http_date.hpp"
#include "http/preconditions.hpp"
#include "http/problem.hpp"

#include <bulkhead/clock.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <stdexcept>

namespace bulkhead::http {

namespace {

constexpr std::uint64_t small_bytes = 65'536;

// Two changes within one tick of the file system's clock leave the same times behind.
constexpr std::time_t settled_seconds = 2;

constexpr std::uint64_t second_ns = 1'000'000'000;

std::uint64_t nanoseconds(const timespec& time) {
    return static_cast<std::uint64_t>(time.tv_sec) * second_ns +
           static_cast<std::uint64_t>(time.tv_nsec);
}

/// What is different for another file, another size and any later change; ctime, too, because an
/// mtime can be set back. Mixed, so that nothing of the disk shows.
std::string version_of(const struct stat& status) {
    std::uint64_t mixed = 0;
    for (const auto part : {std::uint64_t{status.st_dev}, std::uint64_t{status.st_ino},
                            static_cast<std::uint64_t>(status.st_size), nanoseconds(status.st_mtim),
                            nanoseconds(status.st_ctim)}) {
        mixed = (mixed ^ part) * 0x9e3779b97f4a7c15;
        mixed ^= mixed >> 29;
    }
    std::array<char, 16> digits{};
    char* const end = std::to_chars(digits.data(), digits.data() + digits.size(), mixed, 16).ptr;
    return {digits.data(), end};
}

Validators validators_of(const struct stat& status, std::time_t now) {
    const auto changed = std::max(status.st_mtim.tv_sec, status.st_ctim.tv_sec);
    Validators validators;
    validators.entity_tag = now - changed >= settled_seconds ? "\"" : "W/\"";
    validators.entity_tag += version_of(status) + "\"";
    validators.modified = std::min(status.st_mtim.tv_sec, now);  // RFC 9110, 8.8.2.1.
    return validators;
}

void describe(Reply& reply, const Validators& validators, std::string_view content_type,
              std::int32_t cache_seconds) {
    reply.content_type = content_type;
    reply.headers.emplace_back("ETag", validators.entity_tag);
    reply.headers.emplace_back("Last-Modified", http_date(validators.modified));
    reply.headers.emplace_back("Accept-Ranges", "bytes");
    reply.headers.emplace_back("Cache-Control", "max-age=" + std::to_string(cache_seconds));
}

void fail_precondition(const Request& request, Reply& reply) {
    reply = error_reply(Error(ErrorKind::precondition_failed, "http.precondition_failed",
                              "This is another version than the request speaks of."),
                        request.id);
}

void refuse_range(const Request& request, std::uint64_t size, Reply& reply) {
    reply =
        error_reply(Error(ErrorKind::range_not_satisfiable, "http.range_not_satisfiable",
                          "The range begins behind the end, at byte " + std::to_string(size) + "."),
                    request.id);
    reply.headers.emplace_back("Content-Range", "bytes */" + std::to_string(size));
}

/// RFC 9110, 14.2: for GET alone.
ByteRange range_of(const Request& request, const Validators& validators, std::uint64_t size) {
    const auto header = request.header("Range");
    if (!header || request.method != "GET" || !wants_range_of(request, validators))
        return {ByteRange::Kind::whole, 0, size};
    return byte_range(*header, size);
}

void attach(const Request& request, value::Descriptor file, const ByteRange& range,
            Answer& answer) {
    if (range.length > small_bytes && request.method == "HEAD")
        file = {};
    FileRange body(std::move(file), range.first, range.length);
    if (range.length > small_bytes) {
        answer.file = std::move(body);
        return;
    }
    while (body.length() > 0)
        if (!body.read(answer.reply.body, small_bytes))
            throw std::runtime_error("a file became shorter while it was read");
}

void reply_range(const Request& request, value::Descriptor file, const ByteRange& range,
                 std::uint64_t size, Answer& answer) {
    if (range.kind == ByteRange::Kind::unsatisfiable)
        return refuse_range(request, size, answer.reply);
    if (range.kind == ByteRange::Kind::part) {
        answer.reply.status = 206;
        answer.reply.headers.emplace_back("Content-Range",
                                          "bytes " + std::to_string(range.first) + "-" +
                                              std::to_string(range.first + range.length - 1) + "/" +
                                              std::to_string(size));
    }
    attach(request, std::move(file), range, answer);
}

}  // namespace

void reply_file(const Request& request, std::string_view name, OpenedFile file,
                std::int32_t cache_seconds, Answer& answer) {
    const auto validators = validators_of(file.status, std::chrono::system_clock::to_time_t(now()));
    const auto size = static_cast<std::uint64_t>(file.status.st_size);
    const auto judgement = judge_preconditions(request, validators);
    if (judgement == Precondition::failed)
        return fail_precondition(request, answer.reply);
    describe(answer.reply, validators, content_type_of(name), cache_seconds);
    if (judgement == Precondition::not_modified)
        answer.reply.status = 304;
    else
        reply_range(request, std::move(file.descriptor), range_of(request, validators, size), size,
                    answer);
}

}  // namespace bulkhead::http

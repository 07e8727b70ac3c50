#include "http/static_files.hpp"

#include "http/answer.hpp"
#include "http/location.hpp"
#include "http/problem.hpp"
#include "http/static_reply.hpp"

#include <algorithm>

namespace bulkhead::http {

namespace {

using SegmentSpan = std::span<const std::string_view>;

constexpr std::string_view methods = "GET, HEAD, OPTIONS";

Found found_by(std::string_view method) {
    if (method == "GET" || method == "HEAD")
        return Found::file;
    return method == "OPTIONS" ? Found::options : Found::other_method;
}

Route route_of(const std::string& name, const StaticOptions& options) {
    Route route;
    route.pattern = options.path + (options.path.ends_with('/') ? "*" : "/*");
    route.module = "core";
    route.summary = "Files of static." + name;
    route.access = Access::open;
    route.raw = true;
    return route;
}

bool begins_with(SegmentSpan segments, SegmentSpan first) {
    return segments.size() >= first.size() &&
           std::ranges::equal(first, segments.first(first.size()));
}

bool is_name(std::string_view segment) {
    return !segment.starts_with('.') && segment.find('/') == std::string_view::npos;
}

std::string joined(SegmentSpan segments) {
    std::string path;
    for (const auto segment : segments)
        path.append(path.empty() ? "" : "/").append(segment);
    return path;
}

// With a slash behind it: relative names in its page would else miss it.
void redirect(const Exchange& exchange, Reply& reply) {
    auto location = encoded_path(exchange.request.path) + "/";
    if (!exchange.request.query.empty())
        location.append("?").append(exchange.request.query);
    reply.status = 301;
    reply.headers.emplace_back("Location", std::move(location));
}

void refuse_absent(const Exchange& exchange, Reply& reply) {
    reply = error_reply(Error::not_found("http.not_found", "Nothing is served at this path."),
                        exchange.request.id);
}

}  // namespace

StaticFiles::StaticFiles(const std::map<std::string, StaticOptions>& options,
                         std::deque<Route>& routes) {
    std::string unused;
    for (const auto& [name, one] : options) {
        const auto& route = routes.emplace_back(route_of(name, one));
        auto& mount = mounts_.emplace_back(
            Mount{one, StaticFolder(one.folder), &route, routes.size(), Segments{}});
        split_path(mount.options.path, unused, mount.path);
    }
}

const StaticFiles::Mount* StaticFiles::mount_of(SegmentSpan segments) const {
    const Mount* longest = nullptr;
    for (const auto& mount : mounts_) {
        const auto path = std::span(mount.path.text).first(mount.path.count);
        if (begins_with(segments, path) && (!longest || longest->path.count <= path.size()))
            longest = &mount;
    }
    return longest;
}

void StaticFiles::find(std::string_view raw, Exchange& exchange) const {
    if (mounts_.empty())
        return;
    const bool is_folder = raw.size() > 1 && raw.ends_with('/');
    raw.remove_suffix(is_folder ? 1 : 0);
    Segments segments;
    std::string decoded;
    if (split_path(raw, decoded, segments) != PathState::usable)
        return;
    const auto all = std::span(segments.text).first(segments.count);
    if (const auto* const mount = mount_of(all))
        offer(*mount, all.subspan(mount->path.count), is_folder || raw == "/" ? "/" : "", exchange);
}

void StaticFiles::offer(const Mount& mount, SegmentSpan names, std::string_view end,
                        Exchange& exchange) {
    if (!std::ranges::all_of(names, is_name))
        return;
    auto& progress = exchange.progress;
    progress.found = found_by(exchange.request.method);
    progress.allow = methods;
    if (progress.found != Found::file)
        return;
    progress.route_number = mount.route_number;
    progress.file = joined(names).append(end);
    exchange.route = mount.route;
}

void StaticFiles::answer(const Exchange& exchange, Answer& answer) const {
    const auto& mount = *std::ranges::find(mounts_, exchange.route, &Mount::route);
    auto name = exchange.progress.file;
    const bool is_folder = name.ends_with('/');
    if (is_folder) {
        if (mount.options.index.empty())
            return refuse_absent(exchange, answer.reply);
        name += mount.options.index;
        name.erase(0, name.starts_with('/') ? 1 : 0);
    }
    auto opened = mount.folder.open(name);
    if (!opened || (opened->is_folder() && (is_folder || mount.options.index.empty())))
        return refuse_absent(exchange, answer.reply);
    if (opened->is_folder())
        return redirect(exchange, answer.reply);
    reply_file(exchange.request, name, *std::move(opened), mount.options.cache_seconds, answer);
}

}  // namespace bulkhead::http

#include "http/content_type.hpp"

#include "http/token.hpp"

namespace bulkhead::http {

namespace {

struct Known {
    std::string_view extension;
    std::string_view type;
};

constexpr Known known[]{{"avif", "image/avif"},
                        {"br", "application/octet-stream"},
                        {"bz2", "application/x-bzip2"},
                        {"css", "text/css; charset=utf-8"},
                        {"csv", "text/csv; charset=utf-8"},
                        {"gif", "image/gif"},
                        {"gz", "application/gzip"},
                        {"htm", "text/html; charset=utf-8"},
                        {"html", "text/html; charset=utf-8"},
                        {"ico", "image/vnd.microsoft.icon"},
                        {"jpeg", "image/jpeg"},
                        {"jpg", "image/jpeg"},
                        {"js", "text/javascript; charset=utf-8"},
                        {"json", "application/json"},
                        {"map", "application/json"},
                        {"md", "text/markdown; charset=utf-8"},
                        {"mjs", "text/javascript; charset=utf-8"},
                        {"mp3", "audio/mpeg"},
                        {"mp4", "video/mp4"},
                        {"ogg", "audio/ogg"},
                        {"otf", "font/otf"},
                        {"pdf", "application/pdf"},
                        {"png", "image/png"},
                        {"svg", "image/svg+xml"},
                        {"tar", "application/x-tar"},
                        {"toml", "application/toml"},
                        {"ttf", "font/ttf"},
                        {"txt", "text/plain; charset=utf-8"},
                        {"wasm", "application/wasm"},
                        {"wav", "audio/wav"},
                        {"webm", "video/webm"},
                        {"webmanifest", "application/manifest+json"},
                        {"webp", "image/webp"},
                        {"woff", "font/woff"},
                        {"woff2", "font/woff2"},
                        {"xml", "application/xml"},
                        {"yaml", "application/yaml"},
                        {"yml", "application/yaml"},
                        {"zip", "application/zip"}};

}  // namespace

std::string_view content_type_of(std::string_view file_name) {
    const auto dot = file_name.rfind('.');
    const auto extension = dot == std::string_view::npos ? "" : file_name.substr(dot + 1);
    for (const auto& [text, type] : known)
        if (same_ignoring_case(text, extension))
            return type;
    return "application/octet-stream";
}

}  // namespace bulkhead::http

#include "http/http_date.hpp"

#include <clocale>
#include <cstdio>

namespace bulkhead::http {

namespace {

/// The "C" locale: names of days and months in English.
locale_t english() {
    static const locale_t locale = ::newlocale(LC_ALL_MASK, "C", nullptr);
    return locale;
}

std::optional<std::time_t> time_from(const std::string& text, const char* form) {
    std::tm utc{};
    const char* end = ::strptime_l(text.c_str(), form, &utc, english());
    if (end == nullptr || end != text.c_str() + text.size())
        return std::nullopt;
    return ::timegm(&utc);
}

}  // namespace

std::string http_date(std::time_t time) {
    std::tm utc{};
    ::gmtime_r(&time, &utc);
    char text[64];
    const auto bytes =
        ::strftime_l(text, sizeof text, "%a, %d %b %Y %H:%M:%S GMT", &utc, english());
    return {text, bytes};
}

std::optional<std::time_t> time_from_http_date(std::string_view text) {
    const std::string date(text);
    for (const auto* form :
         {"%a, %d %b %Y %H:%M:%S GMT", "%A, %d-%b-%y %H:%M:%S GMT", "%a %b %e %H:%M:%S %Y"})
        if (const auto time = time_from(date, form))
            return time;
    return std::nullopt;
}

}  // namespace bulkhead::http

#include "module/crash_report.hpp"

#include "module/child.hpp"
#include "module/crash_handler.hpp"
#include "value/demangled.hpp"

#include <algorithm>
#include <charconv>
#include <functional>
#include <map>
#include <sstream>

namespace bulkhead::module {

namespace {

template <class Number>
void read_number(std::string_view text, Number& number, int base = 10) {
    std::from_chars(text.data(), text.data() + text.size(), number, base);
}

std::string next_word(std::string_view& text) {
    const auto end = std::min(text.find(' '), text.size());
    const std::string word(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    return word == "-" ? std::string() : word;
}

CrashFrame frame_of(std::string_view text) {
    CrashFrame frame;
    read_number(next_word(text), frame.offset, 16);
    frame.build_id = next_word(text);
    frame.owner = next_word(text);
    frame.version = next_word(text);
    frame.sha256 = next_word(text);
    frame.path = text == "-" ? std::string_view() : text;
    return frame;
}

using Take = void (*)(CrashReport&, std::string_view);

const std::map<std::string, Take, std::less<>>& takers() {
    static const std::map<std::string, Take, std::less<>> all{
        {"signal",
         [](CrashReport& into, std::string_view text) { read_number(text, into.signal); }},
        {"address",
         [](CrashReport& into, std::string_view text) { read_number(text, into.address, 16); }},
        {"generation",
         [](CrashReport& into, std::string_view text) { read_number(text, into.generation); }},
        {"pid", [](CrashReport& into, std::string_view text) { read_number(text, into.pid); }},
        {"thread",
         [](CrashReport& into, std::string_view text) { read_number(text, into.thread); }},
        {"time", [](CrashReport& into, std::string_view text) { read_number(text, into.time); }},
        {"exception",
         [](CrashReport& into, std::string_view text) {
             into.exception = value::demangled(std::string(text));
         }},
        {"what", [](CrashReport& into, std::string_view text) { into.what = text; }},
        {"request", [](CrashReport& into, std::string_view text) { into.request = text; }},
        {"frame",
         [](CrashReport& into, std::string_view text) { into.frames.push_back(frame_of(text)); }}};
    return all;
}

std::string hexadecimal(std::uint64_t number) {
    std::ostringstream text;
    text << "0x" << std::hex << number;
    return text.str();
}

std::string owner_of(const CrashFrame& frame) {
    if (frame.owner == crash_core)
        return "the core " + frame.version;
    return "module " + frame.owner + " " + frame.version;
}

// A place that has no name is found with the file's own symbols, by whoever has them.
std::string place_of(const CrashFrame& frame) {
    const auto file = std::filesystem::path(frame.path).filename().string();
    auto place = frame.function.empty() ? file + "+" + hexadecimal(frame.offset) : frame.function;
    return frame.source.empty() ? place : place.append(" (" + frame.source + ")");
}

std::string whereabouts(const CrashReport& report) {
    const auto* const blamed = report.blamed();
    if (blamed == nullptr)
        return " outside of the core and its modules";
    auto text = " in " + owner_of(*blamed) + ", in " + place_of(*blamed);
    const auto* const caller = report.module();
    if (caller != nullptr && caller != blamed)
        text += ", called by " + owner_of(*caller) + ", in " + place_of(*caller);
    return text;
}

std::string exception_of(const CrashReport& report) {
    if (report.exception.empty())
        return {};
    return "; nobody caught " + report.exception + (report.what.empty() ? "" : ": " + report.what);
}

}  // namespace

const CrashFrame* CrashReport::blamed() const {
    const auto found = std::ranges::find_if(frames, [](const auto& f) { return !f.owner.empty(); });
    return found == frames.end() ? nullptr : &*found;
}

const CrashFrame* CrashReport::module() const {
    const auto found = std::ranges::find_if(
        frames, [](const auto& f) { return !f.owner.empty() && f.owner != crash_core; });
    return found == frames.end() ? nullptr : &*found;
}

CrashReport parse_crash_report(const std::string& text) {
    CrashReport report;
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
        std::string_view rest(line);
        const auto taker = takers().find(next_word(rest));
        if (taker != takers().end())
            taker->second(report, rest);
    }
    return report;
}

std::string sentence_of(const CrashReport& report) {
    if (report.signal == 0)
        return "a worker crashed and could not write its report; is the disk full?";
    auto sentence = "worker " + std::to_string(report.pid) + " of generation " +
                    std::to_string(report.generation) + " crashed" + whereabouts(report) + ": " +
                    ending_of(report.signal) + exception_of(report);
    return report.request.empty() ? sentence : sentence.append("; request " + report.request);
}

}  // namespace bulkhead::module

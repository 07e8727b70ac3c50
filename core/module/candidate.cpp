#include "module/candidate.hpp"

#include "module/inventory.hpp"
#include "module/secured.hpp"
#include "module/source_text.hpp"

#include <dlfcn.h>
#include <sys/stat.h>

#include <algorithm>
#include <sstream>

namespace bulkhead::module {
namespace {

namespace fs = std::filesystem;

// Which file it is, rather than what is in it: these are read whole only by who uses them.
std::string stamp_of(const fs::path& file) {
    struct stat found{};
    if (::stat(file.c_str(), &found) != 0)
        return file.string() + " absent\n";
    std::ostringstream stamp;
    stamp << file.string() << ' ' << found.st_dev << ' ' << found.st_ino << ' ' << found.st_size
          << ' ' << found.st_mtim.tv_sec << '.' << found.st_mtim.tv_nsec << '\n';
    return stamp.str();
}

fs::path core_library() {
    Dl_info found{};
    const bool known = ::dladdr(reinterpret_cast<const void*>(&core_library), &found) != 0;
    return known && found.dli_fname != nullptr ? found.dli_fname : "";
}

std::string surroundings_of(const config::Document& document, const fs::path& program) {
    constexpr std::string_view from_file = "file:";
    auto stamps = stamp_of(program) + stamp_of(core_library());
    for (const auto& [key, value] : document.references())
        if (value.starts_with(from_file))
            stamps += stamp_of(document.folder() / value.substr(from_file.size()));
    return stamps;
}

// Counted from 1; 0 where the text has no such key.
std::size_t line_of_level(const Candidate& candidate) {
    const auto place = candidate.configuration->document->place("log.level");
    const auto number = place.substr(place.rfind(':') + 1);
    return std::strtoul(number.c_str(), nullptr, 10);
}

bool has_same_files(const Candidate& running, const Candidate& next) {
    return running.wanted.pins == next.wanted.pins && running.surroundings == next.surroundings &&
           running.tls_files == next.tls_files;
}

bool is_enabled(const ModuleStatus& status) {
    return status.state != State::disabled && status.state != State::available;
}

}  // namespace

std::string Candidate::sha256_of(const std::string& module) const {
    const auto found = std::ranges::find(wanted.pins, module, &Pin::name);
    return found == wanted.pins.end() ? std::string() : found->sha256;
}

Candidate candidate_from(Configuration configuration, const fs::path& program) {
    Candidate made;
    made.configuration = std::make_shared<const Configuration>(std::move(configuration));
    made.wanted.text = made.configuration->document->text();
    made.surroundings = surroundings_of(*made.configuration->document, program);
    made.tls_files = tls_files_of(*made.configuration);
    return made;
}

void look_at_files(Candidate& candidate) {
    std::vector<ModuleStatus> modules;
    for (auto& [name, status] : take_inventory(*candidate.configuration, {}).statuses)
        modules.push_back(std::move(status));
    take_files(candidate, modules);
}

void take_files(Candidate& candidate, std::span<const ModuleStatus> modules) {
    candidate.wanted.pins.clear();
    candidate.unreadable.clear();
    for (const auto& status : modules) {
        if (!is_enabled(status) || status.file.empty())
            continue;
        candidate.wanted.pins.push_back({status.name, status.sha256});
        candidate.versions.insert_or_assign(status.name, status.version);
        if (status.sha256.empty())
            candidate.unreadable += stamp_of(status.file);
    }
    std::ranges::sort(candidate.wanted.pins, {}, &Pin::name);
}

void forget_lost(Candidate& candidate, std::span<const ModuleStatus> modules) {
    std::erase_if(candidate.wanted.pins, [&](const Pin& pin) {
        const bool asked_for = std::ranges::find(candidate.pins, pin) != candidate.pins.end();
        const auto found = std::ranges::find(modules, pin.name, &ModuleStatus::name);
        return asked_for && found != modules.end() && found->sha256.empty();
    });
}

Result<Candidate> candidate_from(const ModuleSet& set, const fs::path& file,
                                 const fs::path& program) {
    auto document = config::Document::parse(set.text, file);
    if (!document)
        return std::move(document.error());
    auto configuration = configuration_of(*std::move(document));
    if (!configuration)
        return std::move(configuration.error());
    Candidate made;
    made.configuration = std::make_shared<const Configuration>(*std::move(configuration));
    made.wanted = set;
    made.surroundings = surroundings_of(*made.configuration->document, program);
    made.tls_files = tls_files_of(*made.configuration);
    made.pins = set.pins;
    made.pinned = true;
    return made;
}

bool is_same(const Candidate& running, const Candidate& next) {
    return running.digest() == next.digest() && has_same_files(running, next) &&
           running.unreadable == next.unreadable;
}

std::vector<std::string> excused_from(const Candidate& next, std::span<const ModuleStatus> left_out,
                                      std::span<const Quarantined> quarantined) {
    std::vector<std::string> excused;
    for (const auto& module : left_out) {
        const bool released =
            module.state == State::quarantined &&
            std::ranges::find(quarantined, module.name, &Quarantined::name) == quarantined.end();
        if (!released && next.sha256_of(module.name) == module.sha256)
            excused.push_back(module.name);
    }
    return excused;
}

std::vector<ModuleStatus> left_out_of(const Description& serving) {
    std::vector<ModuleStatus> left_out;
    for (const auto& module : serving.modules)
        if (is_enabled(module) && module.state != State::running)
            left_out.push_back(module);
    return left_out;
}

// Compared line by line: only the owner of each key could compare the values, and what has
// moved costs no more than a generation.
bool differs_in_log_level_alone(const Candidate& running, const Candidate& next) {
    const auto& before = running.configuration->log;
    const auto& after = next.configuration->log;
    const auto line = line_of_level(running);
    auto old_lines = lines_of(running.wanted.text);
    auto new_lines = lines_of(next.wanted.text);
    if (before.level == after.level || before.access != after.access ||
        !has_same_files(running, next))
        return false;
    if (line == 0 || line != line_of_level(next) || old_lines.size() != new_lines.size() ||
        line > old_lines.size())
        return false;
    old_lines[line - 1] = new_lines[line - 1];
    return old_lines == new_lines;
}

}  // namespace bulkhead::module

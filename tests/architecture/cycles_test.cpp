#include "source_tree.hpp"

#include <catch2/catch.hpp>

#include <map>

namespace architecture {
namespace {

using Graph = std::map<std::string, std::vector<std::string>>;

// Where the compiler would find it; empty for what is not the project's.
std::string resolve(const SourceFile& file, const Include& include) {
    const auto folder = std::filesystem::path(file.path).parent_path();
    for (const std::filesystem::path& from :
         {folder, std::filesystem::path("core"), std::filesystem::path("core/include"),
          std::filesystem::path("modules"), std::filesystem::path("tests"),
          std::filesystem::path("")}) {
        const auto candidate = (from / include.target).lexically_normal();
        if (std::filesystem::is_regular_file(root() / candidate))
            return candidate.generic_string();
    }
    return "";
}

Graph include_graph() {
    Graph graph;
    for (const auto& file : sources())
        for (const auto& include : includes_of(file))
            if (auto target = resolve(file, include); !target.empty())
                graph[file.path].push_back(std::move(target));
    return graph;
}

class CycleSearch {
public:
    explicit CycleSearch(const Graph& graph) : graph_(graph) {}

    std::vector<std::string> run() {
        for (const auto& [path, targets] : graph_)
            visit(path);
        return cycles_;
    }

private:
    enum class Mark : std::uint8_t { fresh, open, done };

    void visit(const std::string& path) {
        auto& mark = marks_[path];
        if (mark == Mark::open)
            cycles_.push_back(trail_from(path));
        if (mark != Mark::fresh)
            return;
        mark = Mark::open;
        trail_.push_back(path);
        if (const auto found = graph_.find(path); found != graph_.end())
            for (const auto& target : found->second)
                visit(target);
        trail_.pop_back();
        marks_[path] = Mark::done;
    }

    std::string trail_from(const std::string& path) const {
        std::string text = path;
        for (auto at = trail_.rbegin(); at != trail_.rend() && *at != path; ++at)
            text.insert(path.size(), " -> " + *at);
        return text + " -> " + path;
    }

    const Graph& graph_;
    std::map<std::string, Mark> marks_;
    std::vector<std::string> trail_;
    std::vector<std::string> cycles_;
};

}  // namespace

TEST_CASE("no file includes itself through others", "[architecture][floors]") {
    const auto graph = include_graph();

    const auto cycles = CycleSearch(graph).run();

    REQUIRE_FALSE(graph.empty());
    check_none(cycles);
}

TEST_CASE("a circle of includes is found and named in its order", "[architecture][floors]") {
    const Graph graph{{"a", {"b"}}, {"b", {"c", "d"}}, {"c", {"a"}}};

    const auto cycles = CycleSearch(graph).run();

    CHECK(cycles == std::vector<std::string>{"a -> b -> c -> a"});
}

}  // namespace architecture

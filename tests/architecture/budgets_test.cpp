#include "source_tree.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <regex>

// How long things may be; `tools/check` adds the complexity of each function.

namespace architecture {
namespace {

struct Size {
    std::string place;
    std::size_t lines = 0;
};

struct Budget {
    std::size_t median, ninth_decile, most;
};

constexpr Budget file_budget{100, 250, 400};
constexpr Budget function_budget{10, 30, 60};

// Finds the outermost function bodies in code as clang-format lays it out: a body opens with " {",
// an initialiser with "{" or "= {".
class FunctionScan {
public:
    explicit FunctionScan(const SourceFile& file) : path_(file.path), code_(file.code) {
        // Macros are no functions, and their braces need not match.
        static const std::regex directive(R"((^|\n)[ \t]*#([^\n]*\\\n)*[^\n]*)");
        std::string kept;
        auto from = code_.cbegin();
        for (std::sregex_iterator at(code_.begin(), code_.end(), directive), end; at != end; ++at) {
            const auto text = at->str();
            kept.append(from, (*at)[0].first).append(std::ranges::count(text, '\n'), '\n');
            from = (*at)[0].second;
        }
        code_ = kept.append(from, code_.cend());
    }

    std::vector<Size> run() {
        for (at_ = 0; at_ < code_.size(); ++at_)
            step(code_[at_]);
        return found_;
    }

private:
    enum class Kind : std::uint8_t { scope, function, initialiser };
    struct Open {
        Kind kind;
        std::size_t head;
    };

    void step(char c) {
        if (c == '{')
            open();
        else if (c == '}' && !open_.empty())
            close();
        else if (c == ';' && !in_function())
            head_ = at_ + 1;
    }

    void open() {
        const auto kind = in_function() ? Kind::scope : kind_of_brace();
        open_.push_back({kind, head_});
        function_depth_ += kind == Kind::function ? 1 : 0;
        if (kind == Kind::scope)
            head_ = at_ + 1;
    }

    void close() {
        const auto closed = open_.back();
        open_.pop_back();
        if (closed.kind == Kind::function) {
            --function_depth_;
            const auto start = code_.find_first_not_of(" \n", closed.head);
            const auto first = line_at(code_, start);
            found_.push_back(
                {path_ + ":" + std::to_string(first), line_at(code_, at_) - first + 1});
        }
        if (closed.kind != Kind::initialiser)
            head_ = at_ + 1;
    }

    Kind kind_of_brace() const {
        static const std::regex scope(R"(^\s*(template\s*<.*>\s*)?(inline\s+)?)"
                                      R"((namespace|class|struct|union|enum|extern)\b)");
        const auto head = code_.substr(head_, at_ - head_);
        const auto last = head.find_last_not_of(" \n");
        if (last == std::string::npos || std::regex_search(head, scope))
            return Kind::scope;
        const bool tight = last + 1 == head.size();
        if (tight || std::string_view("=,(").find(head[last]) != std::string_view::npos)
            return Kind::initialiser;
        return head.find('(') == std::string::npos ? Kind::scope : Kind::function;
    }

    bool in_function() const { return function_depth_ > 0; }

    std::string path_;
    std::string code_;
    std::size_t at_ = 0;
    std::size_t head_ = 0;
    std::size_t function_depth_ = 0;
    std::vector<Open> open_;
    std::vector<Size> found_;
};

std::vector<Size> files() {
    std::vector<Size> sizes;
    for (const auto& file : sources())
        sizes.push_back({file.path, lines_of(file.text).size()});
    return sizes;
}

std::vector<Size> functions() {
    std::vector<Size> sizes;
    for (const auto& file : sources())
        for (auto& size : FunctionScan(file).run())
            sizes.push_back(std::move(size));
    return sizes;
}

std::vector<std::string> over(const std::vector<Size>& sizes, std::size_t most) {
    std::vector<std::string> found;
    for (const auto& size : sizes)
        if (size.lines > most)
            found.push_back(size.place + " has " + std::to_string(size.lines) + " lines, " +
                            std::to_string(most) + " is the limit: split it");
    return found;
}

// Continuation bytes of UTF-8 take no column; a raw literal cannot be broken.
bool is_wide(const std::string& line) {
    const auto columns = std::ranges::count_if(line, [](char c) { return (c & 0xC0) != 0x80; });
    return columns > 100 && line.find("R\"") == std::string::npos;
}

std::size_t at_share(std::vector<Size> sizes, double share) {
    std::ranges::sort(sizes, {}, &Size::lines);
    return sizes.at(static_cast<std::size_t>(share * static_cast<double>(sizes.size()))).lines;
}

}  // namespace

TEST_CASE("files stay within their budget of lines", "[architecture][budgets]") {
    const auto sizes = files();

    check_none(over(sizes, file_budget.most));
    CHECK(at_share(sizes, 0.5) <= file_budget.median);
    CHECK(at_share(sizes, 0.9) <= file_budget.ninth_decile);
}

TEST_CASE("functions stay within their budget of lines", "[architecture][budgets]") {
    const auto sizes = functions();

    check_none(over(sizes, function_budget.most));
    CHECK(at_share(sizes, 0.5) <= function_budget.median);
    CHECK(at_share(sizes, 0.9) <= function_budget.ninth_decile);
}

TEST_CASE("no line is wider than 100 columns", "[architecture][budgets]") {
    std::vector<std::string> wide;
    for (const auto& file : sources()) {
        const auto lines = lines_of(file.text);
        for (std::size_t line = 0; line < lines.size(); ++line)
            if (is_wide(lines[line]))
                wide.push_back(file.path + ":" + std::to_string(line + 1));
    }

    check_none(wide);
}

TEST_CASE("functions are found with their whole length", "[architecture][budgets]") {
    const auto file = take_apart("x.cpp",
                                 "namespace n {\n"
                                 "struct S {\n"
                                 "    S() : a_{1}, b_{'}'} {\n"
                                 "        run({1, 2});\n"
                                 "    }\n"
                                 "    int size() const { return 1'000; }\n"
                                 "};\n"
                                 "const std::array<int, 2> pair = {1, 2};\n"
                                 "#define M(x) { x\n"
                                 "Result<>\n"
                                 "S::go() {\n"
                                 "    if (a) {\n"
                                 "    }\n"
                                 "    const char* text = R\"({)\";\n"
                                 "}\n"
                                 "}\n");

    const auto found = FunctionScan(file).run();

    REQUIRE(found.size() == 3);
    CHECK((found[0].place == "x.cpp:3" && found[0].lines == 3));
    CHECK((found[1].place == "x.cpp:6" && found[1].lines == 1));
    CHECK((found[2].place == "x.cpp:10" && found[2].lines == 6));
}

}  // namespace architecture

// Files over real sockets, from a real folder.

#include "http/static_files.hpp"

#include "support/temporary_folder.hpp"
#include "tls_server.hpp"

#include <bulkhead/clock.hpp>

#include <catch2/catch.hpp>

#include <sys/stat.h>

#include <fstream>

using namespace bulkhead;
using namespace bulkhead::http;
using namespace bulkhead::http::test;

namespace {

constexpr std::size_t large_bytes = 8 * 1'048'576 + 5;
constexpr std::uintmax_t endless_bytes = 256 * 1'048'576;  // Sparse, and more than sockets buffer.

std::string pattern(std::size_t bytes) {
    std::string text(bytes, ' ');
    for (std::size_t at = 0; at < bytes; ++at)
        text[at] = static_cast<char>('a' + at % 23);
    return text;
}

/// A folder "public" with some of everything, beside a secret.
struct Site {
    Site() {
        std::filesystem::create_directories(path() / "sub/deep");
        std::filesystem::create_directories(path() / "page");
        write("public/a.txt", "hello");
        write("public/empty.txt", "");
        write("public/index.html", "<p>home</p>");
        write("public/page/index.html", "<p>page</p>");
        write("public/sub/b.JSON", "{}");
        write("public/space name.txt", "space");
        write("public/100%.txt", "percent");
        write("public/quick", "the file");
        write("public/.hidden", "hidden");
        write("public/large.bin", pattern(large_bytes));
        write("secret", "secret");
        std::filesystem::create_symlink("a.txt", path() / "inside");
        std::filesystem::create_symlink("../a.txt", path() / "sub/up");
        std::filesystem::create_symlink("../secret", path() / "outside");
        std::filesystem::create_symlink(folder.path() / "secret", path() / "absolute");
        std::filesystem::create_directory_symlink("/", path() / "root");
        ::mkfifo((path() / "fifo").c_str(), 0600);
    }

    std::filesystem::path path() const { return folder.path() / "public"; }
    void write(const std::string& file, const std::string& bytes) const {
        std::ofstream(folder.path() / file, std::ios::binary) << bytes;
    }

    bulkhead::test::TemporaryFolder folder;
    StoppedClock later{now() + std::chrono::minutes(1)};  ///< so that nothing has just changed
};

/// Serves the site at /docs, beside the routes of the desk at /api/v1.
struct FileServer {
    explicit FileServer(std::string path = "/docs",
                        const std::shared_ptr<const TlsContext>& tls = nullptr)
        : application(blueprint(std::move(path))) {
        const Listening listening{socket.descriptor(), tls ? Role::tls : Role::plain};
        server.emplace(Options{}, application, std::span(&listening, 1), 1, tls);
    }

    Blueprint blueprint(std::string path) {
        auto blueprint = desk_blueprint(desk, {});
        blueprint.features.files["docs"] = {std::move(path), site.path()};
        return blueprint;
    }

    RawClient connect() const { return RawClient(socket.port()); }
    RawResponse ask(const std::string& method, const std::string& path,
                    const std::string& headers = {}) const {
        auto client = connect();
        client.send(method + " " + path + " HTTP/1.1\r\nHost: a\r\n" + headers + "\r\n");
        return client.read_response(method == "HEAD" ? ResponseTo::head : ResponseTo::any);
    }

    Site site;
    ListeningSocket socket;
    Desk desk;
    Application application;
    std::optional<Server> server;
};

/// How many descriptors of this process are open for a file.
std::ptrdiff_t open_copies(const std::filesystem::path& file) {
    std::ptrdiff_t copies = 0;
    std::error_code gone;
    for (const auto& link : std::filesystem::directory_iterator("/proc/self/fd"))
        copies += std::filesystem::read_symlink(link, gone) == file ? 1 : 0;
    return copies;
}

/// A client that has the head of a reply with an endless body, and what came with it.
RawClient begin_endless(const FileServer& server) {
    server.site.write("public/endless.bin", "");
    std::filesystem::resize_file(server.site.path() / "endless.bin", endless_bytes);
    auto client = server.connect();
    client.send("GET /docs/endless.bin HTTP/1.1\r\nHost: a\r\n\r\n");
    return client;
}

}  // namespace

TEST_CASE("a path below a folder's is its file, and leads nowhere else") {
    const FileServer server;
    const auto [path, status, body] = GENERATE(table<std::string, int, std::string>({
        {"/docs/a.txt", 200, "hello"},
        {"/docs/a.txt?version=3", 200, "hello"},
        {"/docs/%61.txt", 200, "hello"},
        {"/docs/empty.txt", 200, ""},
        {"/docs/", 200, "<p>home</p>"},
        {"/docs/page/", 200, "<p>page</p>"},
        {"/docs/page/index.html", 200, "<p>page</p>"},
        {"/docs/sub/b.JSON", 200, "{}"},
        {"/docs/space%20name.txt", 200, "space"},
        {"/docs/100%25.txt", 200, "percent"},
        {"/docs/inside", 200, "hello"},
        {"/docs/sub/up", 200, "hello"},
        {"/docs/none", 404, "http.not_found"},
        {"/docs/a.txt/", 404, "http.not_found"},
        {"/docs/a.txt/b", 404, "http.not_found"},
        {"/docs/sub/", 404, "http.not_found"},
        {"/docs/.hidden", 404, "http.not_found"},
        {"/docs/%2ehidden", 404, "http.not_found"},
        {"/docs/outside", 404, "http.not_found"},
        {"/docs/absolute", 404, "http.not_found"},
        {"/docs/root/etc/passwd", 404, "http.not_found"},
        {"/docs/fifo", 404, "http.not_found"},
        {"/docs//a.txt", 404, "http.not_found"},
        {"/docs/sub%2Fb.JSON", 404, "http.not_found"},
        {"/docs/..%2fsecret", 404, "http.not_found"},
        {"/docs/%252e%252e/secret", 404, "http.not_found"},
        {"/docs/..%5csecret", 404, "http.not_found"},
        {"/docs/" + std::string(300, 'x'), 404, "http.not_found"},
        {"/docsa.txt", 404, "http.not_found"},
        {"/doc", 404, "http.not_found"},
        {"/docs/../secret", 400, "http.bad_path"},
        {"/docs/%2e%2e/secret", 400, "http.bad_path"},
        {"/docs/a.txt%00", 400, "http.bad_path"},
        {"/docs/%ff", 400, "http.bad_path"},
    }));
    CAPTURE(path);

    const auto response = server.ask("GET", path);

    CHECK(response.status == status);
    if (status == 200)
        CHECK(response.body == body);
    else
        CHECK(says(response, body));
}

TEST_CASE("a folder without its slash is told where it is") {
    const FileServer server;
    const auto [path, location] =
        GENERATE(table<std::string, std::string>({{"/docs", "/docs/"},
                                                  {"/docs?a=1", "/docs/?a=1"},
                                                  {"/docs/page", "/docs/page/"},
                                                  {"/docs/s%75b/deep", "/docs/sub/deep/"}}));

    const auto response = server.ask("GET", path);

    CHECK(response.status == 301);
    CHECK(response.header("Location") == location);
}

TEST_CASE("a folder at the root serves what no route has, and no route's path") {
    const FileServer server("/");

    const auto home = server.ask("GET", "/");
    const auto file = server.ask("GET", "/a.txt");
    const auto absent = server.ask("GET", "/api/v1/none");
    const auto other_method = server.ask("DELETE", "/api/v1/quick");

    CHECK(home.body == "<p>home</p>");
    CHECK(file.body == "hello");
    CHECK(absent.status == 404);
    CHECK(other_method.status == 405);
    CHECK(other_method.header("Allow") == "GET, HEAD, OPTIONS");
}

TEST_CASE("a route wins over a file of the same path") {
    const FileServer server("/api/v1");

    CHECK(server.ask("GET", "/api/v1/quick").body == "quick");
    CHECK(server.ask("GET", "/api/v1/a.txt").body == "hello");
}

TEST_CASE("files are read: other methods are refused with Allow") {
    const FileServer server;

    const auto posted = server.ask("POST", "/docs/a.txt", "Content-Length: 0\r\n");
    const auto asked = server.ask("OPTIONS", "/docs/a.txt");

    CHECK(posted.status == 405);
    CHECK(posted.header("Allow") == "GET, HEAD, OPTIONS");
    CHECK(says(posted, "http.method_not_allowed"));
    CHECK(asked.status == 204);
    CHECK(asked.header("Allow") == "GET, HEAD, OPTIONS");
}

TEST_CASE("a file says its type, version and how long it may be kept") {
    const FileServer server;

    const auto response = server.ask("GET", "/docs/sub/b.JSON");
    const auto page = server.ask("GET", "/docs/");

    CHECK(response.header("Content-Type") == "application/json");
    CHECK(response.header("Accept-Ranges") == "bytes");
    CHECK(response.header("Cache-Control") == "max-age=3600");
    CHECK(response.header("ETag").starts_with('"'));
    CHECK(response.header("Last-Modified").ends_with(" GMT"));
    CHECK(page.header("Content-Type") == "text/html; charset=utf-8");
    CHECK(page.header("ETag") != response.header("ETag"));
}

TEST_CASE("a file that has just changed has a weak tag: it may change again unnoticed") {
    FileServer server;
    server.site.later.advance(-std::chrono::minutes(1));

    CHECK(server.ask("GET", "/docs/a.txt").header("ETag").starts_with("W/\""));
}

TEST_CASE("HEAD has the headers of GET, for small files and for large ones") {
    const FileServer server;
    const std::string path = GENERATE("/docs/a.txt", "/docs/large.bin", "/docs/none", "/docs");

    const auto get = server.ask("GET", path);
    const auto head = server.ask("HEAD", path);

    CHECK(head.status == get.status);
    CHECK(head.body.empty());
    for (const auto* name : {"Content-Length", "Content-Type", "ETag", "Location", "Accept-Ranges"})
        CHECK(head.header(name) == get.header(name));
    CHECK(open_copies(server.site.path() / "large.bin") == 0);
}

TEST_CASE("conditions and ranges are answered over the wire") {
    const FileServer server;
    const auto tag = server.ask("GET", "/docs/a.txt").header("ETag");
    const auto [headers, status, body, range] =
        GENERATE(table<std::string, int, std::string, std::string>(
            {{"If-None-Match: TAG\r\n", 304, "", ""},
             {"If-None-Match: \"x\"\r\n", 200, "hello", ""},
             {"If-None-Match: TAG\r\nRange: bytes=0-1\r\n", 304, "", ""},
             {"If-Match: \"x\"\r\n", 412, "http.precondition_failed", ""},
             {"If-Match: TAG\r\n", 200, "hello", ""},
             {"Range: bytes=1-3\r\n", 206, "ell", "bytes 1-3/5"},
             {"Range: bytes=-2\r\n", 206, "lo", "bytes 3-4/5"},
             {"Range: bytes=0-0,2-2\r\n", 200, "hello", ""},
             {"Range: bytes=5-\r\n", 416, "http.range_not_satisfiable", "bytes */5"},
             {"If-Range: TAG\r\nRange: bytes=1-3\r\n", 206, "ell", "bytes 1-3/5"},
             {"If-Range: \"x\"\r\nRange: bytes=1-3\r\n", 200, "hello", ""}}));
    auto given = headers;
    if (const auto at = given.find("TAG"); at != std::string::npos)
        given.replace(at, 3, tag);
    CAPTURE(given);

    const auto response = server.ask("GET", "/docs/a.txt", given);

    CHECK(response.status == status);
    CHECK((response.body == body || (status > 400 && says(response, body))));
    CHECK(response.header("Content-Range") == range);
    if (status == 304)
        CHECK(response.header("ETag") == tag);
}

TEST_CASE("a large file arrives whole, and the replies behind it in their order") {
    const FileServer server;
    auto client = server.connect();
    const std::string large = "GET /docs/large.bin HTTP/1.1\r\nHost: a\r\n\r\n";

    client.send(large + get("/quick") + large + "GET /docs/a.txt HTTP/1.1\r\nHost: a\r\n\r\n");

    const auto expected = pattern(large_bytes);
    CHECK((client.read_response().body == expected));
    CHECK(client.read_response().body == "quick");
    CHECK((client.read_response().body == expected));
    CHECK(client.read_response().body == "hello");
    CHECK(open_copies(server.site.path() / "large.bin") == 0);
}

TEST_CASE("a large file arrives whole over TLS, and the reply behind it") {
    const FileServer server("/docs", tls_context());
    TlsClient client(server.socket.port());

    client.send("GET /docs/large.bin HTTP/1.1\r\nHost: a\r\n\r\n" + get("/quick"));

    CHECK((client.read_response().body == pattern(large_bytes)));
    CHECK(client.read_response().body == "quick");
}

TEST_CASE("a range of a large file is that part of it") {
    const FileServer server;

    const auto response = server.ask("GET", "/docs/large.bin", "Range: bytes=1000000-3000000\r\n");

    CHECK(response.status == 206);
    CHECK(response.header("Content-Length") == "2000001");
    CHECK((response.body == pattern(large_bytes).substr(1'000'000, 2'000'001)));
}

TEST_CASE("a file that becomes shorter while it goes out ends the connection, unpadded") {
    const FileServer server;
    auto client = begin_endless(server);
    while (open_copies(server.site.path() / "endless.bin") == 0)
        REQUIRE(server.ask("GET", "/docs/a.txt").status == 200);

    std::filesystem::resize_file(server.site.path() / "endless.bin", 65'536);

    CHECK(client.read_to_eof().size() < endless_bytes);
    CHECK(server.ask("GET", "/docs/a.txt").status == 200);
}

TEST_CASE("a client that goes away in the middle of a file leaves no descriptor open") {
    const FileServer server;
    const auto file = server.site.path() / "endless.bin";
    auto client = begin_endless(server);
    while (open_copies(file) == 0)
        REQUIRE(server.ask("GET", "/docs/a.txt").status == 200);

    client.reset();

    int asked = 0;
    while (open_copies(file) > 0 && ++asked < 10'000)
        REQUIRE(server.ask("GET", "/docs/a.txt").status == 200);
    CHECK(open_copies(file) == 0);
}

TEST_CASE("who takes nothing of a file costs one piece of memory, and keeps nobody waiting") {
    const FileServer server;
    const auto client = begin_endless(server);
    while (open_copies(server.site.path() / "endless.bin") == 0)
        REQUIRE(server.ask("GET", "/docs/a.txt").status == 200);

    CHECK(server.ask("GET", "/docs/large.bin").body.size() == large_bytes);
}

TEST_CASE("files are counted by their folder, and are no part of the API's document") {
    const FileServer server;
    server.ask("GET", "/docs/a.txt");

    const auto all = server.application.route_statistics();

    const auto counted = std::ranges::find_if(all, [](const auto& statistics) {
        return statistics.route != nullptr && statistics.route->pattern == "/docs/*";
    });
    REQUIRE(counted != all.end());
    CHECK(counted->by_status_class[2] == 1);
}

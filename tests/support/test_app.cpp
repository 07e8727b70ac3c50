#include "support/test_app.hpp"

#include "cache/moment.hpp"
#include "db/repetition.hpp"
#include "support/token_forge.hpp"

#include <boost/json.hpp>
#include <catch2/catch.hpp>

#include <algorithm>
#include <fstream>
#include <sstream>
#include <thread>

namespace bulkhead::test {
namespace {

constexpr std::string_view password = "correct horse battery";

using Modules = std::initializer_list<std::string_view>;

// The first of the folders that has the module's file; without one, what the core then says of the
// missing file is the test's failure.
std::filesystem::path file_of(const std::string& module, std::string_view folders) {
    std::istringstream list{std::string(folders)};
    std::filesystem::path file;
    for (std::string folder; std::getline(list, folder, ':');)
        if (file = std::filesystem::path(folder) / module; std::filesystem::exists(file))
            return file;
    return file;
}

void gather_modules(const std::filesystem::path& into, Modules modules, std::string_view folders) {
    std::filesystem::create_directory(into);
    for (const auto module : modules) {
        const auto name = std::string(module) + ".so";
        if (const auto file = file_of(name, folders); std::filesystem::exists(file))
            std::filesystem::create_symlink(file, into / name);
    }
}

std::filesystem::path write_configuration(const std::filesystem::path& folder, Modules modules,
                                          std::string_view settings, std::string_view url) {
    const auto path = folder / "plugins.toml";
    std::ofstream file(path);
    file << "[server]\nworkers = 8\ndata = \"var\"\n"
         << "[database]\nmigrate = \"always\"\nurl = \"" << url << "\"\n"
         << "[events]\nfirst_retry_ms = 10\npoll_ms = 10\n"
         << "[modules]\ndirectory = \"modules\"\n";
    if (settings.find("[rate_limit]") == std::string_view::npos)
        file << "[rate_limit]\naddress_per_second = 0\ncaller_per_second = 0\n";
    for (const auto module : modules)
        file << "[module." << module << "]\n";
    if (std::ranges::count(modules, "auth") > 0)
        file << "[module.auth.settings]\nhash_memory_kib = 8192\nhash_iterations = 1\n";
    file << settings << "\n";
    return path;
}

std::unique_ptr<module::Generation> start(const std::filesystem::path& file) {
    log::start(LogLevel::error);
    auto configuration = module::load_configuration(file);
    if (!configuration)
        throw std::runtime_error(configuration.error().message);
    auto generation = module::Generation::create(*std::move(configuration), {});
    if (!generation)
        throw std::runtime_error(generation.error().message);
    (*generation)->start_deliveries();
    return *std::move(generation);
}

Response response_of(Reply reply) {
    Response response{reply.status, std::move(reply.body), std::move(reply.headers), {}, {}, {}};
    if (response.body.empty() || reply.content_type.find("json") == std::string_view::npos)
        return response;
    response.json = boost::json::parse(response.body);
    const auto* envelope = response.json.if_object();
    const auto* error = envelope == nullptr ? nullptr : envelope->if_contains("error");
    if (error == nullptr || !error->is_object())
        return response;
    response.error_code = error->at("code").as_string().c_str();
    if (!response.details().empty())
        response.problem_field = response.details().front().at("field").as_string().c_str();
    return response;
}

std::string json_of(boost::json::object object) {
    return boost::json::serialize(object);
}

std::string joined(std::initializer_list<std::string_view> words) {
    std::string text;
    for (const auto word : words)
        text.append(text.empty() ? "" : " ").append(word);
    return text;
}

}  // namespace

std::optional<std::string> Response::header(std::string_view name) const {
    const auto same = [&](const auto& header) {
        return std::ranges::equal(header.first, name, [](unsigned char a, unsigned char b) {
            return std::tolower(a) == std::tolower(b);
        });
    };
    const auto found = std::ranges::find_if(headers, same);
    return found == headers.end() ? std::nullopt : std::optional(found->second);
}

Response Client::send(std::string_view method, std::string_view path, std::string_view body) const {
    const auto query = std::min(path.find('?'), path.size());
    const auto full_path = "/api/v1" + std::string(path.substr(0, query));
    const auto authorization = "Bearer " + access_token;
    std::vector<NamedText> headers;
    if (!access_token.empty())
        headers.push_back({"Authorization", authorization});
    if (!body.empty())
        headers.push_back({"Content-Type", "application/json"});

    Request request{};
    request.method = method;
    request.path = full_path;
    request.query = path.substr(std::min(query + 1, path.size()));
    request.body = body;
    request.remote_address = "127.0.0.1";
    request.headers = headers;
    return response_of(app_->application().answer(request));
}

Client Client::with_token(std::string token) const {
    Client client(*this);
    client.access_token = std::move(token);
    return client;
}

TestApp::TestApp(Modules modules, std::string_view settings, std::string_view folders) {
    db::set_on_repetition(db::OnRepetition::refuse);
    gather_modules(folder_.path() / "modules", modules, folders);
    generation_ = start(write_configuration(folder_.path(), modules, settings, empty_.url()));
    for (const auto& status : generation_->modules()) {
        INFO("module " << status.name << ": " << status.reason);
        const bool wanted = std::ranges::count(modules, status.name) > 0;
        REQUIRE((!wanted || status.state == module::State::running));
    }
}

TestApp::~TestApp() = default;

http::Application& TestApp::application() {
    return generation_->application();
}

db::Database TestApp::database() {
    return db::Database(generation_->pool());
}

void* TestApp::find(std::string_view contract) {
    return generation_->find(contract);
}

Client TestApp::sign_in(std::string_view name, std::initializer_list<std::string_view> scopes) {
    const auto email = std::string(name) + "@example.org";
    const auto registered =
        post("/auth/register", json_of({{"email", email}, {"password", password}, {"name", name}}));
    REQUIRE((registered.status == 201 || registered.error_code == "users.email_taken"));
    const auto response = post("/auth/login", json_of({{"email", email}, {"password", password}}));
    REQUIRE(response.status == 200);

    Client client(*this);
    client.user_id = response.data().at("user_id").as_string().c_str();
    client.access_token = response.data().at("access_token").as_string().c_str();
    client.refresh_token = response.data().at("refresh_token").as_string().c_str();
    if (scopes.size() > 0) {
        auto token = parts_of(client.access_token);
        token.claims["scope"] = joined(scopes);
        client.access_token = forged(token.header, token.claims, key_file());
    }
    return client;
}

std::filesystem::path TestApp::key_file() const {
    return generation_->configuration().data_folder() / "auth-key.pem";
}

void TestApp::age_caches(std::chrono::seconds by) {
    cache::let_pass(by);
}

void TestApp::deliver_events() {
    const auto given_up = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    while (count("event_deliveries where state = 'pending'") > 0) {
        INFO(value<std::string>("select coalesce(min(last_error), '') from event_deliveries"));
        REQUIRE(std::chrono::steady_clock::now() < given_up);
        std::this_thread::yield();
    }
}

std::int64_t TestApp::count(std::string_view table) {
    return value<std::int64_t>("select count(*) from " + std::string(table));
}

void TestApp::execute(std::string_view sql, db::Arguments arguments) {
    const auto done = database().transaction([&](db::Session& session) -> Result<> {
        session.run(sql, arguments);
        return Done{};
    });
    REQUIRE(done);
}

}  // namespace bulkhead::test

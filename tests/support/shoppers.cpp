#include "support/shoppers.hpp"

#include <boost/json.hpp>

#include <stdexcept>

namespace {

namespace json = boost::json;

constexpr auto* first_product = "01a1f82f-1e80-7000-8000-000000000003";
constexpr auto* second_product = "01a1f82f-1e80-7000-8000-000000000005";
constexpr int quantities = 30;
constexpr std::size_t complaints_kept = 5;

RawResponse ask_well(std::uint16_t port, const std::string& path, const std::string& body,
                     int status) {
    const auto answer = ask(port, "POST", "/api/v1" + path, body);
    if (!answer || answer->status != status)
        throw std::runtime_error(path + ": " + (answer ? answer->body : "no answer"));
    return *answer;
}

bool is_envelope_of_a_failure(const std::string& body) {
    const auto read = json::parse(body);
    return !read.at("success").as_bool() && read.at("data").is_null() &&
           !read.at("error").at("code").as_string().empty();
}

}  // namespace

std::optional<RawResponse> ask(std::uint16_t port, const std::string& method,
                               const std::string& path, const std::string& body,
                               const std::string& token) {
    try {
        RawClient client(port);
        client.send(
            method + " " + path + " HTTP/1.1\r\nHost: localhost\r\n" +
            (token.empty() ? "" : "Authorization: Bearer " + token + "\r\n") +
            (body.empty() ? "" : "Content-Type: application/json\r\n") +
            (method == "GET" ? "" : "Content-Length: " + std::to_string(body.size()) + "\r\n") +
            "\r\n" + body);
        return client.read_response();
    } catch (const std::runtime_error&) {
        return std::nullopt;
    }
}

Customer log_in(std::uint16_t port, const std::string& email, const std::string& password) {
    const auto answer =
        ask_well(port, "/auth/login",
                 json::serialize(json::object{{"email", email}, {"password", password}}), 200);
    const auto data = json::parse(answer.body).at("data");
    return {data.at("user_id").as_string().c_str(), data.at("access_token").as_string().c_str()};
}

Customer register_customer(std::uint16_t port, const std::string& name,
                           const std::string& password) {
    const auto email = name + "@example.org";
    ask_well(
        port, "/auth/register",
        json::serialize(json::object{{"email", email}, {"password", password}, {"name", name}}),
        201);
    return log_in(port, email, password);
}

std::string Shoppers::Wanted::body() const {
    const auto item = [](const char* product, int quantity) {
        return json::object{{"product_id", product}, {"quantity", quantity}};
    };
    return json::serialize(json::object{
        {"items", json::array{item(first_product, first), item(second_product, second)}}});
}

Shoppers::Shoppers(std::uint16_t port, int customers, Silence silence)
    : port_(port), silence_(silence) {
    std::vector<Customer> all;
    for (int number = 0; number < customers; ++number)
        all.push_back(
            register_customer(port, "shopper" + std::to_string(number), "correct horse battery"));
    for (const auto& customer : all)
        threads_.emplace_back([this, customer] { shop(customer); });
}

Shoppers::~Shoppers() {
    stop();
}

void Shoppers::stop() {
    ended_ = true;
    for (auto& thread : threads_)
        thread.join();
    threads_.clear();
}

void Shoppers::shop(const Customer& customer) {
    try {
        for (int number = 0; !ended_; ++number) {
            request("GET", "/api/v1/products", "", customer);
            request("GET", "/api/v1/orders", "", customer);
            buy(customer, {1 + number % quantities, 1 + number / quantities});
        }
    } catch (const std::exception& failure) {
        complain(failure.what());
    }
}

void Shoppers::buy(const Customer& customer, const Wanted& wanted) {
    std::optional<std::string> id;
    while (!id) {
        const auto answer = request("POST", "/api/v1/orders", wanted.body(), customer);
        if (answer && answer->status == 201)
            id = json::parse(answer->body).at("data").at("id").as_string().c_str();
        else
            id = look_for(customer, wanted);
    }
    const std::lock_guard lock(mutex_);
    acknowledged_.push_back(*id);
    ++orders_;
    changed_.notify_all();
}

// The newest page: whatever was lost was the last one that this customer tried.
std::optional<std::string> Shoppers::look_for(const Customer& customer, const Wanted& wanted) {
    for (;;) {
        const std::shared_lock looking(looking_);
        const auto answer = request("GET", "/api/v1/orders?limit=5", "", customer);
        if (!answer || answer->status != 200)
            continue;
        const auto body = json::parse(answer->body);
        for (const auto& order : body.at("data").as_array()) {
            const auto& items = order.at("items").as_array();
            if (items.at(0).at("quantity") == wanted.first &&
                items.at(1).at("quantity") == wanted.second)
                return order.at("id").as_string().c_str();
        }
        return std::nullopt;
    }
}

std::optional<RawResponse> Shoppers::request(const std::string& method, const std::string& path,
                                             const std::string& body, const Customer& customer) {
    auto answer = ask(port_, method, path, body, customer.token);
    if (answer)
        judge(method + " " + path, *answer);
    else if (silence_ == Silence::refused)
        complain(method + " " + path + ": no answer");
    return answer;
}

void Shoppers::judge(const std::string& what, const RawResponse& answer) {
    const bool refused = answer.status == 503 || answer.status == 504;
    const bool good = answer.status == 200 || answer.status == 201;
    if (!good && !(refused && is_envelope_of_a_failure(answer.body)))
        complain(what + ": " + std::to_string(answer.status) + " " + answer.body);
    if (!refused)
        return;
    const std::lock_guard lock(mutex_);
    ++refusals_;
    changed_.notify_all();
}

void Shoppers::complain(const std::string& sentence) {
    const std::lock_guard lock(mutex_);
    if (complaints_.size() < complaints_kept)
        complaints_.push_back(sentence);
}

void Shoppers::wait_for(const std::atomic<int>& counter, int more) {
    const int wanted = counter + more;
    std::unique_lock lock(mutex_);
    if (changed_.wait_for(lock, std::chrono::seconds(60), [&] { return counter >= wanted; }))
        return;
    std::string heard;
    for (const auto& complaint : complaints_)
        heard += "; " + complaint;
    throw std::runtime_error("the shoppers wait for too long" + heard);
}

void Shoppers::wait_for_orders(int more) {
    wait_for(orders_, more);
}

void Shoppers::wait_for_refusals(int more) {
    wait_for(refusals_, more);
}

std::vector<std::string> Shoppers::acknowledged() const {
    const std::lock_guard lock(mutex_);
    return acknowledged_;
}

std::string Shoppers::complaints() const {
    const std::lock_guard lock(mutex_);
    std::string all;
    for (const auto& complaint : complaints_)
        all += complaint + "\n";
    return all;
}

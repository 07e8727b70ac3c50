#include "password.hpp"

#include "digest.hpp"

#include <bulkhead/base64url.hpp>

#include <argon2.h>

#include <algorithm>
#include <stdexcept>

namespace auth {
namespace {

constexpr std::uint32_t lanes = 1;
constexpr std::size_t salt_bytes = 16;
constexpr std::size_t hash_bytes = 32;

void demand(int outcome) {
    if (outcome != ARGON2_OK)
        throw std::runtime_error(std::string("argon2id: ") + argon2_error_message(outcome));
}

// Base64 without padding, as PHC strings have it.
std::string in_phc(const std::string& bytes) {
    auto text = to_base64url(bytes);
    std::ranges::replace(text, '-', '+');
    std::ranges::replace(text, '_', '/');
    return text;
}

}  // namespace

Passwords::Passwords(const Settings& settings)
    : iterations_(static_cast<std::uint32_t>(settings.hash_iterations)),
      memory_kib_(static_cast<std::uint32_t>(settings.hash_memory_kib)),
      most_under_way_(static_cast<std::size_t>(settings.hash_threads + settings.hash_queue)),
      cost_("$argon2id$v=19$m=" + std::to_string(memory_kib_) +
            ",t=" + std::to_string(iterations_) + ",p=" + std::to_string(lanes) + "$"),
      decoy_(cost_ + in_phc(random_bytes(salt_bytes)) + "$" + in_phc(random_bytes(hash_bytes))) {
    for (std::int32_t started = 0; started < settings.hash_threads; ++started)
        threads_.emplace_back([this](const std::stop_token& stop) { serve(stop); });
}

Passwords::~Passwords() = default;

Result<std::string> Passwords::hash(const std::string& password) {
    std::string made;
    auto done = run(std::packaged_task<void()>([&] { made = encode(password); }));
    if (!done)
        return std::move(done.error());
    return made;
}

Result<bool> Passwords::matches(const std::string& password, const std::string& hash) {
    int outcome = ARGON2_OK;
    auto done = run(std::packaged_task<void()>(
        [&] { outcome = argon2id_verify(hash.c_str(), password.data(), password.size()); }));
    if (!done)
        return std::move(done.error());
    if (outcome != ARGON2_VERIFY_MISMATCH)
        demand(outcome);
    return outcome == ARGON2_OK;
}

Result<> Passwords::run(std::packaged_task<void()> work) {
    auto done = work.get_future();
    {
        const std::lock_guard lock(mutex_);
        if (under_way_ >= most_under_way_)
            return Error::unavailable("auth.busy",
                                      "Too many people log in at this moment. Try again soon.");
        ++under_way_;
        waiting_.push(std::move(work));
    }
    work_arrived_.notify_one();
    done.get();
    return Done{};
}

void Passwords::serve(const std::stop_token& stop) {
    std::unique_lock lock(mutex_);
    while (work_arrived_.wait(lock, stop, [this] { return !waiting_.empty(); })) {
        auto work = std::move(waiting_.front());
        waiting_.pop();
        lock.unlock();
        work();
        lock.lock();
        --under_way_;
    }
}

std::string Passwords::encode(const std::string& password) const {
    const auto salt = random_bytes(salt_bytes);
    std::string text(
        argon2_encodedlen(iterations_, memory_kib_, lanes, salt_bytes, hash_bytes, Argon2_id),
        '\0');
    demand(argon2id_hash_encoded(iterations_, memory_kib_, lanes, password.data(), password.size(),
                                 salt.data(), salt.size(), hash_bytes, text.data(), text.size()));
    text.resize(text.find('\0'));
    return text;
}

}  // namespace auth

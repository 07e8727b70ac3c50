#include <bulkhead/core.hpp>
#include <bulkhead/module.hpp>

#include "http/query_route.hpp"
#include "module/host.hpp"
#include "module/setting_lines.hpp"

#include <algorithm>

namespace bulkhead {

namespace {

// Why `host`'s module cannot have this contract, with the remedy.
std::string not_to_be_had(const Core::Host& host, std::string_view contract) {
    std::string sentence = "'" + host.module + "' uses '" + std::string(contract) + "', ";
    if (const auto* offer = host.contracts.find(contract))
        return sentence + "which is offered by '" + offer->module +
               "', a module that its manifest does not need; add \"" + offer->module +
               "\" to .needs.";
    if (const auto other = host.contracts.other_version(contract); !other.empty())
        return sentence + "but '" + std::string(other) +
               "' is what is offered; build both modules against one version of the contract.";
    sentence += "which no running module offers; its needs are:";
    for (const auto& need : host.needs)
        sentence += " " + need;
    return sentence + (host.needs.empty() ? " none." : ".");
}

}  // namespace

Module::~Module() = default;

db::Database& Core::database() {
    return host_->database;
}

Events& Core::events() {
    return host_->events;
}

const Log& Core::log() const {
    return host_->log;
}

std::string Core::data_path(std::string_view file_name) const {
    if (file_name.empty() || file_name.starts_with('.') ||
        file_name.find('/') != std::string_view::npos)
        throw module::Refusal("'" + host_->module + "' asks for the data file '" +
                              std::string(file_name) +
                              "'; expected the name of a file, without a folder.");
    std::filesystem::create_directories(host_->data_folder);
    return host_->data_folder / file_name;
}

void Core::read_settings(const Table& table, void* settings) {
    host_->settings_read = true;
    const auto path = "module." + host_->module + ".settings";
    if (auto done = host_->document->read(path, table, settings); !done)
        throw module::Refusal(done.error().message);
    host_->settings = module::setting_lines(*host_->document, path, table, settings);
}

void Core::health(std::function<Result<>()> check) {
    host_->health = std::move(check);
}

void* Core::find(std::string_view contract) {
    const auto* offer = host_->contracts.find(contract);
    const auto& needs = host_->needs;
    host_->uses.push_back({std::string(contract), offer == nullptr ? "" : offer->module});
    if (offer == nullptr || std::ranges::find(needs, offer->module) == needs.end())
        throw module::Refusal(not_to_be_had(*host_, contract));
    return offer->service;
}

void Core::add(std::string_view contract, void* service) {
    host_->offers.emplace_back(contract, service);
}

AnyCache Core::open_cache(std::string_view name, const CacheLimits& limits,
                          const AnyCache::Form& form) {
    return AnyCache(host_->caches.add(host_->module, name, limits, form));
}

void Core::add(std::deque<Route> routes) {
    for (auto& route : routes) {
        route.module = host_->module;
        if (http::query_form(route) != nullptr)
            route.handler.service = &host_->database;
        host_->routes.push_back(std::move(route));
    }
}

}  // namespace bulkhead

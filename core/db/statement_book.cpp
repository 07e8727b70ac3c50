#include "db/statement_book.hpp"

namespace bulkhead::db {

StatementBook::Page& StatementBook::page_of(std::string_view sql) {
    auto name = statement_name(sql);
    const std::lock_guard lock(mutex_);
    if (by_name_.size() >= most_names && !by_name_.contains(name))
        name = "other";
    auto& page = by_name_[name];
    if (page == nullptr) {
        page = &pages_.emplace_back();
        page->name = std::move(name);
    }
    return *page;
}

std::vector<StatementStatistics> StatementBook::statistics() const {
    const std::lock_guard lock(mutex_);
    std::vector<StatementStatistics> all;
    for (const auto& page : pages_)
        all.push_back({page.name, page.runs, page.failures, page.slow, page.microseconds});
    return all;
}

}  // namespace bulkhead::db

#include "config/file.hpp"

#include "core/module/files.hpp"

#include <catch2/catch.hpp>

#include <sys/stat.h>

namespace bulkhead::config {

TEST_CASE("a file has the content that it has, to the last byte, and no other") {
    const test::TemporaryFolder folder;
    const auto size = GENERATE(0U, 1U, 65'536U, 65'537U, 200'000U);
    const std::string bytes(size, 'x');
    const auto file = test::write(folder, "file", bytes);
    auto other_end = bytes;
    if (!other_end.empty())
        other_end.back() = 'y';

    CHECK(has_content(file, bytes));
    CHECK(has_content(file, other_end) == bytes.empty());
    CHECK_FALSE(has_content(file, bytes + "x"));
}

TEST_CASE("what is no regular file has no content, and is not waited for") {
    const test::TemporaryFolder folder;
    ::mkfifo((folder.path() / "fifo").c_str(), 0600);
    const std::string name = GENERATE("absent", ".", "fifo");

    CHECK_FALSE(has_content(folder.path() / name, ""));
}

}  // namespace bulkhead::config

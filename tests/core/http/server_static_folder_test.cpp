#include "http/static_folder.hpp"

#include "support/temporary_folder.hpp"

#include <catch2/catch.hpp>

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include <array>
#include <cerrno>
#include <cstddef>
#include <fstream>
#include <thread>

using bulkhead::http::StaticFolder;

namespace {

/// For this thread: the kernel knows no openat2, as before 5.6.
bool forget_openat2() {
    std::array<sock_filter, 4> program{{
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_openat2, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOSYS),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    }};
    const sock_fprog filter{program.size(), program.data()};
    return ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
           ::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter) == 0;
}

struct Outcomes {
    bool filtered = false, inside = false, link = false, folder = false, outside = false,
         absolute = false, parent = false, absent = false;
};

}  // namespace

TEST_CASE("no name leads out of a folder, with openat2 and without it") {
    const bool old_kernel = GENERATE(false, true);
    const bulkhead::test::TemporaryFolder root;
    std::filesystem::create_directory(root.path() / "in");
    std::ofstream(root.path() / "in/file") << "x";
    std::ofstream(root.path() / "secret") << "x";
    std::ofstream(root.path() / "inside-by-prefix") << "x";
    std::filesystem::create_symlink("file", root.path() / "in/link");
    std::filesystem::create_symlink("../secret", root.path() / "in/outside");
    std::filesystem::create_symlink(root.path() / "inside-by-prefix", root.path() / "in/absolute");
    const StaticFolder folder(root.path() / "in");
    Outcomes found;

    std::thread([&] {
        found.filtered = !old_kernel || forget_openat2();
        found.inside = folder.open("file").has_value();
        found.link = folder.open("link").has_value();
        const auto opened = folder.open("");
        found.folder = opened && opened->is_folder();
        found.outside = folder.open("outside").has_value();
        found.absolute = folder.open("absolute").has_value();
        found.parent = folder.open("../secret").has_value();
        found.absent = folder.open("none").has_value();
    }).join();

    REQUIRE(found.filtered);
    CHECK(found.inside);
    CHECK(found.link);
    CHECK(found.folder);
    CHECK_FALSE(found.outside);
    CHECK_FALSE(found.absolute);
    CHECK_FALSE(found.parent);
    CHECK_FALSE(found.absent);
}

TEST_CASE("a folder that is gone has no files, until there is one again") {
    const bulkhead::test::TemporaryFolder root;
    const StaticFolder folder(root.path() / "in");

    const bool before = folder.open("file").has_value();
    std::filesystem::create_directory(root.path() / "in");
    std::ofstream(root.path() / "in/file") << "x";

    CHECK_FALSE(before);
    CHECK(folder.open("file"));
}

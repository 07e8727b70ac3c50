// File systems that an administrator may have mounted in another way: in a mount namespace of their
// own, where this user may make one.

#include "core/module/files.hpp"
#include "module/loader.hpp"
#include "module/private_copy.hpp"
#include "support/process.hpp"
#include "value/sha256.hpp"

#include <sys/mount.h>
#include <unistd.h>

#include <sched.h>
#include <catch2/catch.hpp>
#include <iostream>

using namespace bulkhead;

namespace {

constexpr int not_permitted = 77;

// A user who is not root becomes it in a namespace of users; there nothing is mounted for others.
bool enter_own_mounts() {
    const auto user = std::to_string(::geteuid());
    const auto group = std::to_string(::getegid());
    const int users = ::geteuid() == 0 ? 0 : CLONE_NEWUSER;
    if (::unshare(CLONE_NEWNS | users) != 0)
        return false;
    if (users != 0) {
        std::ofstream("/proc/self/setgroups")
            << "deny";  // Or no group may be mapped: user_namespaces(7).
        std::ofstream("/proc/self/uid_map") << "0 " << user << " 1";
        std::ofstream("/proc/self/gid_map") << "0 " << group << " 1";
    }
    return ::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0;
}

bool mount_empty(const std::filesystem::path& folder, unsigned long flags) {
    return ::mount("tmpfs", folder.c_str(), "tmpfs", flags, nullptr) == 0;
}

// Other bytes than any other test loads: equal content is loaded once in a process.
module::ModuleFile file_of(const std::string& name, const test::TemporaryFolder& data) {
    const auto bytes = test::fixture(name) + data.path().string();
    return {name + ".so", bytes, value::sha256(bytes), {}};
}

// Runs in a process of its own; prints what it was refused with.
Ended in_own_mounts(const std::filesystem::path& folder, unsigned long flags,
                    const std::function<Result<>()>& act) {
    return Process([&] {
               if (!enter_own_mounts() || !mount_empty(folder, flags))
                   return not_permitted;
               const auto done = act();
               if (!done)
                   std::cout << done.error().message << std::endl;
               return done ? 0 : 1;
           })
        .wait();
}

}  // namespace

TEST_CASE("a data folder that is mounted noexec is told with its remedy") {
    const test::TemporaryFolder data;

    const auto ended = in_own_mounts(data.path(), MS_NOEXEC, [&]() -> Result<> {
        const auto entry = module::load_module(file_of("follower", data), data.path());
        return entry ? Result<>(Done{}) : Result<>(entry.error());
    });

    if (ended.status == not_permitted) {
        WARN("this user may not mount anything here: nothing was tested");
        return;
    }
    CHECK(ended.status == 1);
    CHECK_THAT(
        ended.output,
        Catch::Contains("follower.so: cannot be linked (") &&
            Catch::Contains(data.path().string() + "/modules is mounted noexec, expected ") &&
            Catch::Contains("mount it with exec") && Catch::Contains("server.data"));
}

TEST_CASE("copies that are intact are loaded from a file system that is read-only by now") {
    const test::TemporaryFolder data;
    const auto copies = module::folder_of_copies(data.path());

    const auto ended = in_own_mounts(data.path(), 0, [&]() -> Result<> {
        const auto kept = module::keep_private_copy(file_of("follower", data), copies);
        if (!kept)
            return kept.error();
        if (::mount(nullptr, data.path().c_str(), nullptr, MS_REMOUNT | MS_RDONLY, nullptr) != 0)
            ::_exit(not_permitted);
        const auto entry = module::load_module(file_of("follower", data), data.path());
        if (!entry)
            return entry.error();
        const auto fresh = module::load_module(file_of("guest", data), data.path());
        return fresh ? Error::invalid("x.written", "a copy was written") : fresh.error();
    });

    if (ended.status == not_permitted) {
        WARN("this user may not mount anything here: nothing was tested");
        return;
    }
    CHECK_THAT(ended.output, Catch::Contains("cannot keep a private copy of guest.so in ") &&
                                 Catch::Contains("Read-only file system"));
}

#pragma once
// A folder to start generations in: a plugins.toml, a module directory and a database of its own.

#include "core/module/files.hpp"
#include "module/generation.hpp"

namespace bulkhead::test {

class Site {
public:
    /// With these fixtures in its module directory.
    Site(std::initializer_list<std::string> fixtures = {}) {
        for (const auto& name : fixtures)
            put(name + ".so", fixture(name));
    }

    std::filesystem::path write(const std::string& file, std::string_view bytes) const {
        return test::write(folder_, file, bytes);
    }
    /// Into the module directory.
    void put(const std::string& file, std::string_view bytes) const {
        write("modules/" + file, bytes);
    }
    Result<std::unique_ptr<module::Generation>> start(std::string_view tables,
                                                      const module::Start& start = {}) const {
        const auto file =
            write("plugins.toml", "[modules]\ndirectory = \"modules\"\n" + std::string(tables));
        auto configuration = module::load_configuration(file);
        if (!configuration)
            return configuration.error();
        return module::Generation::create(*std::move(configuration), start);
    }
    std::filesystem::path folder() const { return folder_.path(); }

private:
    TemporaryFolder folder_;
};

inline const module::ModuleStatus& status_of(const module::Generation& generation,
                                             std::string_view name) {
    for (const auto& status : generation.modules())
        if (status.name == name)
            return status;
    throw std::runtime_error("no module " + std::string(name));
}

inline Reply get(module::Generation& generation, std::string_view path) {
    Request request;
    request.method = "GET";
    request.path = path;
    return generation.application().answer(request);
}

}  // namespace bulkhead::test

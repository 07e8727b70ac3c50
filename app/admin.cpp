#include "commands.hpp"
#include "db/pool.hpp"
#include "loaded.hpp"
#include "password.hpp"
#include "text_columns.hpp"

#include <auth/api/accounts.hpp>

#include <iostream>

namespace bulkhead::app {
namespace {

enum class PasswordFrom : std::uint8_t { terminal, standard_input };

struct NewAdmin {
    std::string email;
    std::string name;
    PasswordFrom password_from = PasswordFrom::terminal;
};

Error no_accounts(const module::Generation& generation) {
    const auto* auth = status_of(generation, "auth");
    const auto reason = auth == nullptr ? "plugins.toml has no [module.auth]" : auth->reason;
    return refusal("accounts need the module auth, which does not run: " + or_dash(reason));
}

Result<int> create(const NewAdmin& wanted, const std::filesystem::path& config) {
    const auto generation = load_migrated(config);
    if (!generation)
        return generation.error();
    auto* accounts = (*generation)->find<auth::Accounts>();
    if (accounts == nullptr)
        return no_accounts(**generation);
    const auto password =
        wanted.password_from == PasswordFrom::terminal ? ask_password() : read_password();
    if (!password)
        return password.error();

    const db::HandlerScope scope;
    const auto id = accounts->create_admin(wanted.email, wanted.name, *password);
    if (!id)
        return id.error();
    std::cout << "administrator " << wanted.email << " created: " << id->to_text() << '\n';
    return exit_done;
}

}  // namespace

void add_admin(Program& program) {
    auto wanted = std::make_shared<NewAdmin>();
    auto& group = program.add_group("admin", "Accounts of administrators");
    auto& command = program.add(
        group, "create", "Create an account that holds every scope",
        [wanted](const CommandOptions& options) { return create(*wanted, options.config); });
    command.add_option("--email", wanted->email, "Its e-mail address, to log in with")->required();
    command.add_option("--name", wanted->name, "Its name")->required();
    command.add_flag_callback(
        "--password-stdin", [wanted] { wanted->password_from = PasswordFrom::standard_input; },
        "Read the password from standard input instead of asking for it");
}

}  // namespace bulkhead::app

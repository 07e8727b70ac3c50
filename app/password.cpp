#include "password.hpp"

#include "program.hpp"

#include <fcntl.h>
#include <termios.h>
#include <unistd.h>

#include <iostream>

namespace bulkhead::app {
namespace {

constexpr std::size_t max_password_bytes = 4'096;

// The terminal with echo off; as it was when this ends.
class SilentTerminal {
public:
    SilentTerminal() : descriptor_(::open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC)) {
        if (::tcgetattr(descriptor_, &before_) != 0)
            return;
        termios silent = before_;
        silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
        is_open_ = ::tcsetattr(descriptor_, TCSAFLUSH, &silent) == 0;
    }
    ~SilentTerminal() {
        if (is_open_)
            ::tcsetattr(descriptor_, TCSAFLUSH, &before_);
        if (descriptor_ >= 0)
            ::close(descriptor_);
    }
    SilentTerminal(const SilentTerminal&) = delete;
    SilentTerminal& operator=(const SilentTerminal&) = delete;

    bool is_open() const { return is_open_; }

    std::string ask(std::string_view question) const {
        write(question);
        std::string answer;
        for (char c = 0; ::read(descriptor_, &c, 1) == 1 && c != '\n';)
            if (answer.size() < max_password_bytes)
                answer += c;
        write("\n");
        return answer;
    }

private:
    void write(std::string_view text) const {
        [[maybe_unused]] const auto count = ::write(descriptor_, text.data(), text.size());
    }

    int descriptor_;
    bool is_open_ = false;
    termios before_{};
};

}  // namespace

Result<std::string> ask_password() {
    const SilentTerminal terminal;
    if (!terminal.is_open())
        return refusal(
            "there is no terminal to ask for a password on; give it on standard input "
            "with --password-stdin");
    auto password = terminal.ask("Password: ");
    if (terminal.ask("Password again: ") != password)
        return refusal("the two passwords differ; start again");
    return password;
}

Result<std::string> read_password() {
    std::string password;
    std::getline(std::cin, password);
    if (password.empty() || password.size() > max_password_bytes)
        return refusal("standard input holds no password; write it there as one line");
    return password;
}

}  // namespace bulkhead::app

#include "module/crash_stack.hpp"

#include <dlfcn.h>
#include <sys/uio.h>
#include <ucontext.h>
#include <unistd.h>
#include <unwind.h>

#include <bit>

namespace bulkhead::module {

namespace {

constexpr std::size_t max_handler_frames = 64;  // Of the handler itself, and of a sanitizer's.

struct Registers {
    std::uintptr_t instruction;
    std::uintptr_t return_address;  ///< of a function that has just been entered
    std::uintptr_t frame;
};

// Through the kernel: memory that is not there costs a zero instead of another signal.
std::uintptr_t read_word(std::uintptr_t address) {
    std::uintptr_t word = 0;
    const iovec into{&word, sizeof word};
    const iovec from{std::bit_cast<void*>(address), sizeof word};
    const bool whole = ::process_vm_readv(::getpid(), &into, 1, &from, 1, 0) == sizeof word;
    return whole ? word : 0;
}

Registers registers_of(const void* context) {
    const auto& machine = static_cast<const ucontext_t*>(context)->uc_mcontext;
#if defined(__x86_64__)
    const auto at = [&](int number) {
        return static_cast<std::uintptr_t>(machine.gregs[static_cast<std::size_t>(number)]);
    };
    return {at(REG_RIP), read_word(at(REG_RSP)), at(REG_RBP)};
#elif defined(__aarch64__)
    return {machine.pc, machine.regs[30], machine.regs[29]};
#else
#error "say where this machine keeps its instruction, return address and frame"
#endif
}

bool is_code(std::uintptr_t address) {
    dl_find_object found{};
    return ::_dl_find_object(std::bit_cast<void*>(address), &found) == 0;
}

// What lies above the interrupted instruction on the way out of the handler is the handler's own.
struct Walk {
    std::uintptr_t interrupted;
    std::span<std::uintptr_t> room;
    std::size_t passed = 0;
    std::size_t count = 0;
};

_Unwind_Reason_Code take_step(_Unwind_Context* context, void* data) {
    auto& walk = *static_cast<Walk*>(data);
    int exact = 0;
    const auto address = static_cast<std::uintptr_t>(_Unwind_GetIPInfo(context, &exact));
    if (walk.count == 0 && address != walk.interrupted)
        return ++walk.passed < max_handler_frames ? _URC_NO_REASON : _URC_END_OF_STACK;
    if (walk.count == walk.room.size())
        return _URC_END_OF_STACK;
    // A return address belongs to the call before it, which may be its function's last instruction.
    walk.room[walk.count++] = address - (exact != 0 ? 0 : 1);
    return _URC_NO_REASON;
}

}  // namespace

CrashStack::CrashStack(const void* context) {
    const auto registers = registers_of(context);
    unwind(registers.instruction);
    if (count_ == 0)
        add(registers.instruction);
    if (count_ == 1 && !is_code(registers.instruction))  // It jumped to where no code is.
        follow_frames(registers.return_address, registers.frame);
}

void CrashStack::warm_up() {
    Walk walk{0, {}};
    _Unwind_Backtrace(take_step, &walk);
    is_code(reinterpret_cast<std::uintptr_t>(&take_step));
    read_word(reinterpret_cast<std::uintptr_t>(&walk));
}

void CrashStack::unwind(std::uintptr_t interrupted) {
    Walk walk{interrupted, found_};
    _Unwind_Backtrace(take_step, &walk);
    count_ = walk.count;
}

// This project's code keeps frame pointers; where others do not, the list ends early.
void CrashStack::follow_frames(std::uintptr_t return_address, std::uintptr_t frame) {
    for (auto address = return_address; count_ < found_.size() && is_code(address);
         address = read_word(frame + sizeof frame), frame = read_word(frame))
        add(address - 1);
}

void CrashStack::add(std::uintptr_t address) {
    if (count_ < found_.size())
        found_[count_++] = address;
}

}  // namespace bulkhead::module

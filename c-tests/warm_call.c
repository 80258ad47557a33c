/* What one logging call costs besides its instructions: system calls of the calling thread, trapped
 * by a seccomp filter of that thread alone, and calls of malloc and its kin, counted by taking their
 * place. Prints "messages=N syscalls=N allocations=N first=NUMBER-OF-FIRST-SYSCALL". */
#define _GNU_SOURCE
#include <dlt/dlt.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>

enum { WARM_UP = 2000, MEASURED = 2000 };

DLT_DECLARE_CONTEXT(context)

static __thread int counting;
static volatile long allocations, syscalls;
static volatile int first_syscall = -1;

extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *block, size_t size);
extern void __libc_free(void *block);

void *malloc(size_t size)
{
    allocations += counting;
    return __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
    allocations += counting;
    return __libc_calloc(count, size);
}

void *realloc(void *block, size_t size)
{
    allocations += counting;
    return __libc_realloc(block, size);
}

void free(void *block)
{
    allocations += counting;
    __libc_free(block);
}

/* Makes a system call from the one address that the filter lets through. */
long let_through(long number, long a, long b, long c, long d, long e, long f);
extern const char let_through_end[];
__asm__("let_through:\n"
        "mov %rdi, %rax\n mov %rsi, %rdi\n mov %rdx, %rsi\n mov %rcx, %rdx\n"
        "mov %r8, %r10\n mov %r9, %r8\n mov 8(%rsp), %r9\n syscall\n"
        "let_through_end:\n ret\n");

/* Counts a system call and makes it. */
static void trapped(int signal, siginfo_t *info, void *machine)
{
    greg_t *registers = ((ucontext_t *)machine)->uc_mcontext.gregs;
    (void)signal;
    if (counting) {
        if (first_syscall < 0)
            first_syscall = info->si_syscall;
        syscalls++;
    }
    registers[REG_RAX] = let_through(info->si_syscall, registers[REG_RDI], registers[REG_RSI],
                                     registers[REG_RDX], registers[REG_R10], registers[REG_R8],
                                     registers[REG_R9]);
}

/* Every system call of this thread from anywhere else becomes a SIGSYS. */
static int trap_this_thread(void)
{
    uint64_t address = (uint64_t)(uintptr_t)let_through_end;
    struct sock_filter filter[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_rt_sigreturn, 4, 0),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, instruction_pointer)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)address, 0, 3),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, instruction_pointer) + 4),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)(address >> 32), 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_TRAP),
    };
    struct sock_fprog program = { .len = sizeof filter / sizeof filter[0], .filter = filter };
    return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program);
}

static void log_some(int count)
{
    for (int i = 0; i < count; i++)
        DLT_LOG(context, DLT_LOG_INFO, DLT_INT(-i), DLT_UINT32(7u), DLT_STRING("short str"),
                DLT_FLOAT64(0.5 * i));
}

static void *measure(void *unused)
{
    (void)unused;
    log_some(WARM_UP);
    if (trap_this_thread() != 0)
        return (void *)1;
    counting = 1;
    log_some(MEASURED);
    counting = 0;
    return NULL;
}

int main(void)
{
    struct sigaction action = { .sa_sigaction = trapped, .sa_flags = SA_SIGINFO };
    pthread_t thread;
    sigaction(SIGSYS, &action, NULL);
    DLT_REGISTER_APP("WARM", "warm call");
    DLT_REGISTER_CONTEXT_LL_TS(context, "WCTX", "warm call", DLT_LOG_INFO, DLT_TRACE_STATUS_OFF);
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
        return 2;
    if (pthread_create(&thread, NULL, measure, NULL) != 0)
        return 3;
    void *failed = NULL;
    pthread_join(thread, &failed);
    printf("messages=%d syscalls=%ld allocations=%ld first=%d\n", MEASURED, syscalls, allocations,
           first_syscall);
    fflush(stdout);
    _exit(failed ? 1 : 0);
}

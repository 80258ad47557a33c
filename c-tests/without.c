/* SPDX-License-Identifier: MPL-2.0 */
/* Runs a program that may not make some system calls, as seccomp or a limit keeps them from it:
 *
 *   without [CALL=ERROR]... PROGRAM ARGUMENTS...
 *
 * CALL is one of the names below, ERROR the number that it fails with. */
#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "expect.h"

static const struct {
    const char *name;
    int number;
} calls[] = {
    { "inotify_init1", SYS_inotify_init1 }, { "inotify_add_watch", SYS_inotify_add_watch },
    { "eventfd2", SYS_eventfd2 },           { "pipe2", SYS_pipe2 },
    { "clone3", SYS_clone3 },               { "clone", SYS_clone },
};

static void forbid(int number, int error)
{
    struct sock_filter filter[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (unsigned)number, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ((unsigned)error & SECCOMP_RET_DATA)),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    struct sock_fprog program = { sizeof filter / sizeof *filter, filter };
    EXPECT(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0);
    EXPECT(prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0);
}

int main(int argc, char **argv)
{
    int at = 1;
    for (; at < argc && strchr(argv[at], '='); at++) {
        char *value = strchr(argv[at], '=');
        size_t length = (size_t)(value - argv[at]), i = 0;
        while (strlen(calls[i].name) != length || strncmp(calls[i].name, argv[at], length) != 0)
            EXPECT(++i < sizeof calls / sizeof *calls);
        forbid(calls[i].number, atoi(value + 1));
    }
    EXPECT(at < argc);
    execv(argv[at], argv + at);
    return 1;
}

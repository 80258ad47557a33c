/* SPDX-License-Identifier: MPL-2.0 */
/* Runs out of something, and gets it back:
 *
 *   scarce descriptors      at the start
 *   scarce link DIRECTORY   while there is a link, which breaks then (the test does that)
 *   scarce threads          at the start; wants to be run by a user who may have one only
 *   scarce memory           at the start
 *   scarce all              all memory there is, at every call
 *   scarce again            all memory there is, while everything is in use already
 *
 * Prints what it has found out as "NAME VALUE" lines; ends at once, with 1, where something is not
 * as it is to be. */
#define _GNU_SOURCE
#include <dlt/dlt.h>
#include <dlt/dlt_filetransfer.h>

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "expect.h"

static DltContext context;

static void found(const char *name, long long value)
{
    char line[128];
    /* Not through a stream: there may be no memory for its buffer. */
    int length = snprintf(line, sizeof line, "%s %lld\n", name, value);
    if (write(STDOUT_FILENO, line, (size_t)length) != length)
        _exit(3);
}

static int put(uint32_t number)
{
    DltContextData data;
    int result = dlt_user_log_write_start(&context, &data, DLT_LOG_INFO);
    if (result != DLT_RETURN_TRUE)
        return result < 0 ? result : 1;
    dlt_user_log_write_uint32(&data, 0);
    dlt_user_log_write_uint32(&data, number);
    return dlt_user_log_write_finish(&data);
}

static void begin(void)
{
    EXPECT(dlt_register_app("SCRC", "runs out") == 0);
    EXPECT(dlt_register_context_ll_ts(&context, "SCRC", "runs out", DLT_LOG_INFO,
                                      DLT_TRACE_STATUS_OFF) == 0);
}

static void flush(void)
{
    int (*wait)(uint32_t) = (int (*)(uint32_t))dlsym(RTLD_DEFAULT, "dlt_flush");
    if (wait)
        EXPECT(wait(20000) == 0);
}

static void limit(int what, rlim_t value)
{
    struct rlimit now;
    EXPECT(getrlimit((__rlimit_resource_t)what, &now) == 0);
    now.rlim_cur = value > now.rlim_max ? now.rlim_max : value;
    EXPECT(setrlimit((__rlimit_resource_t)what, &now) == 0);
}

static void descriptors(void)
{
    /* So many of them are needed that it fails at another one each time. */
    for (rlim_t room = 0; room < 5; room++) {
        int first_free = dup(0);
        close(first_free);
        limit(RLIMIT_NOFILE, (rlim_t)first_free + room);
        found("init", dlt_init());
        DltContext other;
        dlt_register_context(&other, "OTHR", "when there is no room");
        dlt_log_string(&other, DLT_LOG_INFO, "when there is no room");
        dlt_free();
        limit(RLIMIT_NOFILE, 1024);
    }
    begin();
    EXPECT(put(4711) == 0);
    flush();
}

static void wait_for_line(void)
{
    char byte;
    while (read(STDIN_FILENO, &byte, 1) == 1 && byte != '\n') {
    }
}

static void link_breaks(void)
{
    int taken[1024], count = 0;
    limit(RLIMIT_NOFILE, 512);
    begin();
    EXPECT(put(1) == 0);
    flush();
    while (count < 1024 && (taken[count] = dup(0)) >= 0)
        count++;
    found("taken", count);
    wait_for_line();
    /* The link's own, which gets free when it breaks; the reference keeps it. */
    for (int tries = 0; tries < 3000 && (taken[count] = dup(0)) < 0; tries++)
        usleep(1000);
    while (count < 1023 && taken[count] >= 0)
        taken[++count] = dup(0);
    found("more", count);
    EXPECT(put(2) == 0);
    /* The test sees that there is a daemon again, and nobody comes. */
    wait_for_line();
    while (count > 0)
        close(taken[--count]);
    found("released", 0);
    EXPECT(put(3) == 0);
    /* Nobody calls: to flush would make the worker look for the daemon. */
    wait_for_line();
    flush();
}

static void threads(void)
{
    struct rlimit before;
    EXPECT(getrlimit(RLIMIT_NPROC, &before) == 0);
    found("init", dlt_init());
    found("app", dlt_register_app("SCRC", "runs out"));
    found("register", dlt_register_context(&context, "SCRC", "runs out"));
    found("log", put(1));
    limit(RLIMIT_NPROC, before.rlim_max);
    begin();
    EXPECT(put(4711) == 0);
    flush();
}

static rlim_t address_space(void)
{
    unsigned long pages = 0;
    FILE *file = fopen("/proc/self/statm", "r");
    EXPECT(file && fscanf(file, "%lu", &pages) == 1);
    fclose(file);
    return (rlim_t)pages * (rlim_t)sysconf(_SC_PAGESIZE);
}

static void memory(void)
{
    int failed = 0, started = 0;
    rlim_t now = address_space();
    /* From nothing to more than all of it: it fails at one thing after the other. */
    for (rlim_t more = 0; more < 8 << 20; more += 96 << 10) {
        limit(RLIMIT_AS, now + more);
        if (dlt_init() == 0) {
            started++;
            dlt_free();
        } else {
            failed++;
        }
        limit(RLIMIT_AS, RLIM_INFINITY);
        if (started > 2)
            break;
    }
    found("failed", failed);
    begin();
    EXPECT(put(4711) == 0);
    flush();
}

static struct block {
    struct block *next;
} *hoard;

/* Takes all memory there is, down to the last bytes. */
static void take_all(void)
{
    limit(RLIMIT_AS, address_space() + (4 << 20));
    for (size_t size = 1 << 20; size >= sizeof(struct block); size /= 2) {
        struct block *block;
        while ((block = malloc(size))) {
            block->next = hoard;
            hoard = block;
        }
    }
}

static void give_all_back(void)
{
    limit(RLIMIT_AS, RLIM_INFINITY);
    while (hoard) {
        struct block *next = hoard->next;
        free(hoard);
        hoard = next;
    }
}

static void call_everything(void)
{
    DltContext other = { { 0 }, 0, NULL, NULL, 0 };
    DltContextData data;
    int total, used;
    found("init", dlt_init());
    found("app", dlt_register_app("OTHR", "when there is no memory"));
    for (int i = 0; i < 100; i++)
        (void)dlt_register_context(&other, "OTHR", "when there is no memory");
    found("register", dlt_register_context(&other, "OTHR", "when there is no memory"));
    found("log", put(2));
    if (dlt_user_log_write_start(&other, &data, DLT_LOG_INFO) == 1) {
        dlt_user_log_write_string(&data, "when there is no memory");
        dlt_user_log_write_finish(&data);
    }
    dlt_log_string(&context, DLT_LOG_INFO, "when there is no memory");
    dlt_register_injection_callback(&context, 0x1000, NULL);
    dlt_register_log_level_changed_callback(&context, NULL);
    dlt_set_application_ll_ts_limit(DLT_LOG_INFO, DLT_TRACE_STATUS_OFF);
    dlt_log_marker();
    dlt_user_check_buffer(&total, &used);
    dlt_user_log_resend_buffer();
    dlt_log(3, "when there is no memory\n");
    dlt_vlog(3, "when there is no %s\n", "memory");
    dlt_unregister_context(&other);
    dlt_user_log_file_infoAbout(&context, "/etc/hostname");
    dlt_unregister_app_flush_buffered_logs();
    dlt_free();
    found("init", dlt_init());
}

static void exhausted(int in_use)
{
    if (in_use) {
        begin();
        EXPECT(put(1) == 0);
        flush();
    }
    take_all();
    call_everything();
    give_all_back();
    dlt_free();
    begin();
    EXPECT(put(4711) == 0);
    flush();
}

int main(int argc, char **argv)
{
    const char *what = argc > 1 ? argv[1] : "";
    setvbuf(stdout, NULL, _IONBF, 0);
#define IS(NAME) (strcmp(what, NAME) == 0)
    if (IS("descriptors"))
        descriptors();
    else if (IS("link"))
        link_breaks();
    else if (IS("threads"))
        threads();
    else if (IS("memory"))
        memory();
    else if (IS("all"))
        exhausted(0);
    else if (IS("again"))
        exhausted(1);
    else
        return 2;
    found("end", 0);
    return 0;
}

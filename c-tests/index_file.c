/* SPDX-License-Identifier: MPL-2.0 */
/*
 * Indexes a file and prints what that cost: number of messages, nanoseconds of processor time and of
 * the clock on the wall, KiB of memory at the most beyond what the process had before.
 *
 * usage: index_file FILE
 */
#include <dlt/dlt.h>
#include <dlt/dlt_common.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static long long now(clockid_t clock)
{
    struct timespec time;

    clock_gettime(clock, &time);
    return time.tv_sec * 1000000000LL + time.tv_nsec;
}

/* The most so far, in KiB. getrusage() would tell the most of whoever started the program, too. */
static long memory(void)
{
    FILE *status = fopen("/proc/self/status", "r");
    char line[256];
    long most = 0;

    while (status != NULL && fgets(line, sizeof(line), status) != NULL)
        if (strncmp(line, "VmHWM:", 6) == 0)
            most = strtol(line + 6, NULL, 10);
    if (status != NULL)
        fclose(status);
    return most;
}

int main(int argc, char **argv)
{
    static DltFile file;
    long before = memory();
    long long processor = now(CLOCK_PROCESS_CPUTIME_ID);
    long long wall = now(CLOCK_MONOTONIC);

    if (argc != 2 || dlt_file_init(&file, 0) != 0 || dlt_file_open(&file, argv[1], 0) != 0)
        return 2;
    while (dlt_file_read(&file, 0) >= 0)
        ;
    processor = now(CLOCK_PROCESS_CPUTIME_ID) - processor;
    wall = now(CLOCK_MONOTONIC) - wall;
    printf("%d %lld %lld %ld\n", file.counter, processor, wall, memory() - before);
    /* The last message can be read, so the index is what it should be. */
    if (file.counter > 0 && dlt_file_message(&file, file.counter - 1, 0) != 0)
        return 3;
    dlt_file_free(&file, 0);
    return 0;
}

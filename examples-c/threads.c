/* SPDX-License-Identifier: MPL-2.0 */
/*
 * Four threads of an invented car log to the daemon until standard input ends. Each line that is
 * read there is answered with the counts so far, and so is the end. Copy it freely.
 *
 *   cc -pthread threads.c -o threads $(pkg-config --cflags --libs automotive-dlt)
 */
#include <dlt.h>
#include <dlt_ng.h>
#include <inttypes.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <time.h>

enum { PAUSE_MS = 10, FLUSH_MS = 5000 };

/* A part of the car: its name, its context, its thread. */
typedef struct {
    const char *id;
    const char *description;
    DltContext context;
    pthread_t thread;
} Part;

static volatile sig_atomic_t stop;

static void pause_ms(long milliseconds)
{
    const struct timespec time = { milliseconds / 1000, milliseconds % 1000 * 1000000 };
    nanosleep(&time, NULL);
}

static void *drive(void *argument)
{
    Part *part = argument;
    for (uint32_t n = 1; !stop; n++) {
        /* Most is of no interest: below the level, the arguments are not even looked at. */
        DLT_LOG(part->context, DLT_LOG_DEBUG, DLT_STRING("turn"), DLT_UINT32(n));
        DLT_LOG(part->context, DLT_LOG_INFO, DLT_STRING("value"), DLT_UINT32(n),
                DLT_STRING("load"), DLT_FLOAT64((n * 37 % 100) / 100.0));
        if (n % 50 == 0)
            DLT_LOG(part->context, DLT_LOG_WARN, DLT_STRING("hot after"), DLT_UINT32(n));
        pause_ms(PAUSE_MS);
    }
    DLT_LOG(part->context, DLT_LOG_INFO, DLT_STRING("off"));
    return NULL;
}

static void print_counts(void)
{
    DltNgStatistics s = { .size = sizeof s };
    dlt_ng_get_statistics(&s);
    printf("submitted %" PRIu64 ", delivered %" PRIu64 ", waiting %" PRIu64 ", lost %" PRIu64
           ", reconnects %" PRIu32 "\n",
           s.submitted, s.delivered, s.waiting, s.lost, s.reconnects);
    fflush(stdout);
}

int main(void)
{
    Part parts[] = { { .id = "ENG", .description = "engine" },
                     { .id = "GEAR", .description = "gearbox" },
                     { .id = "BRK", .description = "brakes" },
                     { .id = "NAV", .description = "navigation" } };
    const size_t count = sizeof parts / sizeof parts[0];
    size_t running;

    DLT_REGISTER_APP("CAR", "an invented car");
    for (size_t i = 0; i < count; i++)
        DLT_REGISTER_CONTEXT(parts[i].context, parts[i].id, parts[i].description);
    for (running = 0; running < count; running++) {
        if (pthread_create(&parts[running].thread, NULL, drive, &parts[running]) != 0)
            break;
    }

    for (int c = getchar(); c != EOF; c = getchar()) {
        if (c == '\n')
            print_counts();
    }

    stop = 1;
    for (size_t i = 0; i < running; i++)
        pthread_join(parts[i].thread, NULL);
    /* Wait until the daemon has everything; then the counts are final. */
    int flushed = dlt_flush(FLUSH_MS) == DLT_RETURN_OK;
    print_counts();
    for (size_t i = 0; i < count; i++)
        DLT_UNREGISTER_CONTEXT(parts[i].context);
    DLT_UNREGISTER_APP();
    return flushed && running == count ? 0 : 1;
}

/* What a logging call costs as a mean over bursts, told in readings of the time-stamp counter: a
 * single reading may tick in steps of 10 ns, a burst of a thousand calls does not. Then how many
 * messages a second arrive. The including file defines, before it includes this one:
 *
 *   LOG_ONE(i)    one call with an int, an unsigned, a short string and a double
 *   thread_begin  what a thread does before it logs
 *   all_delivered waits until everything is with the sink
 *
 * -b calls a burst (1000), -r bursts that count (200), -p microseconds between bursts (5000),
 * -n messages of the flood (1000000), -t threads of the flood (1)
 * One line of key=value on stdout. */
#ifndef BURST_H
#define BURST_H

#include <pthread.h>
#include <stdio.h>
#include <unistd.h>

#include "tsc.h"

#define WARM_UP 20

static long calls_a_burst = 1000, bursts = 200, pause_us = 5000, flood = 1000000, threads = 1;

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median_of(double *values, long count)
{
    qsort(values, (size_t)count, sizeof *values, by_value);
    return values[count / 2];
}

static inline uint64_t counter(void)
{
#if defined(__x86_64__)
    return __rdtsc();
#else
    return now_ns();
#endif
}

/* Nanoseconds for one reading of the counter among others. */
static double one_reading(double ghz)
{
    double means[101];
    for (int round = 0; round < 101; round++) {
        uint64_t begin = tsc_begin();
        for (int i = 0; i < 1000; i++) {
            uint64_t now = counter();
            __asm__ volatile("" : : "r"(now));
        }
        means[round] = (double)(tsc_end() - begin) / ghz / 1000;
    }
    return median_of(means, 101);
}

static double mean_of_bursts(double ghz)
{
    double *means = (double *)calloc((size_t)bursts, sizeof *means);
    if (!means)
        return 0;
    for (long round = -WARM_UP; round < bursts; round++) {
        uint64_t begin = tsc_begin();
        for (long i = 0; i < calls_a_burst; i++)
            LOG_ONE(i);
        uint64_t end = tsc_end();
        if (round >= 0)
            means[round] = (double)(end - begin) / ghz / (double)calls_a_burst;
        usleep((useconds_t)pause_us);
    }
    double middle = median_of(means, bursts);
    free(means);
    return middle;
}

static void *flooding(void *barrier)
{
    thread_begin();
    pthread_barrier_wait((pthread_barrier_t *)barrier);
    for (long i = 0; i < flood / threads; i++)
        LOG_ONE(i);
    return NULL;
}

/* Thousand messages a second from the first call to the last delivery. */
static double delivered_rate(void)
{
    pthread_t thread[64];
    pthread_barrier_t barrier;
    pthread_barrier_init(&barrier, NULL, (unsigned)threads + 1);
    for (long i = 0; i < threads; i++)
        pthread_create(&thread[i], NULL, flooding, &barrier);
    pthread_barrier_wait(&barrier);
    uint64_t begin = now_ns();
    for (long i = 0; i < threads; i++)
        pthread_join(thread[i], NULL);
    all_delivered();
    return (double)(flood / threads * threads) * 1e6 / (double)(now_ns() - begin);
}

static void measure(int argc, char **argv)
{
    int option;
    while ((option = getopt(argc, argv, "b:r:p:n:t:")) > 0) {
        long value = atol(optarg);
        switch (option) {
        case 'b': calls_a_burst = value; break;
        case 'r': bursts = value; break;
        case 'p': pause_us = value; break;
        case 'n': flood = value; break;
        case 't': threads = value < 64 ? value : 64; break;
        default: exit(2);
        }
    }
    double ghz = tsc_ghz_calib();
    double reading = one_reading(ghz);
    thread_begin();
    double call = mean_of_bursts(ghz);
    double rate = delivered_rate();
    printf("n=%ld call_ns=%.2f reading_ns=%.2f readings=%.3f kmsg_s=%.1f\n",
           (bursts + WARM_UP) * calls_a_burst + flood / threads * threads, call, reading,
           call / reading, rate);
    fflush(stdout);
}

#endif

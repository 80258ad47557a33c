/* What no logging call with a time stamp, a shared ring and its bytes can do without, and what that
 * costs on this machine: reading the time-stamp counter, one compare-and-swap of a shared word, and
 * 77 bytes (a record of int, unsigned, short string and double) put together and copied into the
 * next of 16,384 slots of 128 bytes. Nothing is checked, nothing is counted, nobody reads.
 *
 * Each line is the one before with one thing more. Least mean of 400 bursts of 1,000, in ns and in
 * readings of the counter.
 *
 * Then the last of them again, call by call, in bursts of 1,000 every 5 ms of 1, 4 and 16 threads, with
 * one more thread that reads what they have written every 1.5 ms: percentiles in ns, as dltbench has
 * them. */
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "tsc.h"

#if defined(__x86_64__)
enum { BURSTS = 400, CALLS = 1000, SLOTS = 16384, AHEAD = 8 };

struct slot {
    _Alignas(128) uint64_t words[16];
};

static struct slot *slots;
static _Alignas(64) uint64_t tail;
static _Thread_local _Alignas(64) unsigned char staged[64];

static inline uint64_t reading(void)
{
    uint32_t low, high;
    __asm__ volatile("rdtsc" : "=a"(low), "=d"(high));
    return (uint64_t)high << 32 | low;
}

/* Not inlined: it would be worked out for several calls at once. */
__attribute__((noinline)) static void compose(int number)
{
    static const char text[10] = "short str";
    double real = 0.5 * number;
    uint32_t types[4] = {0x23, 0x43, 0x200, 0x84};
    uint16_t length = sizeof(text);
    memcpy(staged, &types[0], 4);
    memcpy(staged + 4, &number, 4);
    memcpy(staged + 8, &types[1], 4);
    memcpy(staged + 12, &number, 4);
    memcpy(staged + 16, &types[2], 4);
    memcpy(staged + 20, &length, 2);
    memcpy(staged + 22, text, sizeof(text));
    memcpy(staged + 32, &types[3], 4);
    memcpy(staged + 36, &real, 8);
    __asm__ volatile("" ::: "memory");
}

static inline uint64_t reserve(void)
{
    uint64_t at = __atomic_load_n(&tail, __ATOMIC_RELAXED);
    while (!__atomic_compare_exchange_n(&tail, &at, at + 1, 0, __ATOMIC_SEQ_CST, __ATOMIC_RELAXED)) {
    }
    return at;
}

static inline void store(uint64_t at, uint64_t time)
{
    struct slot *slot = &slots[at % SLOTS];
    __builtin_prefetch(slot + AHEAD, 1);
    __builtin_prefetch((char *)(slot + AHEAD) + 64, 1);
    slot->words[1] = at;
    slot->words[2] = time;
    slot->words[3] = 4;
    for (int word = 0; word < 6; word++) {
        uint64_t copied;
        memcpy(&copied, staged + 8 * word, 8);
        slot->words[4 + word] = copied;
    }
    __atomic_store_n(&slot->words[0], at / SLOTS << 22 | 77, __ATOMIC_RELEASE);
}

#define MEASURE(name, ...)                                                                \
    do {                                                                                  \
        double least = 1e9;                                                               \
        for (int burst = 0; burst < BURSTS; burst++) {                                    \
            uint64_t begin = tsc_begin();                                                 \
            for (int call = 0; call < CALLS; call++) {                                    \
                __VA_ARGS__                                                               \
            }                                                                             \
            double mean = (double)(tsc_end() - begin) / CALLS / ghz;                      \
            if (mean < least)                                                             \
                least = mean;                                                             \
        }                                                                                 \
        if (unit == 0)                                                                    \
            unit = least;                                                                 \
        printf("%s_ns=%.2f %s_readings=%.2f\n", name, least, name, least / unit);         \
    } while (0)

enum { PAUSE_US = 5000, READ_EVERY_US = 1500, EACH = 50000, THREADS_MAX = 16 };

static int is_over;

static void *reader(void *sum_of_all)
{
    uint64_t *sum = sum_of_all, at = __atomic_load_n(&tail, __ATOMIC_ACQUIRE);
    while (!__atomic_load_n(&is_over, __ATOMIC_RELAXED)) {
        for (uint64_t end = __atomic_load_n(&tail, __ATOMIC_ACQUIRE); at < end; at++)
            for (int word = 0; word < 10; word++)
                *sum += __atomic_load_n(&slots[at % SLOTS].words[word], __ATOMIC_RELAXED);
        usleep(READ_EVERY_US);
    }
    return NULL;
}

static void *writer(void *room)
{
    uint32_t *times = room;
    for (int call = 0; call < EACH; call++) {
        if (call % CALLS == 0)
            usleep(PAUSE_US);
        uint64_t begin = tsc_begin();
        compose(call);
        uint64_t time = reading();
        store(reserve(), time);
        times[call] = (uint32_t)(tsc_end() - begin);
    }
    return NULL;
}

static void bursts(int threads, double ghz)
{
    pthread_t writers[THREADS_MAX], one_reader;
    uint32_t *times = calloc((size_t)threads * EACH, sizeof(*times)), overhead = tsc_overhead();
    uint64_t sum = 0;
    if (times == NULL)
        abort();
    is_over = 0;
    if (pthread_create(&one_reader, NULL, reader, &sum))
        abort();
    for (int thread = 0; thread < threads; thread++)
        if (pthread_create(&writers[thread], NULL, writer, times + (size_t)thread * EACH))
            abort();
    for (int thread = 0; thread < threads; thread++)
        pthread_join(writers[thread], NULL);
    __atomic_store_n(&is_over, 1, __ATOMIC_RELAXED);
    pthread_join(one_reader, NULL);
    size_t count = (size_t)threads * EACH;
    radix_u32(times, count);
    const struct {
        const char *name;
        size_t of_1000;
    } percentiles[] = {{"p50", 500}, {"p99", 990}, {"p999", 999}};
    for (int which = 0; which < 3; which++) {
        uint32_t taken = times[count / 1000 * percentiles[which].of_1000];
        double ns = (taken > overhead ? taken - overhead : 0) / ghz;
        printf("bursts_%d_%s_ns=%.0f ", threads, percentiles[which].name, ns);
    }
    printf("\n");
    free(times);
}

int main(void)
{
    double ghz = tsc_ghz_calib(), unit = 0;
    slots = aligned_alloc(128, sizeof(*slots) * SLOTS);
    if (slots == NULL)
        return 1;
    memset(slots, 1, sizeof(*slots) * SLOTS);
    uint64_t sum = 0;
    MEASURE("reading", sum += reading(););
    MEASURE("reserved", sum += reading(); sum += reserve(););
    MEASURE("stored", uint64_t time = reading(); store(reserve(), time););
    MEASURE("composed", compose(call); uint64_t time = reading(); store(reserve(), time););
    for (int threads = 1; threads <= THREADS_MAX; threads *= 4)
        bursts(threads, ghz);
    /* Nothing of it may be left out. */
    return sum == 0;
}
#else
int main(void)
{
    puts("SKIPPED: only measured on x86_64");
    return 0;
}
#endif

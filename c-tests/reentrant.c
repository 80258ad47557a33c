/* Logs where a program is in the middle of something else: in signal handlers that interrupt a
 * logging call, in the arguments of another message, in malloc and its kin, while a thread ends.
 *
 *   reentrant storm COUNT        a thread that logs under a storm of signals, until the handlers
 *                                have logged COUNT messages
 *   reentrant handlers COUNT     the same, the handlers logging to the thread's own context
 *   reentrant long COUNT         the same, a handler logging more at a time than the ring holds
 *   reentrant arguments DEPTH    so many messages open at the same time
 *   reentrant malloc BUDGET      a malloc that logs, before, at and after the library's start
 *   reentrant destructors COUNT  so many threads that log while they end
 *
 * Every message says who logged it and its number among theirs. Prints "WHO OK FULL REFUSED" for
 * each, then "end"; waits for the end of stdin, flushes, and prints "SUBMITTED DELIVERED WAITING
 * LOST GROWTH", the growth of its address space in KiB where that was looked at. */
#define _GNU_SOURCE
#include <dlt/dlt.h>
#include <dlfcn.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { BODY, FIRST_HANDLER, SECOND_HANDLER, ALLOCATION, ENDING, WHOS };
static const char *const names[WHOS] = { "BODY", "HND1", "HND2", "ALLO", "ENDG" };

static DltContext contexts[WHOS];
static struct {
    uint32_t next, ok, full, refused;
} sums[WHOS];

static uint32_t one_more(uint32_t *count)
{
    return __atomic_fetch_add(count, 1, __ATOMIC_RELAXED);
}

/* A message from which can be told whether it is whole. */
static void put_to(DltContext *context, int who, int level)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghijklm"
                                  "nopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz";
    DltContextData data;
    if (dlt_user_log_write_start(context, &data, (DltLogLevelType)level) != DLT_RETURN_TRUE) {
        one_more(&sums[who].refused);
        return;
    }
    uint32_t number = one_more(&sums[who].next);
    dlt_user_log_write_uint32(&data, (uint32_t)who);
    dlt_user_log_write_uint32(&data, number);
    dlt_user_log_write_string(&data, letters + number % 26);
    dlt_user_log_write_uint32(&data, ~number);
    switch (dlt_user_log_write_finish(&data)) {
    case DLT_RETURN_OK:
        one_more(&sums[who].ok);
        break;
    case DLT_RETURN_BUFFER_FULL:
        one_more(&sums[who].full);
        break;
    default:
        one_more(&sums[who].refused);
    }
}

static void put(int who, int level)
{
    put_to(&contexts[who], who, level);
}

/* malloc and its kin: each call is a message while the budget lasts. */
static int32_t budget;
static int32_t logging_allocations;

static void log_allocation(void)
{
    if (__atomic_load_n(&budget, __ATOMIC_RELAXED) <= 0)
        return;
    __atomic_fetch_add(&logging_allocations, 1, __ATOMIC_SEQ_CST);
    if (__atomic_fetch_sub(&budget, 1, __ATOMIC_SEQ_CST) > 0)
        put(ALLOCATION, DLT_LOG_INFO);
    __atomic_fetch_sub(&logging_allocations, 1, __ATOMIC_SEQ_CST);
}

extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *block, size_t size);
extern void __libc_free(void *block);

void *malloc(size_t size)
{
    log_allocation();
    return __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
    log_allocation();
    return __libc_calloc(count, size);
}

void *realloc(void *block, size_t size)
{
    log_allocation();
    return __libc_realloc(block, size);
}

void free(void *block)
{
    log_allocation();
    __libc_free(block);
}

static void start_up(void)
{
    dlt_register_app("REEN", "logs in the middle of something else");
    for (int who = 0; who < WHOS; who++)
        dlt_register_context_ll_ts(&contexts[who], names[who], "one of those who log", DLT_LOG_INFO,
                                   DLT_TRACE_STATUS_OFF);
}

/* ---- signals ---- */

static pid_t target;
static volatile int storm_is_over;
static int handlers_share;
static int messages_a_signal = 1;

static void handle(int signal)
{
    int who = signal == SIGUSR1 ? FIRST_HANDLER : SECOND_HANDLER;
    for (int i = 0; i < messages_a_signal; i++)
        put_to(&contexts[handlers_share ? BODY : who], who, DLT_LOG_INFO);
}

/* Messages that handlers have finished. */
static uint32_t handled_so_far(void)
{
    uint32_t count = 0;
    for (int who = FIRST_HANDLER; who <= SECOND_HANDLER; who++)
        count += __atomic_load_n(&sums[who].ok, __ATOMIC_RELAXED) +
                 __atomic_load_n(&sums[who].full, __ATOMIC_RELAXED) +
                 __atomic_load_n(&sums[who].refused, __ATOMIC_RELAXED);
    return count;
}

static void *send_signals(void *unused)
{
    uint64_t random = 88172645463325252u;
    (void)unused;
    while (!storm_is_over) {
        uint32_t before = handled_so_far();
        random ^= random << 13, random ^= random >> 7, random ^= random << 17;
        syscall(SYS_tgkill, getpid(), target, random >> 60 < 10 ? SIGUSR1 : SIGUSR2);
        /* Now and then into a handler. But who is sent signals faster than he can handle them does
         * nothing else. */
        while (random % 8 != 0 && !storm_is_over && handled_so_far() == before)
            sched_yield();
        for (volatile uint64_t wait = random % 4096; wait > 0; wait--) {
        }
    }
    return NULL;
}

static void storm(uint32_t count)
{
    struct sigaction action = { .sa_handler = handle, .sa_flags = SA_RESTART };
    pthread_t thread;
    sigaction(SIGUSR1, &action, NULL);
    sigaction(SIGUSR2, &action, NULL);
    target = (pid_t)syscall(SYS_gettid);
    sigset_t none, all;
    sigfillset(&all);
    /* Whoever sends must not be hit himself. */
    pthread_sigmask(SIG_BLOCK, &all, &none);
    pthread_create(&thread, NULL, send_signals, NULL);
    pthread_sigmask(SIG_SETMASK, &none, NULL);
    volatile uint32_t *handled[] = { &sums[FIRST_HANDLER].next, &sums[SECOND_HANDLER].next };
    while (*handled[0] + *handled[1] < count)
        put(BODY, DLT_LOG_INFO);
    storm_is_over = 1;
    pthread_join(thread, NULL);
}

/* ---- arguments ---- */

static uint32_t deeper(uint32_t depth)
{
    DltContextData data;
    if (depth == 0 || dlt_user_log_write_start(&contexts[BODY], &data, DLT_LOG_INFO) != DLT_RETURN_TRUE)
        return 0;
    dlt_user_log_write_uint32(&data, BODY);
    dlt_user_log_write_uint32(&data, 1 + deeper(depth - 1));
    int result = dlt_user_log_write_finish(&data);
    sums[BODY].ok += result == DLT_RETURN_OK;
    sums[BODY].full += result == DLT_RETURN_BUFFER_FULL;
    return depth;
}

/* ---- malloc ---- */

static void *allocate(void *unused)
{
    void *blocks[8] = { NULL };
    for (size_t i = 0; i < 2000; i++)
        blocks[i % 8] = realloc(blocks[i % 8], 16 + i % 500);
    for (size_t i = 0; i < 8; i++)
        free(blocks[i]);
    return unused;
}

static void many_keys(void)
{
    pthread_key_t key;
    /* From the 32nd on a thread's values are on the heap. */
    for (int i = 0; i < 40; i++)
        pthread_key_create(&key, NULL);
}

static void logging_malloc(int32_t limit)
{
    enum { THREADS = 4 };
    pthread_t threads[THREADS];
    many_keys();
    budget = limit;
    free(malloc(1));
    start_up();
    for (int i = 0; i < THREADS; i++)
        pthread_create(&threads[i], NULL, allocate, NULL);
    for (int i = 0; i < 200; i++) {
        DltContext passing = { { 0 }, 0, NULL, NULL, 0 };
        dlt_register_context(&passing, "PASS", "comes and goes");
        dlt_unregister_context(&passing);
    }
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
}

/* ---- thread-exit destructors ---- */

static pthread_key_t early_key, late_key;

/* What a destructor of a C++ thread_local is registered with. */
extern int __cxa_thread_atexit_impl(void (*)(void *), void *, void *);
extern void *__dso_handle;

static void ends(void *value)
{
    (void)value;
    put(ENDING, DLT_LOG_INFO);
}

/* Sets its value again, as one does who cleans up what others still use. */
static void ends_twice(void *value)
{
    put(ENDING, DLT_LOG_INFO);
    if (value == &late_key)
        pthread_setspecific(late_key, &early_key);
}

static void *end_logging(void *kind)
{
    uintptr_t which = (uintptr_t)kind;
    if (which & 1)
        put(ENDING, DLT_LOG_INFO);
    pthread_setspecific(early_key, &early_key);
    pthread_setspecific(late_key, &late_key);
    if (which & 2)
        __cxa_thread_atexit_impl(ends, NULL, &__dso_handle);
    if (which & 4)
        put(ENDING, DLT_LOG_INFO);
    return NULL;
}

static long address_space(void)
{
    long pages = 0;
    FILE *file = fopen("/proc/self/statm", "r");
    if (file && fscanf(file, "%ld", &pages) != 1)
        pages = 0;
    if (file)
        fclose(file);
    return pages * (sysconf(_SC_PAGESIZE) / 1024);
}

static void run_and_end(uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        pthread_t thread;
        pthread_create(&thread, NULL, end_logging, (void *)(uintptr_t)i);
        pthread_join(thread, NULL);
    }
}

/* ---- */

int main(int argc, char **argv)
{
    struct {
        uint32_t size, reconnects;
        uint64_t submitted, delivered, waiting, lost, more[7];
    } statistics = { .size = sizeof statistics };
    const char *what = argc > 1 ? argv[1] : "";
    uint32_t count = argc > 2 ? (uint32_t)atol(argv[2]) : 0;
    long growth = 0;

    if (strcmp(what, "malloc") == 0) {
        logging_malloc((int32_t)count);
    } else {
        pthread_key_create(&early_key, ends);
        start_up();
        pthread_key_create(&late_key, ends_twice);
        if (strcmp(what, "arguments") == 0) {
            deeper(count);
        } else if (strcmp(what, "destructors") == 0) {
            run_and_end(64);
            long before = address_space();
            run_and_end(count);
            growth = address_space() - before;
        } else {
            handlers_share = strcmp(what, "handlers") == 0;
            messages_a_signal = strcmp(what, "long") == 0 ? 1500 : 1;
            storm(count);
        }
    }
    __atomic_store_n(&budget, 0, __ATOMIC_SEQ_CST);
    /* The library's own thread may be in the middle of one. */
    while (__atomic_load_n(&logging_allocations, __ATOMIC_SEQ_CST) > 0)
        sched_yield();
    for (int who = 0; who < WHOS; who++)
        printf("%d %u %u %u\n", who, sums[who].ok, sums[who].full, sums[who].refused);
    printf("end\n");
    fflush(stdout);
    while (getchar() != EOF) {
    }
    int (*wait)(uint32_t) = (int (*)(uint32_t))dlsym(RTLD_DEFAULT, "dlt_flush");
    int (*get)(void *) = (int (*)(void *))dlsym(RTLD_DEFAULT, "dlt_ng_get_statistics");
    if (!wait || !get || wait(20000) != 0 || get(&statistics) != 0)
        return 1;
    printf("%llu %llu %llu %llu %ld\n", (unsigned long long)statistics.submitted,
           (unsigned long long)statistics.delivered, (unsigned long long)statistics.waiting,
           (unsigned long long)statistics.lost, growth);
    fflush(stdout);
    return 0;
}

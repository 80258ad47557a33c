/* A program that logs what it is told to, so that a test decides when what happens.
 * Reads one command per line from stdin, answers each with one line "= ..." on stdout, and reports
 * callbacks as lines "! ...". Functions of dlt_ng.h are looked up, so that it runs on any libdlt. */
#define _GNU_SOURCE
#include <dlt/dlt.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { CONTEXTS = 64, THREADS = 64 };
static DltContext contexts[CONTEXTS];
static pthread_mutex_t answer_lock = PTHREAD_MUTEX_INITIALIZER;

struct statistics {
    uint32_t size, reconnects;
    uint64_t submitted, delivered, waiting, lost;
    uint64_t refused, evicted, oversize, file_full, abandoned;
    uint64_t high_water_bytes, capacity_bytes;
};

static void say(const char *format, ...)
{
    char line[1024];
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(line, sizeof line - 1, format, arguments);
    va_end(arguments);
    line[length++] = '\n';
    pthread_mutex_lock(&answer_lock);
    for (int done = 0; done < length;) {
        ssize_t wrote = write(STDOUT_FILENO, line + done, (size_t)(length - done));
        if (wrote <= 0)
            break;
        done += (int)wrote;
    }
    pthread_mutex_unlock(&answer_lock);
}

static uint64_t now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

/* One message of two numbers. 1 if filtered, else what finish returned. */
static int log_one(DltContext *context, int level, uint32_t thread, uint32_t number)
{
    DltContextData data;
    if (dlt_user_log_write_start(context, &data, (DltLogLevelType)level) != DLT_RETURN_TRUE)
        return 1;
    dlt_user_log_write_uint32(&data, thread);
    dlt_user_log_write_uint32(&data, number);
    return dlt_user_log_write_finish(&data);
}

struct burst {
    DltContext *context;
    int level;
    uint32_t thread, first, count;
    uint32_t ok, full, other;
    uint64_t longest;
};

static void *run_burst(void *argument)
{
    struct burst *burst = argument;
    for (uint32_t i = 0; i < burst->count; i++) {
        uint64_t before = now();
        int result = log_one(burst->context, burst->level, burst->thread, burst->first + i);
        uint64_t took = now() - before;
        if (took > burst->longest)
            burst->longest = took;
        if (result == DLT_RETURN_OK)
            burst->ok++;
        else if (result == DLT_RETURN_BUFFER_FULL)
            burst->full++;
        else
            burst->other++;
    }
    return NULL;
}

/* Each thread logs to `model->context`, or with `apart` to a context of its own. */
static void burst_on_threads(struct burst *model, uint32_t threads, int apart)
{
    struct burst bursts[THREADS];
    pthread_t ids[THREADS];
    uint64_t start = now();
    if (threads == 1) {
        run_burst(model);
        bursts[0] = *model;
    } else {
        for (uint32_t i = 0; i < threads; i++) {
            bursts[i] = *model;
            bursts[i].thread = i;
            if (apart)
                bursts[i].context = &contexts[i];
            pthread_create(&ids[i], NULL, run_burst, &bursts[i]);
        }
        for (uint32_t i = 0; i < threads; i++)
            pthread_join(ids[i], NULL);
    }
    struct burst sum = { .longest = 0 };
    for (uint32_t i = 0; i < threads; i++) {
        sum.ok += bursts[i].ok;
        sum.full += bursts[i].full;
        sum.other += bursts[i].other;
        if (bursts[i].longest > sum.longest)
            sum.longest = bursts[i].longest;
    }
    say("= %u %u %u %llu %llu", sum.ok, sum.full, sum.other,
        (unsigned long long)((now() - start) / 1000), (unsigned long long)(sum.longest / 1000));
}

/* Threads that log until they are told to stop. */
static struct burst floods[THREADS];
static pthread_t flood_ids[THREADS];
static uint32_t flooding;
static uint64_t flood_pause;
static volatile int calm;

static void *run_flood(void *argument)
{
    struct burst *flood = argument;
    flood->count = 1;
    for (; !calm; flood->first++) {
        run_burst(flood);
        for (uint64_t begin = now(); flood_pause > 0 && now() - begin < flood_pause;) {
        }
    }
    return NULL;
}

static void start_flood(DltContext *context, int level, uint32_t threads, uint64_t pause)
{
    calm = 0;
    flood_pause = pause;
    for (flooding = 0; flooding < threads; flooding++) {
        struct burst *flood = &floods[flooding];
        flood->context = context;
        flood->level = level;
        flood->thread = 100 + flooding;
        pthread_create(&flood_ids[flooding], NULL, run_flood, flood);
    }
    say("= 0");
}

static void end_flood(void)
{
    struct burst sum = { .longest = 0 };
    calm = 1;
    for (uint32_t i = 0; i < flooding; i++) {
        pthread_join(flood_ids[i], NULL);
        sum.ok += floods[i].ok;
        sum.full += floods[i].full;
        sum.other += floods[i].other;
        floods[i].ok = floods[i].full = floods[i].other = 0;
    }
    flooding = 0;
    say("= %u %u %u", sum.ok, sum.full, sum.other);
}

/* Threads that log, and write down what became of each message: a byte for every number of every
 * thread, in a file that the test reads. */
enum outcome { NOT_LOGGED = 0, ACCEPTED = 1, REFUSED = 2, FAILED = 3, FILTERED = 4 };

static struct {
    uint32_t epoch, threads, count, contexts, size, pause_us;
    volatile uint8_t *outcomes;
    char text[65536];
    volatile int stop;
    int running;
    uint64_t longest[THREADS];
    pthread_t ids[THREADS];
} storm;

/* How many bytes of text a message has behind its two numbers: none, mostly. The test knows, too. */
static uint32_t text_length(uint32_t thread, uint32_t number)
{
    uint32_t mixed = (thread * 2654435761u + number) * 2246822519u;
    mixed ^= mixed >> 15;
    return storm.size == 0 || mixed % 8 != 0 ? 0 : (mixed >> 3) % storm.size;
}

static enum outcome log_in_storm(DltContext *context, uint32_t thread, uint32_t number)
{
    DltContextData data;
    uint32_t length = text_length(thread, number);
    int result = dlt_user_log_write_start(context, &data, DLT_LOG_INFO);
    if (result != DLT_RETURN_TRUE)
        return result == DLT_RETURN_OK ? FILTERED : FAILED;
    dlt_user_log_write_uint32(&data, storm.epoch << 8 | thread);
    dlt_user_log_write_uint32(&data, number);
    if (length > 0)
        dlt_user_log_write_sized_string(&data, storm.text, (uint16_t)length);
    result = dlt_user_log_write_finish(&data);
    /* libdlt says -1 for messages that it keeps while its buffer is nearly full. */
    if (result == DLT_RETURN_OK || (result == DLT_RETURN_ERROR && !dlsym(RTLD_DEFAULT, "dlt_ng_version")))
        return ACCEPTED;
    return result == DLT_RETURN_BUFFER_FULL ? REFUSED : FAILED;
}

static void *run_storm(void *argument)
{
    uint32_t thread = (uint32_t)(uintptr_t)argument;
    for (uint32_t number = 0; number < storm.count && !storm.stop; number++) {
        uint64_t before = now();
        enum outcome outcome = log_in_storm(&contexts[thread % storm.contexts], thread, number);
        uint64_t took = now() - before;
        storm.outcomes[(size_t)thread * storm.count + number] = (uint8_t)outcome;
        if (took > storm.longest[thread])
            storm.longest[thread] = took;
        if (storm.pause_us > 0 && number % 16 == 0)
            usleep(storm.pause_us);
    }
    __atomic_fetch_sub(&storm.running, 1, __ATOMIC_SEQ_CST);
    return NULL;
}

static void start_storm(const char *path)
{
    size_t length = (size_t)storm.threads * storm.count;
    int file = open(path, O_RDWR | O_CLOEXEC);
    storm.outcomes = mmap(NULL, length, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    close(file);
    if (file < 0 || storm.outcomes == MAP_FAILED) {
        say("= no file");
        return;
    }
    memset(storm.text, 'x', sizeof storm.text);
    storm.stop = 0;
    storm.running = (int)storm.threads;
    for (uint32_t i = 0; i < storm.threads; i++) {
        storm.longest[i] = 0;
        pthread_create(&storm.ids[i], NULL, run_storm, (void *)(uintptr_t)i);
    }
    say("= 0");
}

static void end_storm(int now_already)
{
    uint64_t longest = 0;
    if (now_already)
        storm.stop = 1;
    for (uint32_t i = 0; i < storm.threads; i++) {
        pthread_join(storm.ids[i], NULL);
        if (storm.longest[i] > longest)
            longest = storm.longest[i];
    }
    munmap((void *)storm.outcomes, (size_t)storm.threads * storm.count);
    storm.threads = 0;
    say("= %llu", (unsigned long long)(longest / 1000));
}

/* A thread that a debugger may stop anywhere: between two traps it logs `open` messages that are
 * open at the same time. */
static struct {
    DltContext *context;
    int level;
    uint32_t open, number;
    uint32_t ok, full, other;
    sem_t begin, end;
    pid_t tid;
} victim;

static void trap(void)
{
#if defined(__x86_64__)
    __asm__ volatile("int3" ::: "memory");
#elif defined(__aarch64__)
    raise(SIGTRAP);
#endif
}

static void log_several(void)
{
    enum { MOST = 4 };
    DltContextData data[MOST];
    int results[MOST];
    uint32_t open = victim.open > MOST ? MOST : victim.open, number = victim.number;
    trap();
    for (uint32_t i = 0; i < open; i++) {
        dlt_user_log_write_start(victim.context, &data[i], (DltLogLevelType)victim.level);
        dlt_user_log_write_uint32(&data[i], 1000);
        dlt_user_log_write_uint32(&data[i], number + i);
    }
    for (uint32_t i = 0; i < open; i++)
        results[i] = dlt_user_log_write_finish(&data[i]);
    trap();
    victim.number += open;
    for (uint32_t i = 0; i < open; i++) {
        victim.ok += results[i] == DLT_RETURN_OK;
        victim.full += results[i] == DLT_RETURN_BUFFER_FULL;
        victim.other += results[i] != DLT_RETURN_OK && results[i] != DLT_RETURN_BUFFER_FULL;
    }
}

static void *run_victim(void *unused)
{
    victim.tid = (pid_t)syscall(SYS_gettid);
    sem_post(&victim.end);
    while (!unused) {
        while (sem_wait(&victim.begin) != 0) {
        }
        log_several();
        sem_post(&victim.end);
    }
    return NULL;
}

/* What a signal has logged wherever it came. */
static struct {
    DltContext *context;
    uint32_t count, number;
    uint32_t ok, full, other;
} handler;

static void handle_by_logging(int signal)
{
    (void)signal;
    for (uint32_t i = 0; i < handler.count; i++) {
        int result = log_one(handler.context, DLT_LOG_INFO, 2000, handler.number++);
        handler.ok += result == DLT_RETURN_OK;
        handler.full += result == DLT_RETURN_BUFFER_FULL;
        handler.other += result != DLT_RETURN_OK && result != DLT_RETURN_BUFFER_FULL;
    }
}

static void set_handler(DltContext *context, uint32_t count)
{
    struct sigaction action = { .sa_handler = handle_by_logging, .sa_flags = SA_RESTART };
    handler.context = context;
    handler.count = count;
    say("= %d", sigaction(SIGUSR1, &action, NULL));
}

static void start_victim(DltContext *context)
{
    pthread_t id;
    victim.context = context;
    sem_init(&victim.begin, 0, 0);
    sem_init(&victim.end, 0, 0);
    pthread_create(&id, NULL, run_victim, NULL);
    sem_wait(&victim.end);
    say("= %d", (int)victim.tid);
}

static void level_changed(char id[4], uint8_t level, uint8_t trace)
{
    say("! level %.4s %u %u %llu", id, level, trace, (unsigned long long)now());
}

static int injected(uint32_t service, void *data, uint32_t length)
{
    say("! injection %u %.*s %llu", service, (int)length, (char *)data, (unsigned long long)now());
    return 0;
}

/* A callback that takes its time: an injection of 4096 bytes takes the worker longer than its sender. */
static int injected_slowly(uint32_t service, void *data, uint32_t length)
{
    (void)service;
    (void)data;
    (void)length;
    usleep(1000);
    return 0;
}

/* A callback that logs, registers and unregisters: none of it may wait for the worker it runs on. */
static int injected_and_logs(uint32_t service, void *data, uint32_t length)
{
    static DltContext inner;
    (void)data;
    (void)length;
    dlt_register_context(&inner, "INNR", "registered in a callback");
    int result = log_one(&inner, DLT_LOG_INFO, 0, service);
    dlt_unregister_context(&inner);
    say("! nested %d", result);
    return 0;
}

/* Several messages open at once on one thread, finished in another order. */
static void out_of_order(DltContext *context, uint32_t first)
{
    DltContextData data[3];
    int results[3];
    for (uint32_t i = 0; i < 3; i++) {
        dlt_user_log_write_start(context, &data[i], DLT_LOG_INFO);
        dlt_user_log_write_uint32(&data[i], 0);
    }
    for (uint32_t i = 0; i < 3; i++)
        dlt_user_log_write_uint32(&data[i], first + i);
    results[1] = dlt_user_log_write_finish(&data[1]);
    results[2] = dlt_user_log_write_finish(&data[2]);
    results[0] = dlt_user_log_write_finish(&data[0]);
    say("= %d %d %d", results[0], results[1], results[2]);
}

struct handed_over {
    DltContextData data;
    int result;
};

static void *finish_elsewhere(void *argument)
{
    struct handed_over *message = argument;
    dlt_user_log_write_uint32(&message->data, 77);
    message->result = dlt_user_log_write_finish(&message->data);
    return NULL;
}

static void hand_over(DltContext *context, uint32_t count)
{
    int result = 0;
    for (uint32_t i = 0; i < count; i++) {
        struct handed_over message;
        pthread_t thread;
        dlt_user_log_write_start(context, &message.data, DLT_LOG_INFO);
        dlt_user_log_write_uint32(&message.data, i);
        pthread_create(&thread, NULL, finish_elsewhere, &message);
        /* This thread goes on with messages of its own meanwhile. */
        result |= log_one(context, DLT_LOG_INFO, 1000, i);
        pthread_join(thread, NULL);
        result |= message.result;
    }
    say("= %d", result);
}

/* A logging call inside the argument of another. */
static uint32_t logs_itself(DltContext *context)
{
    log_one(context, DLT_LOG_INFO, 1, 1);
    return 2;
}

static void nested(DltContext *context)
{
    DltContextData data;
    dlt_user_log_write_start(context, &data, DLT_LOG_INFO);
    dlt_user_log_write_uint32(&data, 0);
    dlt_user_log_write_uint32(&data, logs_itself(context));
    say("= %d", dlt_user_log_write_finish(&data));
}

/* What a child may do before and after dlt_init(); its results go through a pipe. */
static void forked(DltContext *context, int keep)
{
    int ends[2];
    char text[256] = "";
    if (pipe(ends) != 0)
        return;
    pid_t child = fork();
    if (child == 0) {
        static DltContext own;
        DltContextData data;
        int start = dlt_user_log_write_start(context, &data, DLT_LOG_INFO);
        int app = dlt_register_app("CHLD", "child");
        int init = dlt_init();
        int app_after = dlt_register_app("CHLD", "child");
        int context_after = dlt_register_context(&own, "CCTX", "child's context");
        int logged = log_one(&own, DLT_LOG_INFO, 0, 4711);
        dprintf(ends[1], "%d %d %d %d %d %d", start, app, init, app_after, context_after, logged);
        close(ends[1]);
        if (keep) {
            dlt_unregister_context(&own);
            dlt_unregister_app();
        }
        exit(0);
    }
    close(ends[1]);
    ssize_t got = read(ends[0], text, sizeof text - 1);
    close(ends[0]);
    int status = 0;
    waitpid(child, &status, 0);
    say("= %d %d %s", (int)child, WIFEXITED(status) ? WEXITSTATUS(status) : -1, got > 0 ? text : "");
}

static void *init_and_free(void *argument)
{
    uint32_t rounds = *(uint32_t *)argument;
    for (uint32_t i = 0; i < rounds; i++) {
        DltContext mine = { { 0 }, 0, NULL, NULL, 0 };
        dlt_init();
        dlt_register_app("RACE", "init and free");
        dlt_register_context(&mine, "RACE", "init and free");
        log_one(&contexts[0], DLT_LOG_INFO, 0, i);
        dlt_free();
    }
    return NULL;
}

static void race(uint32_t threads, uint32_t rounds)
{
    pthread_t ids[THREADS];
    for (uint32_t i = 0; i < threads; i++)
        pthread_create(&ids[i], NULL, init_and_free, &rounds);
    for (uint32_t i = 0; i < threads; i++)
        pthread_join(ids[i], NULL);
    say("= done");
}

static void statistics(void)
{
    int (*get)(struct statistics *) = (int (*)(struct statistics *))dlsym(RTLD_DEFAULT, "dlt_ng_get_statistics");
    struct statistics s = { .size = sizeof s };
    if (!get || get(&s) != 0) {
        say("= missing");
        return;
    }
    say("= %llu %llu %llu %llu %llu %llu %llu %llu %llu %u %llu %llu", (unsigned long long)s.submitted,
        (unsigned long long)s.delivered, (unsigned long long)s.waiting, (unsigned long long)s.lost,
        (unsigned long long)s.refused, (unsigned long long)s.evicted, (unsigned long long)s.oversize,
        (unsigned long long)s.file_full, (unsigned long long)s.abandoned, s.reconnects,
        (unsigned long long)s.high_water_bytes, (unsigned long long)s.capacity_bytes);
}

static void context_statistics(const DltContext *context)
{
    struct {
        uint32_t size, reserved;
        uint64_t messages, bytes, lost;
    } s = { .size = sizeof s };
    int (*get)(const DltContext *, void *) =
        (int (*)(const DltContext *, void *))dlsym(RTLD_DEFAULT, "dlt_ng_get_context_statistics");
    if (!get || get(context, &s) != 0)
        say("= missing");
    else
        say("= %llu %llu %llu", (unsigned long long)s.messages, (unsigned long long)s.bytes,
            (unsigned long long)s.lost);
}

static void set_mode(int mode, uint32_t timeout)
{
    int (*set)(int, uint32_t) = (int (*)(int, uint32_t))dlsym(RTLD_DEFAULT, "dlt_set_overflow_mode");
    int (*get)(int *, uint32_t *) = (int (*)(int *, uint32_t *))dlsym(RTLD_DEFAULT, "dlt_get_overflow_mode");
    int mode_now = -1;
    uint32_t timeout_now = 0;
    if (!set || !get) {
        say("= missing");
        return;
    }
    int result = set(mode, timeout);
    get(&mode_now, &timeout_now);
    say("= %d %d %u", result, mode_now, timeout_now);
}

static void overflow_count(void)
{
    uint64_t (*get)(void) = (uint64_t (*)(void))dlsym(RTLD_DEFAULT, "dlt_get_overflow_count");
    if (get)
        say("= %llu", (unsigned long long)get());
    else
        say("= missing");
}

static void flush(uint32_t timeout)
{
    int (*wait)(uint32_t) = (int (*)(uint32_t))dlsym(RTLD_DEFAULT, "dlt_flush");
    uint64_t before = now();
    if (wait) {
        int result = wait(timeout);
        say("= %d %llu", result, (unsigned long long)((now() - before) / 1000000));
    } else {
        say("= missing");
    }
}

int main(void)
{
    char line[512], word[32] = "", text[200] = "", more[200] = "";
    setvbuf(stdin, NULL, _IOLBF, 0);
    say("= %d", (int)getpid());
    while (fgets(line, sizeof line, stdin)) {
        long a = 0, b = 0, c = 0, d = 0, e = 0;
        sscanf(line, "%31s", word);
#define IS(NAME) (strcmp(word, NAME) == 0)
        DltContext *chosen = contexts;
        if (sscanf(line, "%*s %ld", &a) == 1 && a >= 0 && a < CONTEXTS)
            chosen = &contexts[a];
        if (IS("app")) {
            sscanf(line, "%*s %199s", text);
            say("= %d", dlt_register_app(text, "puppet"));
        } else if (IS("context")) {
            int n = sscanf(line, "%*s %ld %199s %ld %ld", &a, more, &c, &d);
            say("= %d", n == 4 ? dlt_register_context_ll_ts(chosen, more, "puppet's context", (int)c, (int)d)
                               : dlt_register_context(chosen, more, "puppet's context"));
        } else if (IS("uncontext")) {
            say("= %d", dlt_unregister_context(chosen));
        } else if (IS("unapp")) {
            say("= %d", dlt_unregister_app());
        } else if (IS("unapp_flushed")) {
            say("= %d", dlt_unregister_app_flush_buffered_logs());
        } else if (IS("log")) { /* context level number */
            sscanf(line, "%*s %*d %ld %ld", &b, &c);
            say("= %d", log_one(chosen, (int)b, 0, (uint32_t)c));
        } else if (IS("burst")) { /* context level first count threads */
            sscanf(line, "%*s %*d %ld %ld %ld %ld", &b, &c, &d, &e);
            struct burst model = { .context = chosen, .level = (int)b, .first = (uint32_t)c, .count = (uint32_t)d };
            burst_on_threads(&model, e > THREADS ? THREADS : e < 1 ? 1 : (uint32_t)e, 0);
        } else if (IS("spread")) { /* level first count threads: each thread has its own context */
            sscanf(line, "%*s %ld %ld %ld %ld", &b, &c, &d, &e);
            struct burst model = { .context = contexts, .level = (int)b, .first = (uint32_t)c, .count = (uint32_t)d };
            burst_on_threads(&model, e > THREADS ? THREADS : e < 1 ? 1 : (uint32_t)e, 1);
        } else if (IS("flood")) { /* context level threads, and nanoseconds after each message */
            sscanf(line, "%*s %*d %ld %ld %ld", &b, &c, &d);
            start_flood(chosen, (int)b, c > THREADS ? THREADS : (uint32_t)c, (uint64_t)d);
        } else if (IS("calm")) {
            end_flood();
        } else if (IS("storm")) { /* epoch threads count contexts size pause_us file */
            sscanf(line, "%*s %u %u %u %u %u %u %199s", &storm.epoch, &storm.threads, &storm.count,
                   &storm.contexts, &storm.size, &storm.pause_us, text);
            start_storm(text);
        } else if (IS("storming")) {
            say("= %d", __atomic_load_n(&storm.running, __ATOMIC_SEQ_CST));
        } else if (IS("stormed")) { /* 1: it is to end now */
            end_storm(a != 0);
        } else if (IS("victim")) {
            start_victim(chosen);
        } else if (IS("provoke")) { /* level open */
            sscanf(line, "%*s %ld %ld", &b, &c);
            victim.level = (int)b;
            victim.open = (uint32_t)c;
            sem_post(&victim.begin);
            say("= 0");
        } else if (IS("handler")) { /* context count */
            sscanf(line, "%*s %*d %ld", &b);
            set_handler(chosen, (uint32_t)b);
        } else if (IS("handled")) {
            say("= %u %u %u", handler.ok, handler.full, handler.other);
        } else if (IS("provoked")) {
            while (sem_wait(&victim.end) != 0) {
            }
            say("= %u %u %u", victim.ok, victim.full, victim.other);
        } else if (IS("level")) {
            if (chosen->log_level_ptr)
                say("= %d %d", *chosen->log_level_ptr, *chosen->trace_status_ptr);
            else
                say("= none");
        } else if (IS("watch")) {
            int first = dlt_register_log_level_changed_callback(chosen, level_changed);
            int second = dlt_register_injection_callback(chosen, 0x1000, injected);
            int third = dlt_register_injection_callback(chosen, 0x2000, injected_and_logs);
            say("= %d %d %d", first, second, third);
        } else if (IS("watch_slowly")) {
            say("= %d", dlt_register_injection_callback(chosen, 0x3000, injected_slowly));
        } else if (IS("state")) {
            say("= %d", dlt_get_log_state());
        } else if (IS("buffer")) {
            int total = 0, used = 0;
            dlt_user_check_buffer(&total, &used);
            say("= %d %d", total, used);
        } else if (IS("out_of_order")) {
            sscanf(line, "%*s %*d %ld", &b);
            out_of_order(chosen, (uint32_t)b);
        } else if (IS("hand_over")) {
            sscanf(line, "%*s %*d %ld", &b);
            hand_over(chosen, (uint32_t)b);
        } else if (IS("nested")) {
            nested(chosen);
        } else if (IS("fork")) {
            forked(chosen, 1);
        } else if (IS("race")) { /* threads rounds */
            sscanf(line, "%*s %ld %ld", &a, &b);
            race((uint32_t)a, (uint32_t)b);
        } else if (IS("statistics")) {
            statistics();
        } else if (IS("context_statistics")) {
            context_statistics(chosen);
        } else if (IS("mode")) {
            sscanf(line, "%*s %ld %ld", &a, &b);
            set_mode((int)a, (uint32_t)b);
        } else if (IS("overflow")) {
            overflow_count();
        } else if (IS("flush")) {
            flush((uint32_t)a);
        } else if (IS("marker")) {
            say("= %d", dlt_log_marker());
        } else if (IS("resend_limit")) {
            say("= %d", dlt_set_resend_timeout_atexit((uint32_t)a));
        } else if (IS("init")) {
            say("= %d", dlt_init());
        } else if (IS("free")) {
            say("= %d", dlt_free());
        } else if (IS("init_file")) {
            sscanf(line, "%*s %199s", text);
            say("= %d", dlt_init_file(text));
        } else if (IS("filesize")) {
            say("= %d", dlt_set_filesize_max((unsigned int)a));
        } else if (IS("local_print")) {
            say("= %d", a ? dlt_enable_local_print() : dlt_disable_local_print());
        } else if (IS("plain")) { /* context identifier: a non-verbose message */
            DltContextData data;
            sscanf(line, "%*s %*d %ld", &b);
            dlt_nonverbose_mode();
            if (dlt_user_log_write_start_id(chosen, &data, DLT_LOG_INFO, (uint32_t)b) == DLT_RETURN_TRUE)
                say("= %d", dlt_user_log_write_finish(&data));
            else
                say("= filtered");
        } else if (IS("described")) { /* bytes: application and context with descriptions that long */
            static char bytes[100001];
            memset(bytes, 'd', sizeof bytes - 1);
            bytes[a < 0 || a > 100000 ? 0 : a] = '\0';
            int app = dlt_register_app("DSCR", bytes);
            say("= %d %d", app, dlt_register_context(&contexts[0], "DCTX", bytes));
        } else if (IS("text")) { /* context bytes: as many in one string */
            static char bytes[100001];
            sscanf(line, "%*s %*d %ld", &b);
            memset(bytes, 'x', sizeof bytes - 1);
            bytes[b < 0 || b > 100000 ? 0 : b] = '\0';
            say("= %d", dlt_log_string(chosen, DLT_LOG_INFO, bytes));
        } else if (IS("errno")) { /* is errno kept by a logging call, filtered or not? */
            errno = 4242;
            log_one(chosen, DLT_LOG_INFO, 0, 1);
            log_one(chosen, DLT_LOG_VERBOSE, 0, 1);
            say("= %d", errno);
        } else if (IS("exit")) {
            say("= %llu", (unsigned long long)now());
            exit((int)a);
        } else {
            say("= unknown command %s", word);
        }
    }
    return 0;
}

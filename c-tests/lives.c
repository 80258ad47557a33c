/* SPDX-License-Identifier: MPL-2.0 */
/* What a program may do in the course of its life, one of it a run, in front of a daemon:
 *
 *   lives storm THREADS MS      so many threads start and stop the library and as many log meanwhile
 *   lives freed COUNT           a callback stops the library, so many times
 *   lives handlers              logs in handlers and destructors at the end, and behind dlt_free()
 *   lives cancelled             every function is called while a cancellation is pending
 *   lives abandoned COUNT       so many threads are cancelled, or end, with a message half done
 *   lives threads COUNT         so many threads log one message each
 *   lives contexts COUNT        so many contexts come and go
 *   lives realtime              a SCHED_FIFO thread bound to one processor makes the first call
 *   lives plugin PATH           ... and a plugin that has a context
 *   lives forks COUNT           forks so many times while threads log
 *   lives forked                a callback forks
 *   lives daemon                forks twice; the parents end
 *   lives executes              runs programs by fork, vfork and posix_spawn
 *   lives descriptors           prints the descriptors above 2 that it was given
 *   lives callback              a callback calls every function there is
 *   lives blocked               exits while a callback does not return
 *   lives restarted             stops the library while a callback does not return, and starts it
 *
 * Prints what it has found out as "NAME VALUE" lines; ends at once, with 1, where something is not
 * as it is to be. */
#define _GNU_SOURCE
#include <dlt/dlt.h>

#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <signal.h>
#include <spawn.h>
#include <stdint.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <syslog.h>
#include <time.h>
#include <unistd.h>

#include "expect.h"

extern char **environ;

static DltContext context;

static uint64_t milliseconds(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (uint64_t)time.tv_sec * 1000 + (uint64_t)time.tv_nsec / 1000000;
}

static void pause_ms(long length)
{
    struct timespec time = { length / 1000, length % 1000 * 1000000 };
    nanosleep(&time, NULL);
}

static void found(const char *name, long long value)
{
    printf("%s %lld\n", name, value);
    fflush(stdout);
}

static int put_to(DltContext *to, uint32_t who, uint32_t number)
{
    DltContextData data;
    int result = dlt_user_log_write_start(to, &data, DLT_LOG_INFO);
    if (result != DLT_RETURN_TRUE)
        return result < 0 ? result : 1;
    dlt_user_log_write_uint32(&data, who);
    dlt_user_log_write_uint32(&data, number);
    return dlt_user_log_write_finish(&data);
}

static int put(uint32_t who, uint32_t number)
{
    return put_to(&context, who, number);
}

static void begin(void)
{
    EXPECT(dlt_register_app("LIFE", "what a program may do") == 0);
    EXPECT(dlt_register_context_ll_ts(&context, "LIFE", "what a program may do", DLT_LOG_INFO,
                                      DLT_TRACE_STATUS_OFF) == 0);
}

/* A function of dlt_ng.h, where there is one. */
static void *ours(const char *name)
{
    return dlsym(RTLD_DEFAULT, name);
}

static int flushed(uint32_t timeout)
{
    int (*flush)(uint32_t) = (int (*)(uint32_t))ours("dlt_flush");
    return flush ? flush(timeout) : 0;
}

/* Address space and resident memory in KiB. */
static long memory(int resident)
{
    long pages[2] = { 0, 0 };
    FILE *file = fopen("/proc/self/statm", "r");
    EXPECT(file && fscanf(file, "%ld %ld", &pages[0], &pages[1]) == 2);
    fclose(file);
    return pages[resident] * (sysconf(_SC_PAGESIZE) / 1024);
}

/* ---- starting and stopping ---- */

static int over;

static int is_over(void)
{
    return __atomic_load_n(&over, __ATOMIC_RELAXED);
}

static void end_it(void)
{
    __atomic_store_n(&over, 1, __ATOMIC_RELAXED);
}

static void *starts_and_stops(void *unused)
{
    while (!is_over()) {
        DltContext mine = { { 0 }, 0, NULL, NULL, 0 };
        dlt_init();
        dlt_register_app("LIFE", "init and free");
        dlt_register_context(&mine, "MINE", "init and free");
        put_to(&mine, 2, 0);
        dlt_unregister_context(&mine);
        dlt_free();
    }
    return unused;
}

static void *logs_meanwhile(void *count)
{
    DltContext mine = { { 0 }, 0, NULL, NULL, 0 };
    for (uint32_t i = 0; !is_over(); i++) {
        if (put_to(&mine, 3, i) != 0 && i % 64 == 0)
            dlt_register_context_ll_ts(&mine, "LOGS", "logs meanwhile", DLT_LOG_INFO,
                                       DLT_TRACE_STATUS_OFF);
        (*(uint32_t *)count)++;
    }
    return NULL;
}

static void storm(uint32_t threads, long length)
{
    enum { MOST = 32 };
    pthread_t starting[MOST], logging[MOST];
    uint32_t counts[MOST] = { 0 };
    EXPECT(threads <= MOST);
    begin();
    for (uint32_t i = 0; i < threads; i++) {
        EXPECT(pthread_create(&starting[i], NULL, starts_and_stops, NULL) == 0);
        EXPECT(pthread_create(&logging[i], NULL, logs_meanwhile, &counts[i]) == 0);
    }
    pause_ms(length);
    end_it();
    uint64_t tried = 0;
    for (uint32_t i = 0; i < threads; i++) {
        EXPECT(pthread_join(starting[i], NULL) == 0);
        EXPECT(pthread_join(logging[i], NULL) == 0);
        tried += counts[i];
    }
    found("tried", (long long)tried);
    dlt_free();
    begin();
    EXPECT(put(0, 4711) == 0);
    EXPECT(flushed(20000) == 0);
}

static sem_t in_callback, callback_may_end;
static volatile int freed;

static void frees(char *id, uint8_t level, uint8_t trace)
{
    (void)id, (void)level, (void)trace;
    freed = dlt_free();
    /* What is called behind it in the same callback is refused, and waits for nobody. */
    EXPECT(put(0, 0) < 0);
    sem_post(&in_callback);
}

static void wait_in_callback(void)
{
    struct timespec limit;
    clock_gettime(CLOCK_REALTIME, &limit);
    limit.tv_sec += 20;
    EXPECT(sem_timedwait(&in_callback, &limit) == 0);
}

static void free_in_callback(uint32_t count)
{
    long before = 0;
    for (uint32_t i = 0; i < count; i++) {
        freed = 1;
        EXPECT(dlt_register_app("LIFE", "what a program may do") == 0);
        EXPECT(dlt_register_context_llccb(&context, "LIFE", "frees", frees) == 0);
        wait_in_callback();
        EXPECT(freed == 0);
        if (i == 10)
            before = memory(0);
    }
    begin();
    found("growth", memory(0) - before);
    EXPECT(put(0, 4711) == 0);
}

/* ---- the end ---- */

static void before_ours(void)
{
    /* Registered before the library's own, so it runs behind it. */
    int result = put(1, 0);
    DltContext late;
    found("behind", result);
    found("context_behind", dlt_register_context(&late, "LATE", "too late"));
    found("app_behind", dlt_register_app("LATE", "too late"));
    found("init_behind", dlt_init());
    dlt_unregister_context(&context);
    dlt_unregister_app();
    dlt_unregister_app_flush_buffered_logs();
    dlt_free();
    dlt_vlog(LOG_ERR, "said at the end\n");
}

static void after_ours(void)
{
    found("before", put(1, 1));
}

__attribute__((destructor)) static void last_of_all(void)
{
    if (context.log_level_ptr) {
        (void)put(1, 2);
        dlt_log(LOG_ERR, "said in a destructor\n");
        dlt_free();
    }
}

static void *goes_on_logging(void *own)
{
    for (uint32_t i = 0;; i++) {
        (void)put_to(own, 9, i);
        usleep(50); /* leaves room to the others */
    }
    return NULL;
}

static void handlers(void)
{
    pthread_t thread;
    atexit(before_ours);
    begin();
    atexit(after_ours);
    EXPECT(put(0, 1) == 0);
    dlt_free();
    found("freed", put(0, 2));
    found("unregistered_freed", dlt_unregister_context(&context) <= 0);
    begin();
    EXPECT(put(0, 3) == 0);
    /* One who does not care that the process ends. */
    static DltContext own;
    EXPECT(dlt_register_context(&own, "GOES", "goes on logging") == 0);
    EXPECT(pthread_create(&thread, NULL, goes_on_logging, &own) == 0);
    pthread_detach(thread);
}

/* ---- cancelled ---- */

static sem_t reached;
static volatile int survived;

static void *calls_with_cancellation_pending(void *argument)
{
    DltContext mine;
    DltContextData data;
    const char *file = argument;
    int total, used;
    pthread_setcancelstate(PTHREAD_CANCEL_ENABLE, NULL);
    pthread_setcanceltype(PTHREAD_CANCEL_DEFERRED, NULL);
    pthread_cancel(pthread_self());
    /* None of these may look whether it is to end. */
    dlt_free();
    survived = 1;
    EXPECT(dlt_init() == 0);
    survived = 2;
    EXPECT(dlt_register_app("LIFE", "what a program may do") == 0);
    EXPECT(dlt_register_context_ll_ts(&mine, "CANC", "cancelled", DLT_LOG_INFO, 0) == 0);
    survived = 3;
    for (uint32_t i = 0; i < 200; i++) {
        EXPECT(dlt_user_log_write_start(&mine, &data, DLT_LOG_INFO) == 1);
        EXPECT(dlt_user_log_write_uint32(&data, 5) == 0);
        EXPECT(dlt_user_log_write_uint32(&data, i) == 0);
        EXPECT(dlt_user_log_write_finish(&data) == 0);
        /* Long enough that the next one has to wake somebody, without a call that is one. */
        for (uint64_t until = milliseconds() + (i % 50 == 0 ? 80 : 0); milliseconds() < until;) {
        }
    }
    survived = 4;
    dlt_log_string(&mine, DLT_LOG_DEBUG, "filtered");
    dlt_log(LOG_ERR, "said by dlt_log\n");
    survived = 5;
    dlt_vlog(LOG_ERR, "said by %s\n", "dlt_vlog");
    dlt_vnlog(LOG_ERR, 5000, "said by %s\n", "dlt_vnlog");
    survived = 6;
    dlt_user_printf("printed by %s\n", "dlt_user_printf");
    survived = 7;
    dlt_user_check_buffer(&total, &used);
    dlt_user_log_resend_buffer();
    dlt_get_log_state();
    dlt_log_marker();
    dlt_set_application_ll_ts_limit(DLT_LOG_INFO, DLT_TRACE_STATUS_OFF);
    survived = 8;
    dlt_enable_local_print();
    dlt_log_string(&mine, DLT_LOG_INFO, "printed");
    flushed(5000);
    dlt_disable_local_print();
    survived = 9;
    dlt_unregister_context(&mine);
    dlt_unregister_app_flush_buffered_logs();
    survived = 10;
    dlt_free();
    EXPECT(dlt_init_file(file) == 0);
    EXPECT(dlt_register_app("LIFE", "in a file") == 0);
    EXPECT(dlt_register_context(&mine, "CANC", "cancelled") == 0);
    dlt_log_string(&mine, DLT_LOG_INFO, "in a file");
    dlt_free();
    survived = 11;
    /* This one does. */
    pthread_testcancel();
    survived = 12;
    return NULL;
}

static void cancelled(void)
{
    pthread_t thread;
    void *result = NULL;
    char file[] = "/var/tmp/dlt-cancelled-XXXXXX";
    int number = mkstemp(file);
    EXPECT(number >= 0);
    close(number);
    begin();
    EXPECT(pthread_create(&thread, NULL, calls_with_cancellation_pending, file) == 0);
    EXPECT(pthread_join(thread, &result) == 0);
    unlink(file);
    found("survived", survived);
    EXPECT(survived == 11 && result == PTHREAD_CANCELED);
    begin();
    EXPECT(put(0, 4711) == 0);
}

static void *leaves_it_half_done(void *how)
{
    DltContextData outer, inner;
    EXPECT(dlt_user_log_write_start(&context, &outer, DLT_LOG_INFO) == 1);
    dlt_user_log_write_string(&outer, "never finished");
    if ((uintptr_t)how & 2) {
        EXPECT(dlt_user_log_write_start(&context, &inner, DLT_LOG_INFO) == 1);
        dlt_user_log_write_uint32(&inner, 6);
        dlt_user_log_write_uint32(&inner, (uint32_t)(uintptr_t)how);
        dlt_user_log_write_finish(&inner);
    }
    if ((uintptr_t)how & 1)
        pthread_exit(NULL);
    pthread_cancel(pthread_self());
    pthread_testcancel();
    return NULL;
}

static void half_done(uint32_t count)
{
    long before = 0;
    begin();
    for (uint32_t i = 0; i < count; i++) {
        pthread_t thread;
        EXPECT(pthread_create(&thread, NULL, leaves_it_half_done, (void *)(uintptr_t)i) == 0);
        EXPECT(pthread_join(thread, NULL) == 0);
        if (i == 63)
            before = memory(0);
    }
    found("growth", memory(0) - before);
    EXPECT(put(0, 4711) == 0);
}

/* ---- many ---- */

static void *logs_one(void *number)
{
    (void)put(4, (uint32_t)(uintptr_t)number);
    return NULL;
}

static void many_threads(uint32_t count)
{
    enum { AT_ONCE = 8 };
    long before[2] = { 0, 0 };
    begin();
    for (uint32_t i = 0; i < count; i += AT_ONCE) {
        pthread_t threads[AT_ONCE];
        for (uint32_t j = 0; j < AT_ONCE; j++)
            EXPECT(pthread_create(&threads[j], NULL, logs_one, (void *)(uintptr_t)(i + j)) == 0);
        for (uint32_t j = 0; j < AT_ONCE; j++)
            EXPECT(pthread_join(threads[j], NULL) == 0);
        if (i == 1024) {
            before[0] = memory(0);
            before[1] = memory(1);
        }
    }
    found("growth", memory(0) - before[0]);
    found("resident", memory(1) - before[1]);
    EXPECT(put(0, 4711) == 0);
}

static void many_contexts(uint32_t count)
{
    long before[2] = { 0, 0 };
    begin();
    for (uint32_t i = 0; i < count; i++) {
        DltContext passing;
        EXPECT(dlt_register_context(&passing, "PASS", "comes and goes") == 0);
        if (i % 16 == 0)
            put_to(&passing, 7, i);
        EXPECT(dlt_unregister_context(&passing) == 0);
        if (i % 4096 == 0)
            flushed(200);
        if (i == count / 4) {
            before[0] = memory(0);
            before[1] = memory(1);
        }
    }
    found("growth", memory(0) - before[0]);
    found("resident", memory(1) - before[1]);
    /* Where nobody takes them there may be no room. */
    found("last", put(0, 4711));
}

/* ---- real time ---- */

/* What a thread of this process other than these two is like: policy and number of processors. */
static void describe_others(pid_t known)
{
    DIR *directory = opendir("/proc/self/task");
    struct dirent *entry;
    int others = 0;
    EXPECT(directory);
    while ((entry = readdir(directory))) {
        pid_t tid = (pid_t)atol(entry->d_name);
        cpu_set_t set;
        if (tid == 0 || tid == getpid() || tid == known)
            continue;
        others++;
        EXPECT(sched_getaffinity(tid, sizeof set, &set) == 0);
        found("policy", sched_getscheduler(tid));
        found("processors", CPU_COUNT(&set));
    }
    closedir(directory);
    found("others", others);
}

static void *first_call_in_real_time(void *unused)
{
    struct sched_param parameter = { .sched_priority = 10 };
    cpu_set_t set;
    CPU_ZERO(&set);
    CPU_SET(0, &set);
    (void)unused;
    if (pthread_setaffinity_np(pthread_self(), sizeof set, &set) != 0 ||
        pthread_setschedparam(pthread_self(), SCHED_FIFO, &parameter) != 0) {
        found("forbidden", 1);
        return NULL;
    }
    begin();
    EXPECT(put(0, 4711) == 0);
    flushed(20000);
    pause_ms(50);
    describe_others((pid_t)syscall(SYS_gettid));
    return NULL;
}

static void real_time(void)
{
    pthread_t thread;
    cpu_set_t all;
    EXPECT(sched_getaffinity(0, sizeof all, &all) == 0);
    found("all", CPU_COUNT(&all));
    EXPECT(pthread_create(&thread, NULL, first_call_in_real_time, NULL) == 0);
    EXPECT(pthread_join(thread, NULL) == 0);
}

/* ---- loaded and unloaded ---- */

static void plugged(const char *path)
{
    begin();
    for (uint32_t i = 0; i < 20; i++) {
        void *plugin = dlopen(path, RTLD_NOW | RTLD_LOCAL);
        EXPECT(plugin);
        int (*log)(uint32_t) = (int (*)(uint32_t))dlsym(plugin, "plugin_logs");
        EXPECT(log && log(i) == 0);
        EXPECT(dlclose(plugin) == 0);
        /* Its code is gone, a level for its context may be on the way. */
        EXPECT(put(8, i) == 0);
    }
    EXPECT(put(0, 4711) == 0);
}

/* ---- fork ---- */

static void *logs_while_others_fork(void *number)
{
    uint32_t i = 0;
    while (!is_over()) {
        if (put((uint32_t)(uintptr_t)number, i) == 0)
            i++;
        else
            pause_ms(1);
        if (i % 100 == 0)
            pause_ms(1);
    }
    return (void *)(uintptr_t)i;
}

/* What a forked child does. 0: as it should be. */
static int child_logs(uint32_t number)
{
    DltContext own;
    if (put(0, 1) >= 0)
        return 2;
    if (dlt_init() != 0)
        return 3;
    if (dlt_register_app("CHLD", "child") != 0)
        return 4;
    if (dlt_register_context_ll_ts(&own, "CHLD", "child", DLT_LOG_INFO, 0) != 0)
        return 5;
    if (put_to(&own, 0, number) != 0)
        return 6;
    return 0;
}

static int end_of(pid_t child)
{
    int status = 0;
    EXPECT(child > 0);
    EXPECT(waitpid(child, &status, 0) == child);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status);
}

static void forks(uint32_t count)
{
    enum { THREADS = 4 };
    pthread_t threads[THREADS];
    begin();
    for (uintptr_t i = 0; i < THREADS; i++)
        EXPECT(pthread_create(&threads[i], NULL, logs_while_others_fork, (void *)(i + 10)) == 0);
    for (uint32_t i = 0; i < count; i++) {
        pid_t child = fork();
        if (child == 0)
            exit(child_logs(i));
        int end = end_of(child);
        if (end != 0)
            found("child", end);
        EXPECT(end == 0);
    }
    end_it();
    for (int i = 0; i < THREADS; i++) {
        void *logged = NULL;
        EXPECT(pthread_join(threads[i], &logged) == 0);
        found("logged", (long long)(uintptr_t)logged);
    }
    EXPECT(put(0, 4711) == 0);
}

static volatile int child_of_callback = -1;

static void forks_in_callback(char *id, uint8_t level, uint8_t trace)
{
    (void)id, (void)level, (void)trace;
    pid_t child = fork();
    if (child == 0)
        exit(child_logs(1));
    child_of_callback = end_of(child);
    sem_post(&in_callback);
}

static void forked_callback(void)
{
    EXPECT(dlt_register_app("LIFE", "what a program may do") == 0);
    EXPECT(dlt_register_context_llccb(&context, "LIFE", "forks", forks_in_callback) == 0);
    wait_in_callback();
    found("child", child_of_callback);
    EXPECT(child_of_callback == 0);
    EXPECT(put(0, 4711) == 0);
}

static void daemonise(void)
{
    begin();
    EXPECT(put(0, 1) == 0);
    pid_t child = fork();
    EXPECT(child >= 0);
    if (child > 0)
        exit(0);
    setsid();
    child = fork();
    EXPECT(child >= 0);
    if (child > 0)
        exit(0);
    EXPECT(dlt_init() == 0);
    EXPECT(dlt_register_app("DAEM", "a daemon") == 0);
    EXPECT(dlt_register_context_ll_ts(&context, "DAEM", "a daemon", DLT_LOG_INFO, 0) == 0);
    EXPECT(put(0, 2) == 0);
}

static void print_descriptors(void)
{
    DIR *directory = opendir("/proc/self/fd");
    struct dirent *entry;
    EXPECT(directory);
    int count = 0;
    while ((entry = readdir(directory))) {
        char path[64], target[256] = "";
        int number = atoi(entry->d_name);
        if (number <= 2 || number == dirfd(directory))
            continue;
        snprintf(path, sizeof path, "/proc/self/fd/%d", number);
        if (readlink(path, target, sizeof target - 1) < 0)
            continue;
        count++;
        printf("descriptor %d %s\n", number, target);
    }
    found("inherited", count);
    closedir(directory);
}

static void executes(const char *self)
{
    char *arguments[] = { (char *)(uintptr_t)self, (char *)(uintptr_t)"descriptors", NULL };
    pid_t child;
    print_descriptors();
    begin();
    EXPECT(put(0, 1) == 0);
    EXPECT(flushed(20000) == 0);
    child = fork();
    if (child == 0) {
        execv(self, arguments);
        _exit(9);
    }
    EXPECT(end_of(child) == 0);
    EXPECT(put(0, 2) == 0);
    child = vfork();
    if (child == 0) {
        execv(self, arguments);
        _exit(9);
    }
    EXPECT(end_of(child) == 0);
    EXPECT(put(0, 3) == 0);
    EXPECT(posix_spawn(&child, self, NULL, NULL, arguments, environ) == 0);
    EXPECT(end_of(child) == 0);
    EXPECT(put(0, 4711) == 0);
}

/* ---- callbacks ---- */

static volatile int calls_returned;

static void calls_everything(char *id, uint8_t level, uint8_t trace)
{
    DltContext other;
    int total, used;
    (void)id, (void)level, (void)trace;
    int (*flush)(uint32_t) = (int (*)(uint32_t))ours("dlt_flush");
    int (*set)(int, uint32_t) = (int (*)(int, uint32_t))ours("dlt_set_overflow_mode");
    EXPECT(dlt_init() == 0);
    EXPECT(put(0, 1) == 0);
    EXPECT(dlt_register_context(&other, "OTHR", "in a callback") == 0);
    EXPECT(put_to(&other, 0, 2) == 0);
    if (set) {
        EXPECT(set(2, 60000) == 0);
        EXPECT(put(0, 3) == 0);
        EXPECT(set(1, 0) == 0);
    }
    if (flush)
        EXPECT(flush(60000) < 0);
    dlt_user_check_buffer(&total, &used);
    dlt_user_log_resend_buffer();
    dlt_log_marker();
    dlt_set_application_ll_ts_limit(DLT_LOG_INFO, DLT_TRACE_STATUS_OFF);
    dlt_register_injection_callback(&other, 0x1000, NULL);
    dlt_register_log_level_changed_callback(&context, NULL);
    EXPECT(dlt_unregister_context(&other) == 0);
    dlt_unregister_app_flush_buffered_logs();
    dlt_register_app("LIFE", "again");
    /* Its own context, whose callback this is. */
    dlt_unregister_context(&context);
    calls_returned = 1;
    sem_post(&in_callback);
}

static void callback_calls(void)
{
    EXPECT(dlt_register_app("LIFE", "what a program may do") == 0);
    EXPECT(dlt_register_context_llccb(&context, "LIFE", "calls", calls_everything) == 0);
    wait_in_callback();
    EXPECT(calls_returned);
    begin();
    EXPECT(put(0, 4711) == 0);
}

static void does_not_return(char *id, uint8_t level, uint8_t trace)
{
    (void)id, (void)level, (void)trace;
    sem_post(&in_callback);
    while (sem_wait(&callback_may_end) != 0) {
    }
}

static uint64_t exit_began;

static void tell_how_long(void)
{
    found("exit", (long long)(milliseconds() - exit_began));
}

static void block(void)
{
    EXPECT(dlt_register_app("LIFE", "what a program may do") == 0);
    EXPECT(dlt_register_context_llccb(&context, "LIFE", "blocks", does_not_return) == 0);
    EXPECT(put(0, 0) == 0);
    wait_in_callback();
    /* Calls return while nothing is delivered. */
    for (uint32_t i = 1; i < 100; i++)
        EXPECT(put(0, i) == 0);
}

static void blocked(void)
{
    atexit(tell_how_long);
    block();
    exit_began = milliseconds();
}

static void restarted(void)
{
    block();
    uint64_t start = milliseconds();
    EXPECT(dlt_free() == 0);
    found("free", (long long)(milliseconds() - start));
    start = milliseconds();
    /* Its thread is still in the callback: refused, and not waited for without end. */
    found("init", dlt_init());
    found("waited", (long long)(milliseconds() - start));
    sem_post(&callback_may_end);
    start = milliseconds();
    while (dlt_init() != 0)
        EXPECT(milliseconds() - start < 20000);
    begin();
    EXPECT(put(0, 4711) == 0);
}

/* ---- */

int main(int argc, char **argv)
{
    const char *what = argc > 1 ? argv[1] : "";
    const char *text = argc > 2 ? argv[2] : "";
    uint32_t count = (uint32_t)atol(text);
    sem_init(&in_callback, 0, 0);
    sem_init(&callback_may_end, 0, 0);
    sem_init(&reached, 0, 0);
#define IS(NAME) (strcmp(what, NAME) == 0)
    if (IS("storm"))
        storm(count, argc > 3 ? atol(argv[3]) : 1000);
    else if (IS("freed"))
        free_in_callback(count);
    else if (IS("handlers"))
        handlers();
    else if (IS("cancelled"))
        cancelled();
    else if (IS("abandoned"))
        half_done(count);
    else if (IS("threads"))
        many_threads(count);
    else if (IS("contexts"))
        many_contexts(count);
    else if (IS("realtime"))
        real_time();
    else if (IS("plugin"))
        plugged(text);
    else if (IS("forks"))
        forks(count);
    else if (IS("forked"))
        forked_callback();
    else if (IS("daemon"))
        daemonise();
    else if (IS("executes"))
        executes(argv[0]);
    else if (IS("descriptors"))
        print_descriptors();
    else if (IS("callback"))
        callback_calls();
    else if (IS("blocked"))
        blocked();
    else if (IS("restarted"))
        restarted();
    else
        return 2;
    found("end", 0);
    return 0;
}

/*
 * dlt_unregister_context() returns when the context's callback has ended: its code may be unloaded
 * then. The program plays the daemon itself.
 *
 * exit 0: so it is; 1: not; 2: it could not be tried
 */
#define _GNU_SOURCE
#include <dlt/dlt.h>

#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static atomic_int inside;
static atomic_int calls;

static void pause_ms(long milliseconds)
{
    struct timespec time = { milliseconds / 1000, milliseconds % 1000 * 1000000 };
    nanosleep(&time, NULL);
}

static void level_changed(char context_id[DLT_ID_SIZE], uint8_t log_level, uint8_t trace_status)
{
    (void)context_id;
    (void)log_level;
    (void)trace_status;
    atomic_store(&inside, 1);
    pause_ms(100);
    atomic_fetch_add(&calls, 1);
    atomic_store(&inside, 0);
}

int main(void)
{
    char directory[] = "/var/tmp/dlt-callback-XXXXXX";
    char path[128];
    if (mkdtemp(directory) == NULL || setenv("DLT_PIPE_DIR", directory, 1) != 0)
        return 2;
    snprintf(path, sizeof(path), "%s/dlt", directory);
    if (mkfifo(path, 0600) != 0)
        return 2;
    int daemon = open(path, O_RDWR | O_NONBLOCK);
    if (daemon < 0)
        return 2;

    DltContext context;
    dlt_register_app("CALL", "callback");
    dlt_register_context_llccb(&context, "CTX", "callback", level_changed);

    snprintf(path, sizeof(path), "%s/dltpipes/dlt%d", directory, (int)getpid());
    int back = -1;
    for (int i = 0; i < 500 && back < 0; i++) {
        back = open(path, O_WRONLY | O_NONBLOCK);
        pause_ms(10);
    }
    const uint8_t level[14] = { 'D', 'U', 'H', 1, 6, 0, 0, 0, DLT_LOG_WARN, 0, 0, 0, 0, 0 };
    if (back < 0 || write(back, level, sizeof(level)) != (ssize_t)sizeof(level))
        return 2;
    for (int i = 0; i < 5000 && atomic_load(&inside) == 0; i++)
        pause_ms(1);
    if (atomic_load(&inside) == 0)
        return 2;

    dlt_unregister_context(&context);
    int ended = atomic_load(&inside) == 0 && atomic_load(&calls) == 1;
    dlt_unregister_app();
    dlt_free();
    close(back);
    close(daemon);
    snprintf(path, sizeof(path), "rm -r %s", directory);
    if (system(path) != 0)
        return 2;
    return ended ? 0 : 1;
}

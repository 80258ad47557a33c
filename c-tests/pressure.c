/*
 * The back-pressure signal and the counts of a context: without a daemon the memory for messages
 * fills up, with one it empties. The program plays the daemon itself.
 *
 * exit 0: as documented; else the line that failed is printed
 */
#define _GNU_SOURCE
#include <dlt/dlt.h>
#include <dlt/dlt_ng.h>

#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define CHECK(what)                                               \
    do {                                                          \
        if (!(what)) {                                            \
            printf("line %d: not so: %s\n", __LINE__, #what);     \
            exit(1);                                              \
        }                                                         \
    } while (0)

#define EVENTUALLY(what)                                          \
    do {                                                          \
        for (int i_ = 0; i_ < 20000 && !(what); i_++) {           \
            struct timespec ms_ = { 0, 1000000 };                 \
            nanosleep(&ms_, NULL);                                \
        }                                                         \
        CHECK(what);                                              \
    } while (0)

static atomic_int crowded = -1;
static int mine;

static void pressure(int now, void *data)
{
    CHECK(data == &mine);
    atomic_store(&crowded, now);
}

static int log_one(DltContext *context, uint32_t number)
{
    DltContextData data;
    if (dlt_user_log_write_start(context, &data, DLT_LOG_INFO) != DLT_RETURN_TRUE)
        return -100;
    dlt_user_log_write_uint32(&data, number);
    return dlt_user_log_write_finish(&data);
}

int main(void)
{
    char directory[] = "/var/tmp/dlt-pressure-XXXXXX";
    char command[128];
    CHECK(mkdtemp(directory) != NULL);
    setenv("DLT_PIPE_DIR", directory, 1);
    setenv("DLT_USER_BUFFER_MAX", "131072", 1);

    DltContext context;
    CHECK(dlt_register_app("PRES", "pressure") == DLT_RETURN_OK);
    CHECK(dlt_register_context(&context, "CTX", "pressure") == DLT_RETURN_OK);
    CHECK(dlt_ng_set_pressure_callback(pressure, &mine, 0, 0) == DLT_RETURN_WRONG_PARAMETER);
    CHECK(dlt_ng_set_pressure_callback(pressure, &mine, 50, 50) == DLT_RETURN_WRONG_PARAMETER);
    CHECK(dlt_ng_set_pressure_callback(pressure, &mine, 101, 50) == DLT_RETURN_WRONG_PARAMETER);
    CHECK(dlt_ng_set_pressure_callback(pressure, &mine, 50, 25) == DLT_RETURN_OK);

    /* 1,024 messages fit; two fifths are below the mark */
    uint32_t logged = 0;
    while (logged < 400)
        CHECK(log_one(&context, logged++) == DLT_RETURN_OK);
    CHECK(dlt_ng_is_crowded() == 0);
    CHECK(atomic_load(&crowded) == -1);
    while (logged < 700)
        CHECK(log_one(&context, logged++) == DLT_RETURN_OK);
    EVENTUALLY(atomic_load(&crowded) == 1);
    CHECK(dlt_ng_is_crowded() == 1);

    uint32_t refused = 0;
    while (logged < 1200)
        refused += log_one(&context, logged++) == DLT_RETURN_BUFFER_FULL;
    CHECK(refused > 0);

    snprintf(command, sizeof(command), "%s/dlt", directory);
    CHECK(mkfifo(command, 0600) == 0);
    int daemon = open(command, O_RDWR | O_NONBLOCK);
    CHECK(daemon >= 0);
    char bytes[65536];
    EVENTUALLY(read(daemon, bytes, sizeof(bytes)) >= -1 && atomic_load(&crowded) == 0);
    CHECK(dlt_ng_is_crowded() == 0);

    DltNgContextStatistics statistics = { .size = sizeof(statistics) };
    EVENTUALLY(read(daemon, bytes, sizeof(bytes)) >= -1 &&
               dlt_ng_get_context_statistics(&context, &statistics) == DLT_RETURN_OK &&
               statistics.messages == logged - refused);
    CHECK(statistics.lost == refused);
    CHECK(statistics.bytes == statistics.messages * 34);
    CHECK(statistics.size == sizeof(statistics));
    CHECK(dlt_ng_get_context_statistics(NULL, &statistics) == DLT_RETURN_WRONG_PARAMETER);

    dlt_unregister_context(&context);
    CHECK(dlt_ng_get_context_statistics(&context, &statistics) == DLT_RETURN_ERROR);
    dlt_unregister_app();
    dlt_free();
    snprintf(command, sizeof(command), "rm -r %s", directory);
    CHECK(system(command) == 0);
    return 0;
}

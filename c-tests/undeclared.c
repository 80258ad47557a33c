/* SPDX-License-Identifier: MPL-2.0 */
/*
 * Names that libdlt exports although no header declares them, and small functions of dlt_common.h:
 * prints the result of each with ordinary, boundary and NULL arguments. What it prints is the same
 * on libdlt 2.18.8 and on this library.
 *
 * Not called, since this library mends it: names of levels before a semicolon, "warn" and "-" as
 * levels; ids with anything behind their NUL; no room at all for a name; a program that does not
 * exist (libdlt goes on as a second copy of the caller); internal log levels that there are not;
 * output to a file that is there and longer; arguments after dlt_user_log_write_start_init (libdlt leaves the memory for them to the caller).
 */
#include <dlt/dlt.h>
#include <dlt/dlt_client.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

int dlt_env_extract_id(char **env, char *id);
int dlt_env_extract_ll(char **env, int8_t *ll);
int dlt_env_extract_ll_item(char **env, dlt_env_ll_item *item);
int dlt_env_extract_symbolic_ll(char **env, int8_t *ll);
int dlt_env_helper_to_lower(char **env, char *result, int max_len);
int dlt_env_ids_match(const char *a, const char *b);
int dlt_env_increase_ll_set(dlt_env_ll_set *ll_set);
int dlt_env_init_ll_set(dlt_env_ll_set *ll_set);
int dlt_env_ll_item_get_matching_prio(const dlt_env_ll_item *item, const char *apid,
                                      const char *ctid);
DltReturnValue dlt_init_message_queue(void);
void dlt_client_free_calloc_failed_get_log_info(DltServiceGetLogInfoResponse *resp, int count);
extern char dltFifoBaseDir[];
void dlt_lock_mutex(pthread_mutex_t *mutex);
void dlt_unlock_mutex(pthread_mutex_t *mutex);
DltReturnValue dlt_register_context_ll_ts_llccb(DltContext *handle, const char *contextid,
                                                const char *description, int loglevel,
                                                int tracestatus,
                                                void (*changed)(char *, uint8_t, uint8_t));
int dlt_user_check_userheader(void *userheader);
DltReturnValue dlt_user_set_userheader(void *userheader, uint32_t type);
DltReturnValue dlt_user_log_out2(int handle, void *ptr1, size_t len1, void *ptr2, size_t len2);
DltReturnValue dlt_user_log_out3(int handle, void *ptr1, size_t len1, void *ptr2, size_t len2,
                                 void *ptr3, size_t len3);
DltReturnValue dlt_user_log_write_start_init(DltContext *handle, DltContextData *log,
                                             DltLogLevelType loglevel, bool is_verbose);
void dlt_user_log_file_errorMessage(DltContext *context, const char *filename, int code);
DltReturnValue dlt_user_trace_network_segmented_start(uint32_t *id, DltContext *handle,
                                                      DltNetworkTraceType type,
                                                      uint16_t header_len, void *header,
                                                      uint16_t payload_len);
DltReturnValue dlt_user_trace_network_segmented_segment(uint32_t id, DltContext *handle,
                                                        DltNetworkTraceType type, int sequence,
                                                        uint16_t payload_len, void *payload);
DltReturnValue dlt_user_trace_network_segmented_end(uint32_t id, DltContext *handle,
                                                    DltNetworkTraceType type);

#define RESULT(call) printf("%s = %ld\n", #call, (long)(call))
#define COUNT(array) (sizeof(array) / sizeof(*(array)))

static void hex(const void *bytes, size_t count)
{
    const unsigned char *byte = bytes;

    while (count-- > 0)
        printf(" %02x", *byte++);
    printf("\n");
}

static void levels(void)
{
    static const char *const texts[] = {
        "3", "3;x", "7", "6", "-1", "-2", "", "info", "INFO", "WaRnInG", "default", "off", "fatal",
        "error", "debug", "verbose", "10", "3x", "-1;", "0", "nonsense", "defaultx",
    };
    size_t i;

    for (i = 0; i < COUNT(texts); i++) {
        char text[32];
        char *at = text;
        int8_t level = 99;
        int result;

        strcpy(text, texts[i]);
        result = dlt_env_extract_ll(&at, &level);
        printf("level \"%s\": %d, %ld read, %d\n", text, result, (long)(at - text), level);
        at = text;
        level = 99;
        if (strchr(text, ';') == NULL) {
            result = dlt_env_extract_symbolic_ll(&at, &level);
            printf("name \"%s\": %d, %ld read, %d\n", text, result, (long)(at - text), level);
        }
    }
}

static void ids_and_items(void)
{
    static const char *const ids[] = {"ABCD:x", "ABCDE:x", "AB:x", ":x", "", "ABCD", "A;B:c", "AB"};
    static const char *const items[] = {
        "A:B:3", "A:B:3;C", "::3", ":B:info", "A::9", "ABCDE::3", "A:B", "A:BCDEF:3", "",
    };
    static const int rooms[] = {16, 8, 7, 4, 1};
    size_t i;

    for (i = 0; i < COUNT(ids); i++) {
        char text[32];
        char *at = text;
        char id[6] = "#####";
        int result;

        strcpy(text, ids[i]);
        result = dlt_env_extract_id(&at, id);
        printf("id \"%s\": %d, %ld read,", text, result, (long)(at - text));
        hex(id, sizeof(id));
    }
    for (i = 0; i < COUNT(items); i++) {
        char text[32];
        char *at = text;
        dlt_env_ll_item item;
        int result;

        strcpy(text, items[i]);
        memset(&item, '#', sizeof(item));
        result = dlt_env_extract_ll_item(&at, &item);
        printf("item \"%s\": %d, %ld read,", text, result, (long)(at - text));
        hex(&item, sizeof(item));
    }
    for (i = 0; i < COUNT(rooms); i++) {
        char text[] = "WARNING;x";
        char *at = text;
        char name[16] = "###############";
        int result = dlt_env_helper_to_lower(&at, name, rooms[i]);

        printf("lower case in %d: %d, %ld read, %s\n", rooms[i], result, (long)(at - text), name);
    }
}

static void sets(void)
{
    dlt_env_ll_item item = {{'A', 0, 0, 0}, {'C', 0, 0, 0}, 3};
    dlt_env_ll_set set;
    char *none = NULL;
    char text[] = "off";
    char *at = text;
    char room[16];
    int8_t level;

    RESULT(dlt_env_extract_id(NULL, room));
    RESULT(dlt_env_extract_id(&none, room));
    RESULT(dlt_env_extract_id(&at, NULL));
    RESULT(dlt_env_extract_ll(NULL, &level));
    RESULT(dlt_env_extract_ll(&none, &level));
    RESULT(dlt_env_extract_ll(&at, NULL));
    RESULT(dlt_env_extract_symbolic_ll(NULL, &level));
    RESULT(dlt_env_extract_symbolic_ll(&none, &level));
    RESULT(dlt_env_extract_symbolic_ll(&at, NULL));
    RESULT(dlt_env_extract_ll_item(NULL, &item));
    RESULT(dlt_env_extract_ll_item(&none, &item));
    RESULT(dlt_env_extract_ll_item(&at, NULL));
    RESULT(dlt_env_helper_to_lower(NULL, room, 4));
    RESULT(dlt_env_helper_to_lower(&none, room, 4));
    RESULT(dlt_env_helper_to_lower(&at, NULL, 4));
    RESULT(dlt_env_ids_match("ABCD", "ABCD"));
    RESULT(dlt_env_ids_match("ABCD", "ABCE"));
    RESULT(dlt_env_ids_match("A\0\0", "A\0\0"));
    RESULT(dlt_env_ll_item_get_matching_prio(&item, "A\0\0", "C\0\0"));
    RESULT(dlt_env_ll_item_get_matching_prio(&item, "B\0\0", "C\0\0"));
    RESULT(dlt_env_ll_item_get_matching_prio(NULL, "B\0\0", "C\0\0"));
    RESULT(dlt_env_ll_item_get_matching_prio(&item, NULL, "C\0\0"));
    RESULT(dlt_env_ll_item_get_matching_prio(&item, "A\0\0", NULL));
    item.ctxId[0] = 0;
    RESULT(dlt_env_ll_item_get_matching_prio(&item, "A\0\0", "C\0\0"));
    item.appId[0] = 0;
    RESULT(dlt_env_ll_item_get_matching_prio(&item, "A\0\0", "C\0\0"));
    item.ctxId[0] = 'C';
    RESULT(dlt_env_ll_item_get_matching_prio(&item, "A\0\0", "C\0\0"));
    RESULT(dlt_env_init_ll_set(NULL));
    RESULT(dlt_env_increase_ll_set(NULL));
    RESULT(dlt_env_init_ll_set(&set));
    printf("room for %zu, %zu used\n", set.array_size, set.num_elem);
    RESULT(dlt_env_increase_ll_set(&set));
    printf("room for %zu, %zu used\n", set.array_size, set.num_elem);
    dlt_env_free_ll_set(&set);
    printf("room for %zu, %zu used\n", set.array_size, set.num_elem);
}

static void frames(void)
{
    unsigned char head[8] = "#######";
    int pipes[2];
    char room[64];
    static char large[100000];

    RESULT(dlt_user_set_userheader(head, 5));
    hex(head, sizeof(head));
    RESULT(dlt_user_check_userheader(head));
    RESULT(dlt_user_set_userheader(head, 0));
    RESULT(dlt_user_set_userheader(head, 99));
    RESULT(dlt_user_set_userheader(NULL, 5));
    head[0] = 'X';
    RESULT(dlt_user_check_userheader(head));
    RESULT(dlt_user_check_userheader(NULL));

    signal(SIGPIPE, SIG_IGN);
    if (pipe(pipes) != 0 || fcntl(pipes[0], F_SETFL, O_NONBLOCK) != 0 ||
        fcntl(pipes[1], F_SETFL, O_NONBLOCK) != 0)
        return;
    RESULT(dlt_user_log_out2(pipes[1], "abc", 3, "de", 2));
    RESULT(read(pipes[0], room, sizeof(room)));
    RESULT(dlt_user_log_out3(pipes[1], "abc", 3, "de", 2, "f", 1));
    RESULT(read(pipes[0], room, sizeof(room)));
    RESULT(dlt_user_log_out2(pipes[1], NULL, 3, "de", 2));
    RESULT(dlt_user_log_out2(pipes[1], NULL, 0, "de", 2));
    RESULT(dlt_user_log_out2(pipes[1], "x", 0, "", 0));
    RESULT(dlt_user_log_out3(pipes[1], "abc", 3, NULL, 0, NULL, 0));
    RESULT(read(pipes[0], room, sizeof(room)));
    RESULT(dlt_user_log_out3(pipes[1], "abc", 3, NULL, 5, NULL, 0));
    RESULT(dlt_user_log_out2(-1, "abc", 3, "de", 2));
    RESULT(dlt_user_log_out3(-1, "abc", 3, "de", 2, "", 0));
    RESULT(dlt_user_log_out2(999, "abc", 3, "de", 2));
    RESULT(dlt_user_log_out2(pipes[0], "abc", 3, "de", 2));
    RESULT(dlt_user_log_out2(pipes[1], "abc", 3, large, sizeof(large)));
    RESULT(dlt_user_log_out2(pipes[1], "abc", 3, large, 100));
    RESULT(dlt_user_log_out3(pipes[1], "abc", 3, large, 100, "a", 1));
    close(pipes[0]);
    RESULT(dlt_user_log_out2(pipes[1], "abc", 3, "x", 1));
    RESULT(dlt_user_log_out3(pipes[1], "abc", 3, "x", 1, "x", 1));
    close(pipes[1]);
}

static void programs(void)
{
    char name[] = "/tmp/dlt-undeclared-XXXXXX";
    char text[64] = "";
    FILE *file;
    int descriptor = mkstemp(name);

    if (descriptor < 0)
        return;
    close(descriptor);
    RESULT(dlt_execute_command(NULL, "true", NULL));
    RESULT(dlt_execute_command(NULL, "false", NULL));
    RESULT(dlt_execute_command(NULL, NULL));
    RESULT(dlt_execute_command(NULL, "sh", "-c", "exit 3", NULL));
    RESULT(dlt_execute_command(NULL, "sh", "-c", "kill -9 $$", NULL));
    RESULT(dlt_execute_command(name, "echo", "a b", "c", NULL));
    file = fopen(name, "r");
    if (file != NULL) {
        if (fgets(text, sizeof(text), file) != NULL)
            printf("%s", text);
        fclose(file);
    }
    remove(name);
    RESULT(dlt_execute_command("/nonexistent/file", "echo", "a", NULL));
    fflush(stdout);
}

static void locks(void)
{
    pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

    dlt_lock_mutex(&mutex);
    RESULT(pthread_mutex_trylock(&mutex) != 0);
    dlt_unlock_mutex(&mutex);
    RESULT(pthread_mutex_trylock(&mutex));
    pthread_mutex_unlock(&mutex);
}

static void answers(void)
{
    static const char *const texts[] = {
        "get_log_info, 07, 01 02", "get_log_info, aa, 01", "get_log_info, 7", "get_log_inf, 07",
        "set_x, 07",               "",                     "get_log_info, 10, 00",
    };
    uint32_t service = 0;
    uint8_t option = 0;
    size_t i;

    for (i = 0; i < COUNT(texts); i++) {
        char text[64];

        strcpy(text, texts[i]);
        service = 77;
        option = 55;
        printf("\"%s\": %d,", text, dlt_set_loginfo_parse_service_id(text, &service, &option));
        printf(" %u, %u\n", (unsigned int)service, option);
    }
    RESULT(dlt_set_loginfo_parse_service_id(NULL, &service, &option));
    RESULT(dlt_check_rcv_data_size(5, 5));
    RESULT(dlt_check_rcv_data_size(4, 5));
    RESULT(dlt_check_rcv_data_size(0, 0));
    RESULT(dlt_check_rcv_data_size(6, 5));
}

static void half_an_answer(void)
{
    DltServiceGetLogInfoResponse *response = calloc(1, sizeof(*response));
    char text[] = "get_log_info, 07, 02 00 4c 4f 47 00 01 00 54 45 53 54 04 00 01 00 41 01 00 42 "
                  "41 50 50 00 00 00 01 00 43 ";

    response->status = 7;
    RESULT(dlt_client_parse_get_log_info_resp_text(response, text));
    RESULT(response->log_info_type.count_app_ids);
    dlt_client_free_calloc_failed_get_log_info(response, 2);
    RESULT(response->log_info_type.app_ids == NULL);
    free(response);
}

static void environment(void)
{
    static const char *const levels[] = { "4", "0", "7", "3", "6" };
    struct timespec while_passes = { 0, 3000000 };
    static char directory[2000];
    uint32_t before;
    size_t i;

    dlt_log_set_fifo_basedir("/somewhere/else");
    printf("%s\n", dltFifoBaseDir);
    memset(directory, 'd', sizeof(directory) - 1);
    dlt_log_set_fifo_basedir(directory);
    RESULT(strlen(dltFifoBaseDir));
    setenv("DLT_PIPE_DIR", "/from/environment", 1);
    for (i = 0; i < COUNT(levels); i++) {
        setenv("DLT_LOG_LEVEL", levels[i], 1);
        printf("DLT_LOG_LEVEL=%s\n", levels[i]);
        fflush(stdout);
        dlt_check_envvar();
        RESULT(dlt_log(3, (char *)"warning\n"));
        RESULT(dlt_log(5, (char *)"notice\n"));
    }
    printf("%s\n", dltFifoBaseDir);
    unsetenv("DLT_LOG_LEVEL");
    unsetenv("DLT_PIPE_DIR");
    dlt_check_envvar();
    printf("%s\n", dltFifoBaseDir);
    before = dlt_uptime();
    nanosleep(&while_passes, NULL);
    RESULT(dlt_uptime() - before >= 30);
}

/* Apart, for what it starts is not to be met by anything else. */
static void half_a_start(void)
{
    int status = -1;
    pid_t child;

    fflush(stdout);
    child = fork();
    if (child == 0) {
        RESULT(dlt_init_common());
        fflush(stdout);
        _exit(0);
    }
    RESULT(waitpid(child, &status, 0) == child);
    RESULT(status);
}

static void changed(char *context, uint8_t level, uint8_t trace)
{
    (void)context;
    (void)level;
    (void)trace;
}

/* The program's log goes to a file, which somebody else looks at. */
static void messages(const char *file)
{
    DltContext context;
    DltContextData log;
    uint32_t stream = 77;
    char payload[8] = "payload";

    dlt_init_file(file);
    dlt_set_filesize_max(0);
    RESULT(dlt_init_message_queue());
    RESULT(dlt_register_app("APPL", ""));
    RESULT(dlt_register_context_ll_ts_llccb(&context, "CTX", "", 4, 1, changed));
    RESULT(dlt_register_context_ll_ts_llccb(NULL, "CTX", "", 4, 1, changed));
    RESULT(dlt_register_context_ll_ts_llccb(&context, "CTX", "", 4, 1, NULL));
    memset(&log, '#', sizeof(log));
    RESULT(dlt_user_log_write_start_init(&context, &log, DLT_LOG_VERBOSE, true));
    RESULT(log.handle == &context && log.args_num == 0 && log.size == 0);
    RESULT(dlt_user_log_write_start_init(NULL, &log, DLT_LOG_VERBOSE, true));
    RESULT(dlt_user_trace_network_segmented_start(&stream, &context, DLT_NW_TRACE_IPC, 4, "head",
                                                  1024));
    RESULT(stream != 77);
    RESULT(dlt_user_trace_network_segmented_segment(77, &context, DLT_NW_TRACE_IPC, 0, 8,
                                                    payload));
    RESULT(dlt_user_trace_network_segmented_end(77, &context, DLT_NW_TRACE_IPC));
    RESULT(dlt_user_trace_network_segmented_start(NULL, &context, DLT_NW_TRACE_IPC, 4, "head", 9));
    RESULT(dlt_user_trace_network_segmented_segment(77, &context, DLT_NW_TRACE_IPC, 0, 9, NULL));
    errno = ENOENT; /* otherwise libdlt looks at the file */
    dlt_user_log_file_errorMessage(&context, "/nonexistent/file", -123);
}

int main(int count, char **arguments)
{
    setvbuf(stdout, NULL, _IOLBF, 0);
    levels();
    ids_and_items();
    sets();
    frames();
    programs();
    locks();
    answers();
    half_an_answer();
    environment();
    half_a_start();
    if (count > 1)
        messages(arguments[1]);
    return 0;
}

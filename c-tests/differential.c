/* Calls whose return values and frames two libraries are to agree on, beyond tests/golden.
 * Usage: differential CASE CONTROL-DIR [DLT-FILE]; speaks the protocol of tests/golden/tools/cases.c:
 * every call goes through C(), which writes its text and its value to CONTROL-DIR/calls. */
#define _GNU_SOURCE
#include <dlt/dlt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

DLT_DECLARE_CONTEXT(ctx)
DLT_DECLARE_CONTEXT(ctx2)

static const char *control = ".";
static FILE *report;

#define C(x)                                                                                       \
    do {                                                                                           \
        long value_ = (long)(x);                                                                   \
        fprintf(report, "CALL\t%s\t%ld\n", #x, value_);                                            \
        fflush(report);                                                                            \
    } while (0)
#define SAY(...)                                                                                   \
    do {                                                                                           \
        fprintf(report, __VA_ARGS__);                                                              \
        fflush(report);                                                                            \
    } while (0)

static void sync_point(const char *name)
{
    char reached[512], go[512];
    struct stat status;
    snprintf(reached, sizeof reached, "%s/at_%s", control, name);
    snprintf(go, sizeof go, "%s/go_%s", control, name);
    FILE *file = fopen(reached, "w");
    if (file)
        fclose(file);
    for (int i = 0; i < 2000 && stat(go, &status) != 0; i++)
        usleep(10000);
}

static void one_number(int32_t number)
{
    DltContextData d;
    int started = dlt_user_log_write_start(&ctx, &d, DLT_LOG_INFO);
    C(started);
    if (started != DLT_RETURN_TRUE)
        return;
    C(dlt_user_log_write_int32(&d, number));
    C(dlt_user_log_write_finish(&d));
}

static void open_both(void)
{
    C(dlt_register_app("DAPP", "differential"));
    C(dlt_register_context_ll_ts(&ctx, "DCTX", "context", DLT_LOG_VERBOSE, DLT_TRACE_STATUS_ON));
}

static void close_both(void)
{
    C(dlt_unregister_context(&ctx));
    C(dlt_unregister_app());
}

/* Arguments that are refused, and what refusing leaves behind. */
static void wrong(void)
{
    DltContextData d;
    uint8_t raw[4] = { 1, 2, 3, 4 };
    C(dlt_register_app(NULL, "nothing"));
    C(dlt_register_app("", "nothing"));
    C(dlt_register_context(NULL, "CTX", "nothing"));
    C(dlt_register_context(&ctx, NULL, "nothing"));
    C(dlt_register_context(&ctx, "", "nothing"));
    C(dlt_register_context_ll_ts(&ctx, "CTX", "level", 7, 0));
    C(dlt_register_context_ll_ts(&ctx, "CTX", "level", -3, 0));
    C(dlt_register_context_ll_ts(&ctx, "CTX", "trace", 0, 2));
    C(dlt_register_context_ll_ts(&ctx, "CTX", "trace", 0, -3));
    C(dlt_unregister_context(NULL));
    open_both();
    C(dlt_user_log_write_start(NULL, &d, DLT_LOG_INFO));
    C(dlt_user_log_write_start(&ctx, NULL, DLT_LOG_INFO));
    C(dlt_user_log_write_start(&ctx, &d, (DltLogLevelType)7));
    C(dlt_user_log_write_start(&ctx, &d, (DltLogLevelType)-3));
    C(dlt_user_log_write_start_id(NULL, &d, DLT_LOG_INFO, 1));
    C(dlt_user_log_write_start_w_given_buffer(&ctx, &d, DLT_LOG_INFO, NULL, 4, 1));
    C(dlt_user_log_write_finish(NULL));
    C(dlt_user_log_write_int(NULL, 1));
    C(dlt_user_log_write_bool(NULL, 1));
    C(dlt_user_log_write_string(NULL, "text"));
    C(dlt_user_log_write_raw(NULL, raw, 4));
    C(dlt_user_log_write_float64(NULL, 1.0));
    C(dlt_user_log_write_start(&ctx, &d, DLT_LOG_INFO));
    C(dlt_user_log_write_string(&d, NULL));
    C(dlt_user_log_write_sized_string(&d, NULL, 3));
    C(dlt_user_log_write_raw(&d, NULL, 4));
    C(dlt_user_log_write_uint8_formatted(&d, 1, (DltFormatType)7));
    C(dlt_user_log_write_raw_formatted(&d, raw, 4, (DltFormatType)-1));
    C(dlt_user_log_write_uint8(&d, 9));
    C(dlt_user_log_write_finish(&d));
    C(dlt_log_string(NULL, DLT_LOG_INFO, "text"));
    C(dlt_log_string(&ctx, DLT_LOG_INFO, NULL));
    C(dlt_log_string_int(&ctx, DLT_LOG_INFO, NULL, 1));
    C(dlt_log_int(NULL, DLT_LOG_INFO, 1));
    C(dlt_log_raw(&ctx, DLT_LOG_INFO, NULL, 4));
    C(dlt_set_application_ll_ts_limit((DltLogLevelType)7, DLT_TRACE_STATUS_ON));
    C(dlt_set_application_ll_ts_limit(DLT_LOG_INFO, (DltTraceStatusType)2));
    C(dlt_user_check_buffer(NULL, NULL));
    C(dlt_get_appid(NULL));
    C(dlt_init_file(NULL));
    close_both();
    C(dlt_unregister_app());
}

/* Init and free in every order; what is asked before and after. */
static void life(void)
{
    char id[5] = "....";
    C(dlt_free());
    C(dlt_get_log_state());
    C(dlt_unregister_app());
    C(dlt_log_string(&ctx, DLT_LOG_INFO, "before any init"));
    C(dlt_check_library_version("2", "18"));
    C(dlt_init());
    C(dlt_init());
    C(dlt_set_filesize_max(1000));
    C(dlt_free());
    C(dlt_free());
    for (int round = 0; round < 3; round++) {
        open_both();
        C(dlt_get_appid(id));
        SAY("NOTE\tapplication %s\n", id);
        C(strcmp(id, "DAPP"));
        one_number(round);
        close_both();
        C(dlt_free());
    }
    C(dlt_register_app("ABCD", "long"));
    C(dlt_register_app("AB", "a prefix of the identifier in use"));
    C(dlt_register_app("ZZZZ", "another"));
    C(dlt_unregister_app());
}

/* The same context twice, use after unregistering, positions. */
static void contexts(void)
{
    DltContextData d;
    open_both();
    C(dlt_register_context_ll_ts(&ctx2, "DCTX", "same name", DLT_LOG_ERROR, DLT_TRACE_STATUS_OFF));
    C(ctx.log_level_pos);
    C(ctx2.log_level_pos);
    C(*ctx2.log_level_ptr);
    C(*ctx2.trace_status_ptr);
    C(dlt_user_log_write_start(&ctx2, &d, DLT_LOG_WARN));
    C(d.handle == NULL);
    C(dlt_user_log_write_start(&ctx2, &d, DLT_LOG_OFF));
    C(dlt_user_is_logLevel_enabled(&ctx2, DLT_LOG_ERROR));
    C(dlt_user_is_logLevel_enabled(&ctx2, DLT_LOG_WARN));
    C(dlt_unregister_context(&ctx2));
    C(ctx2.log_level_ptr == NULL);
    C(dlt_user_log_write_start(&ctx2, &d, DLT_LOG_ERROR));
    C(dlt_unregister_context(&ctx2));
    one_number(1);
    C(dlt_unregister_app());
    C(dlt_register_app("DAP2", "logs without application in between"));
    one_number(2);
    close_both();
}

static int swallow(uint32_t service, void *data, uint32_t length)
{
    return (int)(service + length + (data == NULL));
}

static void callbacks(void)
{
    open_both();
    C(dlt_register_injection_callback(NULL, 0x1000, swallow));
    C(dlt_register_injection_callback(&ctx, 0xffe, swallow));
    C(dlt_register_injection_callback(&ctx, 0xfff, swallow));
    C(dlt_register_injection_callback(&ctx, 0x1000, swallow));
    C(dlt_register_injection_callback(&ctx, 0x1000, swallow));
    C(dlt_register_log_level_changed_callback(NULL, NULL));
    C(dlt_register_log_level_changed_callback(&ctx, NULL));
    close_both();
}

/* Network trace: refused types, trace switched off, the buffer of the caller. */
static void tracing(void)
{
    char bytes[1300];
    for (int i = 0; i < 1300; i++)
        bytes[i] = (char)i;
    open_both();
    C(dlt_register_context_ll_ts(&ctx2, "OFF", "no trace", DLT_LOG_INFO, DLT_TRACE_STATUS_OFF));
    C(dlt_user_trace_network(&ctx2, DLT_NW_TRACE_CAN, 4, bytes, 8, bytes));
    C(dlt_user_trace_network(&ctx, (DltNetworkTraceType)0, 4, bytes, 8, bytes));
    C(dlt_user_trace_network(&ctx, (DltNetworkTraceType)16, 4, bytes, 8, bytes));
    C(dlt_user_trace_network(&ctx, DLT_NW_TRACE_CAN, 4, bytes, 8, NULL));
    C(dlt_user_trace_network(&ctx, DLT_NW_TRACE_CAN, 4, bytes, 8, bytes));
    C(dlt_user_trace_network_truncated(&ctx, DLT_NW_TRACE_CAN, 4, bytes, 1300, bytes, 0));
    C(dlt_user_trace_network_segmented(&ctx, (DltNetworkTraceType)0, 4, bytes, 8, bytes));
    C(dlt_user_trace_network_segmented(&ctx, DLT_NW_TRACE_IPC, 4, bytes, 60, bytes));
    C(dlt_unregister_context(&ctx2));
    close_both();
}

/* The application's limit of level and trace status. */
static void limit(void)
{
    C(dlt_set_application_ll_ts_limit(DLT_LOG_WARN, DLT_TRACE_STATUS_OFF));
    open_both();
    C(dlt_register_context_ll_ts(&ctx2, "CTX2", "second", DLT_LOG_FATAL, DLT_TRACE_STATUS_ON));
    C(dlt_set_application_ll_ts_limit(DLT_LOG_WARN, DLT_TRACE_STATUS_OFF));
    C(*ctx.log_level_ptr);
    C(*ctx2.log_level_ptr);
    C(*ctx2.trace_status_ptr);
    one_number(1);
    C(dlt_set_application_ll_ts_limit(DLT_LOG_INFO, DLT_TRACE_STATUS_ON));
    one_number(2);
    C(dlt_unregister_context(&ctx2));
    close_both();
}

/* More messages than any library keeps, before the daemon comes. */
static void flood(void)
{
    DltContextData d;
    C(dlt_register_app("FLOD", "flood"));
    C(dlt_register_context_ll_ts(&ctx, "FCTX", "flood", DLT_LOG_INFO, DLT_TRACE_STATUS_OFF));
    for (int32_t i = 0; i < 3000; i++) {
        if (dlt_user_log_write_start(&ctx, &d, DLT_LOG_INFO) != DLT_RETURN_TRUE)
            abort();
        if (dlt_user_log_write_int32(&d, i) != DLT_RETURN_OK)
            abort();
        C(dlt_user_log_write_finish(&d));
    }
    sync_point("up");
    usleep(2500000);
    one_number(1000000);
    one_number(1000001);
    close_both();
}

/* A file without dlt_set_filesize_max(), and then with it. */
static void file_default(const char *path)
{
    C(dlt_init_file(path));
    open_both();
    for (int32_t i = 0; i < 3; i++)
        one_number(i);
    C(dlt_set_filesize_max(0));
    for (int32_t i = 0; i < 3; i++)
        one_number(i);
    close_both();
    C(dlt_free());
}

int main(int count, char **arguments)
{
    const char *name = count > 1 ? arguments[1] : "";
    char path[512];
    if (count > 2)
        control = arguments[2];
    snprintf(path, sizeof path, "%s/calls", control);
    report = fopen(path, "w");
    if (!report)
        return 3;
#define CASE(NAME)                                                                                 \
    if (strcmp(name, #NAME) == 0) {                                                                \
        NAME();                                                                                    \
        return 0;                                                                                  \
    }
    CASE(wrong)
    CASE(life)
    CASE(contexts)
    CASE(callbacks)
    CASE(tracing)
    CASE(limit)
    CASE(flood)
    if (strcmp(name, "file_default") == 0) {
        file_default(count > 3 ? arguments[3] : "out.dlt");
        return 0;
    }
    fprintf(stderr, "unknown case %s\n", name);
    return 2;
}

/* SPDX-License-Identifier: MPL-2.0 */
/* A plugin that has a context of its own, and a callback: both go when it is unloaded. */
#include <dlt/dlt.h>

static DltContext context;
static volatile unsigned changes;

static void level_changed(char context_id[DLT_ID_SIZE], uint8_t log_level, uint8_t trace_status)
{
    (void)context_id;
    (void)log_level;
    (void)trace_status;
    changes++;
}

__attribute__((constructor)) static void loaded(void)
{
    dlt_register_context_llccb(&context, "PLUG", "a plugin's", level_changed);
}

__attribute__((destructor)) static void unloaded(void)
{
    dlt_unregister_context(&context);
}

/* Declared by nobody: the program looks it up. */
int plugin_logs(unsigned number);
int plugin_logs(unsigned number)
{
    DltContextData data;
    if (dlt_user_log_write_start(&context, &data, DLT_LOG_INFO) != DLT_RETURN_TRUE)
        return -1;
    dlt_user_log_write_uint32(&data, 11);
    dlt_user_log_write_uint32(&data, number);
    return dlt_user_log_write_finish(&data);
}

/* SPDX-License-Identifier: MPL-2.0 */
/*
 * Each function has the type that libdlt 2.18.8 declares it with: this compiles, without warnings,
 * with this library's headers and with libdlt's.
 */
#define DLT_LIB_USE_FIFO_IPC /* libdlt hides some declarations without it */

#include <dlt/dlt.h>
#include <dlt/dlt_filetransfer.h>
#include <dlt/dlt_protocol.h>

#define TYPE(function, result, ...) \
    do { \
        result (*pointer)(__VA_ARGS__) = function; \
        (void)pointer; \
    } while (0)

int main(void)
{
    TYPE(dlt_check_library_version, DltReturnValue, const char *, const char *);
    TYPE(dlt_clean_string, void, char *, int);
    TYPE(dlt_disable_local_print, DltReturnValue, void);
    TYPE(dlt_enable_local_print, DltReturnValue, void);
    TYPE(dlt_env_adjust_ll_from_env, int,
         dlt_env_ll_set const *, char const *, char const *, int const);
    TYPE(dlt_env_extract_ll_set, int, char ** const, dlt_env_ll_set *);
    TYPE(dlt_env_free_ll_set, void, dlt_env_ll_set *);
    TYPE(dlt_free, DltReturnValue, void);
    TYPE(dlt_get_appid, DltReturnValue, char *);
    TYPE(dlt_get_log_state, int, void);
    TYPE(dlt_get_major_version, void, char *, size_t);
    TYPE(dlt_get_minor_version, void, char *, size_t);
    TYPE(dlt_get_service_name, const char *, unsigned int);
    TYPE(dlt_get_version, void, char *, size_t);
    TYPE(dlt_init, DltReturnValue, void);
    TYPE(dlt_init_file, DltReturnValue, const char *);
    TYPE(dlt_log_free, void, void);
    TYPE(dlt_log_int, DltReturnValue, DltContext *, DltLogLevelType, int);
    TYPE(dlt_log_marker, DltReturnValue, void);
    TYPE(dlt_log_raw, DltReturnValue, DltContext *, DltLogLevelType, void *, uint16_t);
    TYPE(dlt_log_set_fifo_basedir, void, const char *);
    TYPE(dlt_log_set_filename, void, const char *);
    TYPE(dlt_log_set_level, void, int);
    TYPE(dlt_log_string, DltReturnValue, DltContext *, DltLogLevelType, const char *);
    TYPE(dlt_log_string_int, DltReturnValue, DltContext *, DltLogLevelType, const char *, int);
    TYPE(dlt_log_string_uint, DltReturnValue,
         DltContext *, DltLogLevelType, const char *, unsigned int);
    TYPE(dlt_log_uint, DltReturnValue, DltContext *, DltLogLevelType, unsigned int);
    TYPE(dlt_nonverbose_mode, DltReturnValue, void);
    TYPE(dlt_print_char_string, DltReturnValue, char **, int, uint8_t *, int);
    TYPE(dlt_print_hex, void, uint8_t *, int);
    TYPE(dlt_print_hex_string, DltReturnValue, char *, int, uint8_t *, int);
    TYPE(dlt_print_id, void, char *, const char *);
    TYPE(dlt_print_mixed_string, DltReturnValue, char *, int, uint8_t *, int, int);
    TYPE(dlt_register_app, DltReturnValue, const char *, const char *);
    TYPE(dlt_register_context, DltReturnValue, DltContext *, const char *, const char *);
    TYPE(dlt_register_context_ll_ts, DltReturnValue,
         DltContext *, const char *, const char *, int, int);
    TYPE(dlt_register_context_llccb, DltReturnValue,
         DltContext *, const char *, const char *, void (*)(char *, uint8_t, uint8_t));
    TYPE(dlt_register_injection_callback, DltReturnValue,
         DltContext *, uint32_t, int (*)(uint32_t, void *, uint32_t));
    TYPE(dlt_register_injection_callback_with_id, DltReturnValue,
         DltContext *, uint32_t, int (*)(uint32_t, void *, uint32_t, void *), void *);
    TYPE(dlt_register_log_level_changed_callback, DltReturnValue,
         DltContext *, void (*)(char *, uint8_t, uint8_t));
    TYPE(dlt_set_application_ll_ts_limit, DltReturnValue, DltLogLevelType, DltTraceStatusType);
    TYPE(dlt_set_filesize_max, DltReturnValue, unsigned int);
    TYPE(dlt_set_id, void, char *, const char *);
    TYPE(dlt_set_log_mode, DltReturnValue, DltUserLogMode);
    TYPE(dlt_set_resend_timeout_atexit, int, uint32_t);
    TYPE(dlt_strnlen_s, size_t, const char *, size_t);
    TYPE(dlt_unregister_app, DltReturnValue, void);
    TYPE(dlt_unregister_app_flush_buffered_logs, DltReturnValue, void);
    TYPE(dlt_unregister_context, DltReturnValue, DltContext *);
    TYPE(dlt_uptime, uint32_t, void);
    TYPE(dlt_use_extended_header_for_non_verbose, DltReturnValue, int8_t);
    TYPE(dlt_user_atexit_blow_out_user_buffer, int, void);
    TYPE(dlt_user_check_buffer, DltReturnValue, int *, int *);
    TYPE(dlt_user_check_library_version, DltReturnValue, const char *, const char *);
    TYPE(dlt_user_log_file_complete, int, DltContext *, const char *, int, int);
    TYPE(dlt_user_log_file_data, int, DltContext *, const char *, int, int);
    TYPE(dlt_user_log_file_end, int, DltContext *, const char *, int);
    TYPE(dlt_user_log_file_header, int, DltContext *, const char *);
    TYPE(dlt_user_log_file_header_alias, int, DltContext *, const char *, const char *);
    TYPE(dlt_user_log_file_infoAbout, int, DltContext *, const char *);
    TYPE(dlt_user_log_file_packagesCount, int, DltContext *, const char *);
    TYPE(dlt_user_log_resend_buffer, DltReturnValue, void);
    TYPE(dlt_user_log_write_bool, DltReturnValue, DltContextData *, uint8_t);
    TYPE(dlt_user_log_write_bool_attr, DltReturnValue, DltContextData *, uint8_t, const char *);
    TYPE(dlt_user_log_write_constant_string, DltReturnValue, DltContextData *, const char *);
    TYPE(dlt_user_log_write_constant_string_attr, DltReturnValue,
         DltContextData *, const char *, const char *);
    TYPE(dlt_user_log_write_constant_utf8_string, DltReturnValue, DltContextData *, const char *);
    TYPE(dlt_user_log_write_constant_utf8_string_attr, DltReturnValue,
         DltContextData *, const char *, const char *);
    TYPE(dlt_user_log_write_finish, DltReturnValue, DltContextData *);
    TYPE(dlt_user_log_write_finish_w_given_buffer, DltReturnValue, DltContextData *);
    TYPE(dlt_user_log_write_float32, DltReturnValue, DltContextData *, float32_t);
    TYPE(dlt_user_log_write_float32_attr, DltReturnValue,
         DltContextData *, float32_t, const char *, const char *);
    TYPE(dlt_user_log_write_float64, DltReturnValue, DltContextData *, double);
    TYPE(dlt_user_log_write_float64_attr, DltReturnValue,
         DltContextData *, float64_t, const char *, const char *);
    TYPE(dlt_user_log_write_int, DltReturnValue, DltContextData *, int);
    TYPE(dlt_user_log_write_int16, DltReturnValue, DltContextData *, int16_t);
    TYPE(dlt_user_log_write_int16_attr, DltReturnValue,
         DltContextData *, int16_t, const char *, const char *);
    TYPE(dlt_user_log_write_int32, DltReturnValue, DltContextData *, int32_t);
    TYPE(dlt_user_log_write_int32_attr, DltReturnValue,
         DltContextData *, int32_t, const char *, const char *);
    TYPE(dlt_user_log_write_int64, DltReturnValue, DltContextData *, int64_t);
    TYPE(dlt_user_log_write_int64_attr, DltReturnValue,
         DltContextData *, int64_t, const char *, const char *);
    TYPE(dlt_user_log_write_int8, DltReturnValue, DltContextData *, int8_t);
    TYPE(dlt_user_log_write_int8_attr, DltReturnValue,
         DltContextData *, int8_t, const char *, const char *);
    TYPE(dlt_user_log_write_int_attr, DltReturnValue,
         DltContextData *, int, const char *, const char *);
    TYPE(dlt_user_log_write_ptr, DltReturnValue, DltContextData *, void *);
    TYPE(dlt_user_log_write_raw, DltReturnValue, DltContextData *, void *, uint16_t);
    TYPE(dlt_user_log_write_raw_attr, DltReturnValue,
         DltContextData *, const void *, uint16_t, const char *);
    TYPE(dlt_user_log_write_raw_formatted, DltReturnValue,
         DltContextData *, void *, uint16_t, DltFormatType);
    TYPE(dlt_user_log_write_raw_formatted_attr, DltReturnValue,
         DltContextData *, const void *, uint16_t, DltFormatType, const char *);
    TYPE(dlt_user_log_write_sized_constant_string, DltReturnValue,
         DltContextData *, const char *, uint16_t);
    TYPE(dlt_user_log_write_sized_constant_string_attr, DltReturnValue,
         DltContextData *, const char *, uint16_t, const char *);
    TYPE(dlt_user_log_write_sized_constant_utf8_string, DltReturnValue,
         DltContextData *, const char *, uint16_t);
    TYPE(dlt_user_log_write_sized_constant_utf8_string_attr, DltReturnValue,
         DltContextData *, const char *, uint16_t, const char *);
    TYPE(dlt_user_log_write_sized_string, DltReturnValue, DltContextData *, const char *, uint16_t);
    TYPE(dlt_user_log_write_sized_string_attr, DltReturnValue,
         DltContextData *, const char *, uint16_t, const char *);
    TYPE(dlt_user_log_write_sized_utf8_string, DltReturnValue,
         DltContextData *, const char *, uint16_t);
    TYPE(dlt_user_log_write_sized_utf8_string_attr, DltReturnValue,
         DltContextData *, const char *, uint16_t, const char *);
    TYPE(dlt_user_log_write_start, DltReturnValue, DltContext *, DltContextData *, DltLogLevelType);
    TYPE(dlt_user_log_write_start_id, DltReturnValue,
         DltContext *, DltContextData *, DltLogLevelType, uint32_t);
    TYPE(dlt_user_log_write_start_w_given_buffer, DltReturnValue,
         DltContext *, DltContextData *, DltLogLevelType, char *, size_t, int32_t);
    TYPE(dlt_user_log_write_string, DltReturnValue, DltContextData *, const char *);
    TYPE(dlt_user_log_write_string_attr, DltReturnValue,
         DltContextData *, const char *, const char *);
    TYPE(dlt_user_log_write_uint, DltReturnValue, DltContextData *, unsigned int);
    TYPE(dlt_user_log_write_uint16, DltReturnValue, DltContextData *, uint16_t);
    TYPE(dlt_user_log_write_uint16_attr, DltReturnValue,
         DltContextData *, uint16_t, const char *, const char *);
    TYPE(dlt_user_log_write_uint16_formatted, DltReturnValue,
         DltContextData *, uint16_t, DltFormatType);
    TYPE(dlt_user_log_write_uint32, DltReturnValue, DltContextData *, uint32_t);
    TYPE(dlt_user_log_write_uint32_attr, DltReturnValue,
         DltContextData *, uint32_t, const char *, const char *);
    TYPE(dlt_user_log_write_uint32_formatted, DltReturnValue,
         DltContextData *, uint32_t, DltFormatType);
    TYPE(dlt_user_log_write_uint64, DltReturnValue, DltContextData *, uint64_t);
    TYPE(dlt_user_log_write_uint64_attr, DltReturnValue,
         DltContextData *, uint64_t, const char *, const char *);
    TYPE(dlt_user_log_write_uint64_formatted, DltReturnValue,
         DltContextData *, uint64_t, DltFormatType);
    TYPE(dlt_user_log_write_uint8, DltReturnValue, DltContextData *, uint8_t);
    TYPE(dlt_user_log_write_uint8_attr, DltReturnValue,
         DltContextData *, uint8_t, const char *, const char *);
    TYPE(dlt_user_log_write_uint8_formatted, DltReturnValue,
         DltContextData *, uint8_t, DltFormatType);
    TYPE(dlt_user_log_write_uint_attr, DltReturnValue,
         DltContextData *, unsigned int, const char *, const char *);
    TYPE(dlt_user_log_write_utf8_string, DltReturnValue, DltContextData *, const char *);
    TYPE(dlt_user_log_write_utf8_string_attr, DltReturnValue,
         DltContextData *, const char *, const char *);
    TYPE(dlt_user_printf, int, const char *, ...);
    TYPE(dlt_user_trace_network, DltReturnValue,
         DltContext *, DltNetworkTraceType, uint16_t, void *, uint16_t, void *);
    TYPE(dlt_user_trace_network_segmented, DltReturnValue,
         DltContext *, DltNetworkTraceType, uint16_t, void *, uint16_t, void *);
    TYPE(dlt_user_trace_network_truncated, DltReturnValue,
         DltContext *, DltNetworkTraceType, uint16_t, void *, uint16_t, void *, int);
    TYPE(dlt_verbose_mode, DltReturnValue, void);
    TYPE(dlt_vlog, DltReturnValue, int, const char *, ...);
    TYPE(dlt_vnlog, DltReturnValue, int, size_t, const char *, ...);
    TYPE(dlt_with_ecu_id, DltReturnValue, int8_t);
    TYPE(dlt_with_session_id, DltReturnValue, int8_t);
    TYPE(dlt_with_timestamp, DltReturnValue, int8_t);
    return 0;
}

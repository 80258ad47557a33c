/* SPDX-License-Identifier: MPL-2.0 */
/*
 * Each function has the type that libdlt 2.18.8 declares it with: this compiles, without warnings,
 * with this library's headers and with libdlt's.
 */
#define DLT_LIB_USE_FIFO_IPC /* libdlt hides some declarations without it */

#include <dlt/dlt.h>
#include <dlt/dlt_client.h>
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
    TYPE(dlt_buffer_check_size, DltReturnValue, DltBuffer *, int);
    TYPE(dlt_buffer_copy, int, DltBuffer *, unsigned char *, int);
    TYPE(dlt_buffer_free_dynamic, DltReturnValue, DltBuffer *);
    TYPE(dlt_buffer_free_static, DltReturnValue, DltBuffer *);
    TYPE(dlt_buffer_get_message_count, int, DltBuffer *);
    TYPE(dlt_buffer_get_total_size, uint32_t, DltBuffer *);
    TYPE(dlt_buffer_get_used_size, int, DltBuffer *);
    TYPE(dlt_buffer_info, void, DltBuffer *);
    TYPE(dlt_buffer_init_dynamic, DltReturnValue, DltBuffer *, uint32_t, uint32_t, uint32_t);
    TYPE(dlt_buffer_init_static_client, DltReturnValue,
         DltBuffer *, const unsigned char *, uint32_t);
    TYPE(dlt_buffer_init_static_server, DltReturnValue,
         DltBuffer *, const unsigned char *, uint32_t);
    TYPE(dlt_buffer_pull, int, DltBuffer *, unsigned char *, int);
    TYPE(dlt_buffer_push, DltReturnValue, DltBuffer *, const unsigned char *, unsigned int);
    TYPE(dlt_buffer_push3, DltReturnValue,
         DltBuffer *, const unsigned char *, unsigned int, const unsigned char *, unsigned int, const unsigned char *, unsigned int);
    TYPE(dlt_buffer_remove, int, DltBuffer *);
    TYPE(dlt_buffer_status, void, DltBuffer *);
    TYPE(dlt_check_envvar, void, void);
    TYPE(dlt_check_rcv_data_size, DltReturnValue, int, int);
    TYPE(dlt_check_storageheader, DltReturnValue, DltStorageHeader *);
    TYPE(dlt_client_cleanup, DltReturnValue, DltClient *, int);
    TYPE(dlt_client_cleanup_get_log_info, int, DltServiceGetLogInfoResponse *);
    TYPE(dlt_client_connect, DltReturnValue, DltClient *, int);
    TYPE(dlt_client_get_default_log_level, DltReturnValue, DltClient *);
    TYPE(dlt_client_get_log_info, int, DltClient *);
    TYPE(dlt_client_get_software_version, int, DltClient *);
    TYPE(dlt_client_init, DltReturnValue, DltClient *, int);
    TYPE(dlt_client_init_port, int, DltClient *, int, int);
    TYPE(dlt_client_main_loop, DltReturnValue, DltClient *, void *, int);
    TYPE(dlt_client_parse_get_log_info_resp_text, DltReturnValue,
         DltServiceGetLogInfoResponse *, char *);
    TYPE(dlt_client_register_fetch_next_message_callback, void, bool ( *)(void *data));
    TYPE(dlt_client_register_message_callback, void, int ( *)(DltMessage *message,void *data));
    TYPE(dlt_client_send_all_log_level, DltReturnValue, DltClient *, uint8_t);
    TYPE(dlt_client_send_all_trace_status, DltReturnValue, DltClient *, uint8_t);
    TYPE(dlt_client_send_ctrl_msg, DltReturnValue,
         DltClient *, char *, char *, uint8_t *, uint32_t);
    TYPE(dlt_client_send_default_log_level, DltReturnValue, DltClient *, uint8_t);
    TYPE(dlt_client_send_default_trace_status, DltReturnValue, DltClient *, uint8_t);
    TYPE(dlt_client_send_inject_msg, DltReturnValue,
         DltClient *, char *, char *, uint32_t, uint8_t *, uint32_t);
    TYPE(dlt_client_send_log_level, DltReturnValue, DltClient *, char *, char *, uint8_t);
    TYPE(dlt_client_send_message_to_socket, DltReturnValue, DltClient *, DltMessage *);
    TYPE(dlt_client_send_reset_to_factory_default, DltReturnValue, DltClient *);
    TYPE(dlt_client_send_store_config, DltReturnValue, DltClient *);
    TYPE(dlt_client_send_timing_pakets, DltReturnValue, DltClient *, uint8_t);
    TYPE(dlt_client_send_trace_status, DltReturnValue, DltClient *, char *, char *, uint8_t);
    TYPE(dlt_client_set_host_if_address, int, DltClient *, char *);
    TYPE(dlt_client_set_mode, DltReturnValue, DltClient *, DltClientMode);
    TYPE(dlt_client_set_serial_device, int, DltClient *, char *);
    TYPE(dlt_client_set_server_ip, int, DltClient *, char *);
    TYPE(dlt_client_set_socket_path, int, DltClient *, char *);
    TYPE(dlt_client_setbaudrate, DltReturnValue, DltClient *, int);
    TYPE(dlt_convert_serial_speed, speed_t, int);
    TYPE(dlt_execute_command, int, char *, char *, ...);
    TYPE(dlt_file_close, DltReturnValue, DltFile *, int);
    TYPE(dlt_file_free, DltReturnValue, DltFile *, int);
    TYPE(dlt_file_init, DltReturnValue, DltFile *, int);
    TYPE(dlt_file_message, DltReturnValue, DltFile *, int, int);
    TYPE(dlt_file_open, DltReturnValue, DltFile *, const char *, int);
    TYPE(dlt_file_quick_parsing, DltReturnValue, DltFile *, const char *, int, int);
    TYPE(dlt_file_read, DltReturnValue, DltFile *, int);
    TYPE(dlt_file_read_data, DltReturnValue, DltFile *, int);
    TYPE(dlt_file_read_header, DltReturnValue, DltFile *, int);
    TYPE(dlt_file_read_header_extended, DltReturnValue, DltFile *, int);
    TYPE(dlt_file_read_header_raw, DltReturnValue, DltFile *, int, int);
    TYPE(dlt_file_read_raw, DltReturnValue, DltFile *, int, int);
    TYPE(dlt_file_set_filter, DltReturnValue, DltFile *, DltFilter *, int);
    TYPE(dlt_filter_add, DltReturnValue,
         DltFilter *, const char *, const char *, const int, const int32_t, const int32_t, int);
    TYPE(dlt_filter_delete, DltReturnValue,
         DltFilter *, const char *, const char *, const int, const int32_t, const int32_t, int);
    TYPE(dlt_filter_find, int,
         DltFilter *, const char *, const char *, const int, const int32_t, const int32_t, int);
    TYPE(dlt_filter_free, DltReturnValue, DltFilter *, int);
    TYPE(dlt_filter_init, DltReturnValue, DltFilter *, int);
    TYPE(dlt_filter_load, DltReturnValue, DltFilter *, const char *, int);
    TYPE(dlt_filter_save, DltReturnValue, DltFilter *, const char *, int);
    TYPE(dlt_getloginfo_conv_ascii_to_id, void, char *, int *, char *, int);
    TYPE(dlt_getloginfo_conv_ascii_to_int16_t, int16_t, char *, int *);
    TYPE(dlt_getloginfo_conv_ascii_to_uint16_t, int16_t, char *, int *);
    TYPE(dlt_hex_ascii_to_binary, void, const char *, uint8_t *, int *);
    TYPE(dlt_init_common, DltReturnValue, void);
    TYPE(dlt_message_argument_print, DltReturnValue,
         DltMessage *, uint32_t, uint8_t **, int32_t *, char *, size_t, int, int);
    TYPE(dlt_message_filter_check, DltReturnValue, DltMessage *, DltFilter *, int);
    TYPE(dlt_message_free, DltReturnValue, DltMessage *, int);
    TYPE(dlt_message_get_extraparameters, DltReturnValue, DltMessage *, int);
    TYPE(dlt_message_header, DltReturnValue, DltMessage *, char *, size_t, int);
    TYPE(dlt_message_header_flags, DltReturnValue, DltMessage *, char *, size_t, int, int);
    TYPE(dlt_message_init, DltReturnValue, DltMessage *, int);
    TYPE(dlt_message_payload, DltReturnValue, DltMessage *, char *, size_t, int, int);
    TYPE(dlt_message_print_ascii, DltReturnValue, DltMessage *, char *, uint32_t, int);
    TYPE(dlt_message_print_header, DltReturnValue, DltMessage *, char *, uint32_t, int);
    TYPE(dlt_message_print_hex, DltReturnValue, DltMessage *, char *, uint32_t, int);
    TYPE(dlt_message_print_mixed_html, DltReturnValue, DltMessage *, char *, uint32_t, int);
    TYPE(dlt_message_print_mixed_plain, DltReturnValue, DltMessage *, char *, uint32_t, int);
    TYPE(dlt_message_read, int, DltMessage *, uint8_t *, unsigned int, int, int);
    TYPE(dlt_message_set_extraparameters, DltReturnValue, DltMessage *, int);
    TYPE(dlt_print_with_attributes, void, bool);
    TYPE(dlt_receiver_check_and_get, int, DltReceiver *, void *, unsigned int, unsigned int);
    TYPE(dlt_receiver_free, DltReturnValue, DltReceiver *);
    TYPE(dlt_receiver_free_global_buffer, DltReturnValue, DltReceiver *);
    TYPE(dlt_receiver_init, DltReturnValue, DltReceiver *, int, DltReceiverType, int);
    TYPE(dlt_receiver_init_global_buffer, DltReturnValue,
         DltReceiver *, int, DltReceiverType, char **);
    TYPE(dlt_receiver_move_to_begin, DltReturnValue, DltReceiver *);
    TYPE(dlt_receiver_receive, int, DltReceiver *);
    TYPE(dlt_receiver_remove, DltReturnValue, DltReceiver *, int);
    TYPE(dlt_set_loginfo_parse_service_id, int, char *, uint32_t *, uint8_t *);
    TYPE(dlt_set_storageheader, DltReturnValue, DltStorageHeader *, const char *);
    TYPE(dlt_setup_serial, DltReturnValue, int, speed_t);
    return 0;
}

/* SPDX-License-Identifier: MPL-2.0 */
/*
 * Logging: application, contexts, messages, callbacks.
 *
 * All functions may be called from any thread, and start the library when they need it. They fail
 * in a child after fork() until it calls dlt_init(). None of them changes errno.
 *
 * Made by cbindgen from the Rust sources: change those, or include/cbindgen, and run
 * ci/generate-headers.
 */


#ifndef DLT_USER_H
#define DLT_USER_H

#include <mqueue.h>
#include <pthread.h>
#include <semaphore.h>
#include <stddef.h>
#include <stdint.h>
#include "dlt_types.h"
#include "dlt_shm.h"

#ifndef DLT_NETWORK_TRACE_ENABLE
#define DLT_NETWORK_TRACE_ENABLE
#endif

/* Bytes of arguments that a message takes, unless DLT_LOG_MSG_BUF_LEN says otherwise. */
#define DLT_USER_BUF_MAX_SIZE 1390

#define DLT_USER_RESENDBUF_MAX_SIZE (DLT_USER_BUF_MAX_SIZE + 100)

/* A context. Filled in when it is registered; programs read the two cells. */
typedef struct {
    char contextID[DLT_ID_SIZE]; /* id, padded with NULs */
    int32_t log_level_pos;       /* number of the context at the daemon */
    int8_t *log_level_ptr;       /* highest level that passes; NULL while not registered */
    int8_t *trace_status_ptr;    /* whether network trace is on; NULL while not registered */
    uint8_t mcnt;                /* counter of messages */
} DltContext;

#ifdef DLT_NG_INLINE
/* Bytes of arguments that a message keeps in its own structure; see dlt_ng_inline.h. */
#define DLT_NG_SPACE 200
#endif

/* A message being composed. It belongs to the caller and need not be initialised. */
typedef struct {
    DltContext *handle;
    unsigned char *buffer;
    int32_t size;
    int32_t log_level;
    int32_t trace_status;
    int32_t args_num;
    char *context_description;
    DltTimestampType use_timestamp;
    uint32_t user_timestamp;
    int8_t verbose_mode; /* not used: programs of before 2.18.7 do not have it */
#ifdef DLT_NG_INLINE
    int8_t dlt_ng_unused[7];
    unsigned char dlt_ng_space[DLT_NG_SPACE];
#endif
} DltContextData;

/* An item of a set of initial log levels. */
typedef struct {
    char appId[DLT_ID_SIZE];
    char ctxId[DLT_ID_SIZE];
    int8_t ll;
} dlt_env_ll_item;

/* A set of initial log levels. */
typedef struct {
    dlt_env_ll_item *item;
    size_t array_size;
    size_t num_elem;
} dlt_env_ll_set;

#if !defined(DLT_DISABLE_MACRO) || !DLT_DISABLE_MACRO
#include "dlt_user_macros.h"
#endif

/**
 * Ask whether a message of this level would be sent. Thread-safe, and cheap: a look at the
 * context's cell. (The library exports this function, too, for programs that expect it there.)
 *
 * @param handle registered context
 * @param loglevel level of the message
 * @return DLT_RETURN_TRUE; DLT_RETURN_LOGGING_DISABLED when not; DLT_RETURN_WRONG_PARAMETER when
 *         the level is out of range or the context not registered
 */
static inline DltReturnValue dlt_user_is_logLevel_enabled(DltContext *handle,
                                                          DltLogLevelType loglevel)
{
    int level;

    if (loglevel < DLT_LOG_DEFAULT || loglevel >= DLT_LOG_MAX || !handle || !handle->log_level_ptr)
        return DLT_RETURN_WRONG_PARAMETER;
#if defined(__GNUC__)
    level = __atomic_load_n(handle->log_level_ptr, __ATOMIC_RELAXED);
#else
    level = *(volatile int8_t *)handle->log_level_ptr;
#endif
    if ((int)loglevel <= level && loglevel != DLT_LOG_OFF)
        return DLT_RETURN_TRUE;
    return DLT_RETURN_LOGGING_DISABLED;
}


#ifdef __cplusplus
extern "C" {
#endif // __cplusplus

/**
 * Start the library: read the environment, start its thread, begin to look for the daemon.
 *
 * Nearly every function does that by itself when it is first called. Further calls do nothing.
 * In a child after fork() this gives the child a connection of its own; until then its calls fail.
 * Thread-safe.
 *
 * @return DLT_RETURN_OK, also when no daemon is running yet; a negative code on failure
 */
DltReturnValue dlt_init(void);

/**
 * Start the library with a file instead of the daemon. Existing content is replaced.
 *
 * Does nothing when the library is already started. Thread-safe.
 *
 * @param name path of the file, as dlt-viewer and dlt-convert read it
 * @return DLT_RETURN_OK; DLT_RETURN_WRONG_PARAMETER for NULL; another negative code when the file
 *         cannot be opened
 */
DltReturnValue dlt_init_file(const char *name);

/**
 * Limit the file of dlt_init_file(). A message that would exceed the limit is refused with
 * DLT_RETURN_FILESZERR. Without this call there is no limit.
 *
 * @param filesize limit in bytes, 0 for none
 * @return DLT_RETURN_OK; DLT_RETURN_ERROR when the library is not writing to a file
 */
DltReturnValue dlt_set_filesize_max(unsigned int filesize);

/**
 * Stop the library: its thread ends, the connection is closed, all contexts are unregistered.
 *
 * There is no counting: one call undoes any number of dlt_init(). Messages that still wait for
 * the daemon are lost; call dlt_unregister_app_flush_buffered_logs() first to keep them. The
 * library can be started again. Thread-safe. Contexts stay safe to use; logging with them fails
 * until they are registered again.
 *
 * @return DLT_RETURN_OK; DLT_RETURN_ERROR when the library is not started
 */
DltReturnValue dlt_free(void);

/**
 * Compare the version that a program was built with to the library's.
 *
 * @param user_major_version major version as text
 * @param user_minor_version minor version as text
 * @return DLT_RETURN_OK when both are equal; DLT_RETURN_ERROR when not, which is also reported;
 *         DLT_RETURN_WRONG_PARAMETER for NULL
 */
DltReturnValue dlt_check_library_version(const char *user_major_version,
                                         const char *user_minor_version);

/**
 * The same as dlt_check_library_version(), under its older name.
 *
 * @param user_major_version major version as text
 * @param user_minor_version minor version as text
 * @return see dlt_check_library_version()
 */
DltReturnValue dlt_user_check_library_version(const char *user_major_version,
                                              const char *user_minor_version);

/**
 * Register the application. A process has one: another id replaces the first.
 *
 * Messages logged earlier wait until then. Registering the current id again does nothing.
 * Thread-safe.
 *
 * @param apid id of the application; the first four bytes count, and no more than that are read
 * @param description text for a viewer, or NULL; copied
 * @return DLT_RETURN_OK; DLT_RETURN_WRONG_PARAMETER when the id is NULL or empty; another negative
 *         code on failure
 */
DltReturnValue dlt_register_app(const char *apid, const char *description);

/**
 * Unregister the application. Contexts stay; what is logged waits for the next registration.
 * Thread-safe.
 *
 * @return DLT_RETURN_OK; DLT_RETURN_ERROR when none is registered
 */
DltReturnValue dlt_unregister_app(void);

/**
 * Wait until the daemon has taken all messages, then unregister the application.
 *
 * Gives up when the daemon is not there or takes nothing. Thread-safe.
 *
 * @return DLT_RETURN_OK; a negative code when messages remain or no application is registered
 */
DltReturnValue dlt_unregister_app_flush_buffered_logs(void);

/**
 * Get the id of the application.
 *
 * @param appid array of at least four bytes. An id of four bytes fills it without a final NUL
 * @return DLT_RETURN_OK; DLT_RETURN_WRONG_PARAMETER for NULL
 */
DltReturnValue dlt_get_appid(char *appid);

/**
 * Register a context: what messages are logged with, and what log levels are set for.
 *
 * May be called before the application is registered. Thread-safe.
 *
 * @param handle context to fill in; not kept by the library
 * @param contextid id of the context; the first four bytes count, and no more than that are read
 * @param description text for a viewer, or NULL; copied
 * @return DLT_RETURN_OK; DLT_RETURN_WRONG_PARAMETER when the handle is NULL or the id NULL or
 *         empty; another negative code on failure
 */
DltReturnValue dlt_register_context(DltContext *handle,
                                    const char *contextid,
                                    const char *description);

/**
 * Register a context with a log level and a trace status of its own.
 *
 * @param handle context to fill in; not kept by the library
 * @param contextid id of the context; the first four bytes count
 * @param description text for a viewer, or NULL; copied
 * @param loglevel a DltLogLevelType, or -2 to leave it to the daemon
 * @param tracestatus a DltTraceStatusType, or -2 to leave it to the daemon
 * @return as dlt_register_context(); DLT_RETURN_WRONG_PARAMETER also for values out of range
 */
DltReturnValue dlt_register_context_ll_ts(DltContext *handle,
                                          const char *contextid,
                                          const char *description,
                                          int loglevel,
                                          int tracestatus);

/**
 * Register a context together with a function that is told of its log level.
 *
 * @param handle context to fill in; not kept by the library
 * @param contextid id of the context; the first four bytes count
 * @param description text for a viewer, or NULL; copied
 * @param dlt_log_level_changed_callback see dlt_register_log_level_changed_callback()
 * @return as dlt_register_context()
 */
DltReturnValue dlt_register_context_llccb(DltContext *handle,
                                          const char *contextid,
                                          const char *description,
                                          void (*dlt_log_level_changed_callback)(char *context_id,
                                                                                 uint8_t log_level,
                                                                                 uint8_t trace_status));

/**
 * Unregister a context. Its callbacks are not called again once this has returned, unless it is
 * called from one of them. Thread-safe.
 *
 * @param handle registered context
 * @return DLT_RETURN_OK, also when it was unregistered before; DLT_RETURN_ERROR when it is NULL or
 *         never was registered
 */
DltReturnValue dlt_unregister_context(DltContext *handle);

/**
 * Set the log level and the trace status of all contexts of the application, here and at the
 * daemon.
 *
 * @param loglevel highest level that passes
 * @param tracestatus whether network trace is on
 * @return DLT_RETURN_OK; DLT_RETURN_WRONG_PARAMETER for values out of range; DLT_RETURN_ERROR when
 *         no context or no application is registered
 */
DltReturnValue dlt_set_application_ll_ts_limit(DltLogLevelType loglevel,
                                               DltTraceStatusType tracestatus);

/**
 * Accepted for compatibility: no daemon acts on a log mode.
 *
 * @param mode log mode
 * @return DLT_RETURN_OK; DLT_RETURN_WRONG_PARAMETER for values out of range
 */
DltReturnValue dlt_set_log_mode(DltUserLogMode mode);

/**
 * Ask whether somebody is listening to the daemon. Never starts the library.
 *
 * @return 1 when a client is connected to the daemon, 0 when not, -1 when it is not known
 */
int dlt_get_log_state(void);

/**
 * Choose how long the end of the process may be held up to deliver what is waiting.
 *
 * @param timeout_in_milliseconds time limit; 0 gives up at once
 * @return 0; negative on failure
 */
int dlt_set_resend_timeout_atexit(uint32_t timeout_in_milliseconds);

/**
 * Deliver what is waiting, within the limits that apply at the end of the process.
 *
 * @return number of messages that are still waiting
 */
int dlt_user_atexit_blow_out_user_buffer(void);

/**
 * Deliver what is waiting, as far as the daemon takes it now.
 *
 * @return DLT_RETURN_OK when nothing is left or no application is registered; a negative code
 *         otherwise
 */
DltReturnValue dlt_user_log_resend_buffer(void);

/**
 * Ask how full the memory for waiting messages is.
 *
 * @param total_size receives the bytes there are
 * @param used_size receives the bytes in use
 * @return DLT_RETURN_OK; DLT_RETURN_WRONG_PARAMETER for NULL
 */
DltReturnValue dlt_user_check_buffer(int *total_size, int *used_size);

/**
 * Have a function called when a client injects a message for a context.
 *
 * It is called on the library's thread with no lock held, so it may log, register and unregister.
 * While it runs, nothing is delivered. The data is valid during the call. Unregister the context
 * before the function's code is unloaded.
 *
 * @param handle registered context; not kept by the library
 * @param service_id service, at least 0xFFF
 * @param dlt_injection_callback function; its result is not used
 * @return DLT_RETURN_OK; DLT_RETURN_ERROR when the handle is NULL; DLT_RETURN_WRONG_PARAMETER for a
 *         smaller service
 */
DltReturnValue dlt_register_injection_callback(DltContext *handle,
                                               uint32_t service_id,
                                               int (*dlt_injection_callback)(uint32_t service_id,
                                                                             void *data,
                                                                             uint32_t length));

/**
 * Have a function called with a pointer of the caller's when a client injects a message.
 *
 * @param handle registered context; not kept by the library
 * @param service_id service, at least 0xFFF
 * @param dlt_injection_callback function; its result is not used
 * @param priv_data handed to the function; with NULL it is called with three arguments only
 * @return as dlt_register_injection_callback()
 */
DltReturnValue dlt_register_injection_callback_with_id(DltContext *handle,
                                                       uint32_t service_id,
                                                       int (*dlt_injection_callback)(uint32_t service_id,
                                                                                     void *data,
                                                                                     uint32_t length,
                                                                                     void *priv_data),
                                                       void *priv_data);

/**
 * Have a function called whenever the daemon sets a context's log level or trace status, and with
 * its first answer after the context was registered.
 *
 * It is called on the library's thread with no lock held, so it may log, register and unregister.
 * Unregister the context before the function's code is unloaded.
 *
 * @param handle registered context; not kept by the library
 * @param dlt_log_level_changed_callback function, or NULL for none; the context id it is called
 *        with has four bytes and no final NUL
 * @return DLT_RETURN_OK; DLT_RETURN_ERROR when the handle is NULL
 */
DltReturnValue dlt_register_log_level_changed_callback(DltContext *handle,
                                                       void (*dlt_log_level_changed_callback)(char *context_id,
                                                                                              uint8_t log_level,
                                                                                              uint8_t trace_status));

/**
 * Send messages with their type information. This is how the library starts.
 *
 * @return DLT_RETURN_OK; a negative code when the library cannot be started
 */
DltReturnValue dlt_verbose_mode(void);

/**
 * Send messages that have an id (DLT_LOG_ID) without type information: the receiver must know it.
 *
 * @return DLT_RETURN_OK; a negative code when the library cannot be started
 */
DltReturnValue dlt_nonverbose_mode(void);

/**
 * Choose whether messages without type information have an extended header.
 *
 * @param use_extended_header_for_non_verbose 0 for no
 * @return DLT_RETURN_OK; a negative code when the library cannot be started
 */
DltReturnValue dlt_use_extended_header_for_non_verbose(int8_t use_extended_header_for_non_verbose);

/**
 * Choose whether messages carry the process id.
 *
 * @param with_session_id 0 for no
 * @return DLT_RETURN_OK; a negative code when the library cannot be started
 */
DltReturnValue dlt_with_session_id(int8_t with_session_id);

/**
 * Choose whether messages carry a time stamp.
 *
 * @param with_timestamp 0 for no
 * @return DLT_RETURN_OK; a negative code when the library cannot be started
 */
DltReturnValue dlt_with_timestamp(int8_t with_timestamp);

/**
 * Choose whether messages carry an ECU id.
 *
 * @param with_ecu_id 0 for no
 * @return DLT_RETURN_OK; a negative code when the library cannot be started
 */
DltReturnValue dlt_with_ecu_id(int8_t with_ecu_id);

/**
 * Also print each message on standard output, unless DLT_LOCAL_PRINT_MODE says otherwise.
 *
 * @return DLT_RETURN_OK; a negative code when the library cannot be started
 */
DltReturnValue dlt_enable_local_print(void);

/**
 * Stop printing messages on standard output.
 *
 * @return DLT_RETURN_OK; a negative code when the library cannot be started
 */
DltReturnValue dlt_disable_local_print(void);

/**
 * Have the daemon put a marker message into its log.
 *
 * @return DLT_RETURN_OK; a negative code on failure
 */
DltReturnValue dlt_log_marker(void);

/**
 * Begin a message. When this returns DLT_RETURN_TRUE, write its arguments with
 * dlt_user_log_write_string() and the like and finish it with dlt_user_log_write_finish().
 *
 * Different messages may be composed at the same time by one thread or several; one message
 * belongs to one thread at a time.
 *
 * @param handle registered context
 * @param log state of the message, in the caller's memory; need not be initialised
 * @param loglevel level of the message
 * @return DLT_RETURN_TRUE; DLT_RETURN_OK when the level is off, and then nothing else may be
 *         called for this message; DLT_RETURN_WRONG_PARAMETER for NULL, a context that is not
 *         registered or a level out of range; DLT_RETURN_ERROR otherwise
 */
DltReturnValue dlt_user_log_write_start(DltContext *handle,
                                        DltContextData *log,
                                        DltLogLevelType loglevel);

/**
 * Begin a message that has an id. The id is sent after dlt_nonverbose_mode(), instead of type
 * information.
 *
 * @param handle registered context
 * @param log state of the message, in the caller's memory; need not be initialised
 * @param loglevel level of the message
 * @param messageid id of the message
 * @return as dlt_user_log_write_start()
 */
DltReturnValue dlt_user_log_write_start_id(DltContext *handle,
                                           DltContextData *log,
                                           DltLogLevelType loglevel,
                                           uint32_t messageid);

/**
 * Begin a message whose arguments were encoded before. Finish it with
 * dlt_user_log_write_finish_w_given_buffer(). The log level is not looked at.
 *
 * @param handle registered context
 * @param log state of the message, in the caller's memory; need not be initialised
 * @param loglevel level of the message
 * @param buffer the encoded arguments; they stay the caller's and must remain until the message is
 *        finished
 * @param size bytes in the buffer
 * @param args_num number of arguments in the buffer
 * @return DLT_RETURN_TRUE; DLT_RETURN_WRONG_PARAMETER for NULL, no bytes, too many bytes or no
 *         arguments; DLT_RETURN_ERROR after dlt_nonverbose_mode() and otherwise
 */
DltReturnValue dlt_user_log_write_start_w_given_buffer(DltContext *handle,
                                                       DltContextData *log,
                                                       DltLogLevelType loglevel,
                                                       char *buffer,
                                                       size_t size,
                                                       int32_t args_num);

/**
 * Finish a message: hand it to the library's thread, which sends it. Takes no lock and does not
 * wait, except in DLT_OVERFLOW_BLOCK mode (dlt_ng.h).
 *
 * @param log message begun with dlt_user_log_write_start() or dlt_user_log_write_start_id()
 * @return DLT_RETURN_OK when the message is kept for delivery; DLT_RETURN_BUFFER_FULL when it was
 *         refused and counted as lost; DLT_RETURN_WRONG_PARAMETER when no message was begun;
 *         DLT_RETURN_FILESZERR when the file is full; DLT_RETURN_ERROR otherwise
 */
DltReturnValue dlt_user_log_write_finish(DltContextData *log);

/**
 * Finish a message begun with dlt_user_log_write_start_w_given_buffer().
 *
 * @param log message
 * @return as dlt_user_log_write_finish()
 */
DltReturnValue dlt_user_log_write_finish_w_given_buffer(DltContextData *log);

/**
 * Log a message with one string. Thread-safe, as are all functions that log in one call.
 *
 * @param handle registered context
 * @param loglevel level of the message
 * @param text string
 * @return DLT_RETURN_OK, also when the level is off; DLT_RETURN_WRONG_PARAMETER for NULL or a
 *         context that is not registered; DLT_RETURN_USER_BUFFER_FULL when the string was cut;
 *         DLT_RETURN_ERROR after dlt_nonverbose_mode() and before the library is started;
 *         otherwise as dlt_user_log_write_finish()
 */
DltReturnValue dlt_log_string(DltContext *handle, DltLogLevelType loglevel, const char *text);

/**
 * Log a message with a string and a signed number.
 *
 * @param handle registered context
 * @param loglevel level of the message
 * @param text string
 * @param data number
 * @return as dlt_log_string()
 */
DltReturnValue dlt_log_string_int(DltContext *handle,
                                  DltLogLevelType loglevel,
                                  const char *text,
                                  int data);

/**
 * Log a message with a string and an unsigned number.
 *
 * @param handle registered context
 * @param loglevel level of the message
 * @param text string
 * @param data number
 * @return as dlt_log_string()
 */
DltReturnValue dlt_log_string_uint(DltContext *handle,
                                   DltLogLevelType loglevel,
                                   const char *text,
                                   unsigned int data);

/**
 * Log a message with a signed number.
 *
 * @param handle registered context
 * @param loglevel level of the message
 * @param data number
 * @return as dlt_log_string(), but DLT_RETURN_ERROR for NULL
 */
DltReturnValue dlt_log_int(DltContext *handle, DltLogLevelType loglevel, int data);

/**
 * Log a message with an unsigned number.
 *
 * @param handle registered context
 * @param loglevel level of the message
 * @param data number
 * @return as dlt_log_string()
 */
DltReturnValue dlt_log_uint(DltContext *handle, DltLogLevelType loglevel, unsigned int data);

/**
 * Log a message with raw data.
 *
 * @param handle registered context
 * @param loglevel level of the message
 * @param data bytes; copied
 * @param length number of bytes
 * @return as dlt_log_string()
 */
DltReturnValue dlt_log_raw(DltContext *handle,
                           DltLogLevelType loglevel,
                           void *data,
                           uint16_t length);

/**
 * Send a message seen on a bus, if the context's trace status is on. A payload that does not fit
 * into a message is cut.
 *
 * @param handle registered context
 * @param nw_trace_type kind of bus
 * @param header_len bytes of the header
 * @param header header, or NULL for none
 * @param payload_len bytes of the payload
 * @param payload payload
 * @return DLT_RETURN_OK, also when the trace status is off; DLT_RETURN_WRONG_PARAMETER for a kind
 *         out of range or a payload that is NULL; otherwise as dlt_user_log_write_finish()
 */
DltReturnValue dlt_user_trace_network(DltContext *handle,
                                      DltNetworkTraceType nw_trace_type,
                                      uint16_t header_len,
                                      void *header,
                                      uint16_t payload_len,
                                      void *payload);

/**
 * Send a message seen on a bus, if the context's trace status is on.
 *
 * @param handle registered context
 * @param nw_trace_type kind of bus
 * @param header_len bytes of the header
 * @param header header, or NULL for none
 * @param payload_len bytes of the payload
 * @param payload payload
 * @param allow_truncate 0 to fail with DLT_RETURN_ERROR when the payload does not fit; otherwise
 *        it is cut
 * @return as dlt_user_trace_network()
 */
DltReturnValue dlt_user_trace_network_truncated(DltContext *handle,
                                                DltNetworkTraceType nw_trace_type,
                                                uint16_t header_len,
                                                void *header,
                                                uint16_t payload_len,
                                                void *payload,
                                                int allow_truncate);

/**
 * Send a message seen on a bus, if the context's trace status is on. A payload that does not fit
 * into one message is sent in several; the data is copied before this returns.
 *
 * @param handle registered context
 * @param nw_trace_type kind of bus
 * @param header_len bytes of the header
 * @param header header, or NULL for none
 * @param payload_len bytes of the payload
 * @param payload payload
 * @return as dlt_user_trace_network()
 */
DltReturnValue dlt_user_trace_network_segmented(DltContext *handle,
                                                DltNetworkTraceType nw_trace_type,
                                                uint16_t header_len,
                                                void *header,
                                                uint16_t payload_len,
                                                void *payload);

/**
 * Parse a set of initial log levels, as DLT_INITIAL_LOG_LEVEL holds it.
 *
 * @param env in: text; out: where parsing ended
 * @param ll_set receives the set; free it with dlt_env_free_ll_set()
 * @return 0; -1 for NULL or when the text cannot be parsed
 */
int dlt_env_extract_ll_set(char **env, dlt_env_ll_set *ll_set);

/**
 * Look up the initial log level of a context.
 *
 * @param ll_set set
 * @param apid four bytes of application id, padded with NULs
 * @param ctid four bytes of context id, padded with NULs
 * @param ll level to return when nothing in the set matches
 * @return log level
 */
int dlt_env_adjust_ll_from_env(const dlt_env_ll_set *ll_set,
                               const char *apid,
                               const char *ctid,
                               int ll);

/**
 * Free what dlt_env_extract_ll_set() allocated.
 *
 * @param ll_set set, or NULL
 */
void dlt_env_free_ll_set(dlt_env_ll_set *ll_set);

/**
 * Add a signed integer to a message.
 *
 * @param log message being composed
 * @param data value
 * @return DLT_RETURN_OK; DLT_RETURN_USER_BUFFER_FULL when there is no room left in the message, and
 *         then nothing is written; DLT_RETURN_WRONG_PARAMETER for NULL; DLT_RETURN_ERROR when the
 *         library is not started
 */
DltReturnValue dlt_user_log_write_int(DltContextData *log, int data);

/**
 * Add a signed integer of 8 bits to a message.
 *
 * @param log message being composed
 * @param data value
 * @return as dlt_user_log_write_int()
 */
DltReturnValue dlt_user_log_write_int8(DltContextData *log, int8_t data);

/**
 * Add a signed integer of 16 bits to a message.
 *
 * @param log message being composed
 * @param data value
 * @return as dlt_user_log_write_int()
 */
DltReturnValue dlt_user_log_write_int16(DltContextData *log, int16_t data);

/**
 * Add a signed integer of 32 bits to a message.
 *
 * @param log message being composed
 * @param data value
 * @return as dlt_user_log_write_int()
 */
DltReturnValue dlt_user_log_write_int32(DltContextData *log, int32_t data);

/**
 * Add a signed integer of 64 bits to a message.
 *
 * @param log message being composed
 * @param data value
 * @return as dlt_user_log_write_int()
 */
DltReturnValue dlt_user_log_write_int64(DltContextData *log, int64_t data);

/**
 * Add an unsigned integer to a message.
 *
 * @param log message being composed
 * @param data value
 * @return as dlt_user_log_write_int()
 */
DltReturnValue dlt_user_log_write_uint(DltContextData *log, unsigned int data);

/**
 * Add an unsigned integer of 8 bits to a message.
 *
 * @param log message being composed
 * @param data value
 * @return as dlt_user_log_write_int()
 */
DltReturnValue dlt_user_log_write_uint8(DltContextData *log, uint8_t data);

/**
 * Add an unsigned integer of 16 bits to a message.
 *
 * @param log message being composed
 * @param data value
 * @return as dlt_user_log_write_int()
 */
DltReturnValue dlt_user_log_write_uint16(DltContextData *log, uint16_t data);

/**
 * Add an unsigned integer of 32 bits to a message.
 *
 * @param log message being composed
 * @param data value
 * @return as dlt_user_log_write_int()
 */
DltReturnValue dlt_user_log_write_uint32(DltContextData *log, uint32_t data);

/**
 * Add an unsigned integer of 64 bits to a message.
 *
 * @param log message being composed
 * @param data value
 * @return as dlt_user_log_write_int()
 */
DltReturnValue dlt_user_log_write_uint64(DltContextData *log, uint64_t data);

/**
 * Add a floating point number of 32 bits to a message.
 *
 * @param log message being composed
 * @param data value
 * @return as dlt_user_log_write_int()
 */
DltReturnValue dlt_user_log_write_float32(DltContextData *log, float32_t data);

/**
 * Add a floating point number of 64 bits to a message.
 *
 * @param log message being composed
 * @param data value
 * @return as dlt_user_log_write_int()
 */
DltReturnValue dlt_user_log_write_float64(DltContextData *log, float64_t data);

/**
 * Add a truth value to a message.
 *
 * @param log message being composed
 * @param data 0 for false
 * @return as dlt_user_log_write_int()
 */
DltReturnValue dlt_user_log_write_bool(DltContextData *log, uint8_t data);

/**
 * Add an address to a message.
 *
 * @param log message being composed
 * @param data address; what is there is not looked at
 * @return as dlt_user_log_write_int()
 */
DltReturnValue dlt_user_log_write_ptr(DltContextData *log, void *data);

/**
 * Add an unsigned integer of 8 bits to a message, to be shown in some format.
 *
 * @param log message being composed
 * @param data value
 * @param format_type how to show it
 * @return as dlt_user_log_write_int(); DLT_RETURN_WRONG_PARAMETER for a format out of range
 */
DltReturnValue dlt_user_log_write_uint8_formatted(DltContextData *log,
                                                  uint8_t data,
                                                  DltFormatType format_type);

/**
 * Add an unsigned integer of 16 bits to a message, to be shown in some format.
 *
 * @param log message being composed
 * @param data value
 * @param format_type how to show it
 * @return as dlt_user_log_write_int(); DLT_RETURN_WRONG_PARAMETER for a format out of range
 */
DltReturnValue dlt_user_log_write_uint16_formatted(DltContextData *log,
                                                   uint16_t data,
                                                   DltFormatType format_type);

/**
 * Add an unsigned integer of 32 bits to a message, to be shown in some format.
 *
 * @param log message being composed
 * @param data value
 * @param format_type how to show it
 * @return as dlt_user_log_write_int(); DLT_RETURN_WRONG_PARAMETER for a format out of range
 */
DltReturnValue dlt_user_log_write_uint32_formatted(DltContextData *log,
                                                   uint32_t data,
                                                   DltFormatType format_type);

/**
 * Add an unsigned integer of 64 bits to a message, to be shown in some format.
 *
 * @param log message being composed
 * @param data value
 * @param format_type how to show it
 * @return as dlt_user_log_write_int(); DLT_RETURN_WRONG_PARAMETER for a format out of range
 */
DltReturnValue dlt_user_log_write_uint64_formatted(DltContextData *log,
                                                   uint64_t data,
                                                   DltFormatType format_type);

/**
 * Add bytes to a message. Bytes are never cut.
 *
 * @param log message being composed
 * @param data bytes; copied
 * @param length number of bytes
 * @return as dlt_user_log_write_int()
 */
DltReturnValue dlt_user_log_write_raw(DltContextData *log, void *data, uint16_t length);

/**
 * Add bytes to a message, to be shown in some format.
 *
 * @param log message being composed
 * @param data bytes; copied
 * @param length number of bytes
 * @param format_type how to show them
 * @return as dlt_user_log_write_int(); DLT_RETURN_WRONG_PARAMETER for a format out of range
 */
DltReturnValue dlt_user_log_write_raw_formatted(DltContextData *log,
                                                void *data,
                                                uint16_t length,
                                                DltFormatType format_type);

/**
 * Add a text to a message. A text that does not fit is cut.
 *
 * @param log message being composed
 * @param text text; copied
 * @return DLT_RETURN_OK; DLT_RETURN_USER_BUFFER_FULL when the text was cut and marked as cut;
 *         DLT_RETURN_WRONG_PARAMETER for NULL; DLT_RETURN_ERROR when the library is not started
 */
DltReturnValue dlt_user_log_write_string(DltContextData *log, const char *text);

/**
 * Add a text to a message, with a name.
 *
 * @param log message being composed
 * @param text text; copied
 * @param name name of the text, or NULL
 * @return as dlt_user_log_write_string()
 */
DltReturnValue dlt_user_log_write_string_attr(DltContextData *log,
                                              const char *text,
                                              const char *name);

/**
 * Add a text to a message.
 *
 * @param log message being composed
 * @param text text; copied
 * @param length bytes of text, which needs no final NUL
 * @return as dlt_user_log_write_string()
 */
DltReturnValue dlt_user_log_write_sized_string(DltContextData *log,
                                               const char *text,
                                               uint16_t length);

/**
 * Add a text to a message, with a name.
 *
 * @param log message being composed
 * @param text text; copied
 * @param length bytes of text, which needs no final NUL
 * @param name name of the text, or NULL
 * @return as dlt_user_log_write_string()
 */
DltReturnValue dlt_user_log_write_sized_string_attr(DltContextData *log,
                                                    const char *text,
                                                    uint16_t length,
                                                    const char *name);

/**
 * Add a text in UTF-8 to a message. It is cut between characters only.
 *
 * @param log message being composed
 * @param text text; copied
 * @return as dlt_user_log_write_string()
 */
DltReturnValue dlt_user_log_write_utf8_string(DltContextData *log, const char *text);

/**
 * Add a text in UTF-8 to a message, with a name.
 *
 * @param log message being composed
 * @param text text; copied
 * @param name name of the text, or NULL
 * @return as dlt_user_log_write_string()
 */
DltReturnValue dlt_user_log_write_utf8_string_attr(DltContextData *log,
                                                   const char *text,
                                                   const char *name);

/**
 * Add a text in UTF-8 to a message.
 *
 * @param log message being composed
 * @param text text; copied
 * @param length bytes of text, which needs no final NUL
 * @return as dlt_user_log_write_string()
 */
DltReturnValue dlt_user_log_write_sized_utf8_string(DltContextData *log,
                                                    const char *text,
                                                    uint16_t length);

/**
 * Add a text in UTF-8 to a message, with a name.
 *
 * @param log message being composed
 * @param text text; copied
 * @param length bytes of text, which needs no final NUL
 * @param name name of the text, or NULL
 * @return as dlt_user_log_write_string()
 */
DltReturnValue dlt_user_log_write_sized_utf8_string_attr(DltContextData *log,
                                                         const char *text,
                                                         uint16_t length,
                                                         const char *name);

/**
 * Add a text to a message.
 * In messages without type information it is left out: the receiver knows it.
 *
 * @param log message being composed
 * @param text text; copied
 * @return as dlt_user_log_write_string()
 */
DltReturnValue dlt_user_log_write_constant_string(DltContextData *log, const char *text);

/**
 * Add a text to a message, with a name.
 * In messages without type information it is left out: the receiver knows it.
 *
 * @param log message being composed
 * @param text text; copied
 * @param name name of the text, or NULL
 * @return as dlt_user_log_write_string()
 */
DltReturnValue dlt_user_log_write_constant_string_attr(DltContextData *log,
                                                       const char *text,
                                                       const char *name);

/**
 * Add a text to a message.
 * In messages without type information it is left out: the receiver knows it.
 *
 * @param log message being composed
 * @param text text; copied
 * @param length bytes of text, which needs no final NUL
 * @return as dlt_user_log_write_string()
 */
DltReturnValue dlt_user_log_write_sized_constant_string(DltContextData *log,
                                                        const char *text,
                                                        uint16_t length);

/**
 * Add a text to a message, with a name.
 * In messages without type information it is left out: the receiver knows it.
 *
 * @param log message being composed
 * @param text text; copied
 * @param length bytes of text, which needs no final NUL
 * @param name name of the text, or NULL
 * @return as dlt_user_log_write_string()
 */
DltReturnValue dlt_user_log_write_sized_constant_string_attr(DltContextData *log,
                                                             const char *text,
                                                             uint16_t length,
                                                             const char *name);

/**
 * Add a text in UTF-8 to a message.
 * In messages without type information it is left out: the receiver knows it.
 *
 * @param log message being composed
 * @param text text; copied
 * @return as dlt_user_log_write_string()
 */
DltReturnValue dlt_user_log_write_constant_utf8_string(DltContextData *log, const char *text);

/**
 * Add a text in UTF-8 to a message, with a name.
 * In messages without type information it is left out: the receiver knows it.
 *
 * @param log message being composed
 * @param text text; copied
 * @param name name of the text, or NULL
 * @return as dlt_user_log_write_string()
 */
DltReturnValue dlt_user_log_write_constant_utf8_string_attr(DltContextData *log,
                                                            const char *text,
                                                            const char *name);

/**
 * Add a text in UTF-8 to a message.
 * In messages without type information it is left out: the receiver knows it.
 *
 * @param log message being composed
 * @param text text; copied
 * @param length bytes of text, which needs no final NUL
 * @return as dlt_user_log_write_string()
 */
DltReturnValue dlt_user_log_write_sized_constant_utf8_string(DltContextData *log,
                                                             const char *text,
                                                             uint16_t length);

/**
 * Add a text in UTF-8 to a message, with a name.
 * In messages without type information it is left out: the receiver knows it.
 *
 * @param log message being composed
 * @param text text; copied
 * @param length bytes of text, which needs no final NUL
 * @param name name of the text, or NULL
 * @return as dlt_user_log_write_string()
 */
DltReturnValue dlt_user_log_write_sized_constant_utf8_string_attr(DltContextData *log,
                                                                  const char *text,
                                                                  uint16_t length,
                                                                  const char *name);

/**
 * Add a signed integer with a name and a unit to a message.
 *
 * @param log message being composed
 * @param data value
 * @param name name of the value, or NULL; left out of messages without type information
 * @param unit unit of the value, or NULL; left out of messages without type information
 * @return as dlt_user_log_write_int()
 */
DltReturnValue dlt_user_log_write_int_attr(DltContextData *log,
                                           int data,
                                           const char *name,
                                           const char *unit);

/**
 * Add a signed integer of 8 bits with a name and a unit to a message.
 *
 * @param log message being composed
 * @param data value
 * @param name name of the value, or NULL; left out of messages without type information
 * @param unit unit of the value, or NULL; left out of messages without type information
 * @return as dlt_user_log_write_int()
 */
DltReturnValue dlt_user_log_write_int8_attr(DltContextData *log,
                                            int8_t data,
                                            const char *name,
                                            const char *unit);

/**
 * Add a signed integer of 16 bits with a name and a unit to a message.
 *
 * @param log message being composed
 * @param data value
 * @param name name of the value, or NULL; left out of messages without type information
 * @param unit unit of the value, or NULL; left out of messages without type information
 * @return as dlt_user_log_write_int()
 */
DltReturnValue dlt_user_log_write_int16_attr(DltContextData *log,
                                             int16_t data,
                                             const char *name,
                                             const char *unit);

/**
 * Add a signed integer of 32 bits with a name and a unit to a message.
 *
 * @param log message being composed
 * @param data value
 * @param name name of the value, or NULL; left out of messages without type information
 * @param unit unit of the value, or NULL; left out of messages without type information
 * @return as dlt_user_log_write_int()
 */
DltReturnValue dlt_user_log_write_int32_attr(DltContextData *log,
                                             int32_t data,
                                             const char *name,
                                             const char *unit);

/**
 * Add a signed integer of 64 bits with a name and a unit to a message.
 *
 * @param log message being composed
 * @param data value
 * @param name name of the value, or NULL; left out of messages without type information
 * @param unit unit of the value, or NULL; left out of messages without type information
 * @return as dlt_user_log_write_int()
 */
DltReturnValue dlt_user_log_write_int64_attr(DltContextData *log,
                                             int64_t data,
                                             const char *name,
                                             const char *unit);

/**
 * Add an unsigned integer with a name and a unit to a message.
 *
 * @param log message being composed
 * @param data value
 * @param name name of the value, or NULL; left out of messages without type information
 * @param unit unit of the value, or NULL; left out of messages without type information
 * @return as dlt_user_log_write_int()
 */
DltReturnValue dlt_user_log_write_uint_attr(DltContextData *log,
                                            unsigned int data,
                                            const char *name,
                                            const char *unit);

/**
 * Add an unsigned integer of 8 bits with a name and a unit to a message.
 *
 * @param log message being composed
 * @param data value
 * @param name name of the value, or NULL; left out of messages without type information
 * @param unit unit of the value, or NULL; left out of messages without type information
 * @return as dlt_user_log_write_int()
 */
DltReturnValue dlt_user_log_write_uint8_attr(DltContextData *log,
                                             uint8_t data,
                                             const char *name,
                                             const char *unit);

/**
 * Add an unsigned integer of 16 bits with a name and a unit to a message.
 *
 * @param log message being composed
 * @param data value
 * @param name name of the value, or NULL; left out of messages without type information
 * @param unit unit of the value, or NULL; left out of messages without type information
 * @return as dlt_user_log_write_int()
 */
DltReturnValue dlt_user_log_write_uint16_attr(DltContextData *log,
                                              uint16_t data,
                                              const char *name,
                                              const char *unit);

/**
 * Add an unsigned integer of 32 bits with a name and a unit to a message.
 *
 * @param log message being composed
 * @param data value
 * @param name name of the value, or NULL; left out of messages without type information
 * @param unit unit of the value, or NULL; left out of messages without type information
 * @return as dlt_user_log_write_int()
 */
DltReturnValue dlt_user_log_write_uint32_attr(DltContextData *log,
                                              uint32_t data,
                                              const char *name,
                                              const char *unit);

/**
 * Add an unsigned integer of 64 bits with a name and a unit to a message.
 *
 * @param log message being composed
 * @param data value
 * @param name name of the value, or NULL; left out of messages without type information
 * @param unit unit of the value, or NULL; left out of messages without type information
 * @return as dlt_user_log_write_int()
 */
DltReturnValue dlt_user_log_write_uint64_attr(DltContextData *log,
                                              uint64_t data,
                                              const char *name,
                                              const char *unit);

/**
 * Add a floating point number of 32 bits with a name and a unit to a message.
 *
 * @param log message being composed
 * @param data value
 * @param name name of the value, or NULL; left out of messages without type information
 * @param unit unit of the value, or NULL; left out of messages without type information
 * @return as dlt_user_log_write_int()
 */
DltReturnValue dlt_user_log_write_float32_attr(DltContextData *log,
                                               float32_t data,
                                               const char *name,
                                               const char *unit);

/**
 * Add a floating point number of 64 bits with a name and a unit to a message.
 *
 * @param log message being composed
 * @param data value
 * @param name name of the value, or NULL; left out of messages without type information
 * @param unit unit of the value, or NULL; left out of messages without type information
 * @return as dlt_user_log_write_int()
 */
DltReturnValue dlt_user_log_write_float64_attr(DltContextData *log,
                                               float64_t data,
                                               const char *name,
                                               const char *unit);

/**
 * Add a truth value with a name to a message.
 *
 * @param log message being composed
 * @param data 0 for false
 * @param name name of the value, or NULL; left out of messages without type information
 * @return as dlt_user_log_write_int()
 */
DltReturnValue dlt_user_log_write_bool_attr(DltContextData *log, uint8_t data, const char *name);

/**
 * Add bytes with a name to a message.
 *
 * @param log message being composed
 * @param data bytes; copied
 * @param length number of bytes
 * @param name name of the value, or NULL; left out of messages without type information
 * @return as dlt_user_log_write_int()
 */
DltReturnValue dlt_user_log_write_raw_attr(DltContextData *log,
                                           const void *data,
                                           uint16_t length,
                                           const char *name);

/**
 * Add bytes with a name to a message, to be shown in some format.
 *
 * @param log message being composed
 * @param data bytes; copied
 * @param length number of bytes
 * @param format_type how to show them
 * @param name name of the value, or NULL; left out of messages without type information
 * @return as dlt_user_log_write_int(); DLT_RETURN_WRONG_PARAMETER for a format out of range
 */
DltReturnValue dlt_user_log_write_raw_formatted_attr(DltContextData *log,
                                                     const void *data,
                                                     uint16_t length,
                                                     DltFormatType format_type,
                                                     const char *name);

#ifdef __cplusplus
}  // extern "C"
#endif  // __cplusplus

#endif  /* DLT_USER_H */

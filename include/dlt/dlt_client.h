/* SPDX-License-Identifier: MPL-2.0 */
/*
 * The viewer's side: connect to a daemon, receive messages, send control requests.
 *
 * A client belongs to one thread at a time. The two callbacks are of the whole process.
 *
 * Made by cbindgen from the Rust sources: change those, or include/cbindgen, and run
 * ci/generate-headers.
 */


#ifndef DLT_CLIENT_H
#define DLT_CLIENT_H

#include <stdbool.h>
#include "dlt_common.h"
#include "dlt_types.h"

/* How a client connects. */
typedef enum {
    DLT_CLIENT_MODE_UNDEFINED = -1,
    DLT_CLIENT_MODE_TCP = 0,
    DLT_CLIENT_MODE_SERIAL = 1,
    DLT_CLIENT_MODE_UNIX = 2,
    DLT_CLIENT_MODE_UDP_MULTICAST = 3
} DltClientMode;

/* A connection to a daemon. Clear it before dlt_client_init(), and set the texts with functions. */
typedef struct {
    DltReceiver receiver;
    int sock;           /* -1 while not connected */
    char *servIP;       /* of malloc(), as the three other texts */
    char *hostip;
    int port;
    char *serialDevice;
    char *socketPath;
    char ecuid[4];      /* in requests */
    speed_t baudrate;
    DltClientMode mode;
    int send_serial_header;
    int resync_serial_header;
} DltClient;


#ifdef __cplusplus
extern "C" {
#endif // __cplusplus

/**
 * Register the function that dlt_client_main_loop() calls with each message. There is one for all
 * clients of the process.
 *
 * @param registerd_callback function, or NULL. It receives the message, which is valid during the
 *        call, and the data given to dlt_client_main_loop(); what it returns means nothing
 */
void dlt_client_register_message_callback(int (*registerd_callback)(DltMessage *message, void *data));

/**
 * Register the function that dlt_client_main_loop() asks, each time that it has handled what it
 * received, whether to go on. There is one for all clients of the process.
 *
 * @param registerd_callback function, or NULL to go on always. It receives the data given to
 *        dlt_client_main_loop()
 */
void dlt_client_register_fetch_next_message_callback(bool (*registerd_callback)(void *data));

/**
 * Prepare a client for a port. `ecuid`, `send_serial_header` and `resync_serial_header` are left as
 * they are, so the client should be zeroed.
 *
 * @param client client
 * @param port port of the daemon
 * @param verbose not 0 to tell of it in the internal log
 * @return DLT_RETURN_OK; DLT_RETURN_ERROR for NULL
 */
int dlt_client_init_port(DltClient *client, int port, int verbose);

/**
 * Prepare a client for the port in the environment variable DLT_DAEMON_TCP_PORT, or 3490. The rest
 * as dlt_client_init_port().
 *
 * @param client client
 * @param verbose not 0 to tell of it in the internal log
 * @return DLT_RETURN_OK; DLT_RETURN_ERROR for NULL or a port below 1024 or above 65535
 */
DltReturnValue dlt_client_init(DltClient *client, int verbose);

/**
 * Connect to the daemon, in the way that the client's mode says.
 *
 * @param client client that was prepared
 * @param verbose not 0 to tell of it on standard output or in the internal log
 * @return DLT_RETURN_OK; DLT_RETURN_ERROR for NULL or without a connection, also when a signal has
 *         interrupted it
 */
DltReturnValue dlt_client_connect(DltClient *client, int verbose);

/**
 * Close a client's connection and free what belongs to it: the receiver's buffer and the strings
 * that were set.
 *
 * @param client client that was prepared
 * @param verbose not 0 to tell of it in the internal log
 * @return DLT_RETURN_OK; DLT_RETURN_WRONG_PARAMETER for NULL
 */
DltReturnValue dlt_client_cleanup(DltClient *client, int verbose);

/**
 * Receive messages and hand each to the registered function, until the daemon closes the
 * connection, nothing can be read, a signal interrupts the waiting, or the registered function does
 * not want more.
 *
 * @param client client that is connected
 * @param data handed to the registered functions
 * @param verbose not 0 to tell of each message in the internal log
 * @return DLT_RETURN_TRUE when nothing more can be received; DLT_RETURN_OK when no more was wanted;
 *         DLT_RETURN_ERROR for NULL or without memory
 */
DltReturnValue dlt_client_main_loop(DltClient *client, void *data, int verbose);

/**
 * Send a message that was read or composed: its headers without the storage header, and its data.
 *
 * @param client client that is connected
 * @param msg message
 * @return DLT_RETURN_OK; DLT_RETURN_ERROR for NULL, a message without data, without a connection,
 *         or when it was not sent
 */
DltReturnValue dlt_client_send_message_to_socket(DltClient *client, DltMessage *msg);

/**
 * Send a control request.
 *
 * @param client client that is connected
 * @param apid application in the message's header; "CA1" if it is empty
 * @param ctid context in the message's header; "CC1" if it is empty
 * @param payload the request: service and what belongs to it
 * @param size bytes of it
 * @return DLT_RETURN_OK; DLT_RETURN_ERROR for NULL, without a connection, for a request that is too
 *         long, or when it was not sent
 */
DltReturnValue dlt_client_send_ctrl_msg(DltClient *client,
                                        char *apid,
                                        char *ctid,
                                        uint8_t *payload,
                                        uint32_t size);

/**
 * Have the daemon call an injection callback of an application's.
 *
 * @param client client that is connected
 * @param apid application
 * @param ctid context
 * @param service_id service, as the application registered it
 * @param buffer data for the callback
 * @param size bytes of it
 * @return DLT_RETURN_OK; DLT_RETURN_ERROR for NULL or when it was not sent
 */
DltReturnValue dlt_client_send_inject_msg(DltClient *client,
                                          char *apid,
                                          char *ctid,
                                          uint32_t service_id,
                                          uint8_t *buffer,
                                          uint32_t size);

/**
 * Set the log level of a context.
 *
 * @param client client that is connected
 * @param apid application
 * @param ctid context
 * @param log_level level; 255 for the daemon's default
 * @return DLT_RETURN_OK; DLT_RETURN_ERROR for NULL or when it was not sent
 */
DltReturnValue dlt_client_send_log_level(DltClient *client,
                                         char *apid,
                                         char *ctid,
                                         uint8_t log_level);

/**
 * Ask for all applications and contexts with their levels. The answer comes as a message, for
 * dlt_client_parse_get_log_info_resp_text().
 *
 * @param client client that is connected
 * @return DLT_RETURN_OK; DLT_RETURN_ERROR for NULL or when it was not sent
 */
int dlt_client_get_log_info(DltClient *client);

/**
 * Ask for the default log level. The answer comes as a message.
 *
 * @param client client that is connected
 * @return DLT_RETURN_OK; DLT_RETURN_ERROR for NULL or when it was not sent
 */
DltReturnValue dlt_client_get_default_log_level(DltClient *client);

/**
 * Ask for the daemon's version. The answer comes as a message.
 *
 * @param client client that is connected
 * @return DLT_RETURN_OK; DLT_RETURN_ERROR for NULL or when it was not sent
 */
int dlt_client_get_software_version(DltClient *client);

/**
 * Set the trace status of a context.
 *
 * @param client client that is connected
 * @param apid application
 * @param ctid context
 * @param trace_status 1 for on, 0 for off, 255 for the daemon's default
 * @return DLT_RETURN_OK; DLT_RETURN_ERROR for NULL or when it was not sent
 */
DltReturnValue dlt_client_send_trace_status(DltClient *client,
                                            char *apid,
                                            char *ctid,
                                            uint8_t trace_status);

/**
 * Set the default log level.
 *
 * @param client client that is connected
 * @param default_log_level level
 * @return DLT_RETURN_OK; DLT_RETURN_ERROR for NULL or when it was not sent
 */
DltReturnValue dlt_client_send_default_log_level(DltClient *client, uint8_t default_log_level);

/**
 * Set the log level of all contexts.
 *
 * @param client client that is connected
 * @param log_level level
 * @return DLT_RETURN_OK; DLT_RETURN_ERROR for NULL or when it was not sent
 */
DltReturnValue dlt_client_send_all_log_level(DltClient *client, uint8_t log_level);

/**
 * Set the default trace status.
 *
 * @param client client that is connected
 * @param default_trace_status 1 for on, 0 for off
 * @return DLT_RETURN_OK; DLT_RETURN_ERROR for NULL or when it was not sent
 */
DltReturnValue dlt_client_send_default_trace_status(DltClient *client,
                                                    uint8_t default_trace_status);

/**
 * Set the trace status of all contexts.
 *
 * @param client client that is connected
 * @param trace_status 1 for on, 0 for off
 * @return DLT_RETURN_OK; DLT_RETURN_ERROR for NULL or when it was not sent
 */
DltReturnValue dlt_client_send_all_trace_status(DltClient *client, uint8_t trace_status);

/**
 * Switch the daemon's timing packets on or off.
 *
 * @param client client that is connected
 * @param timing_pakets 1 for on, 0 for off
 * @return DLT_RETURN_OK; DLT_RETURN_ERROR for NULL or when it was not sent
 */
DltReturnValue dlt_client_send_timing_pakets(DltClient *client, uint8_t timing_pakets);

/**
 * Have the daemon store its configuration.
 *
 * @param client client that is connected
 * @return DLT_RETURN_OK; DLT_RETURN_ERROR for NULL or when it was not sent
 */
DltReturnValue dlt_client_send_store_config(DltClient *client);

/**
 * Have the daemon go back to its factory default.
 *
 * @param client client that is connected
 * @return DLT_RETURN_OK; DLT_RETURN_ERROR for NULL or when it was not sent
 */
DltReturnValue dlt_client_send_reset_to_factory_default(DltClient *client);

/**
 * Set the speed of a client's serial line.
 *
 * @param client client
 * @param baudrate bits a second; 115200 is taken for a speed that no line has
 * @return DLT_RETURN_OK; DLT_RETURN_ERROR for NULL
 */
DltReturnValue dlt_client_setbaudrate(DltClient *client, int baudrate);

/**
 * Set how a client connects.
 *
 * @param client client
 * @param mode TCP, serial line, UNIX socket, or UDP multicast
 * @return DLT_RETURN_OK; DLT_RETURN_ERROR for NULL. Another mode is refused by dlt_client_connect()
 */
DltReturnValue dlt_client_set_mode(DltClient *client, DltClientMode mode);

/**
 * Set the daemon's address or name, or the multicast group.
 *
 * @param client client that was prepared
 * @param ipaddr text; copied
 * @return DLT_RETURN_OK; DLT_RETURN_ERROR for NULL or without memory
 */
int dlt_client_set_server_ip(DltClient *client, char *ipaddr);

/**
 * Set the address of the interface on which a multicast group is joined.
 *
 * @param client client that was prepared
 * @param hostip text; copied
 * @return DLT_RETURN_OK; DLT_RETURN_ERROR for NULL or without memory
 */
int dlt_client_set_host_if_address(DltClient *client, char *hostip);

/**
 * Set a client's serial device.
 *
 * @param client client that was prepared
 * @param serial_device path; copied
 * @return DLT_RETURN_OK; DLT_RETURN_ERROR for NULL or without memory
 */
int dlt_client_set_serial_device(DltClient *client, char *serial_device);

/**
 * Set the path of the daemon's UNIX socket.
 *
 * @param client client that was prepared
 * @param socket_path path; copied
 * @return DLT_RETURN_OK; DLT_RETURN_ERROR for NULL or without memory
 */
int dlt_client_set_socket_path(DltClient *client, char *socket_path);

/**
 * Read the text of an answer to dlt_client_get_log_info(), as dlt_message_payload() makes it.
 *
 * @param resp receives applications and contexts, to be freed by
 *        dlt_client_cleanup_get_log_info(). Its status has to be that of the answer
 * @param resp_text text
 * @return DLT_RETURN_OK; DLT_RETURN_WRONG_PARAMETER for NULL; DLT_RETURN_ERROR for a status without
 *         applications, for a text that ends early, or without memory, and then nothing is stored
 */
DltReturnValue dlt_client_parse_get_log_info_resp_text(DltServiceGetLogInfoResponse *resp,
                                                       char *resp_text);

/**
 * Free an answer to dlt_client_get_log_info(), and the structure itself.
 *
 * @param resp structure of the C allocator, or NULL
 * @return DLT_RETURN_OK
 */
int dlt_client_cleanup_get_log_info(DltServiceGetLogInfoResponse *resp);

#ifdef __cplusplus
}  // extern "C"
#endif  // __cplusplus

#endif  /* DLT_CLIENT_H */

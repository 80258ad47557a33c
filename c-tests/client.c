/* SPDX-License-Identifier: MPL-2.0 */
/*
 * Calls every function of dlt_client.h, and of dlt_common.h those that receivers and viewers use,
 * with ordinary arguments, at their limits and with NULL. On this library and on libdlt 2.18.8 the
 * output must be the same, but for times, process ids and addresses.
 *
 * usage: client DIRECTORY
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <dlt/dlt.h>
#include <dlt/dlt_client.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#define SIZE(array) (sizeof(array) / sizeof((array)[0]))

/* What the fetch-next callback has to answer, and how often. */
static int fetches_left;
static int messages_seen;

static void print_bytes(const char *what, const void *data, size_t size)
{
    const unsigned char *bytes = data;

    printf("%s (%zu):", what, size);
    for (size_t i = 0; i < size && i < 80; i++)
        printf(" %02x", bytes[i]);
    if (size > 80) {
        unsigned sum = 0;
        for (size_t i = 0; i < size; i++)
            sum = sum * 31 + bytes[i];
        printf(" ... %08x", sum);
    }
    puts("");
}

static const char *text_or_null(const char *text)
{
    return text == NULL ? "(null)" : text;
}

static const char *set_or_not(const void *pointer)
{
    return pointer == NULL ? "NULL" : "set";
}

static void print_receiver(const char *what, const DltReceiver *r)
{
    printf("%s: last %d, received %d, total %d, size %d, fd %s, type %d, buffer %s, buf %s at %ld, "
           "backup %s\n",
           what, (int)r->lastBytesRcvd, (int)r->bytesRcvd, (int)r->totalBytesRcvd,
           (int)r->buffersize, r->fd < 0 ? "none" : "open", (int)r->type, set_or_not(r->buffer),
           set_or_not(r->buf), r->buf == NULL ? 0L : (long)(r->buf - r->buffer),
           set_or_not(r->backup_buf));
}

static void print_client(const char *what, const DltClient *c)
{
    printf("%s: sock %s, servIP %s, hostip %s, port %d, device %s, socket %s, ecu ", what,
           c->sock < 0 ? "none" : "open", text_or_null(c->servIP), text_or_null(c->hostip), c->port,
           text_or_null(c->serialDevice), set_or_not(c->socketPath));
    for (int i = 0; i < 4; i++)
        printf("%02x", (unsigned char)c->ecuid[i]);
    printf(", baud %u, mode %d, serial %d %d\n", (unsigned)c->baudrate, (int)c->mode,
           c->send_serial_header, c->resync_serial_header);
    print_receiver("  receiver", &c->receiver);
}

/* A client in a known state, whatever its init leaves alone. */
static void make_client(DltClient *client)
{
    memset(client, 0, sizeof(*client));
    printf("init: %d\n", dlt_client_init(client, 0));
    memcpy(client->ecuid, "ECUX", 4);
}

/* A client on one end of a pair of sockets; returns the other end. */
static int make_connected(DltClient *client, DltClientMode mode)
{
    int pair[2];

    make_client(client);
    if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair) != 0)
        exit(2);
    client->sock = pair[0];
    client->mode = mode;
    printf("receiver: %d\n",
           dlt_receiver_init(&client->receiver, pair[0],
                             mode == DLT_CLIENT_MODE_SERIAL ? DLT_RECEIVE_FD : DLT_RECEIVE_SOCKET,
                             DLT_RECEIVE_BUFSIZE));
    return pair[1];
}

static void print_sent(const char *what, int result, int peer)
{
    static unsigned char bytes[200000];
    ssize_t size = recv(peer, bytes, sizeof(bytes), MSG_DONTWAIT);

    size_t start = size > 4 && memcmp(bytes, "DLS\1", 4) == 0 ? 4 : 0;

    printf("%s: %d\n", what, result);
    if (size >= (ssize_t)start + 12)
        memset(bytes + start + 8, 0, 4); /* the time stamp */
    if (size > 0)
        print_bytes("  sent", bytes, (size_t)size);
}

/* ------------------------------------------------------------------ life of a client */

static void initialise(void)
{
    static const int ports[] = {0, 1, 3490, 65535, 65536, -1, 70000};
    static const char *const values[] = {"",      "0",  "1023", "1024",  "4711",   "65535",
                                         "65536", "-1", "port", "4711x", " 4711 ", "99999999999999"};
    DltClient client;

    printf("NULL: %d %d\n", dlt_client_init(NULL, 0), dlt_client_init_port(NULL, 3490, 1));
    printf("NULL: %d %d\n", dlt_client_connect(NULL, 0), dlt_client_cleanup(NULL, 1));
    printf("NULL: %d %d\n", dlt_client_main_loop(NULL, NULL, 1),
           dlt_client_setbaudrate(NULL, 9600));
    printf("NULL: %d\n", dlt_client_set_mode(NULL, DLT_CLIENT_MODE_UNIX));
    for (size_t i = 0; i < SIZE(ports); i++) {
        memset(&client, 0x11, sizeof(client));
        printf("port %d: %d\n", ports[i], dlt_client_init_port(&client, ports[i], (int)(i % 2)));
        if (ports[i] >= 0 && ports[i] < 65536)
            print_client("client", &client);
    }
    memset(&client, 0x22, sizeof(client));
    printf("init: %d\n", dlt_client_init(&client, 1));
    print_client("client", &client);
    for (size_t i = 0; i < SIZE(values); i++) {
        setenv("DLT_DAEMON_TCP_PORT", values[i], 1);
        memset(&client, 0, sizeof(client));
        printf("DLT_DAEMON_TCP_PORT=%s: %d, port %d\n", values[i], dlt_client_init(&client, 0),
               client.port);
    }
    unsetenv("DLT_DAEMON_TCP_PORT");
    setenv("DLT_CLIENT_SERVER_PORT", "4711", 1);
    setenv("DLT_DAEMON_PORT", "4711", 1);
    printf("init: %d\n", dlt_client_init(&client, 1));
    print_client("client", &client);
    printf("cleanup: %d\n", dlt_client_cleanup(&client, 1));
    print_client("client", &client);
    printf("cleanup: %d\n", dlt_client_cleanup(&client, 0));
}

static void set_values(void)
{
    static const int rates[] = {0,     50,    75,    110,    134,    150,    200,     300,    600,
                                1200,  1800,  2400,  4800,   9600,   19200,  38400,   57600,  115200,
                                230400, 460800, 500000, 576000, 921600, 1000000, 1152000, 1500000,
                                2000000, 2500000, 3000000, 3500000, 4000000, -1, 115201, 123456};
    DltClient client;

    make_client(&client);
    printf("server: %d\n", dlt_client_set_server_ip(&client, (char *)"192.0.2.1"));
    printf("host: %d\n", dlt_client_set_host_if_address(&client, (char *)"192.0.2.2"));
    printf("device: %d\n", dlt_client_set_serial_device(&client, (char *)"/dev/none"));
    printf("socket: %d\n", dlt_client_set_socket_path(&client, (char *)""));
    for (int mode = -2; mode < 6; mode++)
        printf("mode: %d %d\n", dlt_client_set_mode(&client, (DltClientMode)mode), (int)client.mode);
    for (size_t i = 0; i < SIZE(rates); i++) {
        int result = dlt_client_setbaudrate(&client, rates[i]);
        printf("baud %d: %d %u %u\n", rates[i], result, (unsigned)client.baudrate,
               (unsigned)dlt_convert_serial_speed(rates[i]));
    }
    print_client("client", &client);
    printf("cleanup: %d\n", dlt_client_cleanup(&client, 0));
    print_client("client", &client);
}

/* ------------------------------------------------------------------ connecting */

static int listen_at(const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);

    strncpy(address.sun_path, path, sizeof(address.sun_path) - 1);
    (void)unlink(path);
    if (bind(fd, (struct sockaddr *)&address, sizeof(address)) != 0 || listen(fd, 5) != 0)
        exit(2);
    return fd;
}

static int listen_on_port(int *port)
{
    struct sockaddr_in address = {.sin_family = AF_INET};
    socklen_t length = sizeof(address);
    int fd = socket(AF_INET, SOCK_STREAM, 0);

    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (bind(fd, (struct sockaddr *)&address, sizeof(address)) != 0 || listen(fd, 5) != 0)
        exit(2);
    if (getsockname(fd, (struct sockaddr *)&address, &length) != 0)
        exit(2);
    *port = ntohs(address.sin_port);
    return fd;
}

static void print_socket(const DltClient *client)
{
    int blocking = (fcntl(client->sock, F_GETFL) & O_NONBLOCK) == 0;
    struct timeval timeout = {0, 0};
    socklen_t length = sizeof(timeout);

    (void)getsockopt(client->sock, SOL_SOCKET, SO_RCVTIMEO, &timeout, &length);
    printf("socket: %s, limit %ld.%06ld, same fd %d\n", blocking ? "blocking" : "non-blocking",
           (long)timeout.tv_sec, (long)timeout.tv_usec, client->receiver.fd == client->sock);
}

static void connect_once(DltClient *client, const char *what, int verbose)
{
    int result = dlt_client_connect(client, verbose);

    printf("%s: %d\n", what, result);
    if (result == 0) {
        print_socket(client);
        print_receiver("  receiver", &client->receiver);
    }
    printf("cleanup: %d\n", dlt_client_cleanup(client, verbose));
}

static void connect_tcp(void)
{
    static const char *const names[] = {"127.0.0.1", "localhost", "no.such.host.invalid", ""};
    DltClient client;
    int port = 0;
    int listener = listen_on_port(&port);

    for (size_t i = 0; i < SIZE(names); i++) {
        make_client(&client);
        client.port = port;
        dlt_client_set_server_ip(&client, (char *)names[i]);
        connect_once(&client, names[i], (int)((i + 1) % 2));
    }
    make_client(&client);
    client.port = port;
    connect_once(&client, "no address", 1);
    (void)close(listener);
    make_client(&client);
    client.port = port;
    dlt_client_set_server_ip(&client, (char *)"127.0.0.1");
    connect_once(&client, "nobody listens", 1);
}

static void connect_unix(const char *directory)
{
    char path[300];
    DltClient client;
    int listener;

    (void)snprintf(path, sizeof(path), "%s/socket", directory);
    listener = listen_at(path);
    make_client(&client);
    dlt_client_set_mode(&client, DLT_CLIENT_MODE_UNIX);
    dlt_client_set_socket_path(&client, path);
    connect_once(&client, "unix", 1);
    (void)close(listener);
    make_client(&client);
    dlt_client_set_mode(&client, DLT_CLIENT_MODE_UNIX);
    dlt_client_set_socket_path(&client, path);
    connect_once(&client, "nobody listens", 1);
    (void)unlink(path);
    make_client(&client);
    dlt_client_set_mode(&client, DLT_CLIENT_MODE_UNIX);
    dlt_client_set_socket_path(&client, path);
    connect_once(&client, "no socket", 0);
}

/* A request behind a serial header, as long as it says it is: the kernel hands on what is written to
 * a terminal in the background, so one read may get a part of it. */
static size_t read_request(int terminal, unsigned char *bytes, size_t room)
{
    size_t size = 0;
    size_t wanted = 8;

    while (size < wanted) {
        ssize_t count = read(terminal, bytes + size, room - size);
        if (count <= 0)
            exit(2);
        size += (size_t)count;
        if (size >= 8)
            wanted = 4 + ((size_t)bytes[6] << 8 | bytes[7]);
        if (wanted > room)
            exit(2);
    }
    return size;
}

static void connect_serial(void)
{
    DltClient client;
    int terminal;

    make_client(&client);
    dlt_client_set_mode(&client, DLT_CLIENT_MODE_SERIAL);
    dlt_client_set_serial_device(&client, (char *)"/nowhere/tty");
    connect_once(&client, "no device", 1);
    for (int verbose = 0; verbose < 2; verbose++) {
        make_client(&client);
        dlt_client_set_mode(&client, DLT_CLIENT_MODE_SERIAL);
        dlt_client_set_serial_device(&client, (char *)"/dev/null");
        connect_once(&client, "no terminal", verbose);
    }
    terminal = posix_openpt(O_RDWR | O_NOCTTY);
    if (terminal < 0 || grantpt(terminal) != 0 || unlockpt(terminal) != 0)
        exit(2);
    make_client(&client);
    dlt_client_set_mode(&client, DLT_CLIENT_MODE_SERIAL);
    dlt_client_set_serial_device(&client, ptsname(terminal));
    dlt_client_setbaudrate(&client, 38400);
    client.send_serial_header = 1;
    printf("terminal: %d\n", dlt_client_connect(&client, 0));
    if (client.sock >= 0) {
        struct termios settings;
        unsigned char bytes[1000];
        size_t size;

        (void)tcgetattr(client.sock, &settings);
        printf("settings: %x %x %x %x %u %u, min %d, time %d\n", (unsigned)settings.c_iflag,
               (unsigned)settings.c_oflag, (unsigned)settings.c_cflag, (unsigned)settings.c_lflag,
               (unsigned)cfgetispeed(&settings), (unsigned)cfgetospeed(&settings),
               settings.c_cc[VMIN], settings.c_cc[VTIME]);
        print_receiver("receiver", &client.receiver);
        printf("send: %d\n", dlt_client_send_log_level(&client, (char *)"APP", (char *)"CON", 3));
        size = read_request(terminal, bytes, sizeof(bytes));
        if (size > 16)
            memset(bytes + 12, 0, 4); /* the time stamp */
        print_bytes("sent", bytes, size);
    }
    printf("cleanup: %d\n", dlt_client_cleanup(&client, 0));
    printf("setup: %d %d\n", dlt_setup_serial(-1, B9600), dlt_setup_serial(terminal, B9600));
    (void)close(terminal);
}

static void connect_multicast(void)
{
    static const struct { const char *group, *host; } cases[] = {
        {"225.0.0.37", "127.0.0.1"}, {"225.0.0.37", NULL},        {NULL, "127.0.0.1"},
        {"192.0.2.1", "127.0.0.1"},  {"no address", "127.0.0.1"}, {"225.0.0.37", "no address"},
        {"225.0.0.37", ""},
    };
    DltClient client;

    for (size_t i = 0; i < SIZE(cases); i++) {
        make_client(&client);
        dlt_client_set_mode(&client, DLT_CLIENT_MODE_UDP_MULTICAST);
        client.port = 34911;
        if (cases[i].group != NULL)
            dlt_client_set_server_ip(&client, (char *)cases[i].group);
        if (cases[i].host != NULL)
            dlt_client_set_host_if_address(&client, (char *)cases[i].host);
        printf("group %s, host %s\n", text_or_null(cases[i].group), text_or_null(cases[i].host));
        connect_once(&client, "multicast", (int)(i % 2));
    }
}

static void connect_unknown(void)
{
    for (int mode = -2; mode < 6; mode++) {
        DltClient client;

        if (mode >= 0 && mode <= 3)
            continue;
        make_client(&client);
        printf("mode: %d\n", dlt_client_set_mode(&client, (DltClientMode)mode));
        connect_once(&client, "unknown mode", 1);
    }
}

/* ------------------------------------------------------------------ requests */

static void send_requests(DltClientMode mode, int serial_header)
{
    static uint8_t payload[70000];
    char apid[] = "APID";
    char ctid[] = "CTID";
    char empty[] = "\0\0\0\0";
    char brief[] = "A\0\0\0";
    DltClient client;
    int peer = make_connected(&client, mode);

    client.send_serial_header = serial_header;
    memset(payload, 0x5a, sizeof(payload));
    memcpy(payload, "\x13\0\0\0", 4);
    print_sent("ctrl", dlt_client_send_ctrl_msg(&client, apid, ctid, payload, 4), peer);
    print_sent("ctrl", dlt_client_send_ctrl_msg(&client, empty, empty, payload, 10), peer);
    print_sent("ctrl", dlt_client_send_ctrl_msg(&client, brief, ctid, payload, 10), peer);
    print_sent("ctrl", dlt_client_send_ctrl_msg(&client, apid, ctid, payload, 0), peer);
    print_sent("ctrl", dlt_client_send_ctrl_msg(&client, apid, ctid, payload, 1), peer);
    print_sent("ctrl NULL", dlt_client_send_ctrl_msg(NULL, apid, ctid, payload, 4), peer);
    print_sent("ctrl NULL", dlt_client_send_ctrl_msg(&client, NULL, ctid, payload, 4), peer);
    print_sent("ctrl NULL", dlt_client_send_ctrl_msg(&client, apid, NULL, payload, 4), peer);
    print_sent("inject", dlt_client_send_inject_msg(&client, apid, ctid, 0xfff, payload, 7), peer);
    print_sent("inject", dlt_client_send_inject_msg(&client, apid, ctid, 0, payload, 0), peer);
    print_sent("inject", dlt_client_send_inject_msg(&client, apid, ctid, 5000, payload, 60000),
               peer);
    for (uint32_t size = 65490; size < 65503; size++)
        print_sent("inject", dlt_client_send_inject_msg(&client, apid, ctid, 5000, payload, size),
                   peer);
    for (uint32_t size = 65498; size < 65512; size++)
        print_sent("ctrl", dlt_client_send_ctrl_msg(&client, apid, ctid, payload, size), peer);
    print_sent("ctrl", dlt_client_send_ctrl_msg(&client, apid, ctid, payload, 65535), peer);
    print_sent("ctrl", dlt_client_send_ctrl_msg(&client, apid, ctid, payload, 65536), peer);
    print_sent("inject", dlt_client_send_inject_msg(&client, apid, ctid, 5000, payload, 65535),
               peer);
    print_sent("level", dlt_client_send_log_level(&client, apid, ctid, 5), peer);
    print_sent("level", dlt_client_send_log_level(&client, empty, brief, 255), peer);
    print_sent("level NULL", dlt_client_send_log_level(NULL, apid, ctid, 5), peer);
    print_sent("info", dlt_client_get_log_info(&client), peer);
    print_sent("info NULL", dlt_client_get_log_info(NULL), peer);
    print_sent("default", dlt_client_get_default_log_level(&client), peer);
    print_sent("default NULL", dlt_client_get_default_log_level(NULL), peer);
    print_sent("version", dlt_client_get_software_version(&client), peer);
    print_sent("version NULL", dlt_client_get_software_version(NULL), peer);
    print_sent("trace", dlt_client_send_trace_status(&client, apid, ctid, 1), peer);
    print_sent("trace NULL", dlt_client_send_trace_status(NULL, apid, ctid, 1), peer);
    print_sent("default level", dlt_client_send_default_log_level(&client, 4), peer);
    print_sent("default level NULL", dlt_client_send_default_log_level(NULL, 4), peer);
    print_sent("all levels", dlt_client_send_all_log_level(&client, 6), peer);
    print_sent("all levels NULL", dlt_client_send_all_log_level(NULL, 6), peer);
    print_sent("default trace", dlt_client_send_default_trace_status(&client, 1), peer);
    print_sent("default trace NULL", dlt_client_send_default_trace_status(NULL, 1), peer);
    print_sent("all traces", dlt_client_send_all_trace_status(&client, 1), peer);
    print_sent("all traces NULL", dlt_client_send_all_trace_status(NULL, 1), peer);
    print_sent("timing", dlt_client_send_timing_pakets(&client, 1), peer);
    print_sent("timing NULL", dlt_client_send_timing_pakets(NULL, 1), peer);
    print_sent("store", dlt_client_send_store_config(&client), peer);
    print_sent("store NULL", dlt_client_send_store_config(NULL), peer);
    print_sent("reset", dlt_client_send_reset_to_factory_default(&client), peer);
    print_sent("reset NULL", dlt_client_send_reset_to_factory_default(NULL), peer);
    (void)close(peer);
    printf("cleanup: %d\n", dlt_client_cleanup(&client, 0));
    client.sock = -1;
    printf("closed: %d\n", dlt_client_send_ctrl_msg(&client, apid, ctid, payload, 4));
    printf("closed: %d\n", dlt_client_send_log_level(&client, apid, ctid, 4));
    printf("closed: %d\n", dlt_client_get_log_info(&client));
    printf("closed: %d\n", dlt_client_send_inject_msg(&client, apid, ctid, 4711, payload, 4));
}

static void send_messages(DltClientMode mode, int serial_header)
{
    static const uint8_t bytes[] =
        "\x35\x01\x00\x1cZONE\x00\x00\x12\x34\x16\x01SYS\0JOUR\x13\0\0\0\x01\x02";
    DltClient client;
    DltMessage message;
    int peer = make_connected(&client, mode);

    client.send_serial_header = serial_header;
    memset(&message, 0, sizeof(message));
    printf("message: %d\n", dlt_message_init(&message, 0));
    print_sent("empty", dlt_client_send_message_to_socket(&client, &message), peer);
    print_sent("NULL", dlt_client_send_message_to_socket(NULL, &message), peer);
    print_sent("NULL", dlt_client_send_message_to_socket(&client, NULL), peer);
    printf("read: %d\n", dlt_message_read(&message, (uint8_t *)bytes, 28, 0, 0));
    print_sent("message", dlt_client_send_message_to_socket(&client, &message), peer);
    message.datasize = 0;
    print_sent("no data", dlt_client_send_message_to_socket(&client, &message), peer);
    printf("free: %d\n", dlt_message_free(&message, 0));
    (void)close(peer);
    printf("cleanup: %d\n", dlt_client_cleanup(&client, 0));
}

/* ------------------------------------------------------------------ main loop */

static int print_message(DltMessage *message, void *data)
{
    messages_seen++;
    printf("  message %d: serial %d, resync %d, header %d, data %d, for %s\n", messages_seen,
           message->found_serialheader, (int)message->resync_offset, (int)message->headersize,
           (int)message->datasize, text_or_null(data));
    if (messages_seen > 100)
        return 0;
    print_bytes("  header", message->headerbuffer + 16, (size_t)message->headersize - 16);
    if (message->datasize > 0)
        print_bytes("  data", message->databuffer, (size_t)message->datasize);
    printf("  extra: %.4s %u %u, extended %s\n", message->headerextra.ecu,
           (unsigned)message->headerextra.seid, (unsigned)message->headerextra.tmsp,
           (message->standardheader->htyp & 1) == 0 ? "none"
           : message->extendedheader == NULL        ? "lost"
                                                    : "there");
    /* The loop does not care. */
    return -1;
}

static bool fetch_next(void *data)
{
    printf("  next? %s\n", text_or_null(data));
    return fetches_left-- > 0;
}

static void put_all(int fd, const void *bytes, size_t size)
{
    const char *at = bytes;

    while (size > 0) {
        ssize_t written = send(fd, at, size, MSG_NOSIGNAL);
        if (written <= 0)
            exit(2);
        at += written;
        size -= (size_t)written;
    }
}

static void loop_in(DltClientMode mode, const char *what, const void *bytes, size_t size, int resync)
{
    char text[] = "me";
    DltClient client;
    int peer = make_connected(&client, mode);

    client.resync_serial_header = resync;
    put_all(peer, bytes, size);
    (void)shutdown(peer, SHUT_WR);
    messages_seen = 0;
    printf("%s, resync %d\n", what, resync);
    printf("loop: %d\n", dlt_client_main_loop(&client, text, 0));
    /* libdlt keeps what is no message until its buffer is full; then the loop ends. And how much the
     * last of several reads found is the kernel's matter. */
    if (resync || size > 65535)
        client.receiver.lastBytesRcvd = 0;
    print_receiver("after", &client.receiver);
    (void)close(peer);
    printf("cleanup: %d\n", dlt_client_cleanup(&client, 0));
}

static void loop_over(const char *what, const void *bytes, size_t size, int resync)
{
    loop_in(DLT_CLIENT_MODE_TCP, what, bytes, size, resync);
}

#define LOG(counter) "\x3d" counter "\x00\x1e" "ECU1\0\0\0\x07\0\0\0\x08\x41\x01" "APP\0CTX\0\x23\0\0\0"
#define PLAIN(counter) "\x21" counter "\x00\x10" "\x40\x00" "APP\0CTX\0\x01\x02"
#define BARE(counter) "\x20" counter "\x00\x08" "\x01\x02\x03\x04"

static void run_loops(void)
{
    static const char one[] = LOG("\x01");
    static const char three[] = LOG("\x01") PLAIN("\x02") BARE("\x03");
    static const char serial[] = "DLS\x01" LOG("\x01") "DLS\x01" LOG("\x02") LOG("\x03");
    static const char garbage[] = LOG("\x01") "garbage!" LOG("\x02") "DLS\x01" LOG("\x03");
    static const char leading[] = "xyzDLS\x01" LOG("\x01") "garbage!DLS\x01" LOG("\x02");
    static const char cut[] = LOG("\x01") "\x3d\x02\x00\x1e" "ECU1\0";
    static const char headers[] = "\x3d\x01\x00\x1a" "ECU1\0\0\0\x07\0\0\0\x08\x41\x01" "APP\0CTX\0";
    static const char lying[] = LOG("\x01") "\x3d\x02\x00\x05" "ECU1" LOG("\x03");
    static const char zero[] = "\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00";
    static char large[200000];
    static char many[30 * 3000];
    const size_t long_message = 65535;

    dlt_client_register_message_callback(print_message);
    dlt_client_register_fetch_next_message_callback(fetch_next);
    fetches_left = 1000;
    for (int resync = 0; resync < 2; resync++) {
        loop_over("nothing", "", 0, resync);
        loop_over("one", one, sizeof(one) - 1, resync);
        loop_over("three", three, sizeof(three) - 1, resync);
        loop_over("serial", serial, sizeof(serial) - 1, resync);
        /* libdlt hands out a message behind garbage once more for each of its bytes. */
        if (resync == 0) {
            loop_over("garbage between", garbage, sizeof(garbage) - 1, resync);
            loop_over("garbage in front", leading, sizeof(leading) - 1, resync);
        }
        loop_over("cut", cut, sizeof(cut) - 1, resync);
        loop_over("headers only", headers, sizeof(headers) - 1, resync);
        loop_over("lying length", lying, sizeof(lying) - 1, resync);
        loop_over("zeros", zero, sizeof(zero) - 1, resync);
        loop_in(DLT_CLIENT_MODE_UNIX, "three", three, sizeof(three) - 1, resync);
        loop_in(DLT_CLIENT_MODE_UNIX, "cut", cut, sizeof(cut) - 1, resync);
        loop_in(DLT_CLIENT_MODE_SERIAL, "three", three, sizeof(three) - 1, resync);
        loop_in(DLT_CLIENT_MODE_SERIAL, "serial", serial, sizeof(serial) - 1, resync);
        loop_in(DLT_CLIENT_MODE_SERIAL, "cut", cut, sizeof(cut) - 1, resync);
    }
    memset(large, 0x77, sizeof(large));
    memcpy(large, "\x3d\x01\xff\xff" "ECU1\0\0\0\x07\0\0\0\x08\x41\x01" "APP\0CTX\0", 26);
    memcpy(large + long_message, one, sizeof(one) - 1);
    memcpy(large + long_message + sizeof(one) - 1, large, long_message);
    loop_over("large", large, 2 * long_message + sizeof(one) - 1, 0);
    for (size_t i = 0; i < 3000; i++)
        memcpy(many + 30 * i, one, 30);
    loop_over("many", many, sizeof(many), 0);
    printf("%d messages\n", messages_seen);

    fetches_left = 0;
    loop_over("no more", three, sizeof(three) - 1, 0);
}

static void run_callbacks(void)
{
    static const char one[] = LOG("\x01");

    dlt_client_register_message_callback(NULL);
    dlt_client_register_fetch_next_message_callback(NULL);
    loop_over("no callbacks", one, sizeof(one) - 1, 0);
    dlt_client_register_message_callback(print_message);
    loop_over("one callback", one, sizeof(one) - 1, 0);
    dlt_client_register_fetch_next_message_callback(fetch_next);
}

/* ------------------------------------------------------------------ receiver */

static void print_result(const char *what, int result, const DltReceiver *receiver)
{
    printf("%s: %d\n", what, result);
    print_receiver("  receiver", receiver);
}

static void receive(void)
{
    DltReceiver receiver;
    char bytes[64];
    int pair[2];

    memset(&receiver, 0, sizeof(receiver));
    receiver.fd = -1;
    printf("NULL: %d %d %d %d %d %d\n", dlt_receiver_init(NULL, 0, DLT_RECEIVE_FD, 10),
           dlt_receiver_free(NULL), dlt_receiver_receive(NULL), dlt_receiver_remove(NULL, 1),
           dlt_receiver_move_to_begin(NULL), dlt_receiver_check_and_get(NULL, bytes, 1, 0));
    print_result("no buffer: receive", dlt_receiver_receive(&receiver), &receiver);
    print_result("no buffer: remove", dlt_receiver_remove(&receiver, 1), &receiver);
    print_result("no buffer: move", dlt_receiver_move_to_begin(&receiver), &receiver);
    print_result("no buffer: get", dlt_receiver_check_and_get(&receiver, bytes, 1, 0), &receiver);
    print_result("no buffer: free", dlt_receiver_free(&receiver), &receiver);
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, pair) != 0)
        exit(2);
    print_result("init", dlt_receiver_init(&receiver, pair[0], DLT_RECEIVE_SOCKET, 16), &receiver);
    put_all(pair[1], "0123456789abcdefghijklmnopqrstuvwxyz", 36);
    print_result("receive", dlt_receiver_receive(&receiver), &receiver);
    print_bytes("  buffer", receiver.buf, (size_t)receiver.bytesRcvd);
    print_result("remove 0", dlt_receiver_remove(&receiver, 0), &receiver);
    print_result("move", dlt_receiver_move_to_begin(&receiver), &receiver);
    print_result("receive", dlt_receiver_receive(&receiver), &receiver);
    print_result("remove 3", dlt_receiver_remove(&receiver, 3), &receiver);
    print_bytes("  buffer", receiver.buf, (size_t)receiver.bytesRcvd);
    print_result("move", dlt_receiver_move_to_begin(&receiver), &receiver);
    print_bytes("  buffer", receiver.buf, (size_t)receiver.bytesRcvd);
    print_result("receive", dlt_receiver_receive(&receiver), &receiver);
    print_bytes("  buffer", receiver.buf, (size_t)receiver.bytesRcvd);
    print_result("move", dlt_receiver_move_to_begin(&receiver), &receiver);
    print_result("remove -1", dlt_receiver_remove(&receiver, -1), &receiver);
    print_result("receive", dlt_receiver_receive(&receiver), &receiver);
    if (receiver.bytesRcvd > 0)
        print_bytes("  buffer", receiver.buf, (size_t)receiver.bytesRcvd);
    print_result("remove 17", dlt_receiver_remove(&receiver, 17), &receiver);
    print_result("move", dlt_receiver_move_to_begin(&receiver), &receiver);
    print_result("init again", dlt_receiver_init(&receiver, pair[0], DLT_RECEIVE_SOCKET, 16),
                 &receiver);
    print_result("init larger", dlt_receiver_init(&receiver, pair[0], DLT_RECEIVE_FD, 32),
                 &receiver);
    print_result("receive", dlt_receiver_receive(&receiver), &receiver);
    print_result("remove all", dlt_receiver_remove(&receiver, receiver.bytesRcvd), &receiver);
    print_result("remove more", dlt_receiver_remove(&receiver, 1), &receiver);
    put_all(pair[1], "DUH\x01\x06\0\0\0payload!and more", 24);
    print_result("receive", dlt_receiver_receive(&receiver), &receiver);
    memset(bytes, 0, sizeof(bytes));
    for (unsigned flags = 0; flags < 4; flags++) {
        for (unsigned size = 0; size < 30; size += 4) {
            char what[40];

            (void)snprintf(what, sizeof(what), "get %u, flags %u", size, flags);
            print_result(what, dlt_receiver_check_and_get(&receiver, bytes, size, flags),
                         &receiver);
            print_bytes("  got", bytes, 32);
        }
    }
    print_result("get NULL", dlt_receiver_check_and_get(&receiver, NULL, 1, 0), &receiver);
    (void)close(pair[1]);
    print_result("closed", dlt_receiver_receive(&receiver), &receiver);
    print_result("free", dlt_receiver_free(&receiver), &receiver);
    print_result("free", dlt_receiver_free(&receiver), &receiver);
    (void)close(pair[0]);
    print_result("init bad fd", dlt_receiver_init(&receiver, -1, DLT_RECEIVE_FD, 32), &receiver);
    print_result("receive", dlt_receiver_receive(&receiver), &receiver);
    print_result("init bad type", dlt_receiver_init(&receiver, 0, (DltReceiverType)77, 32),
                 &receiver);
    print_result("receive", dlt_receiver_receive(&receiver), &receiver);
    print_result("free", dlt_receiver_free(&receiver), &receiver);
    print_result("init size 0", dlt_receiver_init(&receiver, 0, DLT_RECEIVE_FD, 0), &receiver);
    print_result("free", dlt_receiver_free(&receiver), &receiver);
}

static void receive_datagrams(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET};
    socklen_t length = sizeof(address);
    DltReceiver receiver;
    int to = socket(AF_INET, SOCK_DGRAM, 0);
    int from = socket(AF_INET, SOCK_DGRAM, 0);

    memset(&receiver, 0, sizeof(receiver));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (bind(to, (struct sockaddr *)&address, sizeof(address)) != 0 ||
        getsockname(to, (struct sockaddr *)&address, &length) != 0 ||
        connect(from, (struct sockaddr *)&address, sizeof(address)) != 0)
        exit(2);
    print_result("init", dlt_receiver_init(&receiver, to, DLT_RECEIVE_UDP_SOCKET, 16), &receiver);
    put_all(from, "0123456789", 10);
    put_all(from, "0123456789", 10);
    print_result("receive", dlt_receiver_receive(&receiver), &receiver);
    printf("  from %s\n", inet_ntoa(receiver.addr.sin_addr));
    print_result("receive", dlt_receiver_receive(&receiver), &receiver);
    print_result("free", dlt_receiver_free(&receiver), &receiver);
    (void)close(from);
    (void)close(to);
}

static void receive_into_shared(void)
{
    char *buffer = NULL;
    DltReceiver first;
    DltReceiver second;
    int pair[2];

    if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair) != 0)
        exit(2);
    memset(&first, 0, sizeof(first));
    memset(&second, 0, sizeof(second));
    printf("NULL: %d %d\n",
           dlt_receiver_init_global_buffer(NULL, pair[0], DLT_RECEIVE_SOCKET, &buffer),
           dlt_receiver_free_global_buffer(NULL));
    print_result("init",
                 dlt_receiver_init_global_buffer(&first, pair[0], DLT_RECEIVE_SOCKET, &buffer),
                 &first);
    printf("buffer %s, same %d\n", set_or_not(buffer), buffer == first.buffer);
    print_result("init",
                 dlt_receiver_init_global_buffer(&second, pair[0], DLT_RECEIVE_SOCKET, &buffer),
                 &second);
    printf("shared %d\n", first.buffer == second.buffer);
    put_all(pair[1], "0123456789", 10);
    print_result("receive", dlt_receiver_receive(&first), &first);
    print_result("remove", dlt_receiver_remove(&first, 4), &first);
    print_result("move", dlt_receiver_move_to_begin(&first), &first);
    put_all(pair[1], "abcdefghij", 10);
    print_result("receive", dlt_receiver_receive(&second), &second);
    print_bytes("  buffer", second.buf, (size_t)second.bytesRcvd);
    print_result("remove", dlt_receiver_remove(&second, 10), &second);
    put_all(pair[1], "ABCDEFGHIJ", 10);
    print_result("receive", dlt_receiver_receive(&first), &first);
    print_bytes("  buffer", first.buf, (size_t)first.bytesRcvd);
    print_result("remove", dlt_receiver_remove(&first, 1), &first);
    print_result("move", dlt_receiver_move_to_begin(&first), &first);
    print_result("free", dlt_receiver_free_global_buffer(&first), &first);
    print_result("free", dlt_receiver_free_global_buffer(&second), &second);
    print_result("free", dlt_receiver_free_global_buffer(&second), &second);
    free(buffer);
    (void)close(pair[0]);
    (void)close(pair[1]);
}

/* ------------------------------------------------------------------ answers to "get log info" */

static void convert_numbers(void)
{
    /* libdlt 2.18.8 loses the high byte of the first number, so it is 0 here. */
    static const char *const texts[] = {
        "01 00 02 00 ", "ff 00 ",  "7f 00 ",    "00 00 ",    "zz zz ",  "1",      "",
        "12",           "12 3",    "1 2 3 4 5", "0x 01 ",    "+1 +1 ",  "\t1 \t2 ",
        "a b c d e",
    };
    static const char *const bytes[] = {"80 ", "FF", "-1 ", "fe zz", "7f7f", "8"};

    for (size_t i = 0; i < SIZE(texts); i++) {
        char text[40] = {0};
        int at[2] = {0, 0};
        int16_t number;
        int16_t other;

        memcpy(text, texts[i], strlen(texts[i]));
        number = dlt_getloginfo_conv_ascii_to_uint16_t(text, &at[0]);
        other = dlt_getloginfo_conv_ascii_to_int16_t(text, &at[1]);
        printf("[%s]: %d at %d, %d at %d\n", texts[i], number, at[0], other, at[1]);
    }
    for (size_t i = 0; i < SIZE(bytes); i++) {
        char text[40] = {0};
        int at = 0;
        int16_t number;

        memcpy(text, bytes[i], strlen(bytes[i]));
        number = dlt_getloginfo_conv_ascii_to_int16_t(text, &at);
        printf("[%s]: %d at %d\n", bytes[i], number, at);
    }
    printf("NULL: %d %d\n", dlt_getloginfo_conv_ascii_to_uint16_t(NULL, NULL),
           dlt_getloginfo_conv_ascii_to_int16_t(NULL, NULL));
}

static void convert_ids(void)
{
    static const char *const texts[] = {"41 42 43 44 45 ", "00 00 00 00 ", "61 zz 63 64 ", "4", ""};

    for (size_t i = 0; i < SIZE(texts); i++) {
        for (int size = 0; size < 5; size++) {
            char text[64] = {0};
            char id[8] = "-------";
            int at = 0;

            memcpy(text, texts[i], strlen(texts[i]));
            dlt_getloginfo_conv_ascii_to_id(text, &at, id, size);
            printf("[%s] %d:", texts[i], size);
            print_bytes("", id, sizeof(id));
            printf("  at %d\n", at);
        }
    }
}

static void convert_hex(void)
{
    static const char *const texts[] = {"",      "0",         "00",   "0a0B",      "0a 0b 0c", "xyz",
                                        "1 2 3", "deadbeefg", "a,b;", "0x12,0x34", "123",      "ffff"};

    for (size_t i = 0; i < SIZE(texts); i++) {
        /* libdlt writes to the first byte also where there is room for none. */
        for (int size = 1; size < 6; size++) {
            uint8_t bytes[10];
            int count = size;

            memset(bytes, 0xee, sizeof(bytes));
            dlt_hex_ascii_to_binary(texts[i], bytes, &count);
            printf("[%s] %d: %d", texts[i], size, count);
            print_bytes("", bytes, sizeof(bytes));
        }
    }
}

static void print_info(const DltServiceGetLogInfoResponse *response)
{
    const LogInfoType *info = &response->log_info_type;

    printf("  %u applications, com %02x\n", info->count_app_ids, (unsigned char)response->com[0]);
    for (int i = 0; info->app_ids != NULL && i < info->count_app_ids; i++) {
        const AppIDsType *app = &info->app_ids[i];

        printf("  [%.4s] %u contexts, %u [%s]\n", app->app_id, app->count_context_ids,
               app->len_app_description, text_or_null(app->app_description));
        for (int j = 0; app->context_id_info != NULL && j < app->count_context_ids; j++) {
            const ContextIDsInfoType *context = &app->context_id_info[j];

            printf("    [%.4s] %d %d, %u [%s]\n", context->context_id, context->log_level,
                   context->trace_status, context->len_context_description,
                   text_or_null(context->context_description));
        }
    }
}

static void parse(const char *what, int status, const char *text)
{
    DltServiceGetLogInfoResponse *response = calloc(1, sizeof(*response));
    char copy[4000] = {0};

    response->status = (uint8_t)status;
    memcpy(copy, text, strlen(text));
    printf("%s, status %d: %d\n", what, status,
           dlt_client_parse_get_log_info_resp_text(response, copy));
    print_info(response);
    printf("cleanup: %d\n", dlt_client_cleanup_get_log_info(response));
}

static void parse_answers(void)
{
    static const char seven[] =
        "get_log_info, 07, 02 00 4c 4f 47 00 02 00 54 45 53 54 04 00 05 00 54 45 53 54 31 43 54 58 "
        "32 ff ff 00 00 03 00 61 62 63 53 59 53 00 01 00 4a 4f 55 52 06 01 01 00 78 03 00 53 59 53 72 "
        "65 6d 6f ";
    static const char six[] =
        "get_log_info, 06, 01 00 4c 4f 47 00 02 00 54 45 53 54 04 00 43 54 58 32 ff 01 72 65 6d 6f ";
    static const char five[] =
        "get_log_info, 05, 01 00 4c 4f 47 00 01 00 54 45 53 54 01 72 65 6d 6f ";
    static const char four[] =
        "get_log_info, 04, 01 00 4c 4f 47 00 01 00 54 45 53 54 04 72 65 6d 6f ";
    static const char three[] = "get_log_info, 03, 01 00 4c 4f 47 00 01 00 54 45 53 54 72 65 6d 6f ";
    static const char no_contexts[] =
        "get_log_info, 07, 02 00 4c 4f 47 00 00 00 00 00 53 59 53 00 00 00 01 00 79 72 65 6d 6f ";
    static const char none[] = "get_log_info, 07, 00 00 72 65 6d 6f ";
    DltServiceGetLogInfoResponse response;

    memset(&response, 0, sizeof(response));
    printf("NULL: %d %d\n", dlt_client_parse_get_log_info_resp_text(NULL, (char *)six),
           dlt_client_parse_get_log_info_resp_text(&response, NULL));
    printf("NULL: %d\n", dlt_client_cleanup_get_log_info(NULL));
    parse("seven", 7, seven);
    parse("six", 6, six);
    parse("three", 3, three);
    parse("four", 4, four);
    parse("five", 5, five);
    parse("no contexts", 7, no_contexts);
    parse("none", 7, none);
    for (int status = 0; status < 12; status++)
        parse("any", status, none);
    parse("any", 255, none);
}

/* ------------------------------------------------------------------ */

struct part {
    const char *name;
    void (*run)(void);
};

static void requests_tcp(void) { send_requests(DLT_CLIENT_MODE_TCP, 0); }
static void requests_tcp_serial(void) { send_requests(DLT_CLIENT_MODE_TCP, 1); }
static void requests_line(void) { send_requests(DLT_CLIENT_MODE_SERIAL, 1); }
static void requests_unix(void) { send_requests(DLT_CLIENT_MODE_UNIX, 1); }
static void requests_multicast(void) { send_requests(DLT_CLIENT_MODE_UDP_MULTICAST, 0); }
static void messages_tcp(void) { send_messages(DLT_CLIENT_MODE_TCP, 0); }
static void messages_tcp_serial(void) { send_messages(DLT_CLIENT_MODE_TCP, 1); }
static void messages_line(void) { send_messages(DLT_CLIENT_MODE_SERIAL, 1); }
static void messages_unix(void) { send_messages(DLT_CLIENT_MODE_UNIX, 1); }
static void messages_unix_plain(void) { send_messages(DLT_CLIENT_MODE_UNIX, 0); }

static const struct part parts[] = {
    {"initialise", initialise},
    {"set values", set_values},
    {"connect tcp", connect_tcp},
    {"connect multicast", connect_multicast},
    {"connect unknown", connect_unknown},
    {"connect serial", connect_serial},
    {"requests tcp", requests_tcp},
    {"requests tcp serial", requests_tcp_serial},
    {"requests line", requests_line},
    {"requests unix", requests_unix},
    {"requests multicast", requests_multicast},
    {"messages tcp", messages_tcp},
    {"messages tcp serial", messages_tcp_serial},
    {"messages line", messages_line},
    {"messages unix", messages_unix},
    {"messages unix plain", messages_unix_plain},
    {"callbacks", run_callbacks},
    {"loops", run_loops},
    {"receive", receive},
    {"datagrams", receive_datagrams},
    {"shared buffer", receive_into_shared},
    {"numbers", convert_numbers},
    {"ids", convert_ids},
    {"hex", convert_hex},
    {"answers", parse_answers},
};

int main(int argc, char **argv)
{
    if (argc < 2) {
        (void)fprintf(stderr, "usage: client DIRECTORY [PART]\n");
        return 1;
    }
    (void)setvbuf(stdout, NULL, _IOLBF, 0);
    dlt_log_set_level(7);
    for (size_t i = 0; i < SIZE(parts); i++) {
        if (argc > 2 && strcmp(argv[2], parts[i].name) != 0)
            continue;
        printf("== %s\n", parts[i].name);
        (void)fflush(stdout);
        parts[i].run();
        (void)fflush(stdout);
    }
    if (argc == 2 || strcmp(argv[2], "connect unix") == 0)
        connect_unix(argv[1]);
    return 0;
}

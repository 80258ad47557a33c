/*
 * Where a thread waits for bytes, and where it calls a program's functions from the main loop. Both
 * may unwind what is beneath: a thread may be cancelled in recv(), as dlt-passive-node-ctrl and
 * dlt-logstorage-ctrl do it, and a function may end its thread or throw. A frame of Rust's ends the
 * process then; these let it pass. Everything else is done by the steps, with cancelling held off.
 *
 * Nothing here is exported; receiver.rs and client.rs jump here under the public names.
 */
#define _GNU_SOURCE

#include <errno.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/socket.h>
#include <unistd.h>

/* Where to read from, and where to. */
struct place {
    void *to;
    size_t room;
    struct sockaddr_in *from;
    int fd;
    int type;
};

/* What Rust does; receiving.rs has the same. A client starts with its receiver. */
struct steps {
    int (*prepare)(void *receiver, struct place *place);
    int (*received)(void *receiver, ssize_t size);
    void *(*begin)(int verbose);
    bool (*next)(void *client, void *message, int verbose);
    bool (*used)(void *client, void *message);
    bool (*rest)(void *client);
    void (*end)(void *message, int verbose);
    int (*(*message_function)(void))(void *message, void *data);
    bool (*(*fetch_next_function)(void))(void *data);
};

const struct steps *dlt_shim_receiving_steps(void);

int dlt_shim_receiver_receive(void *receiver);
int dlt_shim_client_main_loop(void *client, void *data, int verbose);

enum { SOCKET = 0, UDP_SOCKET = 1 };
enum { TRUE = 1, OK = 0, ERROR = -1 };

static int hold_off(void)
{
    int state = PTHREAD_CANCEL_ENABLE;

    (void)pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &state);
    return state;
}

static void restore(int state)
{
    (void)pthread_setcancelstate(state, NULL);
}

static ssize_t read_from(const struct place *place)
{
    socklen_t length = sizeof(*place->from);

    switch (place->type) {
    case SOCKET:
        return recv(place->fd, place->to, place->room, 0);
    case UDP_SOCKET:
        return recvfrom(place->fd, place->to, place->room, 0, (struct sockaddr *)place->from,
                        &length);
    default:
        return read(place->fd, place->to, place->room);
    }
}

/* With cancelling held off but for the waiting, where it is as `state` says. */
static int receive(const struct steps *steps, void *receiver, int state)
{
    struct place place;
    ssize_t size;
    int result = steps->prepare(receiver, &place);
    int error;

    if (result != OK)
        return result;
    restore(state);
    size = read_from(&place);
    error = errno;
    (void)hold_off();
    result = steps->received(receiver, size);
    /* Whoever reads without waiting has no other way to tell "nothing now" from the end. */
    if (size < 0)
        errno = error;
    return result;
}

int dlt_shim_receiver_receive(void *receiver)
{
    int state = hold_off();
    int result = receive(dlt_shim_receiving_steps(), receiver, state);

    restore(state);
    return result;
}

/* What a thread that is unwound leaves behind. */
struct leftover {
    const struct steps *steps;
    void *message;
    int state;
};

static void leave(void *argument)
{
    struct leftover *leftover = argument;

    leftover->steps->end(leftover->message, 0);
    restore(leftover->state);
}

static bool hand_out(const struct leftover *it, void *client, void *data, int verbose)
{
    while (it->steps->next(client, it->message, verbose)) {
        int (*function)(void *, void *) = it->steps->message_function();

        if (function != NULL) {
            restore(it->state);
            (void)function(it->message, data);
            (void)hold_off();
        }
        if (!it->steps->used(client, it->message))
            return false;
    }
    return it->steps->rest(client);
}

static bool wants_more(const struct leftover *it, void *data)
{
    bool (*function)(void *) = it->steps->fetch_next_function();
    bool more = true;

    if (function != NULL) {
        restore(it->state);
        more = function(data);
        (void)hold_off();
    }
    return more;
}

static int loop(const struct leftover *it, void *client, void *data, int verbose)
{
    for (;;) {
        if (receive(it->steps, client, it->state) <= 0)
            return TRUE;
        if (!hand_out(it, client, data, verbose))
            return ERROR;
        if (!wants_more(it, data))
            return OK;
    }
}

int dlt_shim_client_main_loop(void *client, void *data, int verbose)
{
    struct leftover it = {.steps = dlt_shim_receiving_steps()};
    int error = errno;
    int result;

    if (client == NULL)
        return ERROR;
    it.state = hold_off();
    it.message = it.steps->begin(verbose);
    if (it.message == NULL) {
        restore(it.state);
        return ERROR;
    }
    pthread_cleanup_push(leave, &it);
    result = loop(&it, client, data, verbose);
    pthread_cleanup_pop(0);
    it.steps->end(it.message, verbose);
    restore(it.state);
    errno = error;
    return result;
}

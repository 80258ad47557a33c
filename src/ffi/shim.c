/*
 * The functions with a variable number of arguments: stable Rust can call such functions but not
 * define them. Nothing here is exported; variadic.rs jumps to these under their public names and
 * lends what the first declarations promise.
 */
#define _GNU_SOURCE

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <spawn.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

/* As libdlt has it: longer texts are cut, to leave room for a NUL. */
#define TEXT_SIZE 2047

/* Whether a message of this priority is printed. */
int dlt_shim_passes(int prio);
/* Print a message. */
int dlt_shim_log(int prio, const char *text);
/* Where dlt_user_printf() prints. */
FILE *dlt_shim_console(void);
/* Write a text to the log files. */
void dlt_shim_put_to_files(const char *text);

int dlt_shim_vlog(int prio, const char *format, ...);
int dlt_shim_vnlog(int prio, size_t size, const char *format, ...);
int dlt_shim_user_printf(const char *format, ...);
void dlt_shim_log_multiple_files_write(const char *format, ...);
int dlt_shim_execute_command(char *filename, char *command, ...);

/* While a thread is cancelled no earlier than at the program's next opportunity. */
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

#define WRONG_PARAMETER (-5)
#define ERROR (-1)

int dlt_shim_vlog(int prio, const char *format, ...)
{
    char text[TEXT_SIZE];
    va_list arguments;

    if (format == NULL)
        return WRONG_PARAMETER;
    if (!dlt_shim_passes(prio))
        return 0;
    va_start(arguments, format);
    (void)vsnprintf(text, sizeof(text), format, arguments);
    va_end(arguments);
    return dlt_shim_log(prio, text);
}

int dlt_shim_vnlog(int prio, size_t size, const char *format, ...)
{
    char text[TEXT_SIZE];
    char *room = text;
    va_list arguments;
    int result;

    if (format == NULL)
        return WRONG_PARAMETER;
    if (size == 0 || !dlt_shim_passes(prio))
        return 0;
    if (size > sizeof(text)) {
        room = malloc(size);
        if (room == NULL)
            return ERROR;
    }
    va_start(arguments, format);
    (void)vsnprintf(room, size, format, arguments);
    va_end(arguments);
    result = dlt_shim_log(prio, room);
    if (room != text)
        free(room);
    return result;
}

int dlt_shim_user_printf(const char *format, ...)
{
    va_list arguments;
    int result;
    int state;

    if (format == NULL)
        return ERROR;
    state = hold_off();
    va_start(arguments, format);
    result = vfprintf(dlt_shim_console(), format, arguments);
    va_end(arguments);
    restore(state);
    return result;
}

void dlt_shim_log_multiple_files_write(const char *format, ...)
{
    char text[TEXT_SIZE];
    va_list arguments;

    if (format == NULL)
        return;
    va_start(arguments, format);
    (void)vsnprintf(text, sizeof(text), format, arguments);
    va_end(arguments);
    dlt_shim_put_to_files(text);
}

/* Status of a process that ended with this code. */
#define ENDED_WITH(code) ((code) << 8)

/* Run a program, its standard output being this descriptor, or the present one for -1. */
static int run(char **arguments, int output)
{
    posix_spawn_file_actions_t actions;
    pid_t child;
    pid_t ended;
    int status = ERROR;
    int failed;

    if (posix_spawn_file_actions_init(&actions) != 0)
        return ERROR;
    failed = output >= 0 &&
             posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO) != 0;
    if (!failed) {
        if (posix_spawnp(&child, arguments[0], &actions, NULL, arguments, environ) != 0) {
            status = ENDED_WITH(127);
        } else {
            do
                ended = waitpid(child, &status, 0);
            while (ended < 0 && errno == EINTR);
            if (ended < 0)
                status = ERROR;
        }
    }
    (void)posix_spawn_file_actions_destroy(&actions);
    return status;
}

int dlt_shim_execute_command(char *filename, char *command, ...)
{
    va_list rest;
    char **arguments;
    size_t count = 1;
    size_t i;
    int output = -1;
    int result;
    int saved = errno;
    int state;

    if (command == NULL)
        return ERROR;
    va_start(rest, command);
    while (va_arg(rest, char *) != NULL)
        count++;
    va_end(rest);
    arguments = calloc(count + 1, sizeof(*arguments));
    if (arguments == NULL)
        return ERROR;
    arguments[0] = command;
    va_start(rest, command);
    for (i = 1; i < count; i++)
        arguments[i] = va_arg(rest, char *);
    va_end(rest);
    state = hold_off();
    if (filename != NULL)
        output = open(filename, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    if (filename != NULL && output < 0) {
        warn("dlt_execute_command failed on open()");
        result = ENDED_WITH(255);
    } else {
        result = run(arguments, output);
    }
    if (output >= 0)
        (void)close(output);
    restore(state);
    free(arguments);
    errno = saved;
    return result;
}

/*
 * The functions with a variable number of arguments: stable Rust can call such functions but not
 * define them. Nothing here is exported; variadic.rs jumps to these under their public names and
 * lends what the other three declarations promise.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

/* As libdlt has it: longer texts are cut, to leave room for a NUL. */
#define TEXT_SIZE 2047

/* Whether a message of this priority is printed. */
int dlt_shim_passes(int prio);
/* Print a message. */
int dlt_shim_log(int prio, const char *text);
/* Where dlt_user_printf() prints. */
FILE *dlt_shim_console(void);

int dlt_shim_vlog(int prio, const char *format, ...);
int dlt_shim_vnlog(int prio, size_t size, const char *format, ...);
int dlt_shim_user_printf(const char *format, ...);

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

    if (format == NULL)
        return ERROR;
    va_start(arguments, format);
    result = vfprintf(dlt_shim_console(), format, arguments);
    va_end(arguments);
    return result;
}

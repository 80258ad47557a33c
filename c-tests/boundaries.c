/* SPDX-License-Identifier: MPL-2.0 */
/*
 * Every function of dlt_user.h with NULL, at its limits and beyond them. Each call is made in a
 * process of its own, so that one that crashes is a line of the output like any other. Compiled
 * against the headers of libdlt 2.18.8 and run on either library; a test compares the lines.
 *
 * usage: boundaries DIRECTORY [PART]
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <dlt/dlt.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define SIZE(array) (sizeof(array) / sizeof((array)[0]))

/* What has happened before the call. */
enum before {
    NOTHING,
    STARTED,    /* dlt_init() */
    OPEN,       /* application and context are registered */
    MESSAGE,    /* a message is begun */
    PLAIN,      /* a non-verbose message is begun */
    INTO_FILE,  /* as OPEN, in a file, which is looked at afterwards */
    FREED,      /* used, and dlt_free() */
};

static enum before before;
static const char *directory;
static char file_name[4096];
static int out;
static char what[400];

/* Of the process of one call. */
static DltContext context;
static DltContext never; /* is never registered */
static DltContextData message;

/* Texts and bytes of any length. */
static char text[200001];
static char umlauts[200001];

static const char *const names[] = {NULL, "", "n", "name", text};

static const char *of_length(size_t length)
{
    static char copy[200001];

    memset(copy, 'x', length);
    copy[length] = '\0';
    return copy;
}

static const char *shown(const char *name)
{
    return name == NULL ? "NULL" : name == text ? "(a long one)" : name;
}

/* Calls that never return on libdlt are given up soon there. */
static unsigned patience(int hangs)
{
    int is_libdlt = dlsym(RTLD_DEFAULT, "dlt_ng_version") == NULL;

    return hangs && is_libdlt ? 1 : 60;
}

static void prepare(void)
{
    if (before == NOTHING)
        return;
    if (before == INTO_FILE) {
        (void)unlink(file_name);
        dlt_init_file(file_name);
        dlt_set_filesize_max(0);
    } else {
        dlt_init();
    }
    if (before == STARTED)
        return;
    dlt_register_app("BNDA", "boundaries");
    dlt_register_context_ll_ts(&context, "BNDC", "context", DLT_LOG_VERBOSE, DLT_TRACE_STATUS_ON);
    if (before == FREED)
        dlt_free();
    if (before == PLAIN) {
        dlt_nonverbose_mode();
        dlt_user_log_write_start_id(&context, &message, DLT_LOG_INFO, 4711);
    }
    if (before == MESSAGE)
        dlt_user_log_write_start(&context, &message, DLT_LOG_INFO);
}

/* True in the process that is to make the call. */
__attribute__((format(printf, 3, 4))) static int try(enum before state, int hangs,
                                                     const char *format, ...)
{
    va_list arguments;
    int status = 0;
    pid_t child;

    va_start(arguments, format);
    (void)vsnprintf(what, sizeof(what), format, arguments);
    va_end(arguments);
    child = fork();
    if (child < 0)
        exit(2);
    if (child == 0) {
        before = state;
        (void)alarm(patience(hangs));
        prepare();
        return 1;
    }
    while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    if (WIFSIGNALED(status))
        dprintf(out, "%s -> %s\n", what, WTERMSIG(status) == SIGALRM ? "hangs" : "crashes");
    else if (WEXITSTATUS(status) != 0)
        dprintf(out, "%s -> exit %d\n", what, WEXITSTATUS(status));
    return 0;
}

static unsigned sum_of(const unsigned char *bytes, size_t size)
{
    unsigned sum = 0;

    for (size_t i = 0; i < size; i++)
        sum = sum * 31 + bytes[i];
    return sum;
}

/* What the messages in the file hold behind their headers. */
static int describe_file(char *line, size_t room)
{
    static unsigned char bytes[1 << 20];
    int fd = open(file_name, O_RDONLY);
    ssize_t size = fd < 0 ? -1 : read(fd, bytes, sizeof(bytes));
    size_t at = 0;
    int length = 0;

    if (size < 0)
        return snprintf(line, room, "; no file");
    while (at + 16 + 26 <= (size_t)size) {
        size_t long_ = (size_t)bytes[at + 18] << 8 | bytes[at + 19];

        length += snprintf(line + length, room - (size_t)length, "; %u: %zu bytes %08x",
                           bytes[at + 16 + 17], long_,
                           sum_of(bytes + at + 16 + 26, long_ < 26 ? 0 : long_ - 26));
        at += 16 + long_;
    }
    return length + snprintf(line + length, room - (size_t)length, "; %zu left",
                             (size_t)size - at);
}

/* Tells the value, and what has become of the message; ends the process of the call. */
static void tell(long value)
{
    char line[2000];
    int length = snprintf(line, sizeof(line), "%s -> %ld", what, value);

    if (before == MESSAGE || before == PLAIN) {
        size_t size = message.size < 0 ? 0 : (size_t)message.size;

        length += snprintf(line + length, sizeof(line) - (size_t)length,
                           "; %d arguments, %d bytes %08x", message.args_num, message.size,
                           sum_of(message.buffer, message.buffer == NULL ? 0 : size));
        length += snprintf(line + length, sizeof(line) - (size_t)length, ", finished %d",
                           dlt_user_log_write_finish(&message));
    }
    if (before == INTO_FILE) {
        dlt_free();
        length += describe_file(line + length, sizeof(line) - (size_t)length);
    }
    line[length++] = '\n';
    if (write(out, line, (size_t)length) != length)
        _exit(3);
    _exit(0);
}

#define TRY(STATE, CALL)                                                                           \
    do {                                                                                           \
        if (try(STATE, 0, #STATE ": %s", #CALL))                                                            \
            tell((long)(CALL));                                                                    \
    } while (0)
/* The same, with the values of a loop in the line. */
#define TRY_WITH(STATE, CALL, ...)                                                                 \
    do {                                                                                           \
        if (try(STATE, 0, __VA_ARGS__))                                                            \
            tell((long)(CALL));                                                                    \
    } while (0)
#define TRY_HANG(STATE, CALL)                                                                      \
    do {                                                                                           \
        if (try(STATE, 1, #STATE ": %s", #CALL))                                                            \
            tell((long)(CALL));                                                                    \
    } while (0)

/* ------------------------------------------------------------------ arguments of a message */

#define NUMBER(FUNCTION, ...)                                                                      \
    do {                                                                                           \
        TRY(MESSAGE, FUNCTION(NULL, 0));                                                           \
        TRY(NOTHING, FUNCTION(&message, 0));                                                       \
        TRY(FREED, FUNCTION(&message, 0));                                                         \
        TRY(PLAIN, FUNCTION(&message, 1));                                                         \
        static const double values[] = {0, 1, __VA_ARGS__};                                        \
        for (size_t i_ = 0; i_ < SIZE(values); i_++)                                               \
            TRY_WITH(MESSAGE, FUNCTION(&message, values[i_]), #FUNCTION " %g", values[i_]);        \
    } while (0)

static void numbers(void)
{
    NUMBER(dlt_user_log_write_bool, 2, 255);
    NUMBER(dlt_user_log_write_int, INT_MIN, INT_MAX);
    NUMBER(dlt_user_log_write_int8, -128, 127);
    NUMBER(dlt_user_log_write_int16, -32768, 32767);
    NUMBER(dlt_user_log_write_int32, INT_MIN, INT_MAX);
    NUMBER(dlt_user_log_write_int64, -9223372036854775808.0, 4611686018427387904.0);
    NUMBER(dlt_user_log_write_uint, UINT_MAX);
    NUMBER(dlt_user_log_write_uint8, 255);
    NUMBER(dlt_user_log_write_uint16, 65535);
    NUMBER(dlt_user_log_write_uint32, UINT_MAX);
    NUMBER(dlt_user_log_write_uint64, 9223372036854775808.0);
    NUMBER(dlt_user_log_write_float32, -1e30, 1e-40);
    NUMBER(dlt_user_log_write_float64, -1e300, 1e-310);
    TRY(MESSAGE, dlt_user_log_write_float32(&message, __builtin_nanf("")));
    TRY(MESSAGE, dlt_user_log_write_float64(&message, __builtin_inf()));
    TRY(MESSAGE, dlt_user_log_write_ptr(NULL, NULL));
    TRY(MESSAGE, dlt_user_log_write_ptr(&message, NULL));
    TRY(MESSAGE, dlt_user_log_write_ptr(&message, (void *)-1));
    TRY(PLAIN, dlt_user_log_write_ptr(&message, (void *)-1));
}

/* Until the message is full, and one more. */
static void full(void)
{
    int last = 0;

    if (try(MESSAGE, 0, "as many numbers as fit")) {
        while ((last = dlt_user_log_write_uint64(&message, 0x5a)) == 0) {
        }
        tell(last);
    }
    if (try(MESSAGE, 0, "as many bytes as fit")) {
        while ((last = dlt_user_log_write_bool(&message, 1)) == 0) {
        }
        tell(last);
    }
    if (try(PLAIN, 0, "as many plain bytes as fit")) {
        while ((last = dlt_user_log_write_bool(&message, 1)) == 0) {
        }
        tell(last);
    }
    if (try(MESSAGE, 0, "strings until none fits")) {
        while ((last = dlt_user_log_write_string(&message, "twelve bytes")) == 0) {
        }
        tell(last);
    }
    if (try(MESSAGE, 0, "strings beyond what fits")) {
        for (int i = 0; i < 300; i++)
            last = dlt_user_log_write_string(&message, "twelve bytes");
        tell(last);
    }
    if (try(MESSAGE, 0, "empty strings until none fits")) {
        while ((last = dlt_user_log_write_string(&message, "")) == 0) {
        }
        tell(last);
    }
}

#define WITH_ATTRIBUTES(FUNCTION)                                                                  \
    do {                                                                                           \
        TRY(MESSAGE, FUNCTION(NULL, 1, "name", "unit"));                                           \
        TRY(NOTHING, FUNCTION(&message, 1, "name", "unit"));                                       \
        TRY(PLAIN, FUNCTION(&message, 1, "name", "unit"));                                         \
        for (size_t i_ = 0; i_ < SIZE(names); i_++)                                                \
            for (size_t j_ = 0; j_ < SIZE(names); j_++)                                            \
                TRY_WITH(MESSAGE, FUNCTION(&message, 1, names[i_], names[j_]),                     \
                         #FUNCTION " %s %s", shown(names[i_]), shown(names[j_]));                  \
    } while (0)

static void attributes(void)
{
    static const size_t lengths[] = {1000, 1371, 1372, 1373, 1374, 1390, 65533, 65534, 65535, 65536,
                                     65540, 131072};

    WITH_ATTRIBUTES(dlt_user_log_write_int_attr);
    WITH_ATTRIBUTES(dlt_user_log_write_int8_attr);
    WITH_ATTRIBUTES(dlt_user_log_write_int16_attr);
    WITH_ATTRIBUTES(dlt_user_log_write_int32_attr);
    WITH_ATTRIBUTES(dlt_user_log_write_int64_attr);
    WITH_ATTRIBUTES(dlt_user_log_write_uint_attr);
    WITH_ATTRIBUTES(dlt_user_log_write_uint8_attr);
    WITH_ATTRIBUTES(dlt_user_log_write_uint16_attr);
    WITH_ATTRIBUTES(dlt_user_log_write_uint32_attr);
    WITH_ATTRIBUTES(dlt_user_log_write_uint64_attr);
    WITH_ATTRIBUTES(dlt_user_log_write_float32_attr);
    WITH_ATTRIBUTES(dlt_user_log_write_float64_attr);
    TRY(MESSAGE, dlt_user_log_write_bool_attr(NULL, 1, "name"));
    TRY(NOTHING, dlt_user_log_write_bool_attr(&message, 1, "name"));
    TRY(PLAIN, dlt_user_log_write_bool_attr(&message, 1, "name"));
    for (size_t i = 0; i < SIZE(names); i++)
        TRY_WITH(MESSAGE, dlt_user_log_write_bool_attr(&message, 2, names[i]), "bool_attr %s",
                 shown(names[i]));
    for (size_t i = 0; i < SIZE(lengths); i++)
        TRY_WITH(MESSAGE,
                 dlt_user_log_write_uint32_attr(&message, 1, of_length(lengths[i]), "unit"),
                 "uint32_attr with a name of %zu", lengths[i]);
}

#define FORMATTED(FUNCTION)                                                                        \
    do {                                                                                           \
        static const int formats[] = {INT_MIN, -1, 0, 1, 2, 3, 4, 5, 6, 7, 8, 255, 256, INT_MAX};  \
        TRY(MESSAGE, FUNCTION(NULL, 1, DLT_FORMAT_HEX8));                                          \
        TRY(NOTHING, FUNCTION(&message, 1, DLT_FORMAT_HEX8));                                      \
        TRY(PLAIN, FUNCTION(&message, 1, DLT_FORMAT_HEX8));                                        \
        for (size_t i_ = 0; i_ < SIZE(formats); i_++)                                              \
            TRY_WITH(MESSAGE, FUNCTION(&message, 200, (DltFormatType)formats[i_]),                 \
                     #FUNCTION " as %d", formats[i_]);                                             \
    } while (0)

static void formats(void)
{
    static const int all[] = {INT_MIN, -1, 0, 1, 2, 3, 4, 5, 6, 7, 8, INT_MAX};

    FORMATTED(dlt_user_log_write_uint8_formatted);
    FORMATTED(dlt_user_log_write_uint16_formatted);
    FORMATTED(dlt_user_log_write_uint32_formatted);
    FORMATTED(dlt_user_log_write_uint64_formatted);
    for (size_t i = 0; i < SIZE(all); i++) {
        DltFormatType format = (DltFormatType)all[i];

        TRY_WITH(MESSAGE, dlt_user_log_write_raw_formatted(&message, text, 5, format),
                 "raw_formatted as %d", all[i]);
        TRY_WITH(MESSAGE, dlt_user_log_write_raw_formatted(&message, NULL, 0, format),
                 "raw_formatted NULL as %d", all[i]);
        TRY_WITH(MESSAGE, dlt_user_log_write_raw_formatted_attr(&message, text, 5, format, "name"),
                 "raw_formatted_attr as %d", all[i]);
    }
}

/* ------------------------------------------------------------------ strings and bytes */

static const size_t lengths[] = {0,     1,     2,     1346,  1347,  1348,  1382,  1383, 1384,
                                 1385,  1390,  1391,  2000,  65533, 65534, 65535, 65536,
                                 65537, 69999, 131072, 200000};
static const size_t sizes[] = {0, 1, 2, 1347, 1382, 1383, 1384, 1385, 1390, 1391, 65533, 65534, 65535};

#define STRING(FUNCTION)                                                                           \
    do {                                                                                           \
        TRY(MESSAGE, FUNCTION(NULL, "text"));                                                      \
        TRY(MESSAGE, FUNCTION(&message, NULL));                                                    \
        TRY(NOTHING, FUNCTION(&message, "text"));                                                  \
        TRY(FREED, FUNCTION(&message, "text"));                                                    \
        TRY(PLAIN, FUNCTION(&message, "text"));                                                    \
        TRY(PLAIN, FUNCTION(&message, NULL));                                                      \
        TRY(PLAIN, FUNCTION(&message, of_length(2000)));                                           \
        for (size_t i_ = 0; i_ < SIZE(lengths); i_++) {                                            \
            TRY_WITH(MESSAGE, FUNCTION(&message, of_length(lengths[i_])), #FUNCTION " of %zu",     \
                     lengths[i_]);                                                                 \
            umlauts[lengths[i_]] = '\0';                                                           \
            TRY_WITH(MESSAGE, FUNCTION(&message, umlauts), #FUNCTION " of %zu, umlauts",           \
                     lengths[i_]);                                                                 \
            umlauts[lengths[i_]] = lengths[i_] % 2 == 0 ? '\xc3' : '\xa4';                         \
        }                                                                                          \
    } while (0)

#define SIZED_STRING(FUNCTION)                                                                     \
    do {                                                                                           \
        TRY(MESSAGE, FUNCTION(NULL, "text", 4));                                                   \
        TRY(MESSAGE, FUNCTION(&message, NULL, 0));                                                 \
        TRY(MESSAGE, FUNCTION(&message, NULL, 4));                                                 \
        TRY(MESSAGE, FUNCTION(&message, NULL, 65535));                                             \
        TRY(NOTHING, FUNCTION(&message, "text", 4));                                               \
        TRY(PLAIN, FUNCTION(&message, "text", 4));                                                 \
        TRY(PLAIN, FUNCTION(&message, NULL, 4));                                                   \
        TRY(PLAIN, FUNCTION(&message, "te\0t", 4));                                                \
        TRY(MESSAGE, FUNCTION(&message, "te\0t", 4));                                              \
        for (size_t i_ = 0; i_ < SIZE(sizes); i_++) {                                              \
            TRY_WITH(MESSAGE, FUNCTION(&message, text, (uint16_t)sizes[i_]), #FUNCTION " of %zu",  \
                     sizes[i_]);                                                                   \
            TRY_WITH(MESSAGE, FUNCTION(&message, umlauts, (uint16_t)sizes[i_]),                    \
                     #FUNCTION " of %zu, umlauts", sizes[i_]);                                     \
        }                                                                                          \
    } while (0)

static void strings(void)
{
    STRING(dlt_user_log_write_string);
    STRING(dlt_user_log_write_constant_string);
    STRING(dlt_user_log_write_utf8_string);
    STRING(dlt_user_log_write_constant_utf8_string);
    SIZED_STRING(dlt_user_log_write_sized_string);
    SIZED_STRING(dlt_user_log_write_sized_constant_string);
    SIZED_STRING(dlt_user_log_write_sized_utf8_string);
    SIZED_STRING(dlt_user_log_write_sized_constant_utf8_string);
}

#define STRING_ATTR(FUNCTION)                                                                      \
    do {                                                                                           \
        static const size_t limits[] = {0, 1, 1000, 1376, 1377, 1378, 1390, 65535, 65536, 200000}; \
        TRY(MESSAGE, FUNCTION(NULL, "text", "name"));                                              \
        TRY(MESSAGE, FUNCTION(&message, NULL, "name"));                                            \
        TRY(NOTHING, FUNCTION(&message, "text", "name"));                                          \
        TRY(PLAIN, FUNCTION(&message, "text", "name"));                                            \
        TRY(PLAIN, FUNCTION(&message, NULL, "name"));                                              \
        for (size_t i_ = 0; i_ < SIZE(names); i_++)                                                \
            TRY_WITH(MESSAGE, FUNCTION(&message, "text", names[i_]), #FUNCTION " named %s",        \
                     shown(names[i_]));                                                            \
        for (size_t i_ = 0; i_ < SIZE(limits); i_++)                                               \
            TRY_WITH(MESSAGE, FUNCTION(&message, of_length(limits[i_]), "name"),                   \
                     #FUNCTION " of %zu", limits[i_]);                                             \
    } while (0)

#define SIZED_STRING_ATTR(FUNCTION)                                                                \
    do {                                                                                           \
        TRY(MESSAGE, FUNCTION(NULL, "text", 4, "name"));                                           \
        TRY(MESSAGE, FUNCTION(&message, NULL, 4, "name"));                                         \
        TRY(MESSAGE, FUNCTION(&message, NULL, 0, "name"));                                         \
        TRY(NOTHING, FUNCTION(&message, "text", 4, "name"));                                       \
        TRY(PLAIN, FUNCTION(&message, "text", 4, "name"));                                         \
        for (size_t i_ = 0; i_ < SIZE(names); i_++)                                                \
            TRY_WITH(MESSAGE, FUNCTION(&message, "text", 4, names[i_]), #FUNCTION " named %s",     \
                     shown(names[i_]));                                                            \
        for (size_t i_ = 0; i_ < SIZE(sizes); i_++)                                                \
            TRY_WITH(MESSAGE, FUNCTION(&message, text, (uint16_t)sizes[i_], "name"),               \
                     #FUNCTION " of %zu", sizes[i_]);                                              \
    } while (0)

static void named_strings(void)
{
    STRING_ATTR(dlt_user_log_write_string_attr);
    STRING_ATTR(dlt_user_log_write_constant_string_attr);
    STRING_ATTR(dlt_user_log_write_utf8_string_attr);
    STRING_ATTR(dlt_user_log_write_constant_utf8_string_attr);
    SIZED_STRING_ATTR(dlt_user_log_write_sized_string_attr);
    SIZED_STRING_ATTR(dlt_user_log_write_sized_constant_string_attr);
    SIZED_STRING_ATTR(dlt_user_log_write_sized_utf8_string_attr);
    SIZED_STRING_ATTR(dlt_user_log_write_sized_constant_utf8_string_attr);
}

static void raw(void)
{
    TRY(MESSAGE, dlt_user_log_write_raw(NULL, text, 4));
    TRY(MESSAGE, dlt_user_log_write_raw(&message, NULL, 0));
    TRY(MESSAGE, dlt_user_log_write_raw(&message, NULL, 4));
    TRY(NOTHING, dlt_user_log_write_raw(&message, text, 4));
    TRY(PLAIN, dlt_user_log_write_raw(&message, text, 4));
    TRY(MESSAGE, dlt_user_log_write_raw_attr(NULL, text, 4, "name"));
    TRY(MESSAGE, dlt_user_log_write_raw_attr(&message, NULL, 0, "name"));
    TRY(MESSAGE, dlt_user_log_write_raw_attr(&message, NULL, 4, "name"));
    TRY(NOTHING, dlt_user_log_write_raw_attr(&message, text, 4, "name"));
    TRY(PLAIN, dlt_user_log_write_raw_attr(&message, text, 4, "name"));
    TRY(MESSAGE, dlt_user_log_write_raw_formatted(NULL, text, 4, DLT_FORMAT_HEX8));
    TRY(MESSAGE, dlt_user_log_write_raw_formatted(&message, NULL, 4, DLT_FORMAT_HEX8));
    TRY(MESSAGE, dlt_user_log_write_raw_formatted_attr(NULL, text, 4, DLT_FORMAT_HEX8, "name"));
    TRY(MESSAGE, dlt_user_log_write_raw_formatted_attr(&message, NULL, 4, DLT_FORMAT_HEX8, "n"));
    for (size_t i = 0; i < SIZE(names); i++) {
        TRY_WITH(MESSAGE, dlt_user_log_write_raw_attr(&message, text, 4, names[i]),
                 "raw_attr named %s", shown(names[i]));
        TRY_WITH(MESSAGE,
                 dlt_user_log_write_raw_formatted_attr(&message, text, 4, DLT_FORMAT_BIN8, names[i]),
                 "raw_formatted_attr named %s", shown(names[i]));
    }
    for (size_t i = 0; i < SIZE(sizes); i++) {
        uint16_t size = (uint16_t)sizes[i];

        TRY_WITH(MESSAGE, dlt_user_log_write_raw(&message, text, size), "raw of %u", size);
        TRY_WITH(MESSAGE, dlt_user_log_write_raw_attr(&message, text, size, "name"),
                 "raw_attr of %u", size);
    }
}

/* ------------------------------------------------------------------ begin and end of a message */

static const int levels[] = {INT_MIN, -129, -4, -3, -2, -1, 0, 1, 2, 3, 4, 5,
                             6,       7,    8,  127, 128, 255, 256, 260, INT_MAX};

static void begin(void)
{
    DltContext wild = {"WILD", 77777, NULL, NULL, 0};
    int8_t on = 6;

    wild.log_level_ptr = &on;
    wild.trace_status_ptr = &on;
    TRY(OPEN, dlt_user_log_write_start(NULL, &message, DLT_LOG_INFO));
    TRY(OPEN, dlt_user_log_write_start(&context, NULL, DLT_LOG_INFO));
    TRY(OPEN, dlt_user_log_write_start(NULL, NULL, DLT_LOG_INFO));
    TRY(OPEN, dlt_user_log_write_start(&never, &message, DLT_LOG_INFO));
    TRY(NOTHING, dlt_user_log_write_start(&never, &message, DLT_LOG_INFO));
    TRY(STARTED, dlt_user_log_write_start(&wild, &message, DLT_LOG_INFO));
    TRY(OPEN, dlt_user_log_write_start_id(NULL, &message, DLT_LOG_INFO, 1));
    TRY(OPEN, dlt_user_log_write_start_id(&context, NULL, DLT_LOG_INFO, 1));
    TRY(OPEN, dlt_user_log_write_start_id(&never, &message, DLT_LOG_INFO, 1));
    TRY(OPEN, dlt_user_log_write_start_id(&context, &message, DLT_LOG_INFO, UINT_MAX));
    for (size_t i = 0; i < SIZE(levels); i++) {
        DltLogLevelType level = (DltLogLevelType)levels[i];

        TRY_WITH(OPEN, dlt_user_log_write_start(&context, &message, level), "start at %d",
                 levels[i]);
        TRY_WITH(OPEN, dlt_user_log_write_start_id(&context, &message, level, 1), "start_id at %d",
                 levels[i]);
        TRY_WITH(OPEN,
                 dlt_user_log_write_start_w_given_buffer(&context, &message, level, text, 10, 1),
                 "start_w_given_buffer at %d", levels[i]);
        TRY_WITH(OPEN, dlt_user_is_logLevel_enabled(&context, level), "is_logLevel_enabled %d",
                 levels[i]);
    }
    TRY(OPEN, dlt_user_is_logLevel_enabled(NULL, DLT_LOG_INFO));
    TRY(OPEN, dlt_user_is_logLevel_enabled(&never, DLT_LOG_INFO));
    if (try(OPEN, 0, "a message on a context that was made up")) {
        int started = dlt_user_log_write_start(&wild, &message, DLT_LOG_INFO);
        tell(started * 10 + dlt_user_log_write_finish(&message));
    }
    if (try(OPEN, 0, "a message on a context that is off")) {
        *context.log_level_ptr = DLT_LOG_OFF;
        memset(&message, 0xff, sizeof(message));
        int started = dlt_user_log_write_start(&context, &message, DLT_LOG_FATAL);
        tell(started * 10 + (message.handle == NULL));
    }
}

static void given_buffer(void)
{
    static const size_t room[] = {0, 1, 1389, 1390, 1391, 65535, 65536, SIZE_MAX};
    static const int32_t counts[] = {INT_MIN, -1, 0, 1, 255, 256, INT_MAX};

#define GIVEN dlt_user_log_write_start_w_given_buffer
    TRY(OPEN, GIVEN(NULL, &message, DLT_LOG_INFO, text, 4, 1));
    TRY(OPEN, GIVEN(&context, NULL, DLT_LOG_INFO, text, 4, 1));
    TRY(OPEN, GIVEN(&context, &message, DLT_LOG_INFO, NULL, 4, 1));
    TRY(OPEN, GIVEN(&never, &message, DLT_LOG_INFO, text, 4, 1));
    TRY(NOTHING, GIVEN(&never, &message, DLT_LOG_INFO, text, 4, 1));
    TRY(PLAIN, GIVEN(&context, &message, DLT_LOG_INFO, text, 4, 1));
    for (size_t i = 0; i < SIZE(room); i++)
        TRY_WITH(OPEN, GIVEN(&context, &message, DLT_LOG_INFO, text, room[i], 1),
                 "given buffer of %zu", room[i]);
    for (size_t i = 0; i < SIZE(counts); i++)
        TRY_WITH(OPEN, GIVEN(&context, &message, DLT_LOG_INFO, text, 4, counts[i]),
                 "given buffer with %d arguments", counts[i]);
    if (try(INTO_FILE, 0, "a given buffer is sent")) {
        int started = GIVEN(&context, &message, DLT_LOG_INFO, text, 1390, 255);
        tell(started * 10 + dlt_user_log_write_finish_w_given_buffer(&message));
    }
#undef GIVEN
}

static void end(void)
{
    TRY(OPEN, dlt_user_log_write_finish(NULL));
    TRY(OPEN, dlt_user_log_write_finish_w_given_buffer(NULL));
    TRY(NOTHING, dlt_user_log_write_finish(&message));
    TRY(OPEN, dlt_user_log_write_finish(&message));
    TRY(OPEN, dlt_user_log_write_finish_w_given_buffer(&message));
    if (try(INTO_FILE, 0, "a message without arguments")) {
        dlt_user_log_write_start(&context, &message, DLT_LOG_INFO);
        tell(dlt_user_log_write_finish(&message));
    }
    if (try(INTO_FILE, 0, "finished twice")) {
        dlt_user_log_write_start(&context, &message, DLT_LOG_INFO);
        dlt_user_log_write_int(&message, 1);
        dlt_user_log_write_finish(&message);
        tell(dlt_user_log_write_finish(&message));
    }
    if (try(INTO_FILE, 0, "finished after the context was unregistered")) {
        dlt_user_log_write_start(&context, &message, DLT_LOG_INFO);
        dlt_user_log_write_uint8(&message, 1);
        dlt_unregister_context(&context);
        tell(dlt_user_log_write_finish(&message));
    }
    if (try(OPEN, 0, "finished after dlt_free()")) {
        dlt_user_log_write_start(&context, &message, DLT_LOG_INFO);
        dlt_user_log_write_uint8(&message, 1);
        dlt_free();
        tell(dlt_user_log_write_finish(&message));
    }
    if (try(INTO_FILE, 0, "times of the caller's own")) {
        dlt_user_log_write_start(&context, &message, DLT_LOG_INFO);
        message.use_timestamp = (DltTimestampType)77;
        message.user_timestamp = UINT_MAX;
        tell(dlt_user_log_write_finish(&message));
    }
}

/* ------------------------------------------------------------------ network traces */

static void traces(void)
{
    static const int types[] = {INT_MIN, -1, 0, 1, 2, 3, 4, 5, 8, 15, 16, 17, 255, 256, INT_MAX};
    static const uint16_t most[] = {0, 1, 1023, 1024, 1025, 1300, 1380, 1390, 60000, 65535};
    char *header = text;

#define TRACE dlt_user_trace_network
    TRY(OPEN, TRACE(NULL, DLT_NW_TRACE_CAN, 4, header, 4, text));
    TRY(NOTHING, TRACE(NULL, DLT_NW_TRACE_CAN, 4, header, 4, text));
    TRY(OPEN, TRACE(&never, DLT_NW_TRACE_CAN, 4, header, 4, text));
    TRY(NOTHING, TRACE(&never, DLT_NW_TRACE_CAN, 4, header, 4, text));
    TRY(INTO_FILE, TRACE(&context, DLT_NW_TRACE_CAN, 4, NULL, 4, text));
    TRY(INTO_FILE, TRACE(&context, DLT_NW_TRACE_CAN, 0, NULL, 0, NULL));
    TRY(INTO_FILE, TRACE(&context, DLT_NW_TRACE_CAN, 4, header, 4, NULL));
    TRY(INTO_FILE, TRACE(&context, DLT_NW_TRACE_CAN, 4, header, 0, text));
    TRY(INTO_FILE, TRACE(&context, DLT_NW_TRACE_CAN, 65535, header, 0, NULL));
    TRY(INTO_FILE, TRACE(&context, DLT_NW_TRACE_CAN, 65535, header, 65535, text));
    for (size_t i = 0; i < SIZE(types); i++)
        TRY_WITH(OPEN, TRACE(&context, (DltNetworkTraceType)types[i], 4, header, 4, text),
                 "trace of type %d", types[i]);
    for (size_t i = 0; i < SIZE(most); i++) {
        TRY_WITH(INTO_FILE, TRACE(&context, DLT_NW_TRACE_IPC, 0, header, most[i], text),
                 "trace of %u", most[i]);
        for (int allow = -1; allow < 2; allow++)
            TRY_WITH(INTO_FILE,
                     dlt_user_trace_network_truncated(&context, DLT_NW_TRACE_IPC, 4, header,
                                                      most[i], text, allow),
                     "truncated trace of %u, %d", most[i], allow);
        /* libdlt sends the segments when it likes. */
        TRY_WITH(OPEN,
                 dlt_user_trace_network_segmented(&context, DLT_NW_TRACE_IPC, 4, header, most[i],
                                                  text),
                 "segmented trace of %u", most[i]);
    }
    TRY(OPEN, dlt_user_trace_network_truncated(NULL, DLT_NW_TRACE_IPC, 4, header, 4, text, 1));
    TRY(OPEN, dlt_user_trace_network_truncated(&never, DLT_NW_TRACE_IPC, 4, header, 4, text, 1));
    TRY(OPEN,
        dlt_user_trace_network_truncated(&context, DLT_NW_TRACE_IPC, 4, header, 4, NULL, 1));
    TRY(OPEN, dlt_user_trace_network_segmented(NULL, DLT_NW_TRACE_IPC, 4, header, 4, text));
    TRY(OPEN, dlt_user_trace_network_segmented(&never, DLT_NW_TRACE_IPC, 4, header, 4, text));
    TRY(OPEN, dlt_user_trace_network_segmented(&context, DLT_NW_TRACE_IPC, 4, NULL, 4, text));
    TRY(OPEN, dlt_user_trace_network_segmented(&context, DLT_NW_TRACE_IPC, 4, header, 4, NULL));
    TRY(OPEN, dlt_user_trace_network_segmented(&context, DLT_NW_TRACE_IPC, 4, header, 6000, NULL));
#undef TRACE
}

/* ------------------------------------------------------------------ life */

static void life(void)
{
    static const unsigned limits[] = {0, 1, UINT_MAX};

    TRY(NOTHING, dlt_init_file(NULL));
    TRY(NOTHING, dlt_init_file(""));
    TRY(NOTHING, dlt_init_file("/nowhere/to/be/found"));
    TRY(NOTHING, dlt_init_file(directory));
    TRY(NOTHING, dlt_init_file(of_length(5000)));
    TRY(STARTED, dlt_init_file(file_name));
    TRY(STARTED, dlt_init());
    TRY(FREED, dlt_free());
    TRY(NOTHING, dlt_free());
    for (size_t i = 0; i < SIZE(limits); i++) {
        TRY_WITH(NOTHING, dlt_set_filesize_max(limits[i]), "filesize_max %u before", limits[i]);
        TRY_WITH(OPEN, dlt_set_filesize_max(limits[i]), "filesize_max %u no file", limits[i]);
        TRY_WITH(INTO_FILE, dlt_set_filesize_max(limits[i]), "filesize_max %u", limits[i]);
        TRY_WITH(NOTHING, dlt_set_resend_timeout_atexit(limits[i]), "resend_timeout %u",
                 limits[i]);
    }
    TRY(NOTHING, dlt_check_library_version("2", "18"));
    TRY(NOTHING, dlt_check_library_version("", ""));
    TRY(NOTHING, dlt_check_library_version("2", "17"));
    TRY(NOTHING, dlt_check_library_version(text, text));
    TRY(NOTHING, dlt_check_library_version(NULL, "18"));
    TRY(NOTHING, dlt_check_library_version("2", NULL));
    TRY(NOTHING, dlt_user_check_library_version("2", "18"));
    TRY(NOTHING, dlt_user_check_library_version(text, text));
    TRY(NOTHING, dlt_user_check_library_version(NULL, NULL));
    TRY_HANG(NOTHING, dlt_user_atexit_blow_out_user_buffer());
    TRY(FREED, dlt_user_atexit_blow_out_user_buffer());
    TRY(STARTED, dlt_user_atexit_blow_out_user_buffer());
    TRY_HANG(NOTHING, dlt_user_log_resend_buffer());
    TRY(STARTED, dlt_user_log_resend_buffer());
    TRY_HANG(FREED, dlt_user_log_resend_buffer());
    TRY(NOTHING, dlt_get_log_state());
    TRY(STARTED, dlt_get_log_state());
    TRY(FREED, dlt_get_log_state());
    int total = 0;
    int used = 0;
    TRY_HANG(NOTHING, dlt_user_check_buffer(&total, &used));
    TRY_HANG(FREED, dlt_user_check_buffer(&total, &used));
    TRY(STARTED, dlt_user_check_buffer(NULL, &used));
    TRY(STARTED, dlt_user_check_buffer(&total, NULL));
    TRY(STARTED, dlt_user_check_buffer(&total, &used));
}

static void switches(void)
{
    static const int values[] = {-128, -1, 0, 1, 2, 127};

    for (int mode = -3; mode < 6; mode++)
        TRY_WITH(OPEN, dlt_set_log_mode((DltUserLogMode)mode), "log mode %d", mode);
    TRY(OPEN, dlt_set_log_mode((DltUserLogMode)INT_MAX));
    TRY(OPEN, dlt_set_log_mode((DltUserLogMode)INT_MIN));
    TRY(NOTHING, dlt_set_log_mode(DLT_USER_MODE_OFF));
    TRY(NOTHING, dlt_verbose_mode());
    TRY(NOTHING, dlt_nonverbose_mode());
    TRY(NOTHING, dlt_enable_local_print());
    TRY(NOTHING, dlt_disable_local_print());
    TRY(NOTHING, dlt_log_marker());
    for (size_t i = 0; i < SIZE(values); i++) {
        int8_t value = (int8_t)values[i];

        if (try(INTO_FILE, 0, "session id %d", value)) {
            dlt_with_session_id(value);
            dlt_user_log_write_start(&context, &message, DLT_LOG_INFO);
            tell(dlt_user_log_write_finish(&message));
        }
        TRY_WITH(NOTHING, dlt_with_session_id(value), "with_session_id %d", value);
        TRY_WITH(NOTHING, dlt_with_timestamp(value), "with_timestamp %d", value);
        TRY_WITH(NOTHING, dlt_with_ecu_id(value), "with_ecu_id %d", value);
        TRY_WITH(NOTHING, dlt_use_extended_header_for_non_verbose(value), "use_extended %d", value);
    }
    for (size_t i = 0; i < SIZE(levels); i++) {
        DltLogLevelType level = (DltLogLevelType)levels[i];
        DltTraceStatusType trace = (DltTraceStatusType)levels[i];

        TRY_WITH(OPEN, dlt_set_application_ll_ts_limit(level, DLT_TRACE_STATUS_ON), "limit %d",
                 levels[i]);
        TRY_WITH(OPEN, dlt_set_application_ll_ts_limit(DLT_LOG_INFO, trace), "trace limit %d",
                 levels[i]);
    }
    TRY(STARTED, dlt_set_application_ll_ts_limit(DLT_LOG_INFO, DLT_TRACE_STATUS_ON));
    TRY(NOTHING, dlt_set_application_ll_ts_limit(DLT_LOG_INFO, DLT_TRACE_STATUS_ON));
}

/* ------------------------------------------------------------------ applications and contexts */

static const char *const ids[] = {NULL,   "",       "A",        "AB",   "ABC",   "ABCD", "ABCDE",
                                  text,   "\xff\xfe", "A B",    "\n",   "----",  "%s%n"};

static void print_id(const char *id, size_t size, char *to)
{
    for (size_t i = 0; i < size; i++)
        to += sprintf(to, "%02x", (unsigned char)id[i]);
}

static void tell_id(long value, const char *id, size_t size)
{
    size_t length = strlen(what);

    if (length + 4 + 2 * size < sizeof(what)) {
        what[length++] = ' ';
        print_id(id, size, what + length);
    }
    tell(value);
}

static void applications(void)
{
    char id[8] = "ijklmno";

    for (size_t i = 0; i < SIZE(ids); i++) {
        if (try(NOTHING, 0, "register_app %s", shown(ids[i]))) {
            int result = dlt_register_app(ids[i], "an application");
            (void)dlt_get_appid(id);
            tell_id(result, id, sizeof(id));
        }
        if (try(OPEN, 0, "another register_app %s", shown(ids[i]))) {
            int result = dlt_register_app(ids[i], NULL);
            (void)dlt_get_appid(id);
            tell_id(result, id, sizeof(id));
        }
    }
    for (size_t i = 0; i < SIZE(lengths); i++)
        TRY_WITH(NOTHING, dlt_register_app("LONG", of_length(lengths[i])),
                 "an application with a description of %zu", lengths[i]);
    TRY(NOTHING, dlt_get_appid(NULL));
    TRY(NOTHING, dlt_get_appid(id));
    TRY(NOTHING, dlt_unregister_app());
    TRY(STARTED, dlt_unregister_app());
    TRY(FREED, dlt_unregister_app());
    TRY(NOTHING, dlt_unregister_app_flush_buffered_logs());
    TRY(STARTED, dlt_unregister_app_flush_buffered_logs());
    TRY(FREED, dlt_unregister_app_flush_buffered_logs());
}

static void changed(char id[DLT_ID_SIZE], uint8_t level, uint8_t trace)
{
    (void)id;
    (void)level;
    (void)trace;
}

static void contexts(void)
{
    DltContext other;
    DltContext wild = {"WILD", 77777, NULL, NULL, 0};
    DltContext negative = {"NEGA", -1, NULL, NULL, 0};

    TRY(OPEN, dlt_register_context(NULL, "CTX", "context"));
    TRY(OPEN, dlt_register_context_ll_ts(NULL, "CTX", "context", 0, 0));
    TRY(OPEN, dlt_register_context_llccb(NULL, "CTX", "context", changed));
    TRY(OPEN, dlt_register_context(&other, "CTX", NULL));
    TRY(NOTHING, dlt_register_context(&other, "CTX", NULL));
    for (size_t i = 0; i < SIZE(ids); i++) {
        if (try(OPEN, 0, "register_context %s", shown(ids[i]))) {
            memset(&other, 0x11, sizeof(other));
            int result = dlt_register_context(&other, ids[i], "context");
            tell_id(result, other.contextID, sizeof(other.contextID));
        }
        TRY_WITH(OPEN, dlt_register_context_ll_ts(&other, ids[i], "context", 4, 0),
                 "register_context_ll_ts %s", shown(ids[i]));
        TRY_WITH(OPEN, dlt_register_context_llccb(&other, ids[i], "context", changed),
                 "register_context_llccb %s", shown(ids[i]));
        TRY_WITH(OPEN, dlt_register_context_llccb(&other, ids[i], NULL, NULL),
                 "register_context_llccb %s, no callback", shown(ids[i]));
    }
    for (size_t i = 0; i < SIZE(levels); i++) {
        if (try(OPEN, 0, "a context at %d", levels[i])) {
            int result = dlt_register_context_ll_ts(&other, "CTX", "context", levels[i], 0);
            tell(result != 0 ? result : 1000 + *other.log_level_ptr);
        }
        if (try(OPEN, 0, "a context traced %d", levels[i])) {
            int result = dlt_register_context_ll_ts(&other, "CTX", "context", 0, levels[i]);
            tell(result != 0 ? result : 1000 + *other.trace_status_ptr);
        }
    }
    for (size_t i = 0; i < SIZE(lengths); i++)
        TRY_WITH(OPEN, dlt_register_context(&other, "LONG", of_length(lengths[i])),
                 "a context with a description of %zu", lengths[i]);
    TRY(OPEN, dlt_unregister_context(NULL));
    TRY(NOTHING, dlt_unregister_context(NULL));
    TRY(OPEN, dlt_unregister_context(&never));
    TRY(NOTHING, dlt_unregister_context(&never));
    TRY(FREED, dlt_unregister_context(&context));
    TRY(OPEN, dlt_unregister_context(&wild));
    TRY(OPEN, dlt_unregister_context(&negative));
    if (try(OPEN, 0, "unregistered twice")) {
        dlt_unregister_context(&context);
        tell(dlt_unregister_context(&context));
    }
    if (try(NOTHING, 0, "a thousand contexts")) {
        static DltContext many[1000];
        long sum = 0;

        dlt_register_app("MANY", "many");
        for (size_t i = 0; i < SIZE(many); i++) {
            char id[5];

            (void)snprintf(id, sizeof(id), "C%03zu", i);
            sum += dlt_register_context(&many[i], id, "one of many");
            sum += many[i].log_level_pos - (int)i;
        }
        tell(sum);
    }
}

static int injected(uint32_t service, void *data, uint32_t length)
{
    (void)service;
    (void)data;
    return (int)length;
}

static int injected_with(uint32_t service, void *data, uint32_t length, void *own)
{
    (void)own;
    return injected(service, data, length);
}

static void callbacks(void)
{
    static const uint32_t services[] = {0, 1, 0xffe, 0xfff, 0x1000, INT_MAX, 0x80000000u, UINT_MAX};

#define WITH_ID dlt_register_injection_callback_with_id
    TRY(OPEN, dlt_register_injection_callback(NULL, 0x1000, injected));
    TRY(OPEN, dlt_register_injection_callback(&context, 0x1000, NULL));
    TRY(NOTHING, dlt_register_injection_callback(&never, 0x1000, injected));
    TRY(STARTED, dlt_register_injection_callback(&never, 0x1000, injected));
    TRY(INTO_FILE, dlt_register_injection_callback(&context, 0x1000, injected));
    TRY(OPEN, WITH_ID(NULL, 0x1000, injected_with, text));
    TRY(OPEN, WITH_ID(&context, 0x1000, NULL, NULL));
    TRY(OPEN, WITH_ID(&context, 0x1000, NULL, text));
    TRY(NOTHING, WITH_ID(&never, 0x1000, injected_with, text));
    for (size_t i = 0; i < SIZE(services); i++) {
        TRY_WITH(OPEN, dlt_register_injection_callback(&context, services[i], injected),
                 "injection %x", (unsigned)services[i]);
        TRY_WITH(OPEN, WITH_ID(&context, services[i], injected_with, NULL),
                 "injection %x, with nothing", (unsigned)services[i]);
        TRY_WITH(OPEN, WITH_ID(&context, services[i], injected_with, text),
                 "injection %x, with something", (unsigned)services[i]);
    }
    TRY(OPEN, dlt_register_log_level_changed_callback(NULL, changed));
    TRY(OPEN, dlt_register_log_level_changed_callback(NULL, NULL));
    TRY(OPEN, dlt_register_log_level_changed_callback(&context, NULL));
    TRY(NOTHING, dlt_register_log_level_changed_callback(&never, changed));
    TRY(STARTED, dlt_register_log_level_changed_callback(&never, changed));
#undef WITH_ID
}

/* ------------------------------------------------------------------ messages in one call */

static void one_call(void)
{
    TRY(OPEN, dlt_log_string(NULL, DLT_LOG_INFO, "text"));
    TRY(OPEN, dlt_log_string(&context, DLT_LOG_INFO, NULL));
    TRY(OPEN, dlt_log_string(&never, DLT_LOG_INFO, "text"));
    TRY(NOTHING, dlt_log_string(&never, DLT_LOG_INFO, "text"));
    TRY(OPEN, dlt_log_string_int(NULL, DLT_LOG_INFO, "text", 1));
    TRY(OPEN, dlt_log_string_int(&context, DLT_LOG_INFO, NULL, 1));
    TRY(OPEN, dlt_log_string_int(&never, DLT_LOG_INFO, "text", 1));
    TRY(OPEN, dlt_log_string_uint(NULL, DLT_LOG_INFO, "text", 1));
    TRY(OPEN, dlt_log_string_uint(&context, DLT_LOG_INFO, NULL, 1));
    TRY(OPEN, dlt_log_string_uint(&never, DLT_LOG_INFO, "text", 1));
    TRY(OPEN, dlt_log_int(NULL, DLT_LOG_INFO, 1));
    TRY(OPEN, dlt_log_int(&never, DLT_LOG_INFO, 1));
    TRY(OPEN, dlt_log_uint(NULL, DLT_LOG_INFO, 1));
    TRY(OPEN, dlt_log_uint(&never, DLT_LOG_INFO, 1));
    TRY(OPEN, dlt_log_raw(NULL, DLT_LOG_INFO, text, 4));
    TRY(OPEN, dlt_log_raw(&context, DLT_LOG_INFO, NULL, 4));
    TRY(INTO_FILE, dlt_log_raw(&context, DLT_LOG_INFO, NULL, 0));
    TRY(OPEN, dlt_log_raw(&never, DLT_LOG_INFO, text, 4));
    TRY(FREED, dlt_log_string(&context, DLT_LOG_INFO, "text"));
    TRY(PLAIN, dlt_log_string(&context, DLT_LOG_INFO, "text"));
    TRY(PLAIN, dlt_log_raw(&context, DLT_LOG_INFO, text, 4));
    for (size_t i = 0; i < SIZE(levels); i++) {
        DltLogLevelType level = (DltLogLevelType)levels[i];

        TRY_WITH(OPEN, dlt_log_string(&context, level, "text"), "log_string at %d", levels[i]);
        TRY_WITH(OPEN, dlt_log_string_int(&context, level, "text", 1), "log_string_int at %d",
                 levels[i]);
        TRY_WITH(OPEN, dlt_log_string_uint(&context, level, "text", 1), "log_string_uint at %d",
                 levels[i]);
        TRY_WITH(OPEN, dlt_log_int(&context, level, 1), "log_int at %d", levels[i]);
        TRY_WITH(OPEN, dlt_log_uint(&context, level, 1), "log_uint at %d", levels[i]);
        TRY_WITH(OPEN, dlt_log_raw(&context, level, text, 4), "log_raw at %d", levels[i]);
    }
    for (size_t i = 0; i < SIZE(lengths); i++) {
        TRY_WITH(INTO_FILE, dlt_log_string(&context, DLT_LOG_INFO, of_length(lengths[i])),
                 "log_string of %zu", lengths[i]);
        TRY_WITH(INTO_FILE, dlt_log_string_uint(&context, DLT_LOG_INFO, of_length(lengths[i]), 1),
                 "log_string_uint of %zu", lengths[i]);
    }
    for (size_t i = 0; i < SIZE(sizes); i++)
        TRY_WITH(INTO_FILE, dlt_log_raw(&context, DLT_LOG_INFO, text, (uint16_t)sizes[i]),
                 "log_raw of %zu", sizes[i]);
}

/* ------------------------------------------------------------------ levels from a text */

static void levels_of_text(void)
{
    static const char *const all[] = {
        "",      ";",     ":",         "::",       "::4",          "A:B:4",     "ABCD:EFGH:6",
        "ABCDE::4", "::7", "::-1",     "::-2",     "A:B:4;C:D:5",  "A:B:4;;",   "::verbose",
        "::VERBOSE", "::warning", "::off", "::default", "A:B:info", "A:B:C:D", "\xff:\xff:4",
        "::4x",  "::44",  " ::4",      "::4 ",     "A::4;B::5;C::6;D::1;E::2;F::3;G::4;H::5;I::6;J::1;K::2;L::3",
    };
    char one[] = "::4";
    char *at = one;
    char *nothing = NULL;
    dlt_env_ll_set set;

    memset(&set, 0, sizeof(set));
    TRY(NOTHING, dlt_env_extract_ll_set(NULL, &set));
    TRY(NOTHING, dlt_env_extract_ll_set(&nothing, &set));
    TRY(NOTHING, dlt_env_extract_ll_set(&at, NULL));
    TRY(NOTHING, dlt_env_extract_ll_set(NULL, NULL));
    TRY(NOTHING, (dlt_env_free_ll_set(NULL), 0));
    TRY(NOTHING, (dlt_env_free_ll_set(&set), dlt_env_free_ll_set(&set), 0));
    TRY(NOTHING, dlt_env_adjust_ll_from_env(NULL, "ABCD", "EFGH", 5));
    TRY(NOTHING, dlt_env_adjust_ll_from_env(&set, NULL, "EFGH", 5));
    TRY(NOTHING, dlt_env_adjust_ll_from_env(&set, "ABCD", NULL, 5));
    TRY(NOTHING, dlt_env_adjust_ll_from_env(&set, "ABCD", "EFGH", INT_MAX));
    for (size_t i = 0; i < SIZE(all); i++) {
        if (try(NOTHING, 0, "levels of [%s]", all[i])) {
            char copy[200];
            int result;
            int level;

            (void)snprintf(copy, sizeof(copy), "%s", all[i]);
            at = copy;
            result = dlt_env_extract_ll_set(&at, &set);
            level = dlt_env_adjust_ll_from_env(&set, "ABCD", "EFGH", 1000);
            tell(result * 100000 + (long)set.num_elem * 2000 + level);
        }
    }
}

/* ------------------------------------------------------------------ */

static const struct {
    const char *name;
    void (*run)(void);
} parts[] = {
    {"numbers", numbers},
    {"full", full},
    {"attributes", attributes},
    {"formats", formats},
    {"strings", strings},
    {"named strings", named_strings},
    {"raw", raw},
    {"begin", begin},
    {"given buffer", given_buffer},
    {"end", end},
    {"traces", traces},
    {"life", life},
    {"switches", switches},
    {"applications", applications},
    {"contexts", contexts},
    {"callbacks", callbacks},
    {"one call", one_call},
    {"levels of text", levels_of_text},
};

int main(int argc, char **argv)
{
    int nothing = open("/dev/null", O_RDWR);

    if (argc < 2 || nothing < 0) {
        (void)fprintf(stderr, "usage: boundaries DIRECTORY [PART]\n");
        return 1;
    }
    directory = argv[1];
    (void)snprintf(file_name, sizeof(file_name), "%s/out.dlt", directory);
    memset(text, 'x', sizeof(text) - 1);
    for (size_t i = 0; i + 1 < sizeof(umlauts); i++)
        umlauts[i] = i % 2 == 0 ? '\xc3' : '\xa4';
    /* What the libraries say of themselves is none of the output. */
    out = dup(STDOUT_FILENO);
    (void)dup2(nothing, STDOUT_FILENO);
    for (size_t i = 0; i < SIZE(parts); i++) {
        if (argc > 2 && strcmp(argv[2], parts[i].name) != 0)
            continue;
        dprintf(out, "== %s\n", parts[i].name);
        parts[i].run();
    }
    return 0;
}

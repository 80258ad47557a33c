/* SPDX-License-Identifier: MPL-2.0 */
/*
 * Prints with the internal log and with the small functions of dlt_common.h. On this library and on
 * libdlt 2.18.8 the output must be the same, but for times and process ids.
 *
 * usage: printing LOGFILE
 */
#include <dlt/dlt.h>
#include <dlt/dlt_protocol.h>
#include <string.h>

#define LONG 5000

static char long_text[LONG + 1];

static void print_bytes(const char *what, int result, const char *bytes, int length)
{
    printf("%s: %d [", what, result);
    for (int i = 0; i < length; i++)
        printf(bytes[i] >= ' ' && bytes[i] <= '~' ? "%c" : "\\%02x", (unsigned char)bytes[i]);
    puts("]");
}

static void log_priorities(void)
{
    for (int prio = -2; prio < 10; prio++)
        printf("dlt_log %d: %d\n", prio, dlt_log(prio, (char *)"text\n"));
    printf("NULL: %d\n", dlt_log(6, NULL));
}

static void log_formatted(void)
{
    const char *null = NULL;

    printf("passes: %d\n", dlt_vlog(4, "%s and %d\n", "text", 5));
    printf("does not: %d\n", dlt_vlog(7, "%s and %d\n", "text", 5));
    printf("long: %d\n", dlt_vlog(4, "%s", long_text));
    printf("NULL: %d %d\n", dlt_vlog(4, null), dlt_vnlog(4, 10, null));
    printf("sized: %d\n", dlt_vnlog(4, 10, "%s", long_text));
    printf("no size: %d\n", dlt_vnlog(4, 0, "%s", long_text));
    printf("large size: %d\n", dlt_vnlog(4, LONG, "%s", long_text));
    printf("plain: %d %d\n", dlt_user_printf("%s %d\n", "text", 5), dlt_user_printf(null));
}

static void log_levels(void)
{
    dlt_log_set_level(-1);
    dlt_log_set_level(8);
    dlt_log_set_level(7);
    printf("debug: %d\n", dlt_log(7, (char *)"text\n"));
    dlt_log_set_level(2);
    printf("critical: %d\n", dlt_log(4, (char *)"not printed\n"));
    dlt_log_set_level(9);
    printf("raised: %d\n", dlt_log(4, (char *)"text\n"));
    dlt_log_set_level(6);
}

static void log_modes(const char *filename)
{
    char line[200];
    FILE *file;

    dlt_log_init(5);
    dlt_log_init(-1);
    dlt_log_set_filename(NULL);
    dlt_log_init(DLT_LOG_TO_STDERR);
    printf("stderr: %d", dlt_log(4, (char *)"to standard error\n"));
    printf(" %d\n", dlt_user_printf("to standard error\n"));
    dlt_log_init(DLT_LOG_DROPPED);
    printf("dropped: %d", dlt_log(4, (char *)"not printed\n"));
    printf(" %d\n", dlt_user_printf("still printed\n"));
    dlt_log_set_filename(filename);
    dlt_log_init(DLT_LOG_TO_FILE);
    printf("file: %d %d\n", dlt_log(4, (char *)"to "), dlt_vlog(4, "the %s\n", "file"));
    dlt_log_free();
    file = fopen(filename, "r");
    while (file != NULL && fgets(line, sizeof(line), file) != NULL)
        printf("%s", line);
    if (file != NULL)
        (void)fclose(file);
    dlt_log_init(DLT_LOG_TO_CONSOLE);
}

static void ids(void)
{
    const char *texts[] = {"ABCDE", "ABCD", "AB", "", "\n\x01 \x7f"};
    char id[9];

    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        memset(id, '#', sizeof(id));
        dlt_set_id(id, texts[i]);
        print_bytes("dlt_set_id", 0, id, 8);
        memset(id, '#', sizeof(id));
        dlt_print_id(id, texts[i]);
        print_bytes("dlt_print_id", 0, id, 8);
    }
    dlt_set_id(id, NULL);
    dlt_set_id(NULL, "A");
    dlt_print_id(id, NULL);
    dlt_print_id(NULL, "A");
    print_bytes("unchanged", 0, id, 8);
    printf("%zu %zu %zu %zu\n", dlt_strnlen_s("abc", 2), dlt_strnlen_s("abc", 9),
           dlt_strnlen_s("abc", 0), dlt_strnlen_s(NULL, 9));
}

static void dumps(void)
{
    uint8_t data[256];
    char text[1600];
    char *cursor;

    for (int i = 0; i < 256; i++)
        data[i] = (uint8_t)i;
    dlt_print_hex(data, 20);
    dlt_print_hex(data, 0);
    dlt_print_hex(NULL, 0);
    puts("");
    for (int size = 0; size < 4; size++) {
        for (int length = 0; length < 12; length++) {
            memset(text, '#', sizeof(text));
            print_bytes("hex", dlt_print_hex_string(text, length, data, size), text, 12);
        }
    }
    memset(text, '#', sizeof(text));
    cursor = text;
    print_bytes("characters", dlt_print_char_string(&cursor, 300, data, 256), text, 258);
    printf("moved by %d\n", (int)(cursor - text));
    print_bytes("too small", dlt_print_char_string(&cursor, 2, data, 3), cursor, 4);
    for (int html = 0; html < 2; html++) {
        for (int size = 0; size < 50; size++) {
            memset(text, '#', sizeof(text));
            print_bytes("mixed", dlt_print_mixed_string(text, 400, data, size, html), text, 330);
        }
        for (int length = -1; length < 160; length++) {
            memset(text, '#', sizeof(text));
            print_bytes("room", dlt_print_mixed_string(text, length, data, 16, html), text, 160);
        }
    }
    printf("%d %d %d\n", dlt_print_hex_string(NULL, 9, data, 1),
           dlt_print_hex_string(text, 9, NULL, 1), dlt_print_hex_string(text, 9, data, -1));
}

static void payloads(void)
{
    char text[] = "a\r\n\tb\n";

    dlt_clean_string(text, 4);
    print_bytes("dlt_clean_string", 0, text, 6);
    for (int32_t left = -1; left < 8; left++) {
        uint8_t payload[] = "ab\ncdefg";
        uint8_t *next = payload;
        char read[9] = "########";
        uint32_t value = 0;
        int32_t length = left;
        int none = 5;

        DLT_MSG_READ_STRING(read, next, length, 8, 5);
        printf("text: %d %d %.8s\n", length, (int)(next - payload), read);
        next = payload;
        length = left;
        DLT_MSG_READ_VALUE(value, next, length, uint32_t);
        printf("value: %d %d %x\n", length, (int)(next - payload), value);
        next = payload;
        length = left;
        DLT_MSG_READ_ID(read, next, length);
        printf("id: %d %d %.4s\n", length, (int)(next - payload), read);
        next = payload;
        length = left;
        DLT_MSG_READ_NULL(next, length, none);
        printf("nothing: %d %d %d\n", length, (int)(next - payload), none);
    }
}

static void versions(void)
{
    char text[8];

    dlt_get_version(text, sizeof(text));
    printf("[%s]\n", text);
    dlt_get_major_version(text, sizeof(text));
    printf("[%s]\n", text);
    dlt_get_minor_version(text, sizeof(text));
    printf("[%s]\n", text);
    dlt_get_minor_version(text, 2);
    printf("[%s]\n", text);
    dlt_get_version(text, 0);
    dlt_get_version(NULL, 0);
    dlt_get_version(NULL, 10);
}

int main(int argc, char **argv)
{
    if (argc != 2)
        return 2;
    memset(long_text, 'x', LONG);
    log_priorities();
    log_formatted();
    log_levels();
    log_modes(argv[1]);
    ids();
    dumps();
    payloads();
    versions();
    for (unsigned int id = 0; id < 0x1001; id++)
        if (strcmp(dlt_get_service_name(id), "UNDEFINED") != 0)
            printf("%x %s\n", id, dlt_get_service_name(id));
    return 0;
}

/* Files of messages, whole, empty, damaged and cut, read by every function; and filters. What one
 * library prints is compared with what the same program prints on another.
 * Usage: files EMPTY-DIRECTORY */
#define _POSIX_C_SOURCE 200809L
#include <dlt/dlt.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Shows a call and its result, behind what the library itself printed. */
#define SHOW(call)                                                                                 \
    do {                                                                                           \
        int result_ = (int)(call);                                                                 \
        printf("%s = %d\n", #call, result_);                                                       \
    } while (0)

static unsigned char bytes[8192];
static size_t used;

static void add(const void *data, size_t size)
{
    memcpy(bytes + used, data, size);
    used += size;
}

/* A message with `size` bytes of payload, with a storage header or a serial one or none. */
static void message(const char *in_front, unsigned size, int extended)
{
    unsigned char standard[16] = { 0x3d, 7, 0, 0, 'E', 'C', 'U', 'M', 0, 0, 0, 1, 0, 0, 0, 2 };
    unsigned length = 16 + (extended ? 10 : 0) + size;
    if (strcmp(in_front, "DLT") == 0)
        add("DLT\1\1\0\0\0\2\0\0\0ECUS", 16);
    else
        add(in_front, strlen(in_front));
    standard[0] = extended ? 0x3d : 0x3c;
    standard[2] = (unsigned char)(length >> 8);
    standard[3] = (unsigned char)length;
    add(standard, 16);
    if (extended)
        add("\x41\1" "APP1CTX1", 10);
    for (unsigned i = 0; i < size; i++)
        bytes[used++] = (unsigned char)"\0\2\0\0\4\0abc\0xyzuvw"[i % 16];
}

static void save(const char *name)
{
    FILE *file = fopen(name, "wb");
    if (!file || fwrite(bytes, 1, used, file) != used || fclose(file) != 0)
        exit(1);
    used = 0;
}

static void show_file(const char *name)
{
    char line[300];
    FILE *file = fopen(name, "r");
    while (file && fgets(line, sizeof line, file))
        printf("    %s", line);
    if (file)
        fclose(file);
    printf("|\n");
}

static void state(const DltFile *file)
{
    const DltMessage *msg = &file->msg;
    printf("  %d of %d, position %d, length %lu at %lu, %d errors, %d filters, stream at %ld",
           (int)file->counter, (int)file->counter_total, (int)file->position,
           (unsigned long)file->file_length, (unsigned long)file->file_position,
           (int)file->error_messages, (int)file->filter_counter,
           file->handle ? ftell(file->handle) : -2L);
    for (int i = 0; file->index && i < file->counter; i++)
        printf(" [%ld]", file->index[i]);
    printf("\n  headers %d, data %d, room %d, pointers %d%d%d\n", (int)msg->headersize,
           (int)msg->datasize, (int)msg->databuffersize, msg->storageheader != NULL,
           msg->standardheader != NULL, msg->extendedheader != NULL);
}

/* Indexes a file and reads all messages of the index. `filter` is 0 for none. */
static void read_all(const char *name, const char *filter, int verbose)
{
    DltFile file;
    DltFilter filters;
    char text[DLT_CONVERT_TEXTBUFSIZE];
    int result = 0;
    printf("=== %s, filter %s\n", name, filter ? filter : "none");
    memset(&file, 0, sizeof file);
    memset(&filters, 0, sizeof filters);
    SHOW(dlt_file_init(&file, verbose));
    SHOW(dlt_filter_init(&filters, verbose));
    if (filter) {
        SHOW(dlt_filter_add(&filters, filter, NULL, 0, 0, INT32_MAX, verbose));
        SHOW(dlt_file_set_filter(&file, &filters, verbose));
    }
    SHOW(dlt_file_open(&file, name, verbose));
    for (int i = 0; i < 9 && result >= 0; i++) {
        SHOW(result = dlt_file_read(&file, verbose));
        state(&file);
    }
    for (int i = 0; i < file.counter + 1; i++) {
        SHOW(result = dlt_file_message(&file, i, verbose));
        state(&file);
        if (result == 0)
            SHOW(dlt_message_print_ascii(&file.msg, text, sizeof text, verbose));
    }
    SHOW(dlt_file_read(&file, verbose));
    state(&file);
    SHOW(dlt_file_close(&file, verbose));
    state(&file);
    SHOW(dlt_file_free(&file, verbose));
    printf("  index %d, stream %d\n", file.index != NULL, file.handle != NULL);
}

static void read_raw(const char *name, int resync, int verbose)
{
    DltFile file;
    int result = 0;
    printf("=== %s without storage headers, resync %d\n", name, resync);
    memset(&file, 0, sizeof file);
    SHOW(dlt_file_init(&file, verbose));
    SHOW(dlt_file_open(&file, name, verbose));
    for (int i = 0; i < 9 && result >= 0; i++) {
        SHOW(result = dlt_file_read_raw(&file, resync, verbose));
        state(&file);
    }
    SHOW(dlt_file_message(&file, 0, verbose));
    SHOW(dlt_file_free(&file, verbose));
}

/* Each step of reading a message by itself. */
static void step_by_step(const char *name)
{
    DltFile file;
    printf("=== %s, step by step\n", name);
    memset(&file, 0, sizeof file);
    SHOW(dlt_file_init(&file, 0));
    SHOW(dlt_file_open(&file, name, 0));
    for (int i = 0; i < 4; i++) {
        SHOW(dlt_file_read_header(&file, 0));
        state(&file);
        SHOW(dlt_file_read_header_extended(&file, 0));
        state(&file);
        SHOW(dlt_file_read_data(&file, 0));
        state(&file);
    }
    SHOW(dlt_file_free(&file, 0));
}

static void only_headers(const char *name)
{
    DltFile file;
    printf("=== headers of %s\n", name);
    memset(&file, 0, sizeof file);
    SHOW(dlt_file_init(&file, 0));
    SHOW(dlt_file_open(&file, name, 0));
    for (int i = 0; i < 5; i++)
        SHOW(dlt_file_read_header(&file, 0));
    SHOW(dlt_file_free(&file, 0));
}

static void to_text(const char *name, int type, int verbose)
{
    DltFile file;
    printf("=== %s to text of type %d\n", name, type);
    memset(&file, 0, sizeof file);
    SHOW(dlt_file_init(&file, verbose));
    SHOW(dlt_file_open(&file, name, verbose));
    SHOW(dlt_file_quick_parsing(&file, "text", type, verbose));
    state(&file);
    SHOW(dlt_file_free(&file, verbose));
    show_file("text");
}

static void wrong(void)
{
    DltFile file;
    memset(&file, 0, sizeof file);
    SHOW(dlt_file_init(NULL, 1));
    SHOW(dlt_file_init(&file, 1));
    SHOW(dlt_file_open(NULL, "good", 1));
    SHOW(dlt_file_open(&file, NULL, 1));
    SHOW(dlt_file_open(&file, "nowhere/nothing", 1));
    state(&file);
    SHOW(dlt_file_open(&file, ".", 1));
    SHOW(dlt_file_read(&file, 0));
    SHOW(dlt_file_open(&file, "good", 0));
    SHOW(dlt_file_open(&file, "nowhere/nothing", 0));
    state(&file);
    SHOW(dlt_file_open(&file, "good", 0));
    SHOW(dlt_file_quick_parsing(&file, NULL, DLT_OUTPUT_ASCII, 1));
    SHOW(dlt_file_quick_parsing(&file, "nowhere/nothing", DLT_OUTPUT_ASCII, 1));
    SHOW(dlt_file_message(&file, 0, 1));
    SHOW(dlt_file_close(&file, 1));
    SHOW(dlt_file_close(&file, 1));
    SHOW(dlt_file_close(NULL, 1));
    SHOW(dlt_file_free(&file, 1));
    SHOW(dlt_file_free(&file, 1));
    SHOW(dlt_file_free(NULL, 1));
    SHOW(dlt_file_read(NULL, 1));
    SHOW(dlt_file_read_header(NULL, 1));
    SHOW(dlt_file_read_header_raw(NULL, 0, 1));
    SHOW(dlt_file_read_header_extended(NULL, 1));
    SHOW(dlt_file_read_data(NULL, 1));
    SHOW(dlt_file_message(NULL, 0, 1));
    SHOW(dlt_file_quick_parsing(NULL, "text", DLT_OUTPUT_ASCII, 1));
    SHOW(dlt_file_set_filter(NULL, NULL, 1));
    SHOW(dlt_file_set_filter(&file, NULL, 1));
}

static void show_filters(const DltFilter *filters)
{
    printf("  %d:", filters->counter);
    for (int i = 0; i < filters->counter && i < DLT_FILTER_MAX; i++)
        printf(" <%.4s,%.4s,%d,%d,%d>", filters->apid[i], filters->ctid[i], filters->log_level[i],
               (int)filters->payload_min[i], (int)filters->payload_max[i]);
    printf("\n");
}

static void load_filters(const char *text, size_t size)
{
    DltFilter filters;
    memset(&filters, 0, sizeof filters);
    add(text, size);
    save("filters");
    SHOW(dlt_filter_init(&filters, 0));
    SHOW(dlt_filter_load(&filters, "filters", 0));
    show_filters(&filters);
    SHOW(dlt_filter_save(&filters, "saved", 0));
    show_file("saved");
}

/* Ids are arrays of four bytes at least: libdlt reads so many. */
static void filters(void)
{
    static const char app[5] = "ABCD", context[5] = "CTXT", any[5] = "", other[5] = "E";
    static char many[400];
    DltFilter f;
    memset(&f, 0, sizeof f);
    SHOW(dlt_filter_init(NULL, 1));
    SHOW(dlt_filter_init(&f, 1));
    SHOW(dlt_filter_add(NULL, app, context, 0, 0, 9, 1));
    SHOW(dlt_filter_add(&f, NULL, context, 0, 0, 9, 1));
    SHOW(dlt_filter_add(&f, app, context, 4, 10, 20, 1));
    SHOW(dlt_filter_add(&f, app, context, 4, 10, 20, 0));
    SHOW(dlt_filter_add(&f, app, context, 4, 11, 19, 0));
    SHOW(dlt_filter_add(&f, app, context, 4, 9, 20, 0));
    SHOW(dlt_filter_add(&f, app, context, 4, 10, 21, 0));
    SHOW(dlt_filter_add(&f, app, context, 0, 10, 20, 0));
    SHOW(dlt_filter_add(&f, app, NULL, 99, -5, -1, 0));
    SHOW(dlt_filter_add(&f, any, context, 0, 0, 100, 0));
    SHOW(dlt_filter_add(&f, other, any, 0, 0, 100, 0));
    show_filters(&f);
    for (int level = -1; level < 8; level++)
        SHOW(dlt_filter_find(&f, app, context, level, 10, 20, 0));
    SHOW(dlt_filter_find(&f, app, context, 4, 15, 16, 1));
    SHOW(dlt_filter_find(&f, app, context, 4, 10, 22, 0));
    SHOW(dlt_filter_find(&f, app, NULL, 99, -5, -1, 0));
    SHOW(dlt_filter_find(&f, app, any, 99, -5, -1, 0));
    SHOW(dlt_filter_find(&f, other, NULL, 3, 5, 50, 0));
    SHOW(dlt_filter_find(&f, other, context, 3, 5, 50, 0));
    SHOW(dlt_filter_find(&f, NULL, context, 0, 0, 100, 0));
    SHOW(dlt_filter_find(NULL, app, context, 0, 0, 100, 0));
    SHOW(dlt_filter_delete(&f, app, context, 4, 11, 15, 1));
    SHOW(dlt_filter_delete(&f, app, NULL, 99, -5, -1, 0));
    SHOW(dlt_filter_delete(&f, NULL, context, 0, 0, 100, 0));
    SHOW(dlt_filter_delete(NULL, app, context, 0, 0, 100, 0));
    SHOW(dlt_filter_delete(&f, app, context, 4, 10, 20, 0));
    show_filters(&f);
    SHOW(dlt_filter_delete(&f, other, any, 0, 0, 100, 0));
    SHOW(dlt_filter_delete(&f, other, any, 0, 0, 100, 0));
    show_filters(&f);
    SHOW(dlt_filter_save(&f, "saved", 1));
    show_file("saved");
    SHOW(dlt_filter_save(&f, "nowhere/nothing", 1));
    SHOW(dlt_filter_save(NULL, "saved", 1));
    SHOW(dlt_filter_save(&f, NULL, 1));
    SHOW(dlt_filter_load(&f, "nowhere/nothing", 1));
    SHOW(dlt_filter_load(NULL, "saved", 1));
    SHOW(dlt_filter_load(&f, NULL, 1));
    SHOW(dlt_filter_load(&f, "saved", 1));
    show_filters(&f);
    SHOW(dlt_filter_add(&f, other, other, 0, 0, 100, 0));
    SHOW(dlt_filter_load(&f, "nowhere/nothing", 1));
    show_filters(&f);
    SHOW(dlt_filter_load(&f, "saved", 1));
    show_filters(&f);
    /* dlt-convert does not prepare what it loads into. */
    memset(&f, 0x11, sizeof f);
    SHOW(dlt_filter_load(&f, "saved", 1));
    show_filters(&f);
    SHOW(dlt_filter_free(&f, 1));
    SHOW(dlt_filter_free(NULL, 1));

    load_filters("", 0);
    load_filters("\n", 1);
    load_filters("APP", 3);
    load_filters("APP1 CTX1", 9);
    load_filters("APPLICATION CONTEXTS\nX Y\n\n", 26);
    load_filters("---- ----\n---- CTX\nAPP ----", 27);
    load_filters("AB AB AB ", 9);
    load_filters("  A\tB\r\nC D   ", 13);
    load_filters("AB\0CD EF GH", 11);
    load_filters("- -- --- ----- {} []", 20);
    memset(many, 'x', 300);
    load_filters(many, 300);
    for (int i = 0; i < 35; i++)
        sprintf(many + 10 * i, "A%02d- C%02d-\n", i, i);
    load_filters(many, 350);
}

int main(int argc, char **argv)
{
    setvbuf(stdout, NULL, _IOFBF, 1 << 20);
    setenv("TZ", "UTC", 1);
    if (argc != 2 || chdir(argv[1]) != 0)
        return 2;
    save("empty");
    message("DLT", 10, 1), message("DLT", 12, 0), message("DLT", 20, 1), save("good");
    message("DLT", 10, 1), add("garbageDLTDDLT\2", 15), message("DLT", 12, 1);
    message("DLT", 0, 1), add("DLTjunk", 7), save("junk");
    message("DLT", 10, 1), message("DLT", 12, 1), message("DLT", 9, 1), bytes[71] = 5, save("short");
    message("DLT", 10, 1), message("DLT", 12, 1), bytes[70] = 0xff, save("long");
    message("DLS\1", 10, 1), message("DLS\1", 9, 0), save("serial");
    message("", 10, 1), message("", 9, 1), save("bare");
    add("xyDLSDLS", 8), message("DLS\1", 10, 1), add("DLT", 3), message("", 5, 1);
    message("DLS\1", 9, 1), save("serialjunk");
    for (int verbose = 0; verbose < 2; verbose++) {
        static const char *const names[] = { "good", "empty", "junk", "long" };
        static const char *const raw[] = { "serial", "bare", "serialjunk", "good", "empty" };
        for (size_t i = 0; i < 4; i++) {
            read_all(names[i], NULL, verbose);
            read_all(names[i], "APP1", verbose);
            read_all(names[i], "APPX", verbose);
            to_text(names[i], DLT_OUTPUT_ASCII, verbose);
        }
        for (size_t i = 0; i < 5; i++) {
            read_raw(raw[i], 0, verbose);
            read_raw(raw[i], 1, verbose);
        }
    }
    for (size_t cut = 1; cut < 54; cut += 3) {
        message("DLT", 10, 1), message("DLT", 12, 1), used -= cut, save("cut");
        printf("=== %zu bytes cut\n", cut);
        read_all("cut", NULL, 0);
        read_all("cut", "APP1", 0);
    }
    step_by_step("good");
    step_by_step("junk");
    /* Behind a message that is shorter than its headers only one of the libraries goes on reading;
     * tests/tools_files.rs has that. */
    only_headers("short");
    for (int type = -1; type < 7; type++)
        to_text("good", type, 0);
    wrong();
    filters();
    return 0;
}

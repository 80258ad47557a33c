/* Messages read from bytes, printed and filtered. What one library prints is compared with what the
 * same program prints on another. */
#define _POSIX_C_SOURCE 200809L
#include <dlt/dlt.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SHOW(call)                                                                                 \
    do {                                                                                           \
        int result_ = (int)(call);                                                                 \
        printf("%s = %d\n", #call, result_);                                                       \
    } while (0)

/* A message that is put together. */
static uint8_t bytes[70000];
static unsigned used;

static void add(const void *data, unsigned size)
{
    memcpy(bytes + used, data, size);
    used += size;
}

static void start(uint8_t htyp, uint8_t msin, uint8_t arguments)
{
    used = 0;
    add((uint8_t[]){ htyp, 7, 0, 0 }, 4);
    if (htyp & 4)
        add("ECUX", 4);
    if (htyp & 8)
        add("\0\0\1\2", 4);
    if (htyp & 0x10)
        add("\0\0\3\4", 4);
    if (htyp & 1) {
        add((uint8_t[]){ msin, arguments }, 2);
        add("APP\0CTXT", 8);
    }
}

static void finish(void)
{
    bytes[2] = (uint8_t)(used >> 8);
    bytes[3] = (uint8_t)used;
}

static void type(uint32_t info)
{
    add(&info, 4);
}

static void counted(uint32_t info, const char *data, uint16_t size)
{
    type(info);
    add(&size, 2);
    add(data, size);
}

static void list(const char *name, const void *data, size_t size)
{
    printf("  %s", name);
    for (size_t i = 0; i < size; i++)
        printf(" %02x", ((const unsigned char *)data)[i]);
    printf("\n");
}

static void state(const DltMessage *msg)
{
    printf("  serial %d, skipped %d, headers %d, data %d, room %d, pointers %d%d%d\n",
           msg->found_serialheader, (int)msg->resync_offset, (int)msg->headersize,
           (int)msg->datasize, (int)msg->databuffersize, msg->storageheader != NULL,
           msg->standardheader != NULL, msg->extendedheader != NULL);
    list("fields", &msg->headerextra, sizeof msg->headerextra);
    list("headers", msg->headerbuffer, sizeof msg->headerbuffer);
}

/* With names of arguments libdlt loses count of the room. */
static size_t least_room = 1;

/* All that can be printed of the message. A header's text has room in any case: with less, libdlt
 * writes behind it. */
static void print_all(void)
{
    static const size_t rooms[] = { DLT_CONVERT_TEXTBUFSIZE, 300, 100, 73, 60, 40, 20, 10, 5, 2, 1 };
    static char text[DLT_CONVERT_TEXTBUFSIZE + 1];
    DltMessage msg;
    memset(&msg, 0, sizeof msg);
    finish();
    SHOW(dlt_message_init(&msg, 0));
    SHOW(dlt_message_read(&msg, bytes, used, 0, 0));
    state(&msg);
    for (size_t r = 0; r < sizeof rooms / sizeof *rooms && rooms[r] >= least_room; r++) {
        memset(text, 0, sizeof text);
        if (rooms[r] >= 100)
            printf("header: %d %s\n", dlt_message_header(&msg, text, rooms[r], 0), text);
        for (int output = 0; output <= 6; output++) {
            memset(text, 0, sizeof text);
            int result = dlt_message_payload(&msg, text, rooms[r], output, 0);
            printf("%zu, type %d: %d <%s>\n", rooms[r], output, result, text);
        }
    }
    for (int flags = -1; flags <= 0x400; flags = flags < 1 ? flags + 1 : flags * 2) {
        memset(text, 0, sizeof text);
        int result = dlt_message_header_flags(&msg, text, sizeof text, flags, 0);
        printf("flags %x: %d <%s>\n", (unsigned)flags, result, text);
    }
    SHOW(dlt_message_print_ascii(&msg, text, sizeof text, 1));
    SHOW(dlt_message_print_header(&msg, text, sizeof text, 1));
    SHOW(dlt_message_print_hex(&msg, text, sizeof text, 1));
    SHOW(dlt_message_print_mixed_plain(&msg, text, sizeof text, 1));
    SHOW(dlt_message_print_mixed_html(&msg, text, sizeof text, 1));
    SHOW(dlt_message_free(&msg, 0));
}

static void arguments(void)
{
    start(0x3d, 0x41, 0), print_all();
    start(0x3d, 0x41, 5);
    type(0x11), add("\x07", 1), type(0x21), add("\xfe", 1), type(0x22), add("\x01\xff", 2);
    type(0x23), add("\x39\x30\0\0", 4), type(0x24), add("\0\0\0\0\0\0\0\x80", 8), print_all();
    start(0x3d, 0x41, 5);
    type(0x41), add("\xfe", 1), type(0x42), add("\x01\xff", 2), type(0x43), add("\x39\x30\0\0", 4);
    type(0x44), add("\0\0\0\0\0\0\0\x80", 8), type(0x84), add("\x1f\x85\xebQ\xb8\x1e\t@", 8);
    print_all();
    start(0x3d, 0x41, 7);
    type(0x10041), add("\xfe", 1), type(0x10042), add("\x01\xff", 2);
    type(0x10043), add("\x39\x30\0\0", 4), type(0x10044), add("\1\2\3\4\5\6\7\x08", 8);
    type(0x18041), add("\x55", 1), type(0x18042), add("\x55\xaa", 2);
    type(0x83), add("\0\0\xc0\x3f", 4), print_all();
    start(0x3d, 0x41, 4);
    counted(0x200, "text\r\nof lines", 15), counted(0x8200, "h\xc3\xa9", 4);
    counted(0x400, "\1\2\3<", 4), counted(0x200, "with\0in", 8), print_all();
    start(0x3d, 0x41, 3);
    type(0x843), add("\4\0\3\0abc\0ms\0\x05\0\0\0", 15);
    type(0xa00), add("\3\0\4\0abc\0xy\0", 11);
    type(0x811), add("\2\0b\0\1", 5), print_all();
    start(0x3d, 0x41, 2), type(0x45), add("0123456789abcdef", 16), type(0x25);
    add("0123456789abcdef", 16), print_all();
    /* Arguments that are not all there. */
    start(0x3d, 0x41, 2), type(0x23), add("\x39\x30\0\0", 4), print_all();
    start(0x3d, 0x41, 1), type(0x23), add("\x39\x30", 2), print_all();
    start(0x3d, 0x41, 1), type(0x200), add("\x10\0abc", 5), print_all();
    start(0x3d, 0x41, 1), type(0x400), add("\xff\xff", 2), print_all();
    start(0x3d, 0x41, 1), add("\x23\0", 2), print_all();
    start(0x3f, 0x41, 3), add("\0\0\0\x23\0\0\x30\x39", 8), add("\0\0\2\0\0\3ab\0", 9);
    add("\0\0\0\x83\x3f\xc0\0\0", 8), print_all();
}

static void other_messages(void)
{
    static const uint8_t kinds[] = { 0x40, 0x16, 0x26, 0x36, 0x46, 0x15, 0x25, 0x33, 0x08, 0xfe };
    for (size_t i = 0; i < sizeof kinds; i++) {
        start(0x3d, kinds[i], 1), add("\x03\0\0\0\0\1\2\3\4\5\6\7\x08\t\n\v\f\r\16\17\20\21\22\23\24", 25);
        print_all();
        start(0x3d, kinds[i], 1), add("\x02\x0f\0\0", 4), print_all();
        start(0x3d, kinds[i], 1), add("\x02\x0f\0", 3), print_all();
        start(0x3d, kinds[i], 0), print_all();
    }
    for (uint8_t htyp = 0x20; htyp < 0x40; htyp++)
        start(htyp, 0x40, 0), add("\x01\0\0\x05more", 8), print_all();
}

/* More text than tools have room for. */
static void large(void)
{
    static char much[60000];
    memset(much, 'x', sizeof much);
    start(0x3d, 0x41, 1), counted(0x200, much, 11000), print_all();
    start(0x3d, 0x41, 3), counted(0x200, much, 9000), counted(0x200, much, 2000);
    counted(0x200, "end", 4), print_all();
    start(0x3d, 0x41, 2), counted(0x400, much, 5000), counted(0x200, "end", 4), print_all();
    start(0x3d, 0x40, 0), add(much, 60000), print_all();
}

static void reading(void)
{
    static uint8_t stream[200];
    DltMessage msg;
    memset(&msg, 0, sizeof msg);
    SHOW(dlt_message_init(&msg, 1));
    start(0x3d, 0x41, 1), type(0x23), add("\x05\0\0\0", 4), finish();
    for (unsigned front = 0; front < 4; front++) {
        static const char *const fronts[] = { "", "DLS\1", "junkDLSDLS\1", "no header" };
        unsigned size = (unsigned)strlen(fronts[front]);
        memcpy(stream, fronts[front], size);
        memcpy(stream + size, bytes, used);
        for (unsigned length = 0; length < size + used + 3; length++)
            for (int resync = 0; resync < 2; resync++) {
                if (fronts[front][0] && !resync && front > 1)
                    continue;
                /* Without resync libdlt leaves what was there. */
                msg.resync_offset = 0;
                SHOW(dlt_message_read(&msg, stream, length, resync, 1));
                if (length >= size + used)
                    state(&msg);
            }
    }
    bytes[3] = 25;
    SHOW(dlt_message_read(&msg, bytes, used, 0, 0));
    bytes[3] = (uint8_t)used;
    SHOW(dlt_message_read(&msg, bytes, used, 0, 0));
    SHOW(dlt_message_get_extraparameters(&msg, 1));
    state(&msg);
    SHOW(dlt_message_set_extraparameters(&msg, 1));
    state(&msg);
    SHOW(dlt_check_storageheader(msg.storageheader));
    SHOW(dlt_set_storageheader(msg.storageheader, "ABCDE"));
    SHOW(dlt_check_storageheader(msg.storageheader));
    list("ecu", msg.storageheader->ecu, 4);
    memset(msg.headerbuffer + 4, 0, 8);
    SHOW(dlt_message_free(&msg, 1));
    state(&msg);
}

static void single_arguments(void)
{
    static uint8_t data[] = "\5\0\0\0\3\0ab\0rest";
    static const uint32_t types[] = { 0x23, 0x43, 0x41, 0x10042, 0x83, 0x11 };
    char text[50];
    DltMessage msg;
    uint8_t *cursor = data;
    int32_t length = 13;
    memset(&msg, 0, sizeof msg);
    start(0x3d, 0x41, 1), finish();
    SHOW(dlt_message_init(&msg, 0));
    SHOW(dlt_message_read(&msg, bytes, used, 0, 0));
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        cursor = data, length = 13;
        memset(text, 0, sizeof text);
        SHOW(dlt_message_argument_print(&msg, types[i], &cursor, &length, text, 50, -1, 0));
        printf("  %d bytes, %d left, <%s>\n", (int)(cursor - data), (int)length, text);
    }
    cursor = data + 4, length = 9;
    SHOW(dlt_message_argument_print(&msg, 0x200, &cursor, &length, text, 50, -1, 0));
    printf("  %d bytes, %d left, <%s>\n", (int)(cursor - data), (int)length, text);
    cursor = data + 6, length = 7;
    SHOW(dlt_message_argument_print(&msg, 0x200, &cursor, &length, text, 50, 3, 0));
    printf("  %d bytes, %d left, <%s>\n", (int)(cursor - data), (int)length, text);
    cursor = data, length = 3;
    SHOW(dlt_message_argument_print(&msg, 0x23, &cursor, &length, text, 50, -1, 0));
    printf("  %d left\n", (int)length);
    SHOW(dlt_message_argument_print(NULL, 0x23, &cursor, &length, text, 50, -1, 0));
    SHOW(dlt_message_argument_print(&msg, 0x23, NULL, &length, text, 50, -1, 0));
    SHOW(dlt_message_argument_print(&msg, 0x23, &cursor, NULL, text, 50, -1, 0));
    SHOW(dlt_message_argument_print(&msg, 0x23, &cursor, &length, NULL, 50, -1, 0));
    SHOW(dlt_message_free(&msg, 0));
}

static void filtering(void)
{
    DltMessage msg;
    DltFilter filters;
    memset(&msg, 0, sizeof msg);
    memset(&filters, 0, sizeof filters);
    start(0x3d, 0x41, 1), type(0x23), add("\x05\0\0\0\0\0\0\0\0", 9), finish();
    SHOW(dlt_message_init(&msg, 0));
    SHOW(dlt_message_read(&msg, bytes, used, 0, 0));
    SHOW(dlt_filter_init(&filters, 0));
    SHOW(dlt_message_filter_check(&msg, &filters, 1));
    for (int level = -1; level < 7; level++)
        for (int min = 12; min < 15; min++)
            for (int max = 0; max < 15; max = max ? max + 1 : 12)
                for (int ids = 0; ids < 6; ids++) {
                    static const char *const apps[] = { "APP\0", "\0\0\0\0", "APPX" };
                    static const char *const contexts[] = { "CTXT", "\0\0\0\0" };
                    filters.counter = 0;
                    dlt_filter_add(&filters, apps[ids / 2], contexts[ids % 2], level, min, max, 0);
                    printf("%d", dlt_message_filter_check(&msg, &filters, 0));
                }
    printf("\n");
    start(0x3c, 0, 0), finish();
    SHOW(dlt_message_read(&msg, bytes, used, 0, 0));
    SHOW(dlt_message_filter_check(&msg, &filters, 1));
    SHOW(dlt_message_free(&msg, 0));
}

static void wrong(void)
{
    static uint8_t data[20];
    DltMessage msg;
    DltFilter filters;
    char text[100];
    memset(&msg, 0, sizeof msg);
    memset(&filters, 0, sizeof filters);
    SHOW(dlt_message_init(NULL, 1));
    SHOW(dlt_message_free(NULL, 1));
    SHOW(dlt_message_header(NULL, text, sizeof text, 1));
    SHOW(dlt_message_header(&msg, NULL, sizeof text, 1));
    SHOW(dlt_message_header(&msg, text, 0, 1));
    SHOW(dlt_message_header_flags(&msg, text, sizeof text, -1, 1));
    SHOW(dlt_message_header_flags(&msg, text, sizeof text, 0x10000, 1));
    SHOW(dlt_message_payload(NULL, text, sizeof text, 1, 1));
    SHOW(dlt_message_payload(&msg, NULL, sizeof text, 1, 1));
    SHOW(dlt_message_payload(&msg, text, 0, 1, 1));
    SHOW(dlt_message_payload(&msg, text, sizeof text, 1, 1));
    SHOW(dlt_message_filter_check(NULL, &filters, 1));
    SHOW(dlt_message_filter_check(&msg, NULL, 1));
    SHOW(dlt_message_read(NULL, data, 10, 0, 1));
    SHOW(dlt_message_read(&msg, NULL, 10, 0, 1));
    SHOW(dlt_message_read(&msg, data, 0, 0, 1));
    SHOW(dlt_message_get_extraparameters(NULL, 1));
    SHOW(dlt_message_set_extraparameters(NULL, 1));
    SHOW(dlt_set_storageheader(NULL, "ECU1"));
    SHOW(dlt_set_storageheader((DltStorageHeader *)data, NULL));
    SHOW(dlt_check_storageheader(NULL));
    SHOW(dlt_message_print_ascii(NULL, text, sizeof text, 1));
    SHOW(dlt_message_print_ascii(&msg, NULL, sizeof text, 1));
    SHOW(dlt_message_print_header(NULL, text, sizeof text, 1));
    SHOW(dlt_message_print_hex(NULL, text, sizeof text, 1));
    SHOW(dlt_message_print_mixed_plain(NULL, text, sizeof text, 1));
    SHOW(dlt_message_print_mixed_html(NULL, text, sizeof text, 1));
}

int main(void)
{
    setvbuf(stdout, NULL, _IOFBF, 1 << 20);
    setenv("TZ", "Europe/Berlin", 1);
    reading();
    arguments();
    other_messages();
    large();
    dlt_print_with_attributes(true);
    least_room = 60;
    arguments();
    dlt_print_with_attributes(false);
    single_arguments();
    filtering();
    wrong();
    return 0;
}

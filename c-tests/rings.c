/* SPDX-License-Identifier: MPL-2.0 */
/*
 * The rings of blocks (dlt_buffer_*): prints the result of every function with ordinary, boundary
 * and NULL arguments. What it prints is the same on libdlt 2.18.8 and on this library.
 *
 * Not called, since libdlt damages its memory or the ring there: a length that is less than the
 * ring's head, a block with a part that is NULL, room for a block that is too small or negative, a
 * block whose size is negative, growth while there is no block.
 */
#include <dlt/dlt.h>
#include <stdio.h>
#include <string.h>

/* No header of libdlt declares these. */
int dlt_buffer_get(DltBuffer *buf, unsigned char *data, int max_size, int delete_it);
int dlt_buffer_increase_size(DltBuffer *buf);
int dlt_buffer_minimize_size(DltBuffer *buf);
int dlt_buffer_reset(DltBuffer *buf);
void dlt_buffer_read_block(DltBuffer *buf, int *read, unsigned char *data, unsigned int size);
void dlt_buffer_write_block(DltBuffer *buf, int *write, const unsigned char *data,
                            unsigned int size);

#define RESULT(call) printf("%s = %ld\n", #call, (long)(call))

static void show(const DltBuffer *ring)
{
    DltBufferHead head = {0, 0, 0};

    if (ring->shm)
        memcpy(&head, ring->shm, sizeof(head));
    printf("  size %u, %u to %u by %u; write %d, read %d, count %d\n", ring->size, ring->min_size,
           ring->max_size, ring->step_size, head.write, head.read, head.count);
}

static unsigned char data[4096];
static unsigned char to[4096];

static void grow_and_shrink(void)
{
    DltBuffer ring;
    int i;

    memset(&ring, 0, sizeof(ring));
    RESULT(dlt_buffer_init_dynamic(NULL, 100, 200, 10));
    RESULT(dlt_buffer_init_dynamic(&ring, 0, 200, 10));
    RESULT(dlt_buffer_init_dynamic(&ring, 100, 0, 10));
    RESULT(dlt_buffer_init_dynamic(&ring, 100, 200, 0));
    RESULT(dlt_buffer_init_dynamic(&ring, 300, 200, 10));
    RESULT(dlt_buffer_init_dynamic(&ring, 100, 200, 300));
    RESULT(dlt_buffer_init_dynamic(&ring, 12, 200, 10));
    show(&ring);
    RESULT(dlt_buffer_free_dynamic(&ring));
    RESULT(dlt_buffer_init_dynamic(&ring, 100, 300, 50));
    show(&ring);
    for (i = 0; i < 7; i++) {
        RESULT(dlt_buffer_push(&ring, data, (unsigned int)(i == 6 ? 28 : 40)));
        show(&ring);
    }
    RESULT(dlt_buffer_push(&ring, data, 1));
    RESULT(dlt_buffer_push(&ring, data, 0));
    RESULT(dlt_buffer_push(&ring, data, 5000));
    RESULT(dlt_buffer_push(&ring, NULL, 10));
    RESULT(dlt_buffer_get_total_size(&ring));
    RESULT(dlt_buffer_get_used_size(&ring));
    RESULT(dlt_buffer_get_message_count(&ring));
    RESULT(dlt_buffer_copy(&ring, to, sizeof(to)));
    RESULT(memcmp(to, data, 40));
    RESULT(dlt_buffer_copy(&ring, NULL, 100));
    RESULT(dlt_buffer_copy(&ring, to, 0));
    RESULT(dlt_buffer_pull(&ring, NULL, 100));
    RESULT(dlt_buffer_remove(&ring));
    show(&ring);
    RESULT(dlt_buffer_push3(&ring, data, 10, data + 10, 10, data + 20, 10));
    RESULT(dlt_buffer_push3(&ring, data, 10, NULL, 0, data + 20, 0));
    show(&ring);
    for (i = 0; i < 8; i++) {
        RESULT(dlt_buffer_pull(&ring, to, sizeof(to)));
        RESULT(memcmp(to, data, 10));
        show(&ring);
    }
    RESULT(dlt_buffer_push(&ring, data, 20));
    RESULT(dlt_buffer_check_size(&ring, 10));
    RESULT(dlt_buffer_check_size(&ring, 300));
    RESULT(dlt_buffer_check_size(&ring, -5));
    RESULT(dlt_buffer_check_size(NULL, 5));
    RESULT(dlt_buffer_increase_size(&ring));
    show(&ring);
    RESULT(dlt_buffer_minimize_size(&ring));
    show(&ring);
    RESULT(dlt_buffer_minimize_size(&ring));
    RESULT(dlt_buffer_push(&ring, data, 20));
    RESULT(dlt_buffer_reset(&ring));
    show(&ring);
    RESULT(dlt_buffer_free_dynamic(&ring));
    RESULT(ring.shm == NULL && ring.mem == NULL);
    RESULT(dlt_buffer_free_dynamic(&ring));
    RESULT(dlt_buffer_get_used_size(&ring));
    RESULT(dlt_buffer_get_message_count(&ring));
    RESULT(dlt_buffer_push(&ring, data, 20));
    RESULT(dlt_buffer_pull(&ring, to, 20));
    RESULT(dlt_buffer_copy(&ring, to, 20));
    RESULT(dlt_buffer_remove(&ring));
}

static void share(void)
{
    unsigned char memory[212] = {0};
    DltBuffer server;
    DltBuffer client;
    int i;

    memset(memory, 0x77, sizeof(memory));
    RESULT(dlt_buffer_init_static_server(&server, memory, 200));
    show(&server);
    RESULT(memory[199] == 0 && memory[200] == 0x77);
    RESULT(dlt_buffer_push(&server, (const unsigned char *)"abcdefgh", 8));
    RESULT(dlt_buffer_init_static_client(&client, memory, 200));
    show(&client);
    RESULT(dlt_buffer_get(&client, to, 20, 0));
    RESULT(dlt_buffer_get(&client, to, 20, 1));
    printf("  %.8s\n", (const char *)to);
    RESULT(dlt_buffer_get_message_count(&server));
    for (i = 0; i < 10; i++)
        RESULT(dlt_buffer_push(&server, to, 8));
    show(&client);
    RESULT(dlt_buffer_increase_size(&server));
    RESULT(dlt_buffer_minimize_size(&server));
    show(&server);
    RESULT(dlt_buffer_free_static(&server));
    show(&server);
}

static void read_and_write_anywhere(void)
{
    unsigned char memory[212] = {0};
    DltBuffer ring;
    int position = 180;
    const unsigned char *digits = (const unsigned char *)"0123456789abcdefghijklmnopqrstuvwxyz";

    dlt_buffer_init_static_server(&ring, memory, sizeof(memory));
    dlt_buffer_write_block(&ring, &position, digits, 36);
    printf("at %d: %.16s\n", position, (const char *)ring.mem);
    position = 180;
    memset(to, 0, 100);
    dlt_buffer_read_block(&ring, &position, to, 36);
    printf("at %d: %s\n", position, (const char *)to);
    position = 200;
    dlt_buffer_write_block(&ring, &position, digits, 2);
    printf("at %d\n", position);
    position = 190;
    dlt_buffer_read_block(&ring, &position, to, 10);
    printf("at %d\n", position);
    position = 201;
    dlt_buffer_write_block(&ring, &position, digits, 2);
    printf("at %d\n", position);
    position = 1;
    dlt_buffer_write_block(&ring, &position, digits, 202);
    dlt_buffer_write_block(&ring, NULL, digits, 2);
    dlt_buffer_write_block(&ring, &position, NULL, 2);
    dlt_buffer_write_block(NULL, &position, digits, 2);
    dlt_buffer_read_block(NULL, &position, to, 2);
    dlt_buffer_read_block(&ring, NULL, to, 2);
    dlt_buffer_read_block(&ring, &position, NULL, 2);
    printf("at %d\n", position);
}

/* One field of the positions or one byte of the block is another one. */
static void damage(void)
{
    unsigned char memory[212] = {0};
    DltBuffer ring;
    const int positions[][3] = {{500, 0, 1}, {8, 500, 1}, {8, 0, -3}, {200, 0, 3}, {5, 0, 1}};
    const int bytes[][2] = {{0, 'X'}, {4, 1}, {8, 100}};
    size_t i;

    for (i = 0; i < sizeof(positions) / sizeof(*positions); i++) {
        dlt_buffer_init_static_server(&ring, memory, sizeof(memory));
        memcpy(memory, positions[i], sizeof(positions[i]));
        RESULT(dlt_buffer_pull(&ring, to, 20));
        show(&ring);
        memcpy(memory, positions[i], sizeof(positions[i]));
        RESULT(dlt_buffer_push(&ring, data, 8));
        show(&ring);
    }
    for (i = 0; i < sizeof(bytes) / sizeof(*bytes); i++) {
        dlt_buffer_init_static_server(&ring, memory, sizeof(memory));
        dlt_buffer_push(&ring, data, 8);
        ring.mem[bytes[i][0]] = (unsigned char)bytes[i][1];
        RESULT(dlt_buffer_pull(&ring, to, 20));
        show(&ring);
    }
}

static void nothing(void)
{
    RESULT(dlt_buffer_get_total_size(NULL));
    RESULT(dlt_buffer_get_used_size(NULL));
    RESULT(dlt_buffer_get_message_count(NULL));
    RESULT(dlt_buffer_push(NULL, data, 20));
    RESULT(dlt_buffer_push3(NULL, data, 20, data, 1, data, 1));
    RESULT(dlt_buffer_pull(NULL, to, 20));
    RESULT(dlt_buffer_copy(NULL, to, 20));
    RESULT(dlt_buffer_get(NULL, to, 20, 0));
    RESULT(dlt_buffer_remove(NULL));
    RESULT(dlt_buffer_reset(NULL));
    RESULT(dlt_buffer_increase_size(NULL));
    RESULT(dlt_buffer_minimize_size(NULL));
    RESULT(dlt_buffer_free_static(NULL));
    RESULT(dlt_buffer_free_dynamic(NULL));
    RESULT(dlt_buffer_init_static_server(NULL, data, 100));
    RESULT(dlt_buffer_init_static_client(NULL, data, 100));
    dlt_buffer_info(NULL);
    dlt_buffer_status(NULL);
}

static void inform(void)
{
    DltBuffer ring;

    dlt_buffer_init_static_server(&ring, data, 100);
    dlt_buffer_push(&ring, to, 5);
    dlt_log_set_level(7);
    dlt_buffer_info(&ring);
    dlt_buffer_status(&ring);
    dlt_log_set_level(6);
    RESULT(dlt_buffer_init_static_server(&ring, NULL, 100));
    RESULT(dlt_buffer_init_static_client(&ring, NULL, 100));
}

int main(void)
{
    size_t i;

    for (i = 0; i < sizeof(data); i++)
        data[i] = (unsigned char)i;
    grow_and_shrink();
    share();
    read_and_write_anywhere();
    damage();
    nothing();
    inform();
    return 0;
}

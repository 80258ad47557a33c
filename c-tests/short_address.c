/* SPDX-License-Identifier: MPL-2.0 */
/*
 * Preloaded, it makes Debian's dlt-adaptor-udp work, which binds an IPv6 socket with the size of an
 * IPv4 address and gives up: such an address means the same port on any address.
 */
#define _GNU_SOURCE
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

int bind(int fd, const struct sockaddr *address, socklen_t length)
{
    if (length == sizeof(struct sockaddr_in) && address->sa_family == AF_INET6) {
        struct sockaddr_in6 whole;

        memset(&whole, 0, sizeof(whole));
        whole.sin6_family = AF_INET6;
        memcpy(&whole.sin6_port, address->sa_data, sizeof(whole.sin6_port));
        return (int)syscall(SYS_bind, fd, &whole, sizeof(whole));
    }
    return (int)syscall(SYS_bind, fd, address, length);
}

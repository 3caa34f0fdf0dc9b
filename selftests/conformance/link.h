/* SPDX-License-Identifier: GPL-2.0 */
#ifndef LINK_H
#define LINK_H

#include <stdbool.h>

/* Remove a device, if there is one of that name. */
bool link_del(const char *name);

/* Set the MTU of a device, and the device up. */
bool link_up(const char *name, int mtu);

/* The default route of a routing table, for AF_INET or AF_INET6. */
bool link_route(int family, const char *name, int table);

/* Run a program with INPUT as its standard input. */
bool feed(char *const argv[], const char *input);

#endif /* LINK_H */

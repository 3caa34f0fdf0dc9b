// SPDX-License-Identifier: GPL-2.0
/*
 * The namespace of the tests and the sockets in it.
 */
#include <linux/capability.h>
#include <net/if.h>
#include <sched.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "judge.h"

#define LOOPBACK 1

struct client client[SOCKETS];
int reader = -1, listener = -1, links = -1, unprivileged = -1;
struct world world;

void set_admin(bool on)
{
	struct __user_cap_header_struct head = {
		.version = _LINUX_CAPABILITY_VERSION_3,
	};
	struct __user_cap_data_struct data[2];

	syscall(SYS_capget, &head, data);
	if (on)
		data[0].effective |= 1u << CAP_NET_ADMIN;
	else
		data[0].effective &= ~(1u << CAP_NET_ADMIN);
	syscall(SYS_capset, &head, data);
}

static enum other other(uint32_t ifindex)
{
	char name[IF_NAMESIZE];

	if (ifindex == LOOPBACK)
		return LOOPBACK_DEVICE;
	return if_indextoname(ifindex, name) ? OTHER_DEVICE : NO_DEVICE;
}

/*
 * What a datagram has made is there by the time that it is judged: names are
 * those that were there before.
 */
static struct if_nameindex *names;

static bool other_named(const char *name)
{
	const struct if_nameindex *n;

	for (n = names; n && n->if_index; n++)
		if (!strcmp(n->if_name, name) && !state_device(&real, n->if_index))
			return true;
	return false;
}

const struct others others = { other, other_named };

void names_read(void)
{
	if (names)
		if_freenameindex(names);
	names = if_nameindex();
}

static bool sockets_open(void)
{
	int i;

	for (i = 0; i < SOCKETS; i++) {
		client[i].fd = wire_open(NETLINK_GENERIC);
		client[i].txn.open = false;
		if (client[i].fd < 0)
			return false;
	}
	reader = wire_open(NETLINK_GENERIC);
	listener = wire_open(NETLINK_GENERIC);
	links = wire_open(NETLINK_ROUTE);
	set_admin(false);
	unprivileged = wire_open(NETLINK_GENERIC);
	set_admin(true);
	return reader >= 0 && listener >= 0 && links >= 0 && unprivileged >= 0;
}

void client_reopen(struct client *c)
{
	close(c->fd);
	c->fd = wire_open(NETLINK_GENERIC);
	c->txn.open = false;
}

bool world_open(void)
{
	uint32_t group;

	if (unshare(CLONE_NEWNET) || !sockets_open())
		return false;
	memset(&world, 0, sizeof(world));
	world.state = &model;
	world.ports[0] = wire_link_add(links, "p0", "dummy");
	world.gone = wire_link_add(links, "gone", "dummy");
	wire_link_add(links, "siit0", "siit");
	world.ports[1] = wire_link_add(links, "p1", "dummy");
	wire_link_add(links, "siit1", "siit");
	wire_link_del(links, world.gone);
	names_read();
	world.family = wire_family(reader, &group);
	return world.family && wire_listen(listener, group) &&
	       wire_state(reader, world.family, &model) &&
	       wire_state(reader, world.family, &real) && model.count == 2 &&
	       world.ports[0] && world.ports[1];
}

void world_close(void)
{
	int i;

	for (i = 0; i < SOCKETS; i++)
		close(client[i].fd);
	close(reader);
	close(listener);
	close(links);
	close(unprivileged);
}

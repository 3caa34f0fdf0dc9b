// SPDX-License-Identifier: GPL-2.0
/*
 * Names: of network namespaces, and of the devices in ours.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE		/* setns() */
#endif
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd.h"

#define NETNS_DIR "/run/netns"

/* Devices met so far. */
static struct known {
	unsigned int ifindex;
	char name[IFNAMSIZ];
} *known;
static size_t known_count;

/**
 * netns_enter - go on in another network namespace
 * @name: name as in "ip netns", or a path if it has a slash
 *
 * Return: 0 or an exit status.
 */
int netns_enter(const char *name)
{
	char path[4096];
	int ret = 0;
	int fd;

	if (!name[0] || !strcmp(name, ".") || !strcmp(name, ".."))
		usage_error(NULL, "\"%s\" is not the name of a network namespace",
			    name);
	if ((size_t)snprintf(path, sizeof(path), "%s%s",
			     strchr(name, '/') ? "" : NETNS_DIR "/", name) >=
	    sizeof(path))
		usage_error(NULL, "the name of the network namespace is too long");
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0) {
		complain(NULL, "cannot open the network namespace \"%s\": %s",
			 name, strerror(errno));
		return EXIT_REFUSED;
	}
	if (setns(fd, CLONE_NEWNET)) {
		complain(NULL, "cannot enter the network namespace \"%s\": %s",
			 name, errno == EINVAL ?
			 "it is not a network namespace" : strerror(errno));
		ret = EXIT_REFUSED;
	}
	close(fd);
	return ret;
}

/**
 * dev_index - find a device
 * @a: the command
 * @dev: its name
 *
 * Return: ifindex, or 0 after a message.
 */
unsigned int dev_index(const struct args *a, const char *dev)
{
	unsigned int ifindex = if_nametoindex(dev);

	if (!ifindex && errno == ENODEV)
		complain(a, "there is no device \"%s\"", dev);
	else if (!ifindex)
		complain(a, "cannot find the device \"%s\": %s", dev,
			 strerror(errno));
	return ifindex;
}

static struct known *find(unsigned int ifindex)
{
	size_t i;

	for (i = 0; i < known_count; i++)
		if (known[i].ifindex == ifindex)
			return &known[i];
	return NULL;
}

/**
 * dev_name_learn - remember the name of a device
 * @ifindex: the device
 * @name: its name
 */
void dev_name_learn(unsigned int ifindex, const char *name)
{
	struct known *k = find(ifindex);

	if (!k) {
		k = realloc(known, (known_count + 1) * sizeof(*known));
		if (!k)
			return;
		known = k;
		k += known_count++;
		k->ifindex = ifindex;
	}
	snprintf(k->name, sizeof(k->name), "%s", name);
}

/**
 * dev_name_forget - a device is gone
 * @ifindex: the device
 */
void dev_name_forget(unsigned int ifindex)
{
	struct known *k = find(ifindex);

	if (k)
		*k = known[--known_count];
}

/**
 * dev_name - name of a device
 * @ifindex: the device
 *
 * Return: the name, or "if" and the number if it is gone; valid until the next
 * call of a function of this file.
 */
const char *dev_name(unsigned int ifindex)
{
	static char buf[IFNAMSIZ];
	static size_t last;
	struct known *k;

	/* Rows come device by device. */
	if (last < known_count && known[last].ifindex == ifindex)
		return known[last].name;
	k = find(ifindex);
	if (k) {
		last = k - known;
		return k->name;
	}
	if (!if_indextoname(ifindex, buf)) {
		snprintf(buf, sizeof(buf), "if%u", ifindex);
		return buf;
	}
	dev_name_learn(ifindex, buf);
	return buf;
}

// SPDX-License-Identifier: GPL-2.0
/*
 * Showing and flushing: the same for all tables.
 */
#include <stdlib.h>
#include <linux/genetlink.h>

#include "cmd.h"

static int show_row(struct nlmsghdr *nlh, void *arg)
{
	print_fn print = *(print_fn *)arg;
	int ret;

	out_row();
	ret = print(nlh);
	out_row_end();
	return ret;
}

/**
 * rows_show - print rows as the kernel sends them
 * @a: the command
 * @cmd: enum siit_cmd
 * @dev: name of the device, or NULL
 * @print: prints one
 *
 * Return: 0 or an exit status.
 */
int rows_show(struct args *a, uint8_t cmd, const char *dev, print_fn print)
{
	int ret;

	out_list_begin();
	ret = siit_dump(a, cmd, dev, show_row, &print);
	out_list_end(ret);
	return ret;
}

static int list_row(struct nlmsghdr *nlh, void *arg)
{
	struct nlattr *ifindex, *ifname;
	struct dev_list *list = arg;
	char (*name)[IFNAMSIZ];

	ifindex = nlmsg_find_attr(nlh, GENL_HDRLEN, SIIT_DEV_A_IFINDEX);
	ifname = nlmsg_find_attr(nlh, GENL_HDRLEN, SIIT_DEV_A_IFNAME);
	if (!ifindex || nla_len(ifindex) < 4 || !ifname)
		return EXIT_REFUSED;
	name = realloc(list->name, (list->count + 1) * sizeof(*name));
	if (!name)
		return EXIT_REFUSED;
	list->name = name;
	nla_strlcpy(name[list->count], ifname, IFNAMSIZ);
	dev_name_learn(nla_get_u32(ifindex), name[list->count++]);
	return 0;
}

/**
 * dev_list_get - find the siit devices of the namespace
 * @a: the command
 * @list: empty; the devices
 *
 * Return: 0 or an exit status.
 */
int dev_list_get(const struct args *a, struct dev_list *list)
{
	return siit_dump(a, SIIT_CMD_DEV_GET, NULL, list_row, list);
}

static int flush(struct args *a, uint8_t cmd, const char *dev)
{
	struct request req;
	int ret = siit_request_dev(&req, a, cmd, dev);

	return ret ? ret : siit_send(&req, a, NULL, NULL);
}

/**
 * rows_flush - empty a table of one device, or of all
 * @a: the command, before its "dev NAME"
 * @cmd: enum siit_cmd
 *
 * Return: 0 or an exit status.
 */
int rows_flush(struct args *a, uint8_t cmd)
{
	const char *dev = args_only_dev(a);
	struct dev_list list = {};
	size_t i;
	int ret;

	if (dev)
		return flush(a, cmd, dev);
	ret = dev_list_get(a, &list);
	for (i = 0; !ret && i < list.count; i++)
		ret = flush(a, cmd, list.name[i]);
	free(list.name);
	return ret;
}

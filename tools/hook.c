// SPDX-License-Identifier: GPL-2.0
/*
 * siitctl hook: devices whose incoming packets are translated.
 */
#include <string.h>
#include <netlink/genl/genl.h>

#include "cmd.h"

static struct nla_policy policy[SIIT_HOOK_A_MAX + 1] = {
	[SIIT_HOOK_A_IFINDEX] = { .type = NLA_U32 },
	[SIIT_HOOK_A_PORT] = { .type = NLA_U32 },
	[SIIT_HOOK_A_PORT_NAME] = { .type = NLA_NUL_STRING,
				    .maxlen = IFNAMSIZ },
};

static int change(struct args *a, uint8_t cmd)
{
	const char *port = args_need(a, "IFACE"), *dev = NULL, *word;
	unsigned int ifindex;
	struct request req;
	int ret;

	parse_devname(a, port);
	while ((word = args_next(a))) {
		if (strcmp(word, "dev"))
			unknown_word(a, word, "dev NAME");
		args_dev(a, &dev);
	}
	args_need_dev(a, dev);
	ifindex = dev_index(a, port);
	if (!ifindex)
		return EXIT_REFUSED;
	ret = siit_request_dev(&req, a, cmd, dev);
	if (ret)
		return ret;
	request_u32(&req, SIIT_HOOK_A_PORT, port, ifindex);
	return siit_send(&req, a, NULL, NULL);
}

static int hook_add(struct args *a)
{
	return change(a, SIIT_CMD_HOOK_ADD);
}

static int hook_del(struct args *a)
{
	return change(a, SIIT_CMD_HOOK_DEL);
}

/**
 * hook_print - print a hook
 * @nlh: an answer with siit_hook_attr
 *
 * Return: 0 or an exit status.
 */
int hook_print(struct nlmsghdr *nlh)
{
	struct nlattr *tb[SIIT_HOOK_A_MAX + 1];

	if (genlmsg_parse(nlh, 0, tb, SIIT_HOOK_A_MAX, policy) ||
	    !tb[SIIT_HOOK_A_IFINDEX] || !tb[SIIT_HOOK_A_PORT_NAME])
		return EXIT_REFUSED;
	out_str("iface", "%s ", nla_get_string(tb[SIIT_HOOK_A_PORT_NAME]));
	out_dev("dev %s", tb[SIIT_HOOK_A_IFINDEX]);
	return 0;
}

static int hook_show(struct args *a)
{
	return rows_show(a, SIIT_CMD_HOOK_GET, args_only_dev(a), hook_print);
}

static const struct command commands[] = {
	{ "show", hook_show },
	{ "list", hook_show },
	{ "add", hook_add },
	{ "delete", hook_del },
	{}
};

const struct object object_hook = {
	.name = "hook",
	.commands = commands,
	.run = hook_show,
	.help =
"siitctl hook add|del IFACE dev NAME\n"
"siitctl hook [show] [dev NAME]\n"
"\n"
"What arrives on IFACE and is for the translator, by its role, is translated\n"
"there and then goes on as if it had arrived in the other family. No route to\n"
"the siit device is needed for it.\n"
"\n"
"    siitctl hook add eth0 dev siit0\n",
};

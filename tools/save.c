// SPDX-License-Identifier: GPL-2.0
/*
 * siitctl save: the commands that make the state what it is.
 */
#include <stdlib.h>

#include "cmd.h"

/* Tables in the order in which they are set up. */
static const struct table {
	const char *add;
	uint8_t get;
	print_fn print;
} tables[] = {
	{ "pool6 add ", SIIT_CMD_POOL6_GET, pool6_print },
	{ "rfc6791 add ", SIIT_CMD_RFC6791_GET, prefix4_print },
	{ "deny4 add ", SIIT_CMD_DENY4_GET, prefix4_print },
	{ "eam add ", SIIT_CMD_EAM_GET, eam_print },
	{ "hook add ", SIIT_CMD_HOOK_GET, hook_print },
};

static const struct table devices = {
	"dev add ", SIIT_CMD_DEV_GET, dev_print
};

static int save_row(struct nlmsghdr *nlh, void *arg)
{
	const struct table *t = arg;
	int ret;

	out_row();
	out_text(t->add);
	ret = t->print(nlh);
	out_row_end();
	return ret;
}

static int save_dev(const struct args *a, const char *dev)
{
	size_t i;
	int ret;

	ret = siit_dump(a, devices.get, dev, save_row, (void *)&devices);
	for (i = 0; !ret && i < ARRAY_SIZE(tables); i++)
		ret = siit_dump(a, tables[i].get, dev, save_row,
				(void *)&tables[i]);
	return ret;
}

static int save(struct args *a)
{
	const char *dev = args_only_dev(a);
	struct dev_list list = {};
	size_t i;
	int ret;

	if (out_is_json())
		usage_error(a, "prints commands: there is no JSON of it");
	if (dev)
		return save_dev(a, dev);
	ret = dev_list_get(a, &list);
	for (i = 0; !ret && i < list.count; i++)
		ret = save_dev(a, list.name[i]);
	free(list.name);
	return ret;
}

const struct object object_save = {
	.name = "save",
	.run = save,
	.help =
"siitctl save [dev NAME]\n"
"\n"
"Prints the commands that make all devices, or one, what they are now: one per\n"
"line, without the word siitctl.\n"
"\n"
"    siitctl save >siit.conf\n"
"    siitctl restore siit.conf\n",
};

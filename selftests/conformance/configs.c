// SPDX-License-Identifier: GPL-2.0
/* What several files of cases share. */
#include <stddef.h>

#include "cases.h"

#define POOL40 "pool6 add 2001:db8:100::/40 $D\n"

const struct at_hook not_claimed = { .passes = true };
const struct at_hook hop_limit = { .drop = "hop-limit" };

const struct config cfg_plain = {
	.name = "plain",
	.dev = "role br",
	.lines = POOL40,
};

const struct config cfg_mtu1500 = {
	.name = "mtu-1500",
	.dev = "role br",
	.lines = POOL40,
	.mtu_siit = 1500,
};

/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A packet that was or is to be remembered, with the settings that it met.
 *
 *	# what was wrong, and where it came from
 *	config dev set role br hairpin intrinsic ...	as siitctl has it, but
 *	config eam add 192.0.2.0/24 2001:db8::/120	without "dev NAME"
 *	way paged
 *	ethertype 0x0800
 *	split 20 8 1500
 *	offload gso_type gso_size hdr_len partial csum_start csum_offset odd
 *	fail 2
 *	plain
 *	hex 4500...		may be continued by more such lines
 *	packet ip4 src=...	or this: the notation of packet.h
 *
 * All but the packet may be absent.
 */
#ifndef CASE_H
#define CASE_H

#include "input.h"

/* Returns false, with a message, if the file is not to be had. */
bool case_read(const char *path, struct model *m, struct input *in);
bool case_write(const char *path, const char *comment, const struct model *m,
		const struct input *in);

#endif /* CASE_H */

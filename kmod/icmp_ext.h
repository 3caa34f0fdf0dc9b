/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The layout of ICMP errors: quoted packet, padding, extension (RFC 4884).
 */
#ifndef _SIIT_ICMP_EXT_H
#define _SIIT_ICMP_EXT_H

#include <linux/in6.h>
#include <linux/skbuff.h>

#include "stats.h"

/* RFC 4884 section 7, which is RFC 1812 4.3.2.3 and RFC 4443 2.4(c). */
#define SIIT_ICMP4_MAX		576
#define SIIT_ICMP6_MAX		1280

/**
 * struct siit_error - an ICMP error and what it will become
 *
 * Filled by siit_error_open(), siit_error_quote() and siit_error_fit() in
 * turn. Offsets count from skb->data, which is linear by then.
 *
 * @quote: offset of the quoted packet
 * @quote_len: octets of it, with padding if an extension follows
 * @l4: offset of what follows the quoted network header
 * @l4_len: octets of that to keep
 * @pad: zeros to put after it
 * @ext: offset of the extension structure
 * @ext_len: octets of it to keep; 0: none
 * @ext_cut: whole objects had to go: its checksum changes
 * @object: address to append in an object of its own, or NULL
 * @object_class: Class-Num of that object
 * @length: the length attribute, in units of the new message; 0: none
 */
struct siit_error {
	u32 quote;
	u32 quote_len;
	u32 l4;
	u32 l4_len;
	u32 pad;
	u32 ext;
	u32 ext_len;
	bool ext_cut;
	const struct in6_addr *object;
	u8 object_class;
	u8 length;
};

#define SIIT_OBJ_INTERFACE	2	/* RFC 5837: with an RFC 6791 pool */
#define SIIT_OBJ_NODE		5	/* draft-ietf-intarea-extended-icmp-nodeid */

enum siit_reason siit_error_open(struct sk_buff *skb, u32 icmp, u32 icmp_len,
				 u32 length, struct siit_error *e);
void siit_error_inner(struct siit_error *e, u32 hdr_len, u32 l4_len);
void siit_error_fit(const struct sk_buff *skb, struct siit_error *e,
		    u32 outer_len, u32 inner_len, u32 max, u32 unit);
int siit_error_rebuild(struct sk_buff *skb, const struct siit_error *e,
		       u32 hdrs);

#endif /* _SIIT_ICMP_EXT_H */

// SPDX-License-Identifier: GPL-2.0
/*
 * The layout of ICMP errors: quoted packet, padding, extension (RFC 4884).
 *
 * Translation changes the size of the quoted header, and with that everything
 * behind it: the padding, the length attribute, what fits. Extension objects
 * are opaque; they are moved, or dropped whole.
 */
#include <linux/icmp.h>
#include <net/checksum.h>

#include "icmp_ext.h"
#include "xlat.h"

#define QUOTE_MIN	128	/* RFC 4884 3: if an extension follows */
#define EXT_VERSION	2

struct ext_hdr {
	u8 version;		/* upper half */
	u8 reserved;
	__sum16 checksum;
};

struct ext_object {
	__be16 length;
	u8 class;
	u8 ctype;
};

/* An IP address sub-object, the same in both classes that we write. */
struct ext_addr_object {
	struct ext_object hdr;
	__be16 afi;
	__be16 reserved;
	struct in6_addr addr;
};

#define CTYPE_ADDR	0x04
#define AFI_IPV6	2

/**
 * siit_error_open() - find quoted packet and extension
 * @skb: the message; made linear
 * @icmp: offset of the ICMP header
 * @icmp_len: octets of the ICMP message
 * @length: the length attribute, octets; 0: no extension
 * @e: filled in
 *
 * RFC 4884 section 5: without the attribute there is no extension, whatever
 * the octets look like.
 *
 * Context: BH.
 * Return: SIIT_OK, or SIIT_DROP_ICMP_EXTENSION if the attribute points beyond
 *	the message.
 */
enum siit_reason siit_error_open(struct sk_buff *skb, u32 icmp, u32 icmp_len,
				 u32 length, struct siit_error *e)
{
	memset(e, 0, sizeof(*e));
	e->quote = icmp + sizeof(struct icmphdr);
	e->quote_len = icmp_len - sizeof(struct icmphdr);
	if (!length)
		return SIIT_OK;
	if (length > e->quote_len)
		return SIIT_DROP_ICMP_EXTENSION;
	e->ext = e->quote + length;
	e->ext_len = e->quote_len - length;
	e->quote_len = length;
	/* Too short to be one: there is nothing worth keeping. */
	if (e->ext_len < sizeof(struct ext_hdr))
		e->ext_len = 0;
	return SIIT_OK;
}

/**
 * siit_error_inner() - find the upper layer of the quoted packet
 * @e: opened
 * @hdr_len: octets of the quoted network header, at most e->quote_len
 * @l4_len: octets that the quoted packet had after it
 *
 * What exceeds the quoted packet in front of an extension is padding.
 *
 * Context: any.
 */
void siit_error_inner(struct siit_error *e, u32 hdr_len, u32 l4_len)
{
	e->l4 = e->quote + hdr_len;
	e->l4_len = e->quote_len - hdr_len;
	if (e->ext)
		e->l4_len = min(e->l4_len, l4_len);
}

static bool ext_valid(const u8 *ext, u32 len)
{
	const struct ext_hdr *eh = (const void *)ext;

	return eh->version >> 4 == EXT_VERSION &&
	       (!eh->checksum || !csum_fold(csum_partial(ext, len, 0)));
}

/* How many octets of an extension are whole objects and at most @max. */
static u32 ext_cut(const u8 *ext, u32 len, u32 max)
{
	u32 keep = sizeof(struct ext_hdr);

	while (keep + sizeof(struct ext_object) <= len) {
		const struct ext_object *obj = (const void *)(ext + keep);
		u32 obj_len = ntohs(obj->length);

		if (obj_len < sizeof(*obj) || obj_len > len - keep ||
		    keep + obj_len > max)
			break;
		keep += obj_len;
	}
	return keep > sizeof(struct ext_hdr) ? keep : 0;
}

static u32 object_len(const struct siit_error *e)
{
	if (!e->object)
		return 0;
	return sizeof(struct ext_addr_object) +
	       (e->ext_len ? 0 : sizeof(struct ext_hdr));
}

/**
 * siit_error_fit() - decide how much of everything goes into the new message
 * @skb: the message
 * @e: e->ext_len and e->object say what is wanted; filled in
 * @outer_len: octets of the new network header and ICMP header
 * @inner_len: octets of the new quoted network header
 * @max: octets that the new packet may have
 * @unit: of the length attribute: 4 octets in ICMPv4, 8 in ICMPv6
 *
 * The quoted packet gives way first, down to 128 octets, then whole objects
 * (REQUIREMENTS AMB-05).
 *
 * Context: any.
 */
void siit_error_fit(const struct sk_buff *skb, struct siit_error *e,
		    u32 outer_len, u32 inner_len, u32 max, u32 unit)
{
	const u8 *ext = skb->data + e->ext;
	u32 room = max - outer_len;
	u32 quote;

	/* An object that we add must not make a broken extension look right. */
	if (e->ext_len && e->object && !ext_valid(ext, e->ext_len))
		e->ext_len = 0;
	if (e->ext_len + object_len(e) > room - QUOTE_MIN) {
		u32 cut = ext_cut(ext, e->ext_len,
				  room - QUOTE_MIN -
				  (e->object ? sizeof(struct ext_addr_object) :
				   0));

		e->ext_cut = ext_valid(ext, e->ext_len);
		e->ext_len = e->ext_cut ? cut : 0;
	}

	e->pad = 0;
	e->length = 0;
	quote = inner_len + e->l4_len;
	if (!e->ext_len && !e->object) {
		e->l4_len = min(quote, room) - inner_len;
		return;
	}
	quote = min(quote, round_down(room - e->ext_len - object_len(e),
				      unit));
	e->l4_len = quote - inner_len;
	e->pad = max_t(u32, round_up(quote, unit), QUOTE_MIN) - quote;
	e->length = (quote + e->pad) / unit;
}

static void write_object(u8 *at, const struct siit_error *e)
{
	struct ext_addr_object *obj = (void *)at;

	obj->hdr.length = htons(sizeof(*obj));
	obj->hdr.class = e->object_class;
	obj->hdr.ctype = CTYPE_ADDR;
	obj->afi = htons(AFI_IPV6);
	obj->reserved = 0;
	obj->addr = *e->object;
}

static void write_ext(u8 *ext, const struct siit_error *e)
{
	struct ext_hdr *eh = (void *)ext;
	u32 len = e->ext_len;

	if (!e->object && !e->ext_cut)
		return;
	if (!len) {
		eh->version = EXT_VERSION << 4;
		eh->reserved = 0;
		len = sizeof(*eh);
	}
	if (e->object) {
		write_object(ext + len, e);
		len += sizeof(struct ext_addr_object);
	}
	eh->checksum = 0;
	eh->checksum = csum_fold(csum_partial(ext, len, 0));
}

/**
 * siit_error_rebuild() - move what is kept to its new place
 * @skb: the message; afterwards skb->data has @hdrs octets to be written
 * @e: from siit_error_fit()
 * @hdrs: octets of all headers in front of the quoted upper layer
 *
 * Context: BH.
 * Return: 0, or -ENOMEM with the message as it was.
 */
int siit_error_rebuild(struct sk_buff *skb, const struct siit_error *e,
		       u32 hdrs)
{
	u32 tail_len = e->ext_len + object_len(e);
	u32 len = e->l4 + e->l4_len + e->pad + tail_len;
	int head = max_t(int, hdrs + SIIT_LL_ROOM - e->l4, 0);
	int more = max_t(int, len - skb->len, 0);
	u8 *end;

	if (skb_cloned(skb) || skb_headroom(skb) < head ||
	    skb_tailroom(skb) < more) {
		head = max_t(int, head - skb_headroom(skb), 0);
		if (pskb_expand_head(skb, SKB_DATA_ALIGN(head), more,
				     GFP_ATOMIC))
			return -ENOMEM;
	}
	if (more)
		__skb_put(skb, more);
	end = skb->data + e->l4 + e->l4_len;
	memmove(end + e->pad, skb->data + e->ext, e->ext_len);
	memset(end, 0, e->pad);
	if (tail_len)
		write_ext(end + e->pad, e);
	__skb_trim(skb, len);

	__skb_pull(skb, e->l4);
	__skb_push(skb, hdrs);
	skb_reset_network_header(skb);
	skb->ip_summed = CHECKSUM_NONE;
	return 0;
}

// SPDX-License-Identifier: GPL-2.0
/*
 * ICMP errors: RFC 7915 4.2, 4.3, 5.2, 5.3, RFC 7757 4.2, RFC 4884 and
 * sources that have no IPv4 address.
 */
#include <arpa/inet.h>
#include <string.h>

#include "check.h"
#include "oracle.h"

#define ICMP_HDR 8

/* Addresses of the message and of the packet in it */
struct parties {
	int family;
	uint8_t src[16];
	uint8_t dst[16];
	uint8_t inner_src[16];
	uint8_t inner_dst[16];
	bool foreign;		/* the source is one of rfc6791, or the dummy */
};

static void v4_to(uint8_t *p, uint32_t v4)
{
	v4 = htonl(v4);
	memcpy(p, &v4, 4);
}

/* What is quoted: up to the extension, if there is one. */
static bool read_quote(struct view *q, const struct view *v)
{
	const uint8_t *icmp = v->l4;
	size_t len = v->l4_have - ICMP_HDR, words = 0;

	if (v->family == 4)
		words = icmp[0] == 3 || icmp[0] == 11 || icmp[0] == 12 ?
			icmp[5] * 4 : 0;
	else if (icmp[0] == 1 || icmp[0] == 3)
		words = icmp[4] * 8;
	if (words > len)
		return false;
	return view_read(q, icmp + ICMP_HDR, words ? words : len) &&
	       q->family == v->family;
}

/* Rules 2 and 3 of RFC 7757 4.2.1, if HAIRPIN; all addresses are IPv4. */
static bool parties46(const struct model *m, bool hairpin, uint32_t src,
		      uint32_t dst, uint32_t inner_src, uint32_t inner_dst,
		      struct parties *p)
{
	int no_eam = hairpin ? MAP_NO_EAM : 0;

	p->family = 6;
	return dst != DUMMY4 &&
	       model_map46(m, src, MAP_ANY |
			   (src == inner_dst ? no_eam : 0), p->src) &&
	       model_map46(m, dst, 0, p->dst) &&
	       model_map46(m, inner_src, MAP_ANY, p->inner_src) &&
	       model_map46(m, inner_dst, MAP_ANY | no_eam, p->inner_dst);
}

static bool parties64(const struct trial *t, const struct view *v,
		      const struct view *q, const struct view *out,
		      struct parties *p)
{
	const struct model *m = t->m;
	uint32_t src, dst, inner_src, inner_dst;
	enum method how, inner_how;

	p->family = 4;
	how = model_map64(m, v->dst, 0, &dst);
	inner_how = model_map64(m, q->src, MAP_ANY, &inner_src);
	if (!how || !inner_how ||
	    (m->role != ROLE_BR && how == METHOD_CONVERTED) ||
	    !model_map64(m, q->dst, MAP_ANY, &inner_dst))
		return false;
	how = model_map64(m, v->src, 0, &src);
	if (how && model_spoofed(m, how, src))
		return false;
	/* Unmapped is one thing, not allowed another. */
	if (!how && (model_illegal6(v->src) ||
		     model_map64(m, v->src, MAP_ANY, &src)))
		return false;
	p->foreign = !how;
	if (m->hairpin == HAIRPIN_INTRINSIC && inner_how == METHOD_CONVERTED &&
	    model_is_node4(m, inner_src)) {
		/* Which one of the pool it was shows in the second pass only. */
		if (p->foreign)
			src = inner_dst == DUMMY4 ? 0 : DUMMY4;
		return parties46(m, true, src, dst, inner_src, inner_dst, p);
	}
	v4_to(p->src, how ? src : get32(out->src));
	v4_to(p->dst, dst);
	v4_to(p->inner_src, inner_src);
	v4_to(p->inner_dst, inner_dst);
	return true;
}

static bool in_pool(const struct model *m, uint32_t v4)
{
	int i;

	for (i = 0; i < m->sources; i++)
		if (m->source[i].len == 0 ||
		    !((v4 ^ m->source[i].v4) >> (32 - m->source[i].len)))
			return true;
	return false;
}

static const char *judge_foreign(const struct model *m, const struct view *out)
{
	uint32_t src = get32(out->src);

	if (m->icmp_source == SOURCE_DROP)
		return "error: source without IPv4 address, icmp-source drop";
	if (m->icmp_source == SOURCE_POOL && m->sources)
		return in_pool(m, src) ? NULL : "error: source not of rfc6791";
	return src == DUMMY4 ? NULL : "error: source is not 192.0.0.8";
}

/* Type and code, as the tables T46 and T64 have them; -1 for drop. */
static int type46(int type, int code)
{
	static const int unreach[16] = {
		0x100, 0x100, 0x401, 0x104, 0x200, 0x100, 0x100, 0x100, 0x100,
		0x101, 0x101, 0x100, 0x100, 0x101, -1, 0x101,
	};

	switch (type) {
	case 3:
		return code < 16 ? unreach[code] : -1;
	case 11:
		return 0x300 | code;
	case 12:
		return code == 0 || code == 2 ? 0x400 : -1;
	}
	return -1;
}

static int type64(int type, int code)
{
	static const int unreach[5] = { 0x301, 0x30a, 0x301, 0x301, 0x303 };

	switch (type) {
	case 1:
		return code < 5 ? unreach[code] : -1;
	case 2:
		return 0x304;
	case 3:
		return 0xb00 | code;
	case 4:
		return code == 0 ? 0xc00 : code == 1 ? 0x302 : -1;
	}
	return -1;
}

static int expected_type(const struct view *v, int family)
{
	int type = v->family == 4 ? type46(v->l4[0], v->l4[1]) :
				    type64(v->l4[0], v->l4[1]);

	if (type >= 0 && v->family == family)	/* hairpinned */
		type = type46(type >> 8, type & 0xff);
	return type;
}

/* What RFC 7915 and RFC 4884 say of the size, and of PTB's MTU. */
static const char *judge_size(const struct view *out, size_t len)
{
	const uint8_t *icmp = out->l4;

	if (out->family == 6) {
		if (len > 1280)
			return "error: ICMPv6 of more than 1280 octets";
		if (icmp[0] == 2 && get32(icmp + 4) < 1280)
			return "error: Packet Too Big with less than 1280";
		return NULL;
	}
	if (icmp[5] && len > 576)
		return "error: ICMPv4 with extension of more than 576 octets";
	if (icmp[0] == 3 && icmp[1] == 4 && get16(icmp + 6) < 68)
		return "error: Fragmentation Needed with less than 68";
	return NULL;
}

static uint8_t inner_tos(const struct model *m, const struct view *q,
			 int family)
{
	uint8_t tos = q->tos;

	if (q->family == 6)
		tos = m->tos == TOS_COPY ? tos : m->tos;
	return family == 6 && m->tclass_zero ? 0 : tos;
}

static const char *judge_inner_header(const struct trial *t,
				      const struct view *q,
				      const struct view *o)
{
	uint32_t id = q->id & 0xffff;
	int proto = q->proto;

	if (q->family != o->family && (proto == 1 || proto == 58))
		proto = q->family == 4 && proto == 1 ? 58 :
			q->family == 6 && proto == 58 ? 1 : proto;
	if (o->proto != proto)
		return "quote: protocol";
	if (o->ttl != q->ttl)
		return "quote: TTL or Hop Limit";
	if (o->tos != inner_tos(t->m, q, o->family))
		return "quote: TOS or traffic class";
	if (o->l4_len != q->l4_len)
		return "quote: length field";
	if (o->offset != q->offset || o->more != q->more)
		return "quote: fragment offset, more fragments";
	if (o->family == 6 && o->frag_hdr != view_fragment(q))
		return "quote: fragment header";
	if ((o->family == 6 ? o->frag_hdr : q->frag_hdr) && o->id != id)
		return "quote: Identification";
	return NULL;
}

/* The type word is in the checksum of ICMP, and it has changed. */
static const char *judge_inner_icmp(const struct view *q, const struct view *o)
{
	int reply = q->family == 4 ? q->l4[0] == 0 : q->l4[0] == 129;

	if (q->family == 4 ? q->l4[0] != 0 && q->l4[0] != 8 :
			     q->l4[0] != 128 && q->l4[0] != 129)
		return "quote: an error, or a type that has no counterpart";
	if (o->l4_have &&
	    o->l4[0] != (o->family == 4 ? (reply ? 0 : 8) : 128 + reply))
		return "quote: ICMP type";
	return NULL;
}

/* RFC 4884: a quoted packet that is cut off is filled up to words of up to 8. */
static bool padding(const uint8_t *p, size_t len)
{
	while (len > 0 && !p[len - 1])
		len--;
	return !len;
}

/* As much as is there of the upper layer; what is not the packet's is 0. */
static const char *judge_inner_l4(const struct view *q, const struct view *o)
{
	int at = view_csum_at(q);
	size_t len = q->l4_have < o->l4_have ? q->l4_have : o->l4_have, i = 0;
	uint32_t before = view_pseudo(q), after = view_pseudo(o);

	if (at == 2 && q->l4_have) {
		const char *bad = judge_inner_icmp(q, o);

		if (bad)
			return bad;
		i = o->l4_have < 2 ? o->l4_have : 2;
		if (len >= 2) {
			before += get16(q->l4);
			after += get16(o->l4);
		}
	}
	for (; i < len; i++)
		if (o->l4[i] != q->l4[i] &&
		    (at < 0 || (i != (size_t)at && i != (size_t)at + 1)))
			break;
	if (!padding(o->l4 + i, o->l4_have - i))
		return "quote: octets have changed, or padding is not 0";
	if (i < len && o->l4_have - i > 7)
		return "quote: padding where octets should be";
	if (at < 0 || len < (size_t)at + 2)
		return NULL;
	if (q->proto == 17 && !get16(q->l4 + at))
		return get16(o->l4 + at) ? "quote: UDP checksum where none was" :
					   NULL;
	if (!same_sum(before + get16(q->l4 + at), after + get16(o->l4 + at)))
		return "quote: checksum is not updated by the addresses";
	return NULL;
}

static bool inner_ambiguous(const struct view *q)
{
	if (q->family == 6)
		return q->proto == 1;
	return q->proto == 0 || q->proto == 43 || q->proto == 44 ||
	       q->proto == 60 || q->proto == 58;
}

static const char *judge_parties(const struct parties *p,
				 const struct view *out, const struct view *o)
{
	size_t alen = p->family == 4 ? 4 : 16;

	if (memcmp(out->src, p->src, alen) && !(p->foreign && p->family == 6))
		return "error: source";
	if (memcmp(out->dst, p->dst, alen))
		return "error: destination";
	if (memcmp(o->src, p->inner_src, alen))
		return "quote: source";
	if (memcmp(o->dst, p->inner_dst, alen))
		return "quote: destination";
	return NULL;
}

static const char *judge_quote(const struct trial *t, const struct view *q,
			       const struct view *o)
{
	const char *bad = judge_inner_header(t, q, o);

	return bad ? bad : judge_inner_l4(q, o);
}

const char *oracle_error(const struct trial *t, const struct view *in,
			 const struct view *out)
{
	const struct frame *f = &t->out[0].f;
	struct parties p = { 0 };
	struct view q, o;
	const char *bad;
	int type;

	if (view_fragment(out) || !view_is_error(out))
		return "error: has become something else";
	type = expected_type(in, out->family);
	if (type < 0)
		return "error: of a type and code that must be dropped";
	if (out->l4[0] != type >> 8 || out->l4[1] != (type & 0xff))
		return "error: type and code";
	if (!view_csum_right(out))
		return "error: checksum";
	bad = judge_size(out, f->len);
	if (bad)
		return bad;
	if (!read_quote(&q, in))
		return "error: quoted packet is broken, must be dropped";
	if (!read_quote(&o, out))
		return inner_ambiguous(&q) ? NULL :
		       "error: quoted packet cannot be read";
	if (!(in->family == 4 ?
	      parties46(t->m, t->m->hairpin == HAIRPIN_SIMPLE, get32(in->src),
			get32(in->dst), get32(q.src), get32(q.dst), &p) :
	      parties64(t, in, &q, out, &p)))
		return "error: addresses that must not be translated";
	if (out->family != p.family)
		return "error: wrong family";
	bad = p.foreign ? (p.family == 4 ? judge_foreign(t->m, out) : NULL) :
			  NULL;
	if (!bad)
		bad = judge_parties(&p, out, &o);
	if (!bad && !inner_ambiguous(&q) && !q.refuse)
		bad = judge_quote(t, &q, &o);
	/* An extension that was broken before is no fault of ours. */
	if (!bad && in->hdr_len == (in->family == 4 ? 20 : 40) &&
	    !check_packet(t->in, t->len))
		bad = check_packet(f->data, f->len);
	return bad;
}

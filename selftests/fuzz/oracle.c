// SPDX-License-Identifier: GPL-2.0
/*
 * RFC 7915 4.1 and 5.1, told backwards: from what came out to what may have
 * come in. Nothing here can say why a packet is dropped; conformance tests do.
 */
#include <arpa/inet.h>
#include <string.h>

#include "check.h"
#include "oracle.h"

#define NEXT_HOP_MTU 1500	/* of both TAP devices */

/**
 * struct want - what the output has to be like
 * @family: 4 or 6
 * @src: source, 4 or 16 octets
 * @dst: destination
 * @tos: TOS or traffic class
 * @df: before it became IPv6: may not be fragmented
 * @fragment: before it became IPv6: is one
 * @id: before it became IPv6
 */
struct want {
	int family;
	uint8_t src[16];
	uint8_t dst[16];
	uint8_t tos;
	bool df;
	bool fragment;
	uint32_t id;
};

static int ethertype_of(int family)
{
	return family == 4 ? 0x0800 : 0x86dd;
}

static uint32_t v4_of(const uint8_t *p)
{
	return get32(p);
}

static void v4_to(uint8_t *p, uint32_t v4)
{
	v4 = htonl(v4);
	memcpy(p, &v4, 4);
}

/* RFC 7915 4.1: a source route that is not used up, and options that lie. */
static bool options_refuse(const uint8_t *p, size_t len)
{
	bool route = false;

	while (len && p[0] != 0) {
		size_t n = 1;

		if (p[0] != 1) {
			if (len < 2 || p[1] < 2 || p[1] > len)
				return true;
			n = p[1];
			if (p[0] == 131 || p[0] == 137)
				route |= n < 3 || p[2] <= n;
		}
		p += n;
		len -= n;
	}
	return route;
}

/* Must it be dropped, whatever the settings are? */
static const char *must_drop(const struct trial *t, const struct view *v,
			     bool read)
{
	if (!read || v->l4_have < v->l4_len)
		return "headers or lengths are broken";
	if (t->ethertype != ethertype_of(v->family))
		return "not what it is said to be";
	if (!v->ttl)
		return "no hop left";
	if (v->family == 4 && sum16(t->in, v->hdr_len, 0) != 0xffff)
		return "IPv4 header checksum";
	if (v->family == 4 && options_refuse(t->in + 20, v->hdr_len - 20))
		return "IPv4 options";
	if (v->family == 4 && v->proto == 2)
		return "IGMP";
	if (v->family == 6 && v->l4_len + 20 > 65535)
		return "too long for IPv4";
	if (v->refuse)
		return "extension headers";
	if (view_fragment(v) && (v->proto == (v->family == 4 ? 1 : 58)))
		return "fragment of ICMP";
	if (view_fragment(v) && ((v->more && v->l4_len % 8) ||
				 v->offset + v->l4_len > 65535))
		return "length of a fragment";
	if (view_csum_at(v) >= 0 && v->l4_len < (size_t)view_csum_at(v) + 2)
		return "no checksum where one is due";
	if (view_is_error(v) && !view_csum_right(v))
		return "ICMP error with a wrong checksum";
	return NULL;
}

static bool want46(const struct model *m, const struct view *v, struct want *w)
{
	int from = m->hairpin == HAIRPIN_SIMPLE ? MAP_NO_EAM : 0;
	enum method how = model_map46(m, v4_of(v->src), from, w->src);

	w->family = 6;
	w->tos = m->tclass_zero ? 0 : v->tos;
	w->df = v->df;
	w->fragment = view_fragment(v);
	w->id = v->id;
	if (!how || (m->role != ROLE_BR && how == METHOD_CONVERTED))
		return false;
	return v4_of(v->dst) != DUMMY4 &&
	       model_map46(m, v4_of(v->dst), 0, w->dst);
}

/* RFC 7757 4.2.2: back to IPv6 at once. */
static bool want_hairpin(const struct model *m, struct want *w, uint32_t src,
			 uint32_t dst)
{
	w->family = 6;
	w->tos = m->tclass_zero ? 0 : w->tos;
	return model_map46(m, src, MAP_NO_EAM, w->src) &&
	       model_map46(m, dst, 0, w->dst);
}

static bool want64(const struct model *m, const struct view *v, struct want *w)
{
	enum method how;
	uint32_t src, dst;

	w->family = 4;
	w->tos = m->tos == TOS_COPY ? v->tos : m->tos;
	w->df = !v->frag_hdr && 20 + v->l4_len > 1260;
	w->fragment = view_fragment(v);
	w->id = v->id & 0xffff;
	how = model_map64(m, v->src, 0, &src);
	if (!how || model_spoofed(m, how, src))
		return false;
	how = model_map64(m, v->dst, 0, &dst);
	if (!how || (m->role != ROLE_BR && how == METHOD_CONVERTED) ||
	    dst == DUMMY4)
		return false;
	v4_to(w->src, src);
	v4_to(w->dst, dst);
	if (m->hairpin == HAIRPIN_INTRINSIC && how == METHOD_CONVERTED &&
	    model_is_node4(m, dst))
		return want_hairpin(m, w, src, dst);
	return true;
}

/* IPv6 would take these for extension headers, or IPv4's ICMPv6 for its own. */
static bool ambiguous(const struct view *in)
{
	if (in->family == 4)
		return in->proto == 0 || in->proto == 43 || in->proto == 44 ||
		       in->proto == 60 || in->proto == 58;
	return in->proto == 1;
}

/* What holds for all that comes out. */
static const char *judge_header(const struct trial *t, const struct view *in,
				struct output *o)
{
	const uint8_t *p = o->f.data;
	size_t total;

	if (!view_read(&o->v, p, o->f.len) && !ambiguous(in))
		return "output: headers cannot be read";
	if (o->f.o.partial &&
	    (o->f.o.csum_start < (o->v.family == 4 ? 20 : 40) ||
	     o->f.o.csum_start + o->f.o.csum_offset + 2 > (int)o->f.len))
		return "output: checksum to be computed outside of the payload";
	total = o->v.family == 4 ? get16(p + 2) : 40 + get16(p + 4);
	if (total != o->f.len)
		return "output: length field and length of the packet differ";
	if (o->f.ethertype != ethertype_of(o->v.family))
		return "output: skb->protocol and version differ";
	if (o->v.family == 4 && o->v.hdr_len != 20)
		return "output: IPv4 options";
	if (o->v.family == 4 && sum16(p, 20, 0) != 0xffff)
		return "output: IPv4 header checksum";
	if (o->v.family == 6 && o->v.flow)
		return "output: flow label is not 0";
	if (o->f.o.gso_type && !t->o.gso_type)
		return "output: a GSO packet out of one that is none";
	return NULL;
}

/* Octets of the largest packet that a GSO packet stands for. */
static size_t segment_len(const struct output *o)
{
	size_t l4 = o->v.proto == 6 && o->v.l4_have > 12 ?
		    (o->v.l4[12] >> 4) * 4 : 8;

	if (!o->f.o.gso_type || o->v.hdr_len + l4 + o->f.o.gso_size > o->f.len)
		return o->f.len;
	return o->v.hdr_len + l4 + o->f.o.gso_size;
}

static size_t fragment_limit(const struct model *m)
{
	return m->lowest < NEXT_HOP_MTU ? m->lowest : NEXT_HOP_MTU;
}

/* RFC 7915 4.1: which pieces, with which fragment headers? */
static const char *judge_pieces(const struct trial *t, const struct view *in,
				const struct want *w)
{
	size_t limit = w->df ? NEXT_HOP_MTU : fragment_limit(t->m);
	size_t chunk = (limit - 48) / 8 * 8;
	unsigned int offset = in->offset;
	int i;

	if (w->df && t->outputs > 1)
		return "DF, but fragmented";
	for (i = 0; i < t->outputs; i++) {
		const struct output *o = &t->out[i];
		bool last = i == t->outputs - 1;

		if (segment_len(o) > limit && segment_len(o) > 1280)
			return w->df ? "output exceeds the next hop's MTU" :
				       "output exceeds lowest-ipv6-mtu";
		if (!w->fragment && t->outputs == 1) {
			if (o->v.frag_hdr)
				return "fragment header without need";
			break;
		}
		if (!o->v.frag_hdr)
			return "no fragment header";
		if (o->v.id != w->id || o->f.data[41])
			return "fragment header: Identification, Reserved";
		if (o->v.offset != offset)
			return "fragment header: offset";
		if (o->v.more != (!last || in->more))
			return "fragment header: more fragments";
		if (!last && o->v.l4_len != chunk)
			return "fragments are not as large as they can be";
		offset += o->v.l4_len;
	}
	return NULL;
}

/* RFC 7915 5.1 and 5.1.1 */
static const char *judge64(const struct trial *t, const struct view *in,
			   const struct output *o)
{
	bool df = !in->frag_hdr && segment_len(o) > 1260;

	if (t->outputs != 1)
		return "more than one packet";
	if (o->v.df != df)
		return "DF";
	if (o->f.data[6] & 0x80)
		return "reserved bit";
	if (df && segment_len(o) > NEXT_HOP_MTU)
		return "output exceeds the next hop's MTU";
	if (o->v.offset != in->offset || o->v.more != in->more)
		return "fragment offset, more fragments";
	if (in->frag_hdr && o->v.id != (in->id & 0xffff))
		return "Identification";
	return NULL;
}

/* The upper layer of all pieces, one behind the other. */
static const uint8_t *joined(const struct trial *t, size_t *len)
{
	static uint8_t whole[INPUT_MAX];
	int i;

	*len = t->out[0].v.l4_len;
	if (t->outputs == 1)
		return t->out[0].v.l4;
	for (i = 0, *len = 0; i < t->outputs; i++) {
		if (*len + t->out[i].v.l4_len > sizeof(whole))
			return NULL;
		memcpy(whole + *len, t->out[i].v.l4, t->out[i].v.l4_len);
		*len += t->out[i].v.l4_len;
	}
	return whole;
}

/* An echo, and the type that it should have become. */
static int echo_type(const struct view *in, int family)
{
	int reply = in->family == 4 ? in->l4[0] == 0 : in->l4[0] == 129;

	if (in->family == 4 ? in->l4[0] != 0 && in->l4[0] != 8 :
			      in->l4[0] != 128 && in->l4[0] != 129)
		return -1;
	if (family == 4)
		return reply ? 0 : 8;
	return reply ? 129 : 128;
}

/* RFC 7915 4.5: UDP without a checksum. */
static const char *judge_udp_zero(const struct trial *t, const struct view *in,
				  const struct view *out, const uint8_t *l4)
{
	struct view whole = *out;

	if (t->m->udp_zero == ZERO_FORWARD)
		return get16(l4 + 6) ? "UDP checksum where none was" : NULL;
	if (t->m->udp_zero == ZERO_DROP || in->family == 6)
		return "UDP without a checksum must be dropped";
	if (view_fragment(in))
		return "UDP fragment without a checksum must be dropped";
	whole.l4 = l4;
	whole.l4_len = get16(l4 + 4);
	whole.l4_have = whole.l4_len;
	whole.proto = 17;
	whole.offset = 0;
	return view_csum_right(&whole) ? NULL : "computed UDP checksum";
}

/*
 * Octets are as they were but for the checksum; and that is as right or as
 * wrong as it was (RFC 1624, and R7915-4.5-12).
 */
static const char *judge_l4(const struct trial *t, const struct view *in)
{
	const struct view *out = &t->out[0].v;
	int at = view_csum_at(in), type;
	struct view sum = *out;
	uint32_t before, after;
	const uint8_t *l4;
	size_t len, i;

	l4 = joined(t, &len);
	if (!l4 || len != in->l4_len)
		return "length of the upper layer";
	sum.l4_len = len;
	before = view_pseudo(in);
	after = view_pseudo(&sum);
	i = 0;
	if (at == 2) {		/* ICMP */
		type = echo_type(in, out->family);
		if (type < 0)
			return "ICMP type that must be dropped";
		if (l4[0] != type || l4[1] != in->l4[1])
			return "ICMP type and code";
		before += get16(in->l4);
		after += get16(l4);
		i = 2;
	}
	for (; i < len; i++) {
		if (at >= 0 && (i == (size_t)at || i == (size_t)at + 1))
			continue;
		if (l4[i] != in->l4[i])
			return "payload has changed";
	}
	if (at < 0)
		return NULL;
	if (in->proto == 17 && !get16(in->l4 + at))
		return judge_udp_zero(t, in, out, l4);
	if (!same_sum(before + get16(in->l4 + at), after + get16(l4 + at)))
		return "checksum is not updated by the addresses";
	if ((in->proto == 17 || in->proto == 136) && !get16(l4 + at))
		return "UDP checksum has become 0";
	return NULL;
}

/* Once more, by someone else's code: right before, right after. */
static const char *second_opinion(const struct trial *t, const struct view *in)
{
	if (t->outputs != 1 || view_fragment(in) || view_csum_at(in) < 0 ||
	    t->o.gso_type)
		return NULL;
	if ((in->proto == 6 && in->l4_len < 20) ||
	    (in->proto == 17 && !get16(in->l4 + 6)) || !view_csum_right(in))
		return NULL;
	return check_packet(t->out[0].f.data, t->out[0].f.len);
}

static const char *judge_fields(const struct trial *t, const struct view *in,
				const struct want *w)
{
	size_t alen = w->family == 4 ? 4 : 16;
	int ttl = in->ttl + t->hops > 255 ? 255 : in->ttl + t->hops, i;
	int proto = in->proto;

	if (in->family == 4 && proto == 1)
		proto = 58;
	else if (in->family == 6 && proto == 58)
		proto = 1;
	if (in->family == w->family)
		proto = in->proto;
	for (i = 0; i < t->outputs; i++) {
		const struct view *o = &t->out[i].v;

		if (o->family != w->family)
			return "wrong family";
		if (memcmp(o->src, w->src, alen))
			return "source";
		if (memcmp(o->dst, w->dst, alen))
			return "destination";
		if (o->tos != w->tos)
			return "TOS or traffic class";
		if (o->ttl != ttl)
			return "TTL or Hop Limit";
		if (o->proto != proto)
			return "protocol";
	}
	return NULL;
}

static const char *judge_packet(const struct trial *t, const struct view *in,
				const struct want *w)
{
	const char *bad = judge_fields(t, in, w);

	/* Segments that had to be made first stand for themselves. */
	if (bad || (t->o.gso_type && !t->out[0].f.o.gso_type))
		return bad;
	if (t->o.gso_type && t->o.gso_size != t->out[0].f.o.gso_size)
		return "gso_size has changed";
	bad = w->family == 6 ? judge_pieces(t, in, w) :
			       judge64(t, in, &t->out[0]);
	if (!bad)
		bad = judge_l4(t, in);
	return bad ? bad : second_opinion(t, in);
}

const char *oracle_judge(struct trial *t)
{
	const char *bad;
	struct want w = { 0 };
	struct view in;
	bool read = view_read(&in, t->in, t->len), mapped;
	int i;

	for (i = 0; i < t->outputs; i++) {
		bad = judge_header(t, &in, &t->out[i]);
		if (bad)
			return bad;
	}
	bad = must_drop(t, &in, read);
	if (bad)
		return t->outputs && !t->odd ? bad : NULL;
	if (view_is_error(&in)) {
		if (!t->outputs || t->odd)
			return NULL;
		return t->outputs > 1 ? "one ICMP error has become several" :
		       oracle_error(t, &in, &t->out[0].v);
	}
	mapped = in.family == 4 ? want46(t->m, &in, &w) :
				  want64(t->m, &in, &w);
	if (t->plain && mapped && !t->outputs)
		return "nothing is wrong with it, but it is dropped";
	if (!t->outputs || t->odd || ambiguous(&in))
		return NULL;
	if (!mapped)
		return "addresses that must not be translated";
	return judge_packet(t, &in, &w);
}

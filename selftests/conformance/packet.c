// SPDX-License-Identifier: GPL-2.0
/* Layers to octets: the notation is described in packet.h. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "packet.h"
#include "parse.h"

/* The IP header that a pseudo-header is made from. */
struct ip_ctx {
	int family;
	uint8_t src[16];
	uint8_t dst[16];
};

struct build {
	struct packet *p;
	struct layer l[LAYERS_MAX];
	int n;
	struct ip_ctx ip;
};

static void build_list(struct packet *p, const char *text,
		       const struct ip_ctx *ip);

static uint8_t *put(struct packet *p, size_t len)
{
	uint8_t *at = p->data + p->len;

	if (p->len + len > PACKET_MAX)
		parse_die("", "packet is too long");
	memset(at, 0, len);
	memset(p->mask + p->len, 0xff, len);
	p->len += len;
	return at;
}

static void set16(uint8_t *at, unsigned int v)
{
	at[0] = v >> 8;
	at[1] = v;
}

static void set32(uint8_t *at, uint32_t v)
{
	set16(at, v >> 16);
	set16(at + 2, v);
}

static void any(struct packet *p, size_t at, size_t len)
{
	memset(p->mask + at, 0, len);
}

/* A numeric field of SIZE octets. */
static void number(struct build *b, struct layer *l, const char *key,
		   size_t off, size_t size, uint32_t absent)
{
	uint8_t *at = b->p->data + l->at + off;
	uint32_t v = field_num(l, key, absent);

	if (field_any(l, key))
		any(b->p, l->at + off, size);
	if (size == 1)
		*at = v;
	else if (size == 2)
		set16(at, v);
	else
		set32(at, v);
}

/* Is everything between two octets compared? */
static int exact(const struct packet *p, size_t from, size_t to)
{
	for (; from < to; from++)
		if (!p->mask[from])
			return 0;
	return 1;
}

/*
 * A checksum field at OFF, whose computed value is V: keep V, or what the text
 * says. It is not compared if it covers something that is not compared.
 */
static void checksum(struct build *b, struct layer *l, size_t off,
		     unsigned int v, size_t from, size_t to)
{
	const struct field *f = field_get(l, "csum");
	uint8_t *at = b->p->data + l->at + off;

	if (f && f->val && f->val[0] == '+') {
		uint32_t sum = v + strtoul(f->val + 1, NULL, 0);

		v = (sum & 0xffff) + (sum >> 16);
	} else if (f && !field_any(l, "csum")) {
		v = field_num(l, "csum", 0);
	}
	set16(at, v);
	if (field_any(l, "csum") || !exact(b->p, from, to))
		any(b->p, l->at + off, 2);
}

static const struct {
	const char *name;
	int proto;
} protocols[] = {
	{ "hop", 0 }, { "icmp4", 1 }, { "ip4", 4 }, { "tcp", 6 }, { "udp", 17 },
	{ "dccp", 33 }, { "ip6", 41 }, { "rh", 43 }, { "frag", 44 },
	{ "icmp6", 58 }, { "dop", 60 }, { "udplite", 136 },
};

static int protocol_of(const struct layer *l)
{
	struct layer inner[LAYERS_MAX];
	size_t i;

	if (layer_is(l, "part") && l->body) {
		parse_layers(l->body, inner);
		return protocol_of(inner);
	}
	for (i = 0; i < sizeof(protocols) / sizeof(*protocols); i++)
		if (layer_is(l, protocols[i].name))
			return protocols[i].proto;
	return 59;
}

static uint32_t next_proto(struct build *b, struct layer *l)
{
	return l - b->l + 1 < b->n ? protocol_of(l + 1) : 59;
}

/* headers: what does not depend on later layers */

static void emit_ip4(struct build *b, struct layer *l)
{
	uint8_t opt[64];
	size_t optlen = field_hex(l, "opt", opt, sizeof(opt));
	size_t hlen = 20 + (optlen + 3) / 4 * 4;
	uint32_t off = field_num(l, "off", 0);
	uint8_t *h = put(b->p, hlen);

	h[0] = field_num(l, "ver", 4) << 4 | field_num(l, "ihl", hlen / 4);
	number(b, l, "tos", 1, 1, 0);
	number(b, l, "id", 4, 2, 0);
	set16(h + 6, field_num(l, "rb", 0) << 15 | field_num(l, "df", 0) << 14 |
	      field_num(l, "mf", 0) << 13 | off / 8);
	if (off % 8)
		parse_die(l->name, "offset is not a multiple of 8");
	number(b, l, "ttl", 8, 1, 64);
	number(b, l, "proto", 9, 1, next_proto(b, l));
	field_addr(l, "src", 4, h + 12);
	field_addr(l, "dst", 4, h + 16);
	if (field_any(l, "src"))
		any(b->p, l->at + 12, 4);
	memcpy(h + 20, opt, optlen);
	if (field_num(l, "anyhdr", 0)) {
		any(b->p, l->at + 1, 1);
		any(b->p, l->at + 4, 5);
	}
	b->ip.family = 4;
	memcpy(b->ip.src, h + 12, 4);
	memcpy(b->ip.dst, h + 16, 4);
}

static void emit_ip6(struct build *b, struct layer *l)
{
	uint8_t *h = put(b->p, 40);

	set32(h, field_num(l, "ver", 6) << 28 | field_num(l, "tc", 0) << 20 |
	      field_num(l, "fl", 0));
	number(b, l, "nh", 6, 1, next_proto(b, l));
	number(b, l, "hlim", 7, 1, 64);
	field_addr(l, "src", 6, h + 8);
	field_addr(l, "dst", 6, h + 24);
	if (field_any(l, "src"))
		any(b->p, l->at + 8, 16);
	if (field_num(l, "anyhdr", 0)) {
		b->p->mask[l->at] = 0xf0;
		any(b->p, l->at + 1, 3);
		any(b->p, l->at + 7, 1);
	}
	b->ip.family = 6;
	memcpy(b->ip.src, h + 8, 16);
	memcpy(b->ip.dst, h + 24, 16);
}

static void emit_options(struct build *b, struct layer *l)
{
	uint8_t opt[2048];
	size_t len = field_hex(l, "opt", opt, sizeof(opt));
	size_t pad = (8 - (2 + len) % 8) % 8;
	uint8_t *h = put(b->p, 2 + len + pad);

	memcpy(h + 2, opt, len);
	if (pad > 1) {
		h[2 + len] = 1;
		h[3 + len] = pad - 2;
	}
	number(b, l, "nh", 0, 1, next_proto(b, l));
	number(b, l, "elen", 1, 1, (2 + len + pad) / 8 - 1);
}

static void emit_rh(struct build *b, struct layer *l)
{
	uint8_t opt[2048];
	size_t len = field_hex(l, "opt", opt, sizeof(opt));
	uint8_t *h;

	/* Octets 4 to 7, then the data. */
	if (!len) {
		memset(opt, 0, 4);
		len = 4;
	}
	if (len % 8 != 4)
		parse_die(l->name, "data of a routing header: 4 + 8 n octets");
	h = put(b->p, 4 + len);
	memcpy(h + 4, opt, len);
	number(b, l, "nh", 0, 1, next_proto(b, l));
	number(b, l, "elen", 1, 1, (4 + len) / 8 - 1);
	number(b, l, "type", 2, 1, 0);
	number(b, l, "sl", 3, 1, 0);
}

static void emit_frag(struct build *b, struct layer *l)
{
	uint8_t *h = put(b->p, 8);

	number(b, l, "nh", 0, 1, next_proto(b, l));
	number(b, l, "res", 1, 1, 0);
	set16(h + 2, field_num(l, "off", 0) | field_num(l, "mf", 0) |
	      field_num(l, "res2", 0) << 1);
	number(b, l, "id", 4, 4, 0);
}

static void emit_udp(struct build *b, struct layer *l)
{
	put(b->p, 8);
	number(b, l, "sp", 0, 2, 4660);
	number(b, l, "dp", 2, 2, 53);
}

static void emit_tcp(struct build *b, struct layer *l)
{
	uint8_t opt[64];
	size_t optlen = field_hex(l, "opt", opt, sizeof(opt));
	size_t hlen = 20 + (optlen + 3) / 4 * 4;
	uint8_t *h = put(b->p, hlen);

	number(b, l, "sp", 0, 2, 4660);
	number(b, l, "dp", 2, 2, 80);
	number(b, l, "seq", 4, 4, 0x11223344);
	number(b, l, "ack", 8, 4, 0x55667788);
	h[12] = field_num(l, "doff", hlen / 4) << 4;
	number(b, l, "flags", 13, 1, 0x18);
	number(b, l, "win", 14, 2, 8192);
	number(b, l, "urg", 18, 2, 0);
	memcpy(h + 20, opt, optlen);
}

static void emit_dccp(struct build *b, struct layer *l)
{
	uint8_t *h = put(b->p, 16);

	number(b, l, "sp", 0, 2, 4660);
	number(b, l, "dp", 2, 2, 5001);
	h[4] = 4;
	number(b, l, "cov", 5, 1, 0);
	h[8] = 0x05;	/* DCCP-Data with long sequence numbers */
	h[15] = 1;
}

static void emit_icmp(struct build *b, struct layer *l)
{
	int v6 = layer_is(l, "icmp6");

	put(b->p, 8);
	number(b, l, "type", 0, 1, v6 ? 128 : 8);
	number(b, l, "code", 1, 1, 0);
	number(b, l, "id", 4, 2, 0);
	number(b, l, "seq", 6, 2, 0);
	if (field_get(l, "mtu") && v6)
		number(b, l, "mtu", 4, 4, 0);
	else if (field_get(l, "mtu"))
		number(b, l, "mtu", 6, 2, 0);
	if (field_get(l, "ptr"))
		number(b, l, "ptr", 4, v6 ? 4 : 1, 0);
	if (field_get(l, "len"))
		number(b, l, "len", v6 ? 4 : 5, 1, 0);
	field_hex(l, "rest", b->p->data + l->at + 4, 4);
}

static void emit_ext(struct build *b, struct layer *l)
{
	uint8_t objects[2048];
	size_t len = field_hex(l, "objects", objects, sizeof(objects));
	uint8_t *h = put(b->p, 4 + len);

	h[0] = 0x20;
	memcpy(h + 4, objects, len);
}

static void emit_content(struct build *b, struct layer *l)
{
	static uint8_t octets[PACKET_MAX];
	const struct field *text = field_get(l, "text");
	size_t fill = field_num(l, "fill", 0), i;
	size_t len = field_hex(l, "hex", octets, sizeof(octets));
	uint8_t *h;

	memcpy(put(b->p, len), octets, len);
	if (text)
		memcpy(put(b->p, text->vlen), text->val, text->vlen);
	put(b->p, field_num(l, "zero", 0));
	h = put(b->p, fill);
	for (i = 0; i < fill; i++)
		h[i] = i ^ (i >> 8) * 151;
}

static void emit_part(struct build *b, struct layer *l)
{
	struct packet *whole = calloc(1, sizeof(*whole));
	size_t at, n, have, pad;

	if (!whole || !l->body)
		parse_die(l->name, "a part needs { layers }");
	build_list(whole, l->body, &b->ip);
	at = field_num(l, "at", 0);
	if (at > whole->len)
		parse_die(l->name, "part begins beyond its layers");
	have = whole->len - at;
	n = field_num(l, "n", have);
	pad = field_num(l, "pad", 0);
	if (n > have)
		parse_die(l->name, "part is longer than its layers");
	put(b->p, n > pad ? n : pad);
	memcpy(b->p->data + l->at, whole->data + at, n);
	memcpy(b->p->mask + l->at, whole->mask + at, n);
	free(whole);
}

/* lengths and checksums, last layer first */

static void finish_ip4(struct build *b, struct layer *l)
{
	size_t end = b->p->len, hlen = (b->p->data[l->at] & 15) * 4;

	number(b, l, "len", 2, 2, end - l->at);
	if (hlen < 20 || l->at + hlen > end)
		hlen = 20;
	checksum(b, l, 10, 0xffff ^ sum16(b->p->data + l->at, hlen, 0),
		 l->at, l->at + hlen);
}

static void finish_ip6(struct build *b, struct layer *l)
{
	number(b, l, "plen", 4, 2, b->p->len - l->at - 40);
}

static unsigned int pseudo(struct build *b, struct layer *l, int proto,
			   size_t cover)
{
	size_t len = b->p->len - l->at;
	uint32_t sum;

	if (!b->ip.family)
		parse_die(l->name, "no IP header for the checksum");
	sum = l4_sum(b->ip.family, b->ip.src, b->ip.dst, proto,
		     b->p->data + l->at, 0) + len;
	return 0xffff ^ sum16(b->p->data + l->at, cover, sum);
}

static void finish_l4(struct build *b, struct layer *l, int proto, size_t off,
		      size_t cover)
{
	size_t len = b->p->len - l->at;
	unsigned int sum;

	if (!cover || cover > len)
		cover = len;
	if (proto == 1)
		sum = 0xffff ^ sum16(b->p->data + l->at, len, 0);
	else
		sum = pseudo(b, l, proto, cover);
	if (!sum && (proto == 17 || proto == 136))
		sum = 0xffff;
	checksum(b, l, off, sum, l->at, l->at + cover);
}

static void finish_udp(struct build *b, struct layer *l)
{
	number(b, l, "len", 4, 2, b->p->len - l->at);
	finish_l4(b, l, 17, 6, 0);
}

static void finish_udplite(struct build *b, struct layer *l)
{
	number(b, l, "cov", 4, 2, 0);
	finish_l4(b, l, 136, 6, field_num(l, "cov", 0));
}

static void finish_tcp(struct build *b, struct layer *l)
{
	finish_l4(b, l, 6, 16, 0);
}

static void finish_dccp(struct build *b, struct layer *l)
{
	uint32_t cov = field_num(l, "cov", 0);

	/* RFC 4340 9.2: CsCov 1 is the header, n more 4 octets each */
	finish_l4(b, l, 33, 6, cov ? 16 + (cov - 1) * 4 : 0);
}

static void finish_icmp4(struct build *b, struct layer *l)
{
	finish_l4(b, l, 1, 2, 0);
}

static void finish_icmp6(struct build *b, struct layer *l)
{
	finish_l4(b, l, 58, 2, 0);
}

static void finish_ext(struct build *b, struct layer *l)
{
	checksum(b, l, 2, 0xffff ^ sum16(b->p->data + l->at,
					 b->p->len - l->at, 0),
		 l->at, b->p->len);
}

static void finish_nothing(struct build *b, struct layer *l)
{
}

static void emit_nothing(struct build *b, struct layer *l)
{
	field_get(l, "v4");
	field_get(l, "v6");
}

static const struct {
	const char *name;
	void (*emit)(struct build *b, struct layer *l);
	void (*finish)(struct build *b, struct layer *l);
} kinds[] = {
	{ "", emit_content, finish_nothing },
	{ "raw", emit_nothing, finish_nothing },
	{ "part", emit_part, finish_nothing },
	{ "ip4", emit_ip4, finish_ip4 },
	{ "ip6", emit_ip6, finish_ip6 },
	{ "hop", emit_options, finish_nothing },
	{ "dop", emit_options, finish_nothing },
	{ "rh", emit_rh, finish_nothing },
	{ "frag", emit_frag, finish_nothing },
	{ "udp", emit_udp, finish_udp },
	{ "udplite", emit_udp, finish_udplite },
	{ "tcp", emit_tcp, finish_tcp },
	{ "dccp", emit_dccp, finish_dccp },
	{ "icmp4", emit_icmp, finish_icmp4 },
	{ "icmp6", emit_icmp, finish_icmp6 },
	{ "ext", emit_ext, finish_ext },
};

static size_t kind_of(const struct layer *l)
{
	size_t i;

	for (i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		if (layer_is(l, kinds[i].name))
			return i;
	parse_die(l->name, "unknown layer");
}

static void build_list(struct packet *p, const char *text,
		       const struct ip_ctx *ip)
{
	struct build *b = calloc(1, sizeof(*b));
	struct ip_ctx of[LAYERS_MAX];
	int i;

	if (!b)
		exit(1);
	b->p = p;
	if (ip)
		b->ip = *ip;
	b->n = parse_layers(text, b->l);
	for (i = 0; i < b->n; i++) {
		b->l[i].at = p->len;
		kinds[kind_of(&b->l[i])].emit(b, &b->l[i]);
		of[i] = b->ip;
	}
	while (i-- > 0) {
		b->ip = of[i];
		kinds[kind_of(&b->l[i])].finish(b, &b->l[i]);
		layer_unused(&b->l[i]);
	}
	free(b);
}

static int family_of(const char *text)
{
	struct layer *l = calloc(LAYERS_MAX, sizeof(*l));
	int family = 6;

	if (!l)
		exit(1);
	parse_layers(text, l);
	if (layer_is(l, "part"))
		family = family_of(l->body);
	else if (layer_is(l, "ip4") || field_get(l, "v4"))
		family = 4;
	free(l);
	return family;
}

void packet_build(struct packet *p, const char *text)
{
	p->len = 0;
	p->family = family_of(text);
	build_list(p, text, NULL);
}

long packet_differs(const struct packet *want, const struct packet *got)
{
	size_t i;

	for (i = 0; i < want->len && i < got->len; i++)
		if ((want->data[i] ^ got->data[i]) & want->mask[i])
			return i;
	return want->len == got->len ? -1 : (long)i;
}

void packet_print(const char *title, const struct packet *p)
{
	size_t i, len = p->len < 640 ? p->len : 640;

	printf("# %s: %zu octets", title, p->len);
	for (i = 0; i < len; i++) {
		if (i % 32 == 0)
			printf("\n#   %04zx ", i);
		if (i % 4 == 0)
			printf(" ");
		printf("%02x", p->data[i]);
	}
	printf("%s\n", len < p->len ? " ..." : "");
}

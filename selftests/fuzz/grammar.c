// SPDX-License-Identifier: GPL-2.0
/*
 * Packets by grammar, in the notation of packet.h: both families, all upper
 * layers, options, extension headers, fragments, errors that quote packets.
 */
#include <arpa/inet.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "input.h"
#include "packet.h"

#define NO_FIX	"csum=+%u "

struct gen {
	const struct model *m;
	struct rng *r;
	char text[8192];
	size_t n;
	bool plain;		/* must be translated if its addresses can be */
	bool clean;		/* as an honest sender made it */
	int depth;		/* 1 in a quoted packet */
	int budget;		/* octets of content at most */
};

static void say(struct gen *g, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

static void say(struct gen *g, const char *fmt, ...)
{
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(g->text + g->n, sizeof(g->text) - g->n, fmt, ap);
	va_end(ap);
	if (n < 0 || (size_t)n >= sizeof(g->text) - g->n)
		abort();
	g->n += n;
}

static void say_hex(struct gen *g, const char *key, const uint8_t *p, int n)
{
	say(g, "%s=", key);
	while (n-- > 0)
		say(g, "%02x", *p++);
	say(g, " ");
}

static void say_random(struct gen *g, const char *key, int n)
{
	uint8_t octets[512];
	int i;

	for (i = 0; i < n; i++)
		octets[i] = rnd(g->r);
	say_hex(g, key, octets, n);
}

/* Something that an honest sender would not say; PER_MILLE of all packets. */
static bool oops(struct gen *g, int per_mille)
{
	if (!permille(g->r, per_mille))
		return false;
	g->plain = false;
	g->clean = false;
	return true;
}

/* One of two things that are both legal, but the second rare. */
static bool rare(struct gen *g, unsigned int percentage)
{
	if (!percent(g->r, percentage))
		return false;
	g->plain = false;
	return true;
}

static int content_size(struct gen *g)
{
	static const int edge[] = {
		1180, 1200, 1212, 1216, 1224, 1231, 1232, 1233, 1240, 1252,
		1260, 1400, 1432, 1452, 1460, 1472, 1480,
	};
	int n;

	if (percent(g->r, 60))
		return below(g->r, 64);
	if (percent(g->r, 60))
		return below(g->r, 1100);
	g->plain = false;
	n = PICK(g->r, edge) - (int)below(g->r, 30);
	if (percent(g->r, 10))
		n = between(g->r, 1000, 9000);
	if (percent(g->r, 4))
		n = between(g->r, 9000, 65000);
	return n > g->budget ? g->budget : n;
}

/* upper layers; each returns its octets */

static int gen_content(struct gen *g)
{
	int n = content_size(g);

	if (n < 200 && percent(g->r, 20)) {
		say(g, "/ ");
		say_random(g, "hex", n);
	} else {
		say(g, "/ fill=%d ", n);
	}
	return n;
}

static void gen_ports(struct gen *g)
{
	say(g, "sp=%u dp=%u ", below(g->r, 65536), below(g->r, 65536));
}

static void gen_bad_csum(struct gen *g, int per_mille)
{
	if (oops(g, per_mille))
		say(g, NO_FIX, between(g->r, 1, 65534));
}

static int gen_tcp(struct gen *g)
{
	int opt = percent(g->r, 30) ? (int)below(g->r, 40) : 0;

	say(g, "tcp ");
	gen_ports(g);
	say(g, "seq=%u ack=%u flags=%u win=%u ", rnd(g->r), rnd(g->r),
	    below(g->r, 256), below(g->r, 65536));
	if (opt)
		say_random(g, "opt", opt);
	if (oops(g, 20))
		say(g, "doff=%u ", below(g->r, 16));
	gen_bad_csum(g, 50);
	return 20 + (opt + 3) / 4 * 4 + gen_content(g);
}

static int gen_udp(struct gen *g)
{
	say(g, "udp ");
	gen_ports(g);
	if (oops(g, 20))
		say(g, "len=%u ", below(g->r, percent(g->r, 50) ? 64 : 65536));
	if (oops(g, 80))
		say(g, "csum=0 ");
	else
		gen_bad_csum(g, 50);
	return 8 + gen_content(g);
}

static int gen_udplite(struct gen *g)
{
	say(g, "udplite ");
	gen_ports(g);
	if (percent(g->r, 50))
		say(g, "cov=%u ", below(g->r, 40));
	gen_bad_csum(g, 50);
	return 8 + gen_content(g);
}

static int gen_dccp(struct gen *g)
{
	say(g, "dccp ");
	gen_ports(g);
	if (percent(g->r, 30))
		say(g, "cov=%u ", below(g->r, 16));
	gen_bad_csum(g, 50);
	return 16 + gen_content(g);
}

static int gen_echo(struct gen *g, int family)
{
	say(g, "icmp%d type=%d ", family,
	    family == 4 ? 8 * below(g->r, 2) : 128 + below(g->r, 2));
	say(g, "id=%u seq=%u ", below(g->r, 65536), below(g->r, 65536));
	if (rare(g, 5))
		say(g, "code=%u ", below(g->r, 256));
	gen_bad_csum(g, 50);
	return 8 + gen_content(g);
}

static int gen_icmp_odd(struct gen *g, int family)
{
	g->plain = false;
	say(g, "icmp%d type=%u code=%u ", family, below(g->r, 256),
	    below(g->r, 20));
	say_random(g, "rest", 4);
	gen_bad_csum(g, 50);
	return 8 + gen_content(g);
}

/* A few octets where a header is due, or a protocol that nobody knows. */
static int gen_opaque(struct gen *g)
{
	int n = percent(g->r, 50) ? (int)below(g->r, 30) : content_size(g);

	if (n > 500)
		say(g, "fill=%d ", n);
	else
		say_random(g, "hex", n);
	return n;
}

static int gen_ip(struct gen *g, int family, const uint8_t *src,
		  const uint8_t *dst);

/* RFC 4884 objects: whole ones, or octets. */
static void gen_extension(struct gen *g)
{
	uint8_t o[500];
	int n = 0, k;

	if (oops(g, 150)) {
		say(g, "/ ");
		say_random(g, "hex", below(g->r, 40));
		return;
	}
	for (k = between(g->r, 1, 3); k > 0; k--) {
		int body = 4 * below(g->r, percent(g->r, 90) ? 8 : 35), i;

		o[n++] = (body + 4) >> 8;
		o[n++] = body + 4;
		for (i = 0; i < body + 2; i++)
			o[n++] = rnd(g->r);
	}
	say(g, "/ ext ");
	say_hex(g, "objects", o, n);
	gen_bad_csum(g, 50);
}

static void gen_error_head(struct gen *g, int family)
{
	static const uint8_t types4[] = { 3, 3, 3, 11, 12, 12, 4, 5 };
	static const uint8_t types6[] = { 1, 1, 2, 2, 3, 4, 4, 5, 100 };
	static const int mtus[] = {
		0, 68, 576, 1006, 1259, 1260, 1280, 1300, 1492, 1500, 9000, 65535,
	};
	int type = family == 4 ? PICK(g->r, types4) : PICK(g->r, types6);
	int code = below(g->r, percent(g->r, 90) ? 6 : 20);

	if (family == 4 && type == 3)
		code = percent(g->r, 40) ? 4 : (int)below(g->r, 17);
	if (type == 12 || (family == 6 && type == 4))
		code = below(g->r, 4);
	say(g, "icmp%d type=%d code=%d ", family, type, code);
	if ((family == 4 && type == 3 && code == 4) ||
	    (family == 6 && type == 2))
		say(g, "mtu=%d ", PICK(g->r, mtus));
	else if (type == 12 || (family == 6 && type == 4))
		say(g, "ptr=%u ", below(g->r, percent(g->r, 90) ? 48 : 256));
	gen_bad_csum(g, 60);
}

/*
 * An error about a packet on its way from DST to SRC, cut off anywhere, with
 * or without an extension.
 */
static int gen_error(struct gen *g, int family, const uint8_t *src,
		     const uint8_t *dst)
{
	int unit = family == 4 ? 4 : 8, keep = 0, pad, whole;
	bool ext = percent(g->r, 40);
	struct gen *inner;
	uint8_t other[16];

	inner = calloc(1, sizeof(*inner));
	if (!inner)
		abort();
	g->plain = false;
	*inner = (struct gen){
		.m = g->m, .r = g->r, .depth = 1, .budget = 1400,
	};
	/* Often from a router on the way, which has not been a party. */
	if (percent(g->r, 50)) {
		if (family == 4) {
			uint32_t a = htonl(model_addr4(g->m, g->r, false));

			memcpy(other, &a, 4);
		} else {
			model_addr6(g->m, g->r, false, other);
		}
		src = other;
	}
	whole = gen_ip(inner, family, dst, src);
	keep = percent(g->r, 30) ? whole : (int)below(g->r, whole + 1);
	if (percent(g->r, 30))
		keep = (family == 4 ? 20 : 40) + below(g->r, 16);
	if (keep > whole)
		keep = whole;
	pad = keep;
	gen_error_head(g, family);
	if (ext) {
		pad = keep < 128 ? 128 : (keep + unit - 1) / unit * unit;
		if (pad / unit > 255) {
			pad = 255 * unit;
			keep = keep < pad ? keep : pad;
		}
		say(g, "len=%u ", oops(g, 100) ? below(g->r, 256) :
		    (unsigned int)(pad / unit));
	}
	say(g, "/ part n=%d pad=%d { %s} ", keep, pad, inner->text);
	if (ext)
		gen_extension(g);
	free(inner);
	return 8 + pad;
}

static int gen_upper(struct gen *g, int family, const uint8_t *src,
		     const uint8_t *dst)
{
	switch (below(g->r, 20)) {
	case 0 ... 4:
		return gen_tcp(g);
	case 5 ... 8:
		return gen_udp(g);
	case 9:
		return gen_udplite(g);
	case 10:
		return gen_dccp(g);
	case 11 ... 12:
		return gen_echo(g, family);
	case 13 ... 16:
		if (!g->depth || percent(g->r, 5))
			return gen_error(g, family, src, dst);
		return gen_echo(g, family);
	case 17:
		return gen_icmp_odd(g, family);
	default:
		return gen_opaque(g);
	}
}

/* Fields in front of gen_upper() that say what it is, where it does not. */
static void gen_odd_proto(struct gen *g, const char *key, int per_mille)
{
	static const uint8_t protos[] = {
		0, 1, 2, 4, 6, 17, 33, 41, 43, 44, 47, 50, 51, 58, 59, 60, 132,
		135, 136, 139, 140, 253,
	};

	if (oops(g, per_mille))
		say(g, "%s=%u ", key,
		    percent(g->r, 90) ? PICK(g->r, protos) : below(g->r, 256));
}

/* What is sent as the upper layer: all of it, or a piece of a datagram. */
static int gen_payload(struct gen *g, int family, const uint8_t *src,
		       const uint8_t *dst, int at, int n, const char *body,
		       int whole)
{
	if (at > whole)
		at = whole;
	if (n > whole - at)
		n = whole - at;
	if (percent(g->r, 97)) {
		say(g, "/ part at=%d n=%d { %s} ", at, n, body);
		return n;
	}
	say(g, "/ ");
	return gen_upper(g, family, src, dst);
}

/* The upper layer of a fragment: as text, because parts need to be cut. */
static char *fragment_body(struct gen *g, int family, const uint8_t *src,
			   const uint8_t *dst, int *whole)
{
	struct gen *sub = calloc(1, sizeof(*sub));
	char *text;

	if (!sub)
		abort();
	*sub = (struct gen){
		.m = g->m, .r = g->r, .depth = g->depth, .budget = 9000,
		.clean = true,
	};
	*whole = gen_upper(sub, family, src, dst);
	g->clean &= sub->clean;
	text = strdup(sub->text);
	free(sub);
	if (!text)
		abort();
	return text;
}

/* Offset, length and "more" of a piece of WHOLE octets. */
static void choose_piece(struct gen *g, int whole, int *at, int *n, bool *more)
{
	*at = percent(g->r, 40) ? 0 : 8 * (int)below(g->r, whole / 8 + 1);
	*n = whole - *at;
	if (percent(g->r, 60))
		*n = 8 * (int)between(g->r, 0, *n / 8);
	*more = *at + *n < whole;
	if (oops(g, 30))
		*n = below(g->r, whole + 1);
	if (oops(g, 30))
		*more = !*more;
}

static int gen_options4(struct gen *g)
{
	static const char *const options[] = {
		"01010101", "0703040000", "440c05000000000000000000",
		"830703c0000201", "830704c0000201", "890703c0000201",
		"830708c0000201", "94040000", "00", "8200", "8300", "44",
		"0107", "890b04c0000201c0000202", "830203", "8202",
	};
	const char *o = PICK(g->r, options);

	g->plain = false;
	if (oops(g, 100)) {
		int n = between(g->r, 1, 40);

		say_random(g, "opt", n);
		return (n + 3) / 4 * 4;
	}
	say(g, "opt=%s ", o);
	return (strlen(o) / 2 + 3) / 4 * 4;
}

static int gen_ip4(struct gen *g, const uint8_t *src, const uint8_t *dst)
{
	static const uint8_t ttls[] = { 64, 255, 254, 2, 1, 0 };
	char s[16], d[16], *body;
	int hdr = 20, at, n, whole;
	bool more;

	inet_ntop(AF_INET, src, s, sizeof(s));
	inet_ntop(AF_INET, dst, d, sizeof(d));
	say(g, "ip4 src=%s dst=%s tos=%u id=%u ", s, d, below(g->r, 256),
	    below(g->r, 65536));
	if (rare(g, 10))
		say(g, "ttl=%u ", PICK(g->r, ttls));
	if (percent(g->r, 40))
		say(g, "df ");
	if (percent(g->r, 12))
		hdr += gen_options4(g);
	if (oops(g, 10))
		say(g, "ver=%u ", below(g->r, 16));
	if (oops(g, 10))
		say(g, "ihl=%u ", below(g->r, 16));
	if (oops(g, 10))
		say(g, "len=%u ", below(g->r, percent(g->r, 50) ? 100 : 65536));
	if (oops(g, 10))
		say(g, "rb ");
	gen_bad_csum(g, 10);
	gen_odd_proto(g, "proto", 50);
	if (!rare(g, 20)) {
		say(g, "/ ");
		return hdr + gen_upper(g, 4, src, dst);
	}
	body = fragment_body(g, 4, src, dst, &whole);
	choose_piece(g, whole, &at, &n, &more);
	say(g, "off=%d %s", at, more ? "mf " : "");
	n = gen_payload(g, 4, src, dst, at, n, body, whole);
	free(body);
	return hdr + n;
}

static int gen_options6(struct gen *g, const char *name, int n)
{
	say(g, "%s ", name);
	say_random(g, "opt", n);
	if (oops(g, 15))
		say(g, "elen=%u ", below(g->r, 256));
	return 2 + n + (8 - (2 + n) % 8) % 8;
}

static int gen_routing(struct gen *g)
{
	int n = 4 + 8 * below(g->r, 5);

	say(g, "rh type=%u sl=%u ", below(g->r, 6),
	    oops(g, 200) ? below(g->r, 4) : 0);
	say_random(g, "opt", n);
	if (oops(g, 15))
		say(g, "elen=%u ", below(g->r, 256));
	return 4 + n;
}

/* Zero or more extension headers, in any order. */
static int gen_chain(struct gen *g)
{
	int k, len = 0;

	if (!percent(g->r, 20))
		return 0;
	g->plain = false;
	for (k = between(g->r, 1, percent(g->r, 95) ? 4 : 12); k > 0; k--) {
		say(g, "/ ");
		switch (below(g->r, 8)) {
		case 0 ... 1:
			if (len && !oops(g, 100))
				len += gen_options6(g, "dop", 0);
			else
				len += gen_options6(g, "hop", 6);
			break;
		case 2 ... 4:
			len += gen_options6(g, "dop", below(g->r, 60));
			break;
		case 5 ... 6:
			len += gen_routing(g);
			break;
		default:
			if (!oops(g, 200)) {
				len += gen_options6(g, "dop", 2);
				break;
			}
			say(g, "frag id=%u ", rnd(g->r));
			len += 8;
			break;
		}
		gen_odd_proto(g, "nh", 15);
	}
	return len;
}

static int gen_ip6(struct gen *g, const uint8_t *src, const uint8_t *dst)
{
	static const uint8_t hops[] = { 64, 255, 254, 2, 1, 0 };
	char s[48], d[48], *body;
	int hdr = 40, at, n, whole;
	bool more;

	inet_ntop(AF_INET6, src, s, sizeof(s));
	inet_ntop(AF_INET6, dst, d, sizeof(d));
	say(g, "ip6 src=%s dst=%s tc=%u fl=%u ", s, d, below(g->r, 256),
	    below(g->r, 1 << 20));
	if (rare(g, 10))
		say(g, "hlim=%u ", PICK(g->r, hops));
	if (oops(g, 10))
		say(g, "ver=%u ", below(g->r, 16));
	if (oops(g, 10))
		say(g, "plen=%u ", below(g->r, percent(g->r, 50) ? 100 : 65536));
	/* A jumbogram says 0 in its header (RFC 2675). */
	if (oops(g, 5))
		say(g, "plen=0 nh=0 ");
	gen_odd_proto(g, "nh", 30);
	hdr += gen_chain(g);
	if (!rare(g, 20)) {
		say(g, "/ ");
		return hdr + gen_upper(g, 6, src, dst);
	}
	body = fragment_body(g, 6, src, dst, &whole);
	if (percent(g->r, 30)) {
		at = 0;
		n = whole;
		more = false;
	} else {
		choose_piece(g, whole, &at, &n, &more);
	}
	say(g, "/ frag off=%d id=%u %s", at, rnd(g->r), more ? "mf " : "");
	if (oops(g, 20))
		say(g, "res=%u res2=%u ", below(g->r, 256), below(g->r, 4));
	gen_odd_proto(g, "nh", 20);
	n = gen_payload(g, 6, src, dst, at, n, body, whole);
	free(body);
	return hdr + 8 + n;
}

static int gen_ip(struct gen *g, int family, const uint8_t *src,
		  const uint8_t *dst)
{
	return family == 4 ? gen_ip4(g, src, dst) : gen_ip6(g, src, dst);
}

static void choose_addr(struct gen *g, int family, bool node, uint8_t *addr)
{
	uint32_t v4;

	if (family == 6) {
		model_addr6(g->m, g->r, node, addr);
		return;
	}
	v4 = htonl(model_addr4(g->m, g->r, node));
	memcpy(addr, &v4, 4);
}

/* A NIC would put the checksum in, and cut the packet up. */
static void offloads(struct input *in, bool clean, struct rng *r)
{
	size_t at = in->data[0] >> 4 == 4 ? 20 : 40;
	int proto = in->data[at == 20 ? 9 : 6];
	size_t hdr;

	memset(&in->o, 0, sizeof(in->o));
	in->odd = false;
	if (!clean || (proto != 6 && proto != 17) || in->len < at + 20 ||
	    (at == 20 && (in->data[0] != 0x45 || (in->data[6] & 0x3f) ||
			  in->data[7])) ||
	    percent(r, 40))
		return;
	in->o.partial = true;
	in->o.csum_start = at;
	in->o.csum_offset = proto == 6 ? 16 : 6;
	in->o.hdr_len = in->len;
	hdr = at + (proto == 6 ? (in->data[at + 12] >> 4) * 4 : 8);
	if (in->len < hdr + 200 || percent(r, 40))
		return;
	if (proto == 17)
		in->o.gso_type = 5;	/* VIRTIO_NET_HDR_GSO_UDP_L4 */
	else
		in->o.gso_type = at == 20 ? 1 : 4;
	in->o.gso_size = between(r, 48, in->len - hdr > 1500 ? 1500 :
				 in->len - hdr - 1);
	in->o.hdr_len = hdr;
}

void grammar_packet(struct input *in, const struct model *m, struct rng *r)
{
	static struct packet p;
	struct gen g = {
		.m = m, .r = r, .plain = true, .clean = true, .budget = 65000,
	};
	int family = percent(r, 50) ? 4 : 6;
	bool node = percent(r, 50);
	uint8_t src[16], dst[16];

	/* Edge relay and CLAT translate what is to or from their nodes. */
	if (m->role != ROLE_BR && !percent(r, 15))
		node = family == 4;
	choose_addr(&g, family, node, src);
	choose_addr(&g, family, !node || percent(r, 20), dst);
	gen_ip(&g, family, src, dst);
	packet_build(&p, g.text);
	in->plain = g.plain;
	in->len = p.len < INPUT_MAX ? p.len : INPUT_MAX;
	memcpy(in->data, p.data, in->len);
	in->ethertype = family == 4 ? 0x0800 : 0x86dd;
	offloads(in, g.clean, r);
}

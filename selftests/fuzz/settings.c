// SPDX-License-Identifier: GPL-2.0
/* Settings made at random, and the commands that set them. */
#include <arpa/inet.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model.h"

static uint32_t mask4(int len)
{
	return len ? ~0u << (32 - len) : 0;
}

static void mask6(uint8_t *v6, int len)
{
	int i;

	for (i = len; i < 128; i++)
		v6[i / 8] &= ~(0x80 >> i % 8);
}

/* Documentation, private, shared and public addresses; seldom any at all. */
static uint32_t some4(struct rng *r)
{
	static const uint32_t net[] = {
		0xc0000200, 0xc6336400, 0xcb007100, 0x0a000000, 0xac100000,
		0x64400000, 0x08080000, 0x01010100, 0xc0a80100, 0xc6120000,
	};

	if (percent(r, 5))
		return rnd(r);
	return PICK(r, net) | (rnd(r) & (percent(r, 70) ? 0xff : 0xffff));
}

static void some6(struct rng *r, uint8_t *v6)
{
	static const uint8_t documentation[] = { 0x20, 0x01, 0x0d, 0xb8 };
	int i;

	for (i = 0; i < 16; i++)
		v6[i] = percent(r, 40) ? 0 : rnd(r);
	memcpy(v6, documentation, sizeof(documentation));
	v6[4] = below(r, 4);
}

static bool have_eam(const struct model *m, const struct eam_row *e)
{
	int i;

	for (i = 0; i < m->eams; i++)
		if ((m->eam[i].v4 == e->v4 && m->eam[i].len4 == e->len4) ||
		    (!memcmp(m->eam[i].v6, e->v6, 16) &&
		     m->eam[i].len6 == e->len6))
			return true;
	return false;
}

/* Any lengths, unequal suffixes, and rows inside of others. */
static bool add_eam(struct model *m, struct rng *r)
{
	struct eam_row e;
	int room;

	if (m->eams == MODEL_EAMS)
		return false;
	e.len4 = percent(r, 50) ? between(r, 24, 32) :
		 percent(r, 90) ? between(r, 8, 32) : below(r, 33);
	e.v4 = some4(r);
	some6(r, e.v6);
	if (m->eams && percent(r, 30)) {
		const struct eam_row *in = &m->eam[below(r, m->eams)];

		if (percent(r, 60))
			e.v4 = in->v4 | (rnd(r) & ~mask4(in->len4));
		if (percent(r, 60))
			memcpy(e.v6, in->v6, 8);
	}
	room = 128 - (32 - e.len4);
	e.len6 = room;
	if (percent(r, 50))
		e.len6 = between(r, room < 40 ? room : 40, room);
	if (percent(r, 3))
		e.len6 = below(r, room + 1);
	e.v4 &= mask4(e.len4);
	mask6(e.v6, e.len6);
	if (have_eam(m, &e))
		return false;
	m->eam[m->eams++] = e;
	return true;
}

static bool have_pool(const struct model *m, const struct pool_row *p)
{
	int i;

	for (i = 0; i < m->pools; i++)
		if (!memcmp(m->pool[i].v6, p->v6, 16) &&
		    m->pool[i].len6 == p->len6 &&
		    m->pool[i].translatable == p->translatable &&
		    m->pool[i].v4 == p->v4 && m->pool[i].len4 == p->len4)
			return true;
	return false;
}

static bool add_pool(struct model *m, struct rng *r, bool translatable)
{
	static const int lengths[] = { 32, 40, 48, 56, 64, 96 };
	static const uint8_t wkp[16] = { 0, 0x64, 0xff, 0x9b };
	struct pool_row p = { .translatable = translatable };

	if (m->pools == MODEL_POOLS)
		return false;
	p.len6 = PICK(r, lengths);
	some6(r, p.v6);
	p.v6[4] |= 0x80;	/* most often outside of the EAM rows */
	if (percent(r, 15)) {
		memcpy(p.v6, wkp, sizeof(wkp));
		p.len6 = 96;
	}
	p.v6[8] = 0;
	mask6(p.v6, p.len6);
	if (translatable) {
		p.len4 = between(r, 8, 32);
		p.v4 = some4(r) & mask4(p.len4);
	}
	if (have_pool(m, &p))
		return false;
	m->pool[m->pools++] = p;
	return true;
}

static bool add_prefix(struct prefix4 *list, int *n, struct rng *r, int shortest)
{
	struct prefix4 p = { .len = between(r, shortest, 32) };
	int i;

	if (*n == MODEL_PREFIXES)
		return false;
	p.v4 = some4(r) & mask4(p.len);
	for (i = 0; i < *n; i++)
		if (list[i].v4 == p.v4 && list[i].len == p.len)
			return false;
	if (model_illegal4(p.v4))
		return false;
	list[(*n)++] = p;
	return true;
}

static void random_settings(struct model *m, struct rng *r)
{
	static const unsigned int lowest[] = {
		1280, 1280, 1280, 1281, 1287, 1288, 1400, 1500, 1520, 9000, 65535,
	};

	m->role = percent(r, 60) ? ROLE_BR : between(r, ROLE_ER, ROLE_CLAT);
	m->hairpin = m->role == ROLE_BR ? below(r, 3) : HAIRPIN_OFF;
	m->udp_zero = below(r, 3);
	m->icmp_source = below(r, 3);
	m->tos = percent(r, 80) ? TOS_COPY : (int)below(r, 256);
	m->tclass_zero = percent(r, 20);
	m->icmp_errors = percent(r, 80);
	m->wkp_allow = percent(r, 50);
	m->lowest = PICK(r, lowest);
}

void model_random(struct model *m, struct rng *r)
{
	int n;

	memset(m, 0, sizeof(*m));
	random_settings(m, r);
	for (n = below(r, MODEL_EAMS); n > 0; n--)
		add_eam(m, r);
	if (!percent(r, 5))
		add_pool(m, r, false);
	for (n = below(r, 4); n > 0; n--)
		add_pool(m, r, percent(r, 60));
	if (percent(r, 30))
		for (n = below(r, MODEL_PREFIXES); n > 0; n--)
			add_prefix(m->deny, &m->denies, r, 16);
	if (percent(r, 50))
		for (n = below(r, MODEL_PREFIXES); n > 0; n--)
			add_prefix(m->source, &m->sources, r, 24);
}

void model_change(struct model *m, struct rng *r)
{
	int i;

	switch (below(r, 6)) {
	case 0:
		add_eam(m, r);
		break;
	case 1:
		if (m->eams)
			m->eam[below(r, m->eams)] = m->eam[m->eams - 1];
		m->eams -= !!m->eams;
		break;
	case 2:
		add_pool(m, r, percent(r, 60));
		break;
	case 3:
		/* the order of the rest means something */
		if (m->pools) {
			i = below(r, m->pools);
			m->pools--;
			memmove(&m->pool[i], &m->pool[i + 1],
				(m->pools - i) * sizeof(*m->pool));
		}
		break;
	case 4:
		add_prefix(m->deny, &m->denies, r, 16);
		break;
	default:
		random_settings(m, r);
		break;
	}
}

void model_mirror(struct model *mirror, const struct model *m)
{
	*mirror = *m;
	mirror->role = ROLE_BR;
	mirror->hairpin = HAIRPIN_OFF;
	mirror->udp_zero = ZERO_FORWARD;
	mirror->icmp_source = SOURCE_DUMMY;
	mirror->tos = TOS_COPY;
	mirror->tclass_zero = false;
	mirror->lowest = 1280;
}

struct text {
	char *at;
	size_t left;
};

static void say(struct text *t, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

static void say(struct text *t, const char *fmt, ...)
{
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(t->at, t->left, fmt, ap);
	va_end(ap);
	if (n < 0 || (size_t)n >= t->left)
		abort();
	t->at += n;
	t->left -= n;
}

static const char *text4(uint32_t v4)
{
	static char buf[4][INET_ADDRSTRLEN];
	static unsigned int n;
	struct in_addr a = { htonl(v4) };

	return inet_ntop(AF_INET, &a, buf[n++ % 4], INET_ADDRSTRLEN);
}

static const char *text6(const uint8_t *v6)
{
	static char buf[4][INET6_ADDRSTRLEN];
	static unsigned int n;

	return inet_ntop(AF_INET6, v6, buf[n++ % 4], INET6_ADDRSTRLEN);
}

static void say_settings(const struct model *m, struct text *t)
{
	static const char *const roles[] = { "br", "er", "clat" };
	static const char *const hairpins[] = { "off", "simple", "intrinsic" };
	static const char *const zeros[] = { "drop", "compute", "forward" };
	static const char *const sources[] = { "dummy", "pool", "drop" };

	say(t, " role %s hairpin %s udp-zero-csum %s icmp-source %s",
	    roles[m->role], hairpins[m->hairpin], zeros[m->udp_zero],
	    sources[m->icmp_source]);
	say(t, " lowest-ipv6-mtu %u traffic-class %s icmp-errors %s",
	    m->lowest, m->tclass_zero ? "zero" : "copy",
	    m->icmp_errors ? "on" : "off");
	say(t, " wkp-private %s tos ", m->wkp_allow ? "allow" : "drop");
	if (m->tos == TOS_COPY)
		say(t, "copy\n");
	else
		say(t, "%d\n", m->tos);
}

void model_commands(const struct model *m, const char *dev, char *buf,
		    size_t size)
{
	static const char *const tables[] = { "eam", "pool6", "deny4", "rfc6791" };
	struct text t = { buf, size };
	char end[32] = "\n";
	size_t i;
	int n;

	if (dev) {
		snprintf(end, sizeof(end), " dev %s\n", dev);
		for (i = 0; i < sizeof(tables) / sizeof(*tables); i++)
			say(&t, "%s flush%s", tables[i], end);
	}
	say(&t, "dev set%s%s", dev ? " " : "", dev ? dev : "");
	say_settings(m, &t);
	for (n = 0; n < m->eams; n++)
		say(&t, "eam add %s/%d %s/%d%s", text4(m->eam[n].v4),
		    m->eam[n].len4, text6(m->eam[n].v6), m->eam[n].len6, end);
	for (n = 0; n < m->pools; n++) {
		const struct pool_row *p = &m->pool[n];

		say(&t, "pool6 add %s/%d", text6(p->v6), p->len6);
		if (p->translatable)
			say(&t, " translatable %s/%d", text4(p->v4), p->len4);
		say(&t, "%s", end);
	}
	for (n = 0; n < m->denies; n++)
		say(&t, "deny4 add %s/%d%s", text4(m->deny[n].v4),
		    m->deny[n].len, end);
	for (n = 0; n < m->sources; n++)
		say(&t, "rfc6791 add %s/%d%s", text4(m->source[n].v4),
		    m->source[n].len, end);
}

uint32_t model_addr4(const struct model *m, struct rng *r, bool node)
{
	static const uint32_t odd[] = {
		0, 0x7f000001, 0xe0000001, 0xffffffff, 0xf0000001, DUMMY4,
		0x00000001, 0xa9fe0001, 0xc0000001,
	};
	int i;

	if (permille(r, 30))
		return PICK(r, odd);
	if (node && m->eams && percent(r, 70)) {
		i = below(r, m->eams);
		return m->eam[i].v4 | (rnd(r) & ~mask4(m->eam[i].len4));
	}
	if (node && m->pools) {
		i = below(r, m->pools);
		if (m->pool[i].translatable)
			return m->pool[i].v4 |
			       (rnd(r) & ~mask4(m->pool[i].len4));
	}
	if (m->denies && percent(r, 5))
		return m->deny[0].v4;
	return some4(r);
}

void model_addr6(const struct model *m, struct rng *r, bool node, uint8_t *v6)
{
	static const char *const odd[] = {
		"::", "::1", "ff02::1", "fe80::1", "::ffff:192.0.2.1",
		"ff0e::1", "2001:db8::1", "fec0::1",
	};
	int i;

	if (permille(r, 30)) {
		inet_pton(AF_INET6, PICK(r, odd), v6);
		return;
	}
	if (node && m->eams && percent(r, 40)) {
		i = below(r, m->eams);
		memcpy(v6, m->eam[i].v6, 16);
		for (i = m->eam[i].len6; i < 128; i++)
			if (percent(r, 50))
				v6[i / 8] |= 0x80 >> i % 8;
		return;
	}
	if (permille(r, 30)) {
		some6(r, v6);
		return;
	}
	if (model_map46(m, model_addr4(m, r, node),
			MAP_ANY | (node ? 0 : MAP_NO_EAM), v6) == METHOD_NONE)
		some6(r, v6);
	/* RFC 6052 2.2: the suffix is ignored, and so is the octet "u" */
	else if (m->pools && permille(r, 30))
		v6[15 - below(r, 8)] ^= rnd(r);
}

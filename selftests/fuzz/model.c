// SPDX-License-Identifier: GPL-2.0
/* How addresses map: RFC 6052, RFC 7757, REQUIREMENTS 13 to 17. */
#include <string.h>

#include "model.h"

static bool in4(uint32_t v4, uint32_t prefix, int len)
{
	return !len || !((v4 ^ prefix) >> (32 - len));
}

static bool in6(const uint8_t *v6, const uint8_t *prefix, int len)
{
	int i;

	for (i = 0; i < len / 8; i++)
		if (v6[i] != prefix[i])
			return false;
	return len % 8 == 0 || !((v6[i] ^ prefix[i]) >> (8 - len % 8));
}

static bool bit6(const uint8_t *v6, int n)
{
	return v6[n / 8] >> (7 - n % 8) & 1;
}

static void set_bit6(uint8_t *v6, int n, bool on)
{
	uint8_t bit = 0x80 >> n % 8;

	v6[n / 8] = on ? v6[n / 8] | bit : v6[n / 8] & ~bit;
}

/* Octets of an IPv6 address that hold those of the IPv4 address, in order. */
static void places(int len, int at[4])
{
	int octet = len / 8, i;

	for (i = 0; i < 4; i++) {
		if (octet == 8)
			octet++;
		at[i] = octet++;
	}
}

void embed6(const uint8_t *prefix, int len, uint32_t v4, uint8_t *v6)
{
	int at[4], i;

	places(len, at);
	memset(v6, 0, 16);
	memcpy(v6, prefix, len / 8);
	for (i = 0; i < 4; i++)
		v6[at[i]] = v4 >> (24 - 8 * i);
}

static uint32_t extract6(const uint8_t *v6, int len)
{
	uint32_t v4 = 0;
	int at[4], i;

	places(len, at);
	for (i = 0; i < 4; i++)
		v4 = v4 << 8 | v6[at[i]];
	return v4;
}

bool model_illegal4(uint32_t v4)
{
	return v4 >> 24 == 0 || v4 >> 24 == 127 || v4 >> 28 >= 14;
}

bool model_illegal6(const uint8_t *v6)
{
	static const uint8_t zero[16];

	if (v6[0] == 0xff || (v6[0] == 0xfe && v6[1] >> 6 == 2))
		return true;
	return !memcmp(v6, zero, 15) && v6[15] <= 1;
}

static bool is_wkp(const struct pool_row *p)
{
	static const uint8_t wkp[12] = { 0, 0x64, 0xff, 0x9b };

	return p->len6 == 96 && !memcmp(p->v6, wkp, 12);
}

/* RFC 6052 3.1 and RFC 5735; the operator may lift the second list. */
static bool wkp_refuses(const struct model *m, uint32_t v4)
{
	static const struct prefix4 never[] = {
		{ 0xa9fe0000, 16 }, { 0xc0000000, 24 }, { 0xc0586300, 24 },
	};
	static const struct prefix4 unless_allowed[] = {
		{ 0x0a000000, 8 }, { 0xac100000, 12 }, { 0xc0a80000, 16 },
		{ 0x64400000, 10 }, { 0xc0000200, 24 }, { 0xc6336400, 24 },
		{ 0xcb007100, 24 }, { 0xc6120000, 15 },
	};
	size_t i;

	for (i = 0; i < sizeof(never) / sizeof(*never); i++)
		if (in4(v4, never[i].v4, never[i].len))
			return true;
	for (i = 0; i < sizeof(unless_allowed) / sizeof(*unless_allowed); i++)
		if (!m->wkp_allow &&
		    in4(v4, unless_allowed[i].v4, unless_allowed[i].len))
			return true;
	return false;
}

static bool pool_refuses(const struct model *m, const struct pool_row *p,
			 uint32_t v4, int flags)
{
	int i;

	if (flags & MAP_ANY)
		return false;
	for (i = 0; i < m->denies; i++)
		if (in4(v4, m->deny[i].v4, m->deny[i].len))
			return true;
	return is_wkp(p) && wkp_refuses(m, v4);
}

static const struct eam_row *eam4(const struct model *m, uint32_t v4)
{
	const struct eam_row *best = NULL;
	int i;

	for (i = 0; i < m->eams; i++)
		if (in4(v4, m->eam[i].v4, m->eam[i].len4) &&
		    (!best || m->eam[i].len4 > best->len4))
			best = &m->eam[i];
	return best;
}

static const struct eam_row *eam6(const struct model *m, const uint8_t *v6)
{
	const struct eam_row *best = NULL;
	int i;

	for (i = 0; i < m->eams; i++)
		if (in6(v6, m->eam[i].v6, m->eam[i].len6) &&
		    (!best || m->eam[i].len6 > best->len6))
			best = &m->eam[i];
	return best;
}

bool model_is_node4(const struct model *m, uint32_t v4)
{
	return eam4(m, v4);
}

static const struct pool_row *pool4(const struct model *m, uint32_t v4)
{
	const struct pool_row *best = NULL;
	int i;

	for (i = 0; i < m->pools; i++) {
		const struct pool_row *p = &m->pool[i];

		if (p->translatable && in4(v4, p->v4, p->len4) &&
		    (!best || p->len4 > best->len4))
			best = p;
	}
	for (i = 0; !best && i < m->pools; i++)
		if (!m->pool[i].translatable)
			best = &m->pool[i];
	return best;
}

/* Translatable before converted, and the longer prefix first. */
static const struct pool_row *pool6(const struct model *m, const uint8_t *v6)
{
	const struct pool_row *best = NULL;
	int i;

	for (i = 0; i < m->pools; i++) {
		const struct pool_row *p = &m->pool[i];

		if (!in6(v6, p->v6, p->len6) ||
		    (p->translatable &&
		     !in4(extract6(v6, p->len6), p->v4, p->len4)))
			continue;
		if (!best || p->translatable > best->translatable ||
		    (p->translatable == best->translatable &&
		     p->len6 > best->len6))
			best = p;
	}
	return best;
}

enum method model_map46(const struct model *m, uint32_t v4, int flags,
			uint8_t *v6)
{
	const struct eam_row *e = eam4(m, v4);
	const struct pool_row *p;
	int i;

	if (!(flags & MAP_ANY) && model_illegal4(v4))
		return METHOD_NONE;
	if (e && !(flags & MAP_NO_EAM)) {
		memcpy(v6, e->v6, 16);
		for (i = 0; i < 32 - e->len4; i++)
			set_bit6(v6, e->len6 + i,
				 v4 >> (31 - e->len4 - i) & 1);
		return METHOD_EAM;
	}
	p = pool4(m, v4);
	if (!p || pool_refuses(m, p, v4, flags))
		return METHOD_NONE;
	embed6(p->v6, p->len6, v4, v6);
	return p->translatable ? METHOD_TRANSLATABLE : METHOD_CONVERTED;
}

enum method model_map64(const struct model *m, const uint8_t *v6, int flags,
			uint32_t *v4)
{
	const struct eam_row *e = eam6(m, v6);
	enum method how = METHOD_EAM;
	const struct pool_row *p;
	int i;

	if (!(flags & MAP_ANY) && model_illegal6(v6))
		return METHOD_NONE;
	if (e) {
		*v4 = e->v4;
		for (i = 0; i < 32 - e->len4; i++)
			if (bit6(v6, e->len6 + i))
				*v4 |= 1u << (31 - e->len4 - i);
	} else {
		p = pool6(m, v6);
		if (!p)
			return METHOD_NONE;
		*v4 = extract6(v6, p->len6);
		if (pool_refuses(m, p, *v4, flags))
			return METHOD_NONE;
		how = p->translatable ? METHOD_TRANSLATABLE : METHOD_CONVERTED;
	}
	return !(flags & MAP_ANY) && model_illegal4(*v4) ? METHOD_NONE : how;
}

bool model_spoofed(const struct model *m, enum method how, uint32_t v4)
{
	return m->role != ROLE_BR &&
	       (how != METHOD_CONVERTED || model_is_node4(m, v4));
}

// SPDX-License-Identifier: GPL-2.0
#include <string.h>

#include "check.h"
#include "view.h"

static bool read4(struct view *v, const uint8_t *p, size_t len)
{
	size_t total;

	if (len < 20)
		return false;
	v->family = 4;
	v->hdr_len = (p[0] & 15) * 4;
	total = get16(p + 2);
	if (v->hdr_len < 20 || v->hdr_len > len || total < v->hdr_len)
		return false;
	v->src = p + 12;
	v->dst = p + 16;
	v->tos = p[1];
	v->ttl = p[8];
	v->proto = p[9];
	v->df = p[6] & 0x40;
	v->more = p[6] & 0x20;
	v->offset = (get16(p + 6) & 0x1fff) * 8;
	v->id = get16(p + 4);
	v->l4_len = total - v->hdr_len;
	return true;
}

static bool after_fragment(int next)
{
	static const uint8_t forbidden[] = { 0, 43, 44, 51, 60, 135, 139, 140 };

	return memchr(forbidden, next, sizeof(forbidden));
}

static bool read6(struct view *v, const uint8_t *p, size_t len)
{
	size_t at = 40, total;
	int next;

	if (len < 40)
		return false;
	v->family = 6;
	v->src = p + 8;
	v->dst = p + 24;
	v->tos = p[0] << 4 | p[1] >> 4;
	v->flow = get32(p) & 0xfffff;
	v->ttl = p[7];
	total = 40 + get16(p + 4);
	for (next = p[6]; next == 0 || next == 43 || next == 44 || next == 60;) {
		if (at + 8 > len || at + 8 > total)
			return false;
		if (next == 44) {
			v->frag_hdr = true;
			v->offset = get16(p + at + 2) & 0xfff8;
			v->more = p[at + 3] & 1;
			v->id = get32(p + at + 4);
			next = p[at];
			v->refuse |= after_fragment(next);
			at += 8;
			break;
		}
		v->refuse |= next == 43 && p[at + 3];
		v->refuse |= next == 0 && at > 40;
		next = p[at];
		at += (p[at + 1] + 1) * 8;
	}
	if (at > len || at > total)
		return false;
	v->proto = next;
	v->hdr_len = at;
	v->l4_len = total - at;
	return true;
}

bool view_read(struct view *v, const uint8_t *p, size_t len)
{
	memset(v, 0, sizeof(*v));
	if (!len || !(p[0] >> 4 == 4 ? read4(v, p, len) :
		      p[0] >> 4 == 6 ? read6(v, p, len) : false))
		return false;
	v->l4 = p + v->hdr_len;
	v->l4_have = len - v->hdr_len;
	if (v->l4_have > v->l4_len)
		v->l4_have = v->l4_len;
	return true;
}

int view_csum_at(const struct view *v)
{
	if (v->offset)
		return -1;
	switch (v->proto) {
	case 1:
		return v->family == 4 ? 2 : -1;
	case 58:
		return v->family == 6 ? 2 : -1;
	case 6:
		return 16;
	case 17:
	case 33:
	case 136:
		return 6;
	}
	return -1;
}

bool view_is_error(const struct view *v)
{
	if (view_fragment(v) || v->l4_have < 8)
		return false;
	if (v->family == 6)
		return v->proto == 58 && v->l4[0] < 128;
	return v->proto == 1 && (v->l4[0] == 3 || v->l4[0] == 4 ||
				 v->l4[0] == 5 || v->l4[0] == 11 ||
				 v->l4[0] == 12);
}

uint16_t view_pseudo(const struct view *v)
{
	int family = v->family == 4 && v->proto == 1 ? 0 : v->family;
	uint32_t sum;

	sum = l4_sum(family, v->src, v->dst, v->proto, v->l4, 0);
	if (family)
		sum += (v->l4_len >> 16) + (v->l4_len & 0xffff);
	return sum16(v->l4, 0, sum);
}

bool view_csum_right(const struct view *v)
{
	return sum16(v->l4, v->l4_have, view_pseudo(v)) == 0xffff;
}

// SPDX-License-Identifier: GPL-2.0
/* Two translations, one the inverse of the other (RFC 7756 section 3). */
#include <arpa/inet.h>
#include <string.h>

#include "oracle.h"

/* More would be too big for the way back, or be cut up there. */
#define RETURN_MAX 1480
#define RETURN_FRAG_MAX 1280

static bool same_way_back(const struct model *m, int family,
			  const uint8_t *addr)
{
	uint8_t v6[16], octets[4];
	uint32_t v4;

	if (family == 4)
		return model_map46(m, get32(addr), 0, v6) &&
		       model_map64(m, v6, 0, &v4) && v4 == get32(addr);
	if (!model_map64(m, addr, 0, &v4))
		return false;
	v4 = htonl(v4);
	memcpy(octets, &v4, 4);
	return model_map46(m, get32(octets), 0, v6) && !memcmp(v6, addr, 16);
}

bool oracle_returns(const struct trial *t)
{
	static const uint8_t unlike[] = {
		0, 1, 2, 43, 44, 51, 58, 60, 135, 139, 140,
	};
	struct view v;

	if (!t->outputs || t->odd || t->o.gso_type || t->len > RETURN_MAX ||
	    t->m->hairpin == HAIRPIN_SIMPLE || !view_read(&v, t->in, t->len))
		return false;
	if (t->out[0].v.family == v.family || view_is_error(&v))
		return false;
	if (memchr(unlike, v.proto, sizeof(unlike)) &&
	    !((v.proto == 1 && v.family == 4) ||
	      (v.proto == 58 && v.family == 6)))
		return false;
	/* RFC 7915 1.2: fragments of ICMP stop here. */
	if ((v.proto == 1 || v.proto == 58) && t->outputs > 1)
		return false;
	if (v.proto == 17 && !v.offset && !get16(v.l4 + 6))
		return false;
	if (v.frag_hdr && 48 + v.l4_len > RETURN_FRAG_MAX)
		return false;
	return same_way_back(t->m, v.family, v.src) &&
	       same_way_back(t->m, v.family, v.dst);
}

static const char *same_fields(const struct trial *t, const struct view *in,
			       const struct view *back)
{
	size_t alen = in->family == 4 ? 4 : 16;
	bool tos = t->m->tos == TOS_COPY && !t->m->tclass_zero;

	if (back->family != in->family)
		return "returned: family";
	if (memcmp(back->src, in->src, alen) || memcmp(back->dst, in->dst, alen))
		return "returned: addresses";
	if (back->proto != in->proto)
		return "returned: protocol";
	if (tos && back->tos != in->tos)
		return "returned: TOS or traffic class";
	return NULL;
}

static const char *same_fragment(const struct trial *t, const struct view *in,
				 const struct view *back, unsigned int offset,
				 bool last)
{
	if (!view_fragment(in) && t->outputs == 1)
		return view_fragment(back) ? "returned: a fragment" : NULL;
	if (back->id != (in->id & 0xffff))
		return "returned: Identification";
	if (back->offset != offset)
		return "returned: fragment offset";
	if (back->more != (!last || in->more))
		return "returned: more fragments";
	return NULL;
}

/* Octet by octet, but for the two ways to write 0. */
static const char *same_l4(const struct view *in, const uint8_t *at,
			   size_t offset, size_t len)
{
	int csum = view_csum_at(in);
	size_t i;

	for (i = 0; i < len; i++) {
		size_t n = offset + i;

		if (n >= in->l4_len)
			return "returned: length";
		if (csum >= 0 && (n == (size_t)csum || n == (size_t)csum + 1)) {
			if (n == (size_t)csum && i + 1 < len &&
			    !same_sum(get16(at + i), get16(in->l4 + n)))
				return "returned: checksum";
			continue;
		}
		if (at[i] != in->l4[n])
			return "returned: payload";
	}
	return NULL;
}

const char *oracle_returned(const struct trial *t, const struct trial *back)
{
	const char *bad = NULL;
	size_t done = 0;
	struct view in;
	int i;

	view_read(&in, t->in, t->len);
	if (back->outputs != t->outputs)
		return "returned: not as many packets as were sent";
	for (i = 0; i < back->outputs && !bad; i++) {
		struct view v;

		if (!view_read(&v, back->out[i].f.data, back->out[i].f.len))
			return "returned: headers cannot be read";
		bad = same_fields(t, &in, &v);
		if (!bad)
			bad = same_fragment(t, &in, &v, in.offset + done,
					    i == back->outputs - 1);
		if (!bad)
			bad = same_l4(&in, v.l4, done, v.l4_have);
		done += v.l4_have;
	}
	if (!bad && done != in.l4_len)
		bad = "returned: length";
	return bad;
}

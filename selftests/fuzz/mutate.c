// SPDX-License-Identifier: GPL-2.0
/* Packets as no sender would make them, and skbs as few drivers would. */
#include <string.h>

#include "check.h"
#include "input.h"

const char *const way_names[WAYS] = {
	"private", "cloned", "paged", "mirrored", "routed", "hook",
};

static void set16(uint8_t *p, unsigned int v)
{
	p[0] = v >> 8;
	p[1] = v;
}

static size_t place(const struct input *in, struct rng *r)
{
	/* What matters is at the beginning. */
	if (percent(r, 70) && in->len > 64)
		return below(r, 64);
	return below(r, in->len);
}

static void flip(struct input *in, struct rng *r)
{
	in->data[place(in, r)] ^= 1 << below(r, 8);
}

static void overwrite(struct input *in, struct rng *r)
{
	static const uint8_t values[] = { 0, 1, 0x7f, 0x80, 0xff, 4, 6, 17, 58 };

	in->data[place(in, r)] = percent(r, 60) ? PICK(r, values) : rnd(r);
}

static void overwrite16(struct input *in, struct rng *r)
{
	static const uint16_t values[] = { 0, 1, 0xffff, 0x7fff, 0x8000, 8, 20, 40 };
	size_t at = place(in, r);

	if (at + 2 <= in->len)
		set16(in->data + at, percent(r, 60) ? PICK(r, values) : rnd(r));
}

static void cut(struct input *in, struct rng *r)
{
	in->len = percent(r, 50) ? 1 + below(r, in->len < 100 ? in->len : 100) :
				   1 + below(r, in->len);
}

/* The octets behind the packet are padding, as Ethernet has. */
static void pad(struct input *in, struct rng *r)
{
	size_t n = 1 + below(r, 60);

	while (n-- > 0 && in->len < INPUT_MAX)
		in->data[in->len++] = rnd(r);
}

static void length(struct input *in, struct rng *r)
{
	int delta = (int)below(r, 65) - 32, at = in->data[0] >> 4 == 4 ? 2 : 4;
	int v;

	if (in->len < 8)
		return;
	v = in->data[at] << 8 | in->data[at + 1];
	set16(in->data + at, v + delta);
}

static void splice(struct input *in, const struct input *other, struct rng *r)
{
	size_t from = below(r, other->len), to = below(r, in->len);
	size_t n = below(r, 80) + 1;

	if (percent(r, 30))
		n = other->len;
	if (n > other->len - from)
		n = other->len - from;
	if (n > INPUT_MAX - to)
		n = INPUT_MAX - to;
	memcpy(in->data + to, other->data + from, n);
	if (to + n > in->len)
		in->len = to + n;
}

/* A piece taken out, or doubled. */
static void shift(struct input *in, struct rng *r)
{
	size_t at = place(in, r), n = 4 * between(r, 1, 10);

	if (at + n >= in->len)
		return;
	if (percent(r, 50)) {
		memmove(in->data + at, in->data + at + n, in->len - at - n);
		in->len -= n;
	} else if (in->len + n <= INPUT_MAX) {
		memmove(in->data + at + n, in->data + at, in->len - at);
		in->len += n;
	}
}

/*
 * Most mutations would be caught by the first checksum. Make the ones right
 * that have to be right to get on: of the IPv4 header, and of ICMP.
 */
static void repair(struct input *in)
{
	uint8_t *p = in->data;
	size_t hdr = (p[0] & 15) * 4, end = in->len;

	if (p[0] >> 4 == 4 && hdr >= 20 && hdr <= in->len) {
		size_t total = p[2] << 8 | p[3];

		set16(p + 10, 0);
		set16(p + 10, 0xffff ^ sum16(p, hdr, 0));
		if (total > hdr && total < end)
			end = total;
		if (p[9] != 1 || end < hdr + 8)
			return;
		set16(p + hdr + 2, 0);
		set16(p + hdr + 2, 0xffff ^ sum16(p + hdr, end - hdr, 0));
	} else if (p[0] >> 4 == 6 && in->len >= 48 && p[6] == 58) {
		size_t total = 40 + (p[4] << 8 | p[5]);

		if (total >= 48 && total < end)
			end = total;
		set16(p + 42, 0);
		set16(p + 42, 0xffff ^ l4_sum(6, p + 8, p + 24, 58, p + 40,
					      end - 40));
	}
}

void mutate(struct input *in, const struct input *other, struct rng *r)
{
	int k;

	in->plain = false;
	memset(&in->o, 0, sizeof(in->o));
	for (k = between(r, 1, 4); k > 0; k--) {
		switch (below(r, 10)) {
		case 0 ... 2:
			flip(in, r);
			break;
		case 3:
			overwrite(in, r);
			break;
		case 4:
			overwrite16(in, r);
			break;
		case 5:
			cut(in, r);
			break;
		case 6:
			pad(in, r);
			break;
		case 7:
			length(in, r);
			break;
		case 8:
			if (other)
				splice(in, other, r);
			break;
		default:
			shift(in, r);
			break;
		}
	}
	if (percent(r, 60))
		repair(in);
	if (percent(r, 1))
		in->ethertype = percent(r, 50) ? 0x0806 :
				in->ethertype ^ 0x0800 ^ 0x86dd;
}

/* The kernel takes so many pieces of at most a page. */
static void cut_up(struct input *in, struct rng *r)
{
	size_t left = in->len, n;

	in->splits = 0;
	while (left && in->splits < SPLITS_MAX - 1) {
		n = percent(r, 70) ? 1 + below(r, 60) : 1 + below(r, 4096);
		if (n > left)
			n = left;
		in->split[in->splits++] = n;
		left -= n;
	}
	/* The rest, in as few pieces as there are left. */
	while (left && in->splits < SPLITS_MAX) {
		n = left < 4096 ? left : 4096;
		in->split[in->splits++] = n;
		left -= n;
	}
	if (!left)
		return;
	in->len -= left;
	in->plain = false;
	memset(&in->o, 0, sizeof(in->o));
}

/* Offloads that are right, of a packet that is not what they are for. */
static void confuse(struct input *in, struct rng *r)
{
	size_t hdr = in->data[0] >> 4 == 4 ? 20 : 40;

	in->o = (struct offload){
		.partial = true,
		.gso_type = in->data[0] >> 4 == 4 ? 1 : 4,
		.gso_size = between(r, 8, 100),
		.csum_start = hdr,
		.csum_offset = 16,
		.hdr_len = hdr + 20,
	};
	if (hdr == 20 && in->len > hdr) {
		in->data[0] = 0x45;
		in->data[9] = percent(r, 70) ? 6 : 17;
		if (percent(r, 70))
			in->data[6] |= 0x20;
		repair(in);
	}
}

static void contradict(struct input *in, struct rng *r)
{
	static const uint8_t types[] = { 0, 1, 3, 4, 5, 0x81, 0x84 };

	in->odd = true;
	if (percent(r, 30)) {
		confuse(in, r);
		return;
	}
	in->o.partial = percent(r, 80);
	in->o.gso_type = PICK(r, types);
	in->o.gso_size = percent(r, 50) ? between(r, 1, 1500) : below(r, 65536);
	if (!in->o.hdr_len || percent(r, 50))
		in->o.hdr_len = below(r, in->len + 1);
	if (!in->o.csum_start || percent(r, 50))
		in->o.csum_start = below(r, 80);
	if (!in->o.csum_offset || percent(r, 50))
		in->o.csum_offset = percent(r, 60) ? 6 + 10 * below(r, 2) :
						     below(r, 40);
}

/* No more than the taps have room for, if it is cut. */
static void limit_pieces(struct input *in)
{
	int least = in->len / GSO_PIECES + 1;

	if (in->o.gso_size && in->o.gso_size < least)
		in->o.gso_size = least;
}

void dress(struct input *in, enum way by, struct rng *r)
{
	in->way = by;
	in->splits = 0;
	in->fail = 0;
	in->odd = false;
	if (permille(r, 20))
		contradict(in, r);
	if (way_in_pieces(by))
		cut_up(in, r);
	if (by == WAY_PRIVATE && permille(r, 10))
		in->fail = between(r, 1, 6);
	if (in->o.hdr_len > (int)in->len)
		in->o.hdr_len = in->len;
	limit_pieces(in);
	if (in->odd || in->fail)
		in->plain = false;
}

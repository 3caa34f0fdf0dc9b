// SPDX-License-Identifier: GPL-2.0
#include <arpa/inet.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "state.h"

struct device *state_device(struct state *s, uint32_t ifindex)
{
	unsigned int i;

	for (i = 0; i < s->count; i++)
		if (s->dev[i].ifindex == ifindex)
			return &s->dev[i];
	return NULL;
}

struct stage *txn_stage(struct txn *t, uint32_t number)
{
	unsigned int i;

	for (i = 0; t->open && i < t->count; i++)
		if (t->stage[i].number == number)
			return &t->stage[i];
	return NULL;
}

unsigned int device_rows(const struct device *d, enum table table)
{
	unsigned int i, n = 0;

	for (i = 0; i < d->count; i++)
		n += d->row[i].table == table;
	return n;
}

/* settings */

/* What nobody has given follows the role. */
static void settle(struct device *d)
{
	bool br = d->set[SIIT_DEV_A_ROLE] == SIIT_ROLE_BR;
	bool clat = d->set[SIIT_DEV_A_ROLE] == SIIT_ROLE_CLAT;
	const uint32_t value[ATTRS] = {
		[SIIT_DEV_A_ROLE] = d->set[SIIT_DEV_A_ROLE],
		[SIIT_DEV_A_LOWEST_MTU6] = 1280,
		[SIIT_DEV_A_HAIRPIN] = br ? SIIT_HAIRPIN_INTRINSIC :
					    SIIT_HAIRPIN_OFF,
		[SIIT_DEV_A_UDP_ZERO_CSUM] = SIIT_UDP_ZERO_DROP,
		[SIIT_DEV_A_TOS] = SIIT_TOS_COPY,
		[SIIT_DEV_A_ICMP_SOURCE] = br ? SIIT_ICMP_SOURCE_POOL :
						SIIT_ICMP_SOURCE_DUMMY,
		[SIIT_DEV_A_ICMP_ERRORS] = 1,
		[SIIT_DEV_A_WKP_PRIVATE] = clat,
		[SIIT_DEV_A_INGRESS_FILTER] = !br,
		[SIIT_DEV_A_MAX_ROWS] = SIIT_MAX_ROWS_DEFAULT,
	};
	unsigned int i;

	for (i = 0; i < ATTRS; i++)
		if (!(d->given & 1u << i))
			d->set[i] = value[i];
}

void device_reset(struct device *d)
{
	d->given = 0;
	d->count = 0;
	memset(d->set, 0, sizeof(d->set));
	settle(d);
}

static int dev_set(struct device *d, const struct nlattr **tb)
{
	uint32_t given = d->given, set[ATTRS];
	unsigned int i;

	memcpy(set, d->set, sizeof(set));
	for (i = IFINDEX + 1; i < ATTRS; i++) {
		if (!tb[i])
			continue;
		d->set[i] = attr_number(tb[i]);
		d->given |= 1u << i;
	}
	settle(d);
	if ((d->set[SIIT_DEV_A_HAIRPIN] != SIIT_HAIRPIN_SIMPLE ||
	     d->set[SIIT_DEV_A_ROLE] == SIIT_ROLE_BR) &&
	    d->set[SIIT_DEV_A_MAX_ROWS] >= device_rows(d, EAM))
		return 0;
	d->given = given;
	memcpy(d->set, set, sizeof(set));
	return -EINVAL;
}

/* rows */

static void row_add(struct device *d, const struct row *row)
{
	if (d->count < ROWS)
		d->row[d->count++] = *row;
}

static void row_del(struct device *d, int i)
{
	d->count--;
	memmove(&d->row[i], &d->row[i + 1], (d->count - i) * sizeof(*d->row));
}

static int row_find(const struct device *d, const struct row *row)
{
	unsigned int i;

	for (i = 0; i < d->count; i++)
		if (!memcmp(&d->row[i], row, sizeof(*row)))
			return i;
	return -1;
}

static void rows_flush(struct device *d, enum table table)
{
	unsigned int i = 0;

	while (i < d->count) {
		if (d->row[i].table == table)
			row_del(d, i);
		else
			i++;
	}
}

static bool bits_beyond(const uint8_t *addr, unsigned int len,
			unsigned int octets)
{
	unsigned int i;

	for (i = len; i < octets * 8; i++)
		if (addr[i / 8] & 0x80 >> i % 8)
			return true;
	return false;
}

/* Return: whether there is such a prefix and it has no bits beyond its length. */
static bool read4(const struct nlattr *addr, const struct nlattr *len,
		  struct row *row)
{
	if (!addr)
		return false;
	memcpy(&row->addr4, attr_data(addr), 4);
	row->len4 = len ? attr_number(len) : 32;
	return !bits_beyond((uint8_t *)&row->addr4, row->len4, 4);
}

static bool read6(const struct nlattr *addr, const struct nlattr *len,
		  struct row *row)
{
	if (!addr)
		return false;
	memcpy(row->addr6, attr_data(addr), 16);
	row->len6 = len ? attr_number(len) : 128;
	return !bits_beyond(row->addr6, row->len6, 16);
}

static int find4(const struct device *d, const struct row *row)
{
	unsigned int i;

	for (i = 0; i < d->count; i++)
		if (d->row[i].table == EAM && d->row[i].len4 == row->len4 &&
		    d->row[i].addr4 == row->addr4)
			return i;
	return -1;
}

static int find6(const struct device *d, const struct row *row)
{
	unsigned int i;

	for (i = 0; i < d->count; i++)
		if (d->row[i].table == EAM && d->row[i].len6 == row->len6 &&
		    !memcmp(d->row[i].addr6, row->addr6, 16))
			return i;
	return -1;
}

static int eam_add(struct device *d, const struct nlattr **tb, bool staged)
{
	struct row row = { .table = EAM };

	if (!read4(tb[SIIT_EAM_A_PREFIX4], tb[SIIT_EAM_A_LEN4], &row) ||
	    !read6(tb[SIIT_EAM_A_PREFIX6], tb[SIIT_EAM_A_LEN6], &row) ||
	    32 - row.len4 > 128 - row.len6)
		return -EINVAL;
	if (staged && row_find(d, &row) >= 0)
		return 0;
	if (device_rows(d, EAM) >= d->set[SIIT_DEV_A_MAX_ROWS])
		return -ENOSPC;
	if (find4(d, &row) >= 0 || find6(d, &row) >= 0)
		return -EEXIST;
	row_add(d, &row);
	return 0;
}

static int eam_del(struct device *d, const struct nlattr **tb)
{
	const struct nlattr *p4 = tb[SIIT_EAM_A_PREFIX4];
	const struct nlattr *p6 = tb[SIIT_EAM_A_PREFIX6];
	struct row row = { .table = EAM };
	int at4 = -1, at6 = -1;

	if ((!p4 && tb[SIIT_EAM_A_LEN4]) || (!p6 && tb[SIIT_EAM_A_LEN6]) ||
	    (!p4 && !p6) || (p4 && !read4(p4, tb[SIIT_EAM_A_LEN4], &row)) ||
	    (p6 && !read6(p6, tb[SIIT_EAM_A_LEN6], &row)))
		return -EINVAL;
	if (p4)
		at4 = find4(d, &row);
	if (p6)
		at6 = find6(d, &row);
	if ((p4 && at4 < 0) || (p6 && at6 < 0) || (p4 && p6 && at4 != at6))
		return -ENOENT;
	row_del(d, p4 ? at4 : at6);
	return 0;
}

/* RFC 6052 and what our documents add to it */
static bool pool6_makes_sense(const struct row *row)
{
	static const uint8_t wkp[12] = { 0, 0x64, 0xff, 0x9b };
	static const uint8_t mapped[12] = { [10] = 0xff, [11] = 0xff };
	static const uint8_t any[16];
	const uint8_t *a = row->addr6;

	return strchr("\x20\x28\x30\x38\x40\x60", row->len6) && row->len6 &&
	       memcmp(a, any, 16) && a[0] != 0xff &&
	       !(a[0] == 0xfe && (a[1] & 0xc0) == 0x80) &&
	       memcmp(a, mapped, 12) &&
	       (memcmp(a, wkp, 12) || row->len6 == 96) && !a[8];
}

/* Of all tables but that of EAM */
static int row_change(struct device *d, const struct row *row, bool add,
		      bool staged)
{
	static const unsigned int most[] = {
		[POOL6] = SIIT_POOL6_MAX_COUNT,
		[RFC6791] = SIIT_RFC6791_MAX_COUNT,
		[DENY4] = SIIT_DENY4_MAX_COUNT,
		[HOOK] = UINT_MAX,
	};
	int at = row_find(d, row);

	if (add && at >= 0)
		return staged ? 0 : -EEXIST;
	if (add && device_rows(d, row->table) >= most[row->table])
		return -ENOSPC;
	if (!add && at < 0)
		return -ENOENT;
	if (add)
		row_add(d, row);
	else
		row_del(d, at);
	return 0;
}

static int pool6_change(struct device *d, const struct nlattr **tb, bool add,
			bool staged)
{
	struct row row = { .table = POOL6 };

	if (!tb[SIIT_POOL6_A_LEN6] ||
	    !read6(tb[SIIT_POOL6_A_PREFIX6], tb[SIIT_POOL6_A_LEN6], &row) ||
	    !pool6_makes_sense(&row) ||
	    (!tb[SIIT_POOL6_A_PREFIX4] && tb[SIIT_POOL6_A_LEN4]))
		return -EINVAL;
	row.node = !!tb[SIIT_POOL6_A_PREFIX4];
	if (row.node &&
	    !read4(tb[SIIT_POOL6_A_PREFIX4], tb[SIIT_POOL6_A_LEN4], &row))
		return -EINVAL;
	return row_change(d, &row, add, staged);
}

/* Addresses of rfc6791 become the source of packets. */
static bool may_be_source(const struct row *row)
{
	static const struct {
		uint32_t net;
		unsigned int len;
	} no[] = {
		{ 0x00000000, 8 }, { 0x7f000000, 8 }, { 0xa9fe0000, 16 },
		{ 0xe0000000, 4 }, { 0xf0000000, 4 },
	};
	unsigned int i, len;

	for (i = 0; i < sizeof(no) / sizeof(no[0]); i++) {
		len = row->len4 < no[i].len ? row->len4 : no[i].len;
		if (!len || !((ntohl(row->addr4) ^ no[i].net) >> (32 - len)))
			return false;
	}
	return true;
}

static int pool4_change(struct device *d, const struct nlattr **tb,
			enum table table, bool add, bool staged)
{
	struct row row = { .table = table };

	if (!read4(tb[SIIT_PREFIX4_A_PREFIX4], tb[SIIT_PREFIX4_A_LEN4], &row) ||
	    (add && table == RFC6791 && !may_be_source(&row)))
		return -EINVAL;
	return row_change(d, &row, add, staged);
}

static int hook_change(struct state *s, struct device *d,
		       const struct nlattr **tb, bool add, bool staged,
		       const struct others *others)
{
	struct row row = { .table = HOOK };
	enum other what;

	if (!tb[SIIT_HOOK_A_PORT])
		return -EINVAL;
	row.port = attr_number(tb[SIIT_HOOK_A_PORT]);
	what = others->at(row.port);
	if (!state_device(s, row.port) && what == NO_DEVICE)
		return -ENODEV;
	if (add && (state_device(s, row.port) || what == LOOPBACK_DEVICE))
		return -EINVAL;
	return row_change(d, &row, add, staged);
}

/* A change of one device, or of what is to become one */
static int change(struct state *s, struct device *d, const struct command *c,
		  const struct nlattr **tb, bool staged,
		  const struct others *others)
{
	switch (c->cmd) {
	case SIIT_CMD_DEV_SET:
		return dev_set(d, tb);
	case SIIT_CMD_EAM_ADD:
		return eam_add(d, tb, staged);
	case SIIT_CMD_EAM_DEL:
		return eam_del(d, tb);
	case SIIT_CMD_EAM_FLUSH:
		rows_flush(d, EAM);
		return 0;
	case SIIT_CMD_POOL6_ADD:
	case SIIT_CMD_POOL6_DEL:
		return pool6_change(d, tb, c->cmd == SIIT_CMD_POOL6_ADD, staged);
	case SIIT_CMD_POOL6_FLUSH:
		rows_flush(d, POOL6);
		return 0;
	case SIIT_CMD_RFC6791_ADD:
	case SIIT_CMD_RFC6791_DEL:
		return pool4_change(d, tb, RFC6791,
				    c->cmd == SIIT_CMD_RFC6791_ADD, staged);
	case SIIT_CMD_RFC6791_FLUSH:
		rows_flush(d, RFC6791);
		return 0;
	case SIIT_CMD_DENY4_ADD:
	case SIIT_CMD_DENY4_DEL:
		return pool4_change(d, tb, DENY4, c->cmd == SIIT_CMD_DENY4_ADD,
				    staged);
	case SIIT_CMD_DENY4_FLUSH:
		rows_flush(d, DENY4);
		return 0;
	case SIIT_CMD_HOOK_ADD:
	case SIIT_CMD_HOOK_DEL:
		return hook_change(s, d, tb, c->cmd == SIIT_CMD_HOOK_ADD,
				   staged, others);
	}
	abort();
}

/* transactions */

static bool is_name(const char *name)
{
	return name[0] && strcmp(name, ".") && strcmp(name, "..") &&
	       !strpbrk(name, "/: \t\n\v\f\r\xa0%");
}

static int begin_new(struct txn *t, struct stage *g, const struct nlattr *name)
{
	unsigned int i;

	if (g->number < SIIT_TXN_NEW)
		return -EINVAL;
	snprintf(g->dev.name, sizeof(g->dev.name), "%s",
		 (const char *)attr_data(name));
	if (!is_name(g->dev.name))
		return -EINVAL;
	for (i = 0; i < t->count; i++)
		if (t->stage[i].fresh &&
		    !strcmp(t->stage[i].dev.name, g->dev.name))
			return -EEXIST;
	g->fresh = true;
	device_reset(&g->dev);
	return 0;
}

static int begin_old(struct state *s, struct stage *g, const struct nlattr *mode,
		     const struct others *others)
{
	const struct device *d = state_device(s, g->number);

	if (!d)
		return others->at(g->number) == NO_DEVICE ? -ENODEV : -EOPNOTSUPP;
	g->changes = d->changes;
	g->dev = *d;
	if (!mode || attr_number(mode) == SIIT_TXN_REPLACE)
		device_reset(&g->dev);
	return 0;
}

static int begin(struct state *s, struct txn *t, const struct nlattr **tb,
		 const struct others *others)
{
	struct stage *g;
	int err;

	if (!tb[SIIT_TXN_A_IFINDEX])
		return -EINVAL;
	if (!t->open)
		memset(t, 0, offsetof(struct txn, stage));
	t->open = true;
	if (t->count == STAGES) {
		t->unknown = true;
		return 0;
	}
	g = &t->stage[t->count];
	memset(g, 0, sizeof(*g));
	g->number = attr_number(tb[SIIT_TXN_A_IFINDEX]);
	if (txn_stage(t, g->number))
		err = -EEXIST;
	else if (tb[SIIT_TXN_A_NEW_NAME])
		err = begin_new(t, g, tb[SIIT_TXN_A_NEW_NAME]);
	else
		err = begin_old(s, g, tb[SIIT_TXN_A_MODE], others);
	if (err)
		t->failed = true;
	else
		t->count++;
	return err;
}

static bool name_in_use(const struct state *s, const char *name)
{
	unsigned int i;

	for (i = 0; i < s->count; i++)
		if (!strcmp(s->dev[i].name, name))
			return true;
	return false;
}

static int commit_check(struct state *s, struct txn *t,
			const struct others *others)
{
	const struct device *d;
	unsigned int i;

	if (t->failed)
		return -ECANCELED;
	for (i = 0; i < t->count; i++) {
		d = state_device(s, t->stage[i].number);
		if (t->stage[i].fresh) {
			if (name_in_use(s, t->stage[i].dev.name) ||
			    others->named(t->stage[i].dev.name))
				return -EEXIST;
		} else if (!d) {
			return -ENODEV;
		} else if (d->changes != t->stage[i].changes) {
			return -EBUSY;
		}
	}
	return 0;
}

static int commit(struct state *s, struct txn *t, bool dry_run,
		  const struct others *others)
{
	unsigned int i, changes;
	struct device *d;
	int err;

	if (!t->open)
		return -ENOENT;
	err = commit_check(s, t, others);
	if (err || dry_run)
		return err;
	for (i = 0; i < t->count; i++) {
		if (t->stage[i].fresh) {
			if (s->count == DEVICES)
				continue;
			/* Its ifindex is what the kernel says. */
			d = &s->dev[s->count++];
			*d = t->stage[i].dev;
			d->ifindex = 0;
		} else {
			d = state_device(s, t->stage[i].number);
			changes = d->changes + 1;
			*d = t->stage[i].dev;
			d->changes = changes;
		}
	}
	t->open = false;
	return 0;
}

static bool changed(const struct device *a, const struct device *b)
{
	return a->given != b->given || memcmp(a->set, b->set, sizeof(a->set)) ||
	       a->count != b->count ||
	       memcmp(a->row, b->row, a->count * sizeof(*a->row));
}

static int edit(struct state *s, struct txn *t, const struct command *c,
		const struct nlattr **tb, const struct others *others)
{
	static struct device before;
	struct stage *stage;
	struct device *d;
	uint32_t number;
	int err;

	if (!tb[IFINDEX])
		return -EINVAL;
	number = attr_number(tb[IFINDEX]);
	stage = txn_stage(t, number);
	d = state_device(s, number);
	if (stage && stage->fresh) {
		err = change(s, &stage->dev, c, tb, true, others);
	} else if (!d) {
		err = others->at(number) == NO_DEVICE ? -ENODEV : -EOPNOTSUPP;
	} else if (stage && stage->changes != d->changes) {
		err = -EBUSY;
	} else if (stage) {
		err = change(s, &stage->dev, c, tb, true, others);
	} else {
		before = *d;
		err = change(s, d, c, tb, false, others);
		d->changes += changed(&before, d);
		return err;
	}
	if (err && stage)
		t->failed = true;
	return err;
}

int state_request(struct state *s, struct txn *t, const struct command *c,
		  const struct nlattr **tb, const struct others *others)
{
	switch (c->cmd) {
	case SIIT_CMD_TXN_BEGIN:
		return begin(s, t, tb, others);
	case SIIT_CMD_TXN_COMMIT:
		return commit(s, t, tb[SIIT_TXN_A_DRY_RUN], others);
	case SIIT_CMD_TXN_ABORT:
		if (!t->open)
			return -ENOENT;
		t->open = false;
		return 0;
	}
	if (c->change)
		return edit(s, t, c, tb, others);
	if (tb[IFINDEX] && !state_device(s, attr_number(tb[IFINDEX])))
		return others->at(attr_number(tb[IFINDEX])) == NO_DEVICE ?
		       -ENODEV : -EOPNOTSUPP;
	return 0;
}

/* comparison */

static int by_value(const void *a, const void *b)
{
	return memcmp(a, b, sizeof(struct row));
}

/* But the order of pool6 is that of precedence. */
static void sort_device(struct device *d)
{
	struct row pool6[SIIT_POOL6_MAX_COUNT];
	unsigned int i, n = 0, k = 0;

	for (i = 0; i < d->count; i++)
		if (d->row[i].table == POOL6 && n < SIIT_POOL6_MAX_COUNT)
			pool6[n++] = d->row[i];
	qsort(d->row, d->count, sizeof(*d->row), by_value);
	for (i = 0; i < d->count && k < n; i++)
		if (d->row[i].table == POOL6)
			d->row[i] = pool6[k++];
}

static int by_ifindex(const void *a, const void *b)
{
	uint32_t x = ((const struct device *)a)->ifindex;
	uint32_t y = ((const struct device *)b)->ifindex;

	return x < y ? -1 : x > y;
}

void state_sort(struct state *s)
{
	unsigned int i;

	for (i = 0; i < s->count; i++)
		sort_device(&s->dev[i]);
	qsort(s->dev, s->count, sizeof(*s->dev), by_ifindex);
}

bool state_same(const struct state *a, const struct state *b, char *why,
		size_t size)
{
	const struct device *d, *e;
	unsigned int i, k;

	if (a->count != b->count) {
		snprintf(why, size, "%u devices, not %u", b->count, a->count);
		return false;
	}
	for (i = 0; i < a->count; i++) {
		d = &a->dev[i];
		e = &b->dev[i];
		if (d->ifindex != e->ifindex || strcmp(d->name, e->name)) {
			snprintf(why, size, "device %u %s, not %u %s",
				 e->ifindex, e->name, d->ifindex, d->name);
			return false;
		}
		for (k = 0; k < ATTRS; k++) {
			if (d->set[k] == e->set[k])
				continue;
			snprintf(why, size, "%s: setting %u is %u, not %u",
				 d->name, k, e->set[k], d->set[k]);
			return false;
		}
		if (d->given == e->given && d->count == e->count &&
		    !memcmp(d->row, e->row, d->count * sizeof(*d->row)))
			continue;
		snprintf(why, size, "%s: given %x, not %x; %u rows, not %u, or others",
			 d->name, e->given, d->given, e->count, d->count);
		return false;
	}
	return true;
}

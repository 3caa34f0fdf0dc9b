// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "wire.h"

#define BUFFER 1048576

static char buffer[BUFFER];
static uint32_t own_seq = 0x40000000;	/* of requests that are no test */

int wire_open(int protocol)
{
	struct sockaddr_nl local = { .nl_family = AF_NETLINK };
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, protocol);
	int one = 1, size = BUFFER;

	if (fd < 0)
		return -1;
	setsockopt(fd, SOL_NETLINK, NETLINK_EXT_ACK, &one, sizeof(one));
	setsockopt(fd, SOL_NETLINK, NETLINK_CAP_ACK, &one, sizeof(one));
	setsockopt(fd, SOL_NETLINK, NETLINK_GET_STRICT_CHK, &one, sizeof(one));
	setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size));
	if (bind(fd, (struct sockaddr *)&local, sizeof(local))) {
		close(fd);
		return -1;
	}
	return fd;
}

bool wire_send(int fd, const void *data, size_t len, bool addressed)
{
	struct sockaddr_nl kernel = { .nl_family = AF_NETLINK };

	if (addressed)
		return sendto(fd, data, len, 0, (struct sockaddr *)&kernel,
			      sizeof(kernel)) == (ssize_t)len;
	return send(fd, data, len, 0) == (ssize_t)len;
}

struct answer *wire_answer(struct answers *as, uint32_t seq)
{
	unsigned int i;

	for (i = 0; i < as->count; i++)
		if (as->one[i].seq == seq)
			return &as->one[i];
	return NULL;
}

static struct answer *answer_to(struct answers *as, uint32_t seq)
{
	struct answer *a = wire_answer(as, seq);

	if (a || as->count == ANSWERS)
		return a;
	a = &as->one[as->count++];
	memset(a, 0, sizeof(*a));
	a->seq = seq;
	return a;
}

/* @at: offset of the extended ack */
static void read_text(const struct nlmsghdr *nlh, size_t at, struct answer *a)
{
	const struct nlattr *nla;

	if (!(nlh->nlmsg_flags & NLM_F_ACK_TLVS))
		return;
	for (at = NLMSG_ALIGN(at); at + NLA_HDRLEN <= nlh->nlmsg_len;
	     at += NLA_ALIGN(nla->nla_len)) {
		nla = (const struct nlattr *)((const char *)nlh + at);
		if (nla->nla_len < NLA_HDRLEN)
			break;
		if ((nla->nla_type & NLA_TYPE_MASK) == NLMSGERR_ATTR_MSG)
			snprintf(a->text, sizeof(a->text), "%s",
				 (const char *)attr_data(nla));
	}
}

static void read_one(const struct nlmsghdr *nlh, struct answers *as)
{
	struct answer *a = answer_to(as, nlh->nlmsg_seq);
	const struct nlmsgerr *e = NLMSG_DATA(nlh);

	if (!a) {
		as->strange++;
		return;
	}
	if (nlh->nlmsg_type != NLMSG_ERROR && nlh->nlmsg_type != NLMSG_DONE) {
		a->messages++;
		return;
	}
	/* A second last word */
	if (a->acked)
		as->strange++;
	a->acked = true;
	a->error = e->error;
	if (nlh->nlmsg_type == NLMSG_DONE)
		read_text(nlh, NLMSG_LENGTH(sizeof(int)), a);
	else if (nlh->nlmsg_flags & NLM_F_CAPPED)
		read_text(nlh, NLMSG_LENGTH(sizeof(*e)), a);
	else
		read_text(nlh, NLMSG_LENGTH(sizeof(e->error) +
					    e->msg.nlmsg_len), a);
}

/*
 * The kernel works while it is called: what is not there at once never comes. A
 * dump goes on with each piece that is read.
 */
static ssize_t receive(int fd)
{
	ssize_t n;

	do {
		n = recv(fd, buffer, sizeof(buffer), MSG_DONTWAIT | MSG_TRUNC);
	} while (n < 0 && (errno == EINTR || errno == ENOBUFS));
	return n;
}

void wire_answers(int fd, struct answers *as)
{
	struct nlmsghdr *nlh;
	ssize_t n;

	as->count = 0;
	as->strange = 0;
	while ((n = receive(fd)) > 0) {
		int left = n;

		for (nlh = (struct nlmsghdr *)buffer; NLMSG_OK(nlh, left);
		     nlh = NLMSG_NEXT(nlh, left))
			read_one(nlh, as);
	}
}

int wire_ask(int fd, const struct message *m)
{
	struct answers as;
	struct answer *a;

	if (!wire_send(fd, m->data, m->len, false))
		return 1;
	wire_answers(fd, &as);
	a = wire_answer(&as, m->nlh.nlmsg_seq);
	return a && a->acked ? a->error : 1;
}

static const struct nlattr *find(const void *data, size_t len, unsigned int type)
{
	const char *at = data;

	while (len >= NLA_HDRLEN) {
		const struct nlattr *nla = (const struct nlattr *)at;
		size_t next = NLA_ALIGN(nla->nla_len);

		if (nla->nla_len < NLA_HDRLEN || nla->nla_len > len)
			break;
		if ((nla->nla_type & NLA_TYPE_MASK) == type)
			return nla;
		if (next > len)
			break;
		at += next;
		len -= next;
	}
	return NULL;
}

static const struct nlattr *find_in(const struct nlattr *nest, unsigned int type)
{
	return nest ? find(attr_data(nest), nest->nla_len - NLA_HDRLEN, type) :
		      NULL;
}

uint16_t wire_family(int fd, uint32_t *group)
{
	struct genlmsghdr g = { .cmd = CTRL_CMD_GETFAMILY, .version = 1 };
	const struct nlmsghdr *nlh = (struct nlmsghdr *)buffer;
	const struct nlattr *id, *one;
	const char *attrs = (char *)NLMSG_DATA(nlh) + GENL_HDRLEN;
	struct message m;
	ssize_t n;

	message_begin(&m, GENL_ID_CTRL, NLM_F_REQUEST, ++own_seq, &g, sizeof(g));
	message_put_text(&m, CTRL_ATTR_FAMILY_NAME, SIIT_GENL_NAME);
	if (!wire_send(fd, m.data, m.len, false))
		return 0;
	n = receive(fd) - NLMSG_LENGTH(GENL_HDRLEN);
	if (n <= 0 || nlh->nlmsg_type == NLMSG_ERROR)
		return 0;
	id = find(attrs, n, CTRL_ATTR_FAMILY_ID);
	/* There is one group. */
	one = find_in(find(attrs, n, CTRL_ATTR_MCAST_GROUPS), 1);
	one = find_in(one, CTRL_ATTR_MCAST_GRP_ID);
	if (!id || !one)
		return 0;
	*group = attr_number(one);
	return attr_number(id);
}

bool wire_listen(int fd, uint32_t group)
{
	return !setsockopt(fd, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, &group,
			   sizeof(group));
}

unsigned int wire_heard(int fd)
{
	struct nlmsghdr *nlh;
	unsigned int count = 0;
	ssize_t n;

	while ((n = receive(fd)) > 0) {
		int left = n;

		for (nlh = (struct nlmsghdr *)buffer; NLMSG_OK(nlh, left);
		     nlh = NLMSG_NEXT(nlh, left))
			count++;
	}
	return count;
}

/* what there is */

static void read_device(struct state *s, const char *attrs, size_t len)
{
	struct device *d = &s->dev[s->count];
	const struct nlattr *nla;
	unsigned int i;

	if (s->count == DEVICES)
		return;
	memset(d, 0, sizeof(*d));
	s->count++;
	for (i = 0; i < ATTRS; i++) {
		nla = find(attrs, len, i);
		if (!nla)
			continue;
		if (i == SIIT_DEV_A_IFINDEX)
			d->ifindex = attr_number(nla);
		else if (i == SIIT_DEV_A_GIVEN)
			d->given = attr_number(nla);
		else if (i == SIIT_DEV_A_IFNAME)
			snprintf(d->name, sizeof(d->name), "%s",
				 (const char *)attr_data(nla));
		else if (i != SIIT_DEV_A_EAM_COUNT)
			d->set[i] = attr_number(nla);
	}
}

static void copy(void *to, const char *attrs, size_t len, unsigned int type,
		 size_t size)
{
	const struct nlattr *nla = find(attrs, len, type);

	if (nla && nla->nla_len == NLA_HDRLEN + size)
		memcpy(to, attr_data(nla), size);
}

static void read_row(struct state *s, enum table which, const char *attrs,
		     size_t len)
{
	struct row row = { .table = which };
	uint32_t ifindex = 0;
	struct device *d;

	copy(&ifindex, attrs, len, IFINDEX, 4);
	d = state_device(s, ifindex);
	if (!d || d->count == ROWS)
		return;
	switch (which) {
	case EAM:
		copy(&row.addr4, attrs, len, SIIT_EAM_A_PREFIX4, 4);
		copy(&row.len4, attrs, len, SIIT_EAM_A_LEN4, 1);
		copy(row.addr6, attrs, len, SIIT_EAM_A_PREFIX6, 16);
		copy(&row.len6, attrs, len, SIIT_EAM_A_LEN6, 1);
		break;
	case POOL6:
		copy(row.addr6, attrs, len, SIIT_POOL6_A_PREFIX6, 16);
		copy(&row.len6, attrs, len, SIIT_POOL6_A_LEN6, 1);
		row.node = !!find(attrs, len, SIIT_POOL6_A_PREFIX4);
		copy(&row.addr4, attrs, len, SIIT_POOL6_A_PREFIX4, 4);
		copy(&row.len4, attrs, len, SIIT_POOL6_A_LEN4, 1);
		break;
	case HOOK:
		copy(&row.port, attrs, len, SIIT_HOOK_A_PORT, 4);
		break;
	default:
		copy(&row.addr4, attrs, len, SIIT_PREFIX4_A_PREFIX4, 4);
		copy(&row.len4, attrs, len, SIIT_PREFIX4_A_LEN4, 1);
	}
	d->row[d->count++] = row;
}

/* @which: TABLES: the devices */
static bool dump(int fd, uint16_t family, uint8_t cmd, enum table which,
		 struct state *s)
{
	struct genlmsghdr g = { .cmd = cmd, .version = SIIT_GENL_VERSION };
	size_t head = NLMSG_LENGTH(GENL_HDRLEN);
	struct nlmsghdr *nlh;
	struct message m;
	bool done = false;
	ssize_t n;

	message_begin(&m, family, NLM_F_REQUEST | NLM_F_DUMP, ++own_seq, &g,
		      sizeof(g));
	if (!wire_send(fd, m.data, m.len, false))
		return false;
	while (!done && (n = receive(fd)) > 0) {
		int left = n;

		for (nlh = (struct nlmsghdr *)buffer; NLMSG_OK(nlh, left);
		     nlh = NLMSG_NEXT(nlh, left)) {
			const char *attrs = (char *)nlh + head;

			if (nlh->nlmsg_type == NLMSG_ERROR)
				return false;
			done |= nlh->nlmsg_type == NLMSG_DONE;
			if (nlh->nlmsg_type != family)
				continue;
			if (which == TABLES)
				read_device(s, attrs, nlh->nlmsg_len - head);
			else
				read_row(s, which, attrs, nlh->nlmsg_len - head);
		}
	}
	return done;
}

bool wire_state(int fd, uint16_t family, struct state *s)
{
	static const uint8_t get[TABLES] = {
		[EAM] = SIIT_CMD_EAM_GET, [POOL6] = SIIT_CMD_POOL6_GET,
		[RFC6791] = SIIT_CMD_RFC6791_GET, [DENY4] = SIIT_CMD_DENY4_GET,
		[HOOK] = SIIT_CMD_HOOK_GET,
	};
	unsigned int i;

	s->count = 0;
	if (!dump(fd, family, SIIT_CMD_DEV_GET, TABLES, s))
		return false;
	for (i = 0; i < TABLES; i++)
		if (!dump(fd, family, get[i], i, s))
			return false;
	return true;
}

uint32_t wire_link_add(int fd, const char *name, const char *kind)
{
	struct ifinfomsg ifi = {};
	struct nlattr *nest;
	struct message m;

	message_begin(&m, RTM_NEWLINK, NLM_F_REQUEST | NLM_F_ACK |
		      NLM_F_CREATE | NLM_F_EXCL, ++own_seq, &ifi, sizeof(ifi));
	message_put_text(&m, IFLA_IFNAME, name);
	nest = message_nest(&m, IFLA_LINKINFO);
	message_put_text(&m, IFLA_INFO_KIND, kind);
	message_nest_end(&m, nest);
	return wire_ask(fd, &m) ? 0 : if_nametoindex(name);
}

bool wire_link_del(int fd, uint32_t ifindex)
{
	struct ifinfomsg ifi = { .ifi_index = ifindex };
	struct message m;

	message_begin(&m, RTM_DELLINK, NLM_F_REQUEST | NLM_F_ACK, ++own_seq,
		      &ifi, sizeof(ifi));
	return !wire_ask(fd, &m);
}

// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>

#include "judge.h"

struct state model, real;
enum who who;
bool lost;

void show(const void *data, size_t len)
{
	const uint8_t *d = data;
	size_t i;

	printf("#");
	for (i = 0; i < len && i < 600; i++)
		printf("%s%02x", i % 4 ? "" : " ", d[i]);
	printf("\n");
}

const char *command_text(const struct nlmsghdr *nlh)
{
	const struct genlmsghdr *g = NLMSG_DATA(nlh);
	static char text[32];

	snprintf(text, sizeof(text), "command %u%s",
		 nlh->nlmsg_len >= NLMSG_LENGTH(GENL_HDRLEN) ? g->cmd : 0,
		 spec_is_dump(nlh) ? " dump" : "");
	return text;
}

/* Kernels before 6.6 or so have no words for what is wrong with a dump. */
static bool dumps_are_mute(void)
{
	unsigned int major = 0, minor = 0;
	struct utsname u;

	return !uname(&u) && sscanf(u.release, "%u.%u", &major, &minor) == 2 &&
	       major * 100 + minor < 606;
}

/* Does the core of the kernel leave this error without words? */
static bool is_mute(const struct nlmsghdr *nlh, enum hurdle hurdle, int error)
{
	return nlh->nlmsg_type != world.family || error == -EPERM ||
	       hurdle == HURDLE_LENGTH || hurdle == HURDLE_COMMAND ||
	       (spec_is_dump(nlh) && (error == -EBUSY || dumps_are_mute()));
}

static void judge_words(const struct nlmsghdr *nlh, enum hurdle hurdle,
			const struct answer *a)
{
	if (a->error > 0 || a->error <= -140)
		fault(FAULT_ANSWER, "errno %d to %s", a->error,
		      command_text(nlh));
	else
		run->errors[-a->error]++;
	if (a->error && !a->text[0] && !is_mute(nlh, hurdle, a->error))
		fault(FAULT_ANSWER, "no text with errno %d (%s) to %s",
		      -a->error, strerror(-a->error), command_text(nlh));
}

/* Besides an errno, negative, or 0 */
#define ANYTHING 1
#define REFUSAL 2

/* What the kernel should answer. */
static int expectation(const struct nlmsghdr *nlh, struct txn *txn,
		       enum hurdle hurdle, const struct command *c,
		       const struct nlattr **tb)
{
	bool was_open = txn->open, unknown = was_open && txn->unknown;
	int err;

	switch (hurdle) {
	case HURDLE_LENGTH:
	case HURDLE_HEADER:
		return -EINVAL;
	case HURDLE_COMMAND:
		/* Which comes first depends on the kernel. */
		return who == ADMIN ? -EOPNOTSUPP : REFUSAL;
	default:
		break;
	}
	if (who != ADMIN && c->change)
		return -EPERM;
	if (hurdle == HURDLE_ATTRS)
		return REFUSAL;
	err = state_request(&model, txn, c, tb, &others);
	if (lost || (unknown && c->change))
		return ANYTHING;
	/* Which packets there are is the query's own business. */
	if (c->cmd == SIIT_CMD_QUERY)
		return ANYTHING;
	if (!c->change && !spec_is_dump(nlh) && !tb[IFINDEX])
		return -EINVAL;
	/* A dump may be under way on this socket. */
	return spec_is_dump(nlh) && err ? REFUSAL : err;
}

static void judge(const struct nlmsghdr *nlh, struct txn *txn,
		  const struct answers *as)
{
	const struct answer *a = wire_answer((struct answers *)as,
					     nlh->nlmsg_seq);
	const struct nlattr *tb[ATTRS];
	const struct command *c;
	enum hurdle hurdle;
	bool was_open = txn->open;
	int want, got;

	run->messages++;
	run->nobody += who != ADMIN;
	if (!(nlh->nlmsg_flags & NLM_F_REQUEST) ||
	    nlh->nlmsg_type < NLMSG_MIN_TYPE) {
		if (!!a != !!(nlh->nlmsg_flags & NLM_F_ACK))
			fault(FAULT_ANSWER, "%s answer to no request",
			      a ? "an" : "no");
		return;
	}
	if (nlh->nlmsg_type != world.family)
		return;
	hurdle = spec_check(nlh, tb, &c);
	got = a ? a->error : 0;
	if (nlh->nlmsg_flags & NLM_F_ACK && !spec_is_dump(nlh) &&
	    (!a || !a->acked))
		fault(FAULT_ANSWER, "no answer to %s", command_text(nlh));
	if (a)
		judge_words(nlh, hurdle, a);
	if (!got && hurdle == HURDLE_NONE && !c->change && a && !spec_is_dump(nlh) &&
	    a->messages != 1)
		fault(FAULT_ANSWER, "%u messages in answer to %s", a->messages,
		      command_text(nlh));
	want = expectation(nlh, txn, hurdle, c, tb);
	/* One dump at a time: the last one in this datagram was not at its end. */
	if (got == -EBUSY && spec_is_dump(nlh))
		want = ANYTHING;
	if (want == REFUSAL ? !got : want != ANYTHING && want != got)
		fault(who == ADMIN ? FAULT_ANSWER : FAULT_PRIVILEGE,
		      "errno %d (%s), not %d, to %s", got,
		      a && a->text[0] ? a->text : strerror(-got), want,
		      command_text(nlh));
	run->accepted += !got;
	if (c && c->cmd == SIIT_CMD_TXN_COMMIT && !got && want != REFUSAL)
		run->commits++;
	/* A transaction that the model lost sight of */
	if (was_open && txn->unknown && c && c->change) {
		if (!got && (c->cmd == SIIT_CMD_TXN_ABORT ||
			     (c->cmd == SIIT_CMD_TXN_COMMIT &&
			      !tb[SIIT_TXN_A_DRY_RUN])))
			txn->open = false;
		lost = true;
	}
}

/* As the kernel reads it */
void judge_all(const uint8_t *data, size_t len, struct txn *txn,
	       const struct answers *as)
{
	lost = false;
	while (len >= NLMSG_HDRLEN) {
		const struct nlmsghdr *nlh = (const struct nlmsghdr *)data;
		size_t next = NLMSG_ALIGN(nlh->nlmsg_len);

		if (nlh->nlmsg_len < NLMSG_HDRLEN || nlh->nlmsg_len > len)
			break;
		judge(nlh, txn, as);
		if (next > len)
			next = len;
		data += next;
		len -= next;
	}
}

/* The ifindex of a device that a transaction has made is the kernel's choice. */
void adopt(void)
{
	unsigned int i, k;

	for (i = 0; i < model.count; i++)
		for (k = 0; !model.dev[i].ifindex && k < real.count; k++)
			if (!strcmp(model.dev[i].name, real.dev[k].name))
				model.dev[i].ifindex = real.dev[k].ifindex;
}

/* The counts of changes are the model's alone. */
void accept_state(void)
{
	static unsigned int changes = 1u << 20;
	unsigned int i;

	for (i = 0; i < real.count; i++)
		real.dev[i].changes = ++changes;
	for (i = 0; i < SOCKETS; i++)
		client[i].txn.unknown = true;
	model = real;
}

bool check_state(const struct state *before, bool single, const void *data,
		 size_t len)
{
	static struct state sorted;
	unsigned int heard = wire_heard(listener);
	char why[200];
	bool same;

	if (!wire_state(reader, world.family, &real)) {
		fault(FAULT_STATE, "the state cannot be read");
		return false;
	}
	adopt();
	sorted = model;
	state_sort(&sorted);
	state_sort(&real);
	if (lost) {
		accept_state();
		return true;
	}
	if (!state_same(&sorted, &real, why, sizeof(why))) {
		fault(FAULT_STATE, "%s", why);
		show(data, len);
		accept_state();
		return true;
	}
	sorted = *before;
	state_sort(&sorted);
	same = state_same(&sorted, &real, why, sizeof(why));
	if (single && same && heard) {
		fault(FAULT_NEWS, "%u announcements of no change", heard);
		show(data, len);
	}
	/* A new device is told of by rtnetlink. */
	if (single && !same && !heard && before->count == real.count) {
		fault(FAULT_NEWS, "a change was not announced");
		show(data, len);
	}
	return true;
}

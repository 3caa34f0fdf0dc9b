// SPDX-License-Identifier: GPL-2.0
/*
 * Datagrams of requests, and who sends them.
 */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "judge.h"

#define STEPS 400		/* datagrams in an epoch */
#define DATAGRAM 16384
#define TOGETHER 5		/* messages in a datagram, up to */

static uint32_t seq;
static unsigned int active;	/* sockets that take turns */
static int fail_nth = -1;

static void make_message(struct message *m, struct rng *r)
{
	message_request(m, &world, ++seq, r);
	if (percent(r, 55))
		message_spoil(m, NLMSG_LENGTH(GENL_HDRLEN), r);
}

static size_t make_datagram(uint8_t *data, struct rng *r)
{
	unsigned int n = percent(r, 75) ? 1 : between(r, 2, TOGETHER);
	static struct message m;
	size_t len = 0;

	while (n-- && len + sizeof(m.data) < DATAGRAM) {
		make_message(&m, r);
		memcpy(data + len, m.data, m.len);
		memset(data + len + m.len, 0, 4);
		len += NLMSG_ALIGN(m.len);
	}
	/* The end may be missing. */
	if (percent(r, 3))
		len -= below(r, len);
	return len;
}

/*
 * A request that runs out of memory on its way: it is done or it is not. Who asked
 * may not hear which.
 */
static bool starve(struct client *c, struct rng *r)
{
	static struct state before, sorted;
	const struct nlattr *tb[ATTRS];
	const struct command *cmd;
	struct answers as;
	struct message m;
	char why[200], nth[8];
	int err, n;

	world.txn = &c->txn;
	message_request(&m, &world, ++seq, r);
	if (spec_check(&m.nlh, tb, &cmd) != HURDLE_NONE)
		return true;
	before = model;
	err = state_request(&model, &c->txn, cmd, tb, &others);
	n = snprintf(nth, sizeof(nth), "%u",
		     between(r, 1, percent(r, 70) ? 20 : 300));
	if (pwrite(fail_nth, nth, n, 0) != n)
		return false;
	wire_send(c->fd, m.data, m.len, true);
	if (pwrite(fail_nth, "0", 1, 0) != 1)
		return false;
	wire_answers(c->fd, &as);
	wire_heard(listener);
	run->messages++;
	run->starved++;
	run->denied += as.count && as.one[0].error == -ENOMEM;
	if (!wire_state(reader, world.family, &real))
		return false;
	adopt();
	sorted = model;
	state_sort(&sorted);
	state_sort(&real);
	if (state_same(&sorted, &real, why, sizeof(why))) {
		/* It went well, but of its transaction we cannot be sure. */
		if (err || cmd->cmd >= SIIT_CMD_TXN_BEGIN)
			client_reopen(c);
		else if (cmd->change)
			c->txn.unknown = c->txn.open;
		return true;
	}
	model = before;
	sorted = before;
	state_sort(&sorted);
	if (!state_same(&sorted, &real, why, sizeof(why))) {
		fault(FAULT_STATE, "without memory: %s, after %s", why,
		      command_text(&m.nlh));
		accept_state();
	}
	client_reopen(c);
	return true;
}

static bool step(struct rng *r)
{
	static struct state before;
	static uint8_t data[DATAGRAM];
	struct client *c = &client[below(r, active)];
	uint64_t messages = run->messages;
	struct answers as;
	size_t len;
	int fd;

	if (percent(r, 1))
		client_reopen(c);
	if (fail_nth >= 0 && percent(r, 4))
		return starve(c, r);
	who = percent(r, 90) ? ADMIN : percent(r, 50) ? NOBODY : OPENER;
	if (who == OPENER && c->txn.open)
		who = NOBODY;
	fd = who == OPENER ? unprivileged : c->fd;
	world.txn = &c->txn;
	len = make_datagram(data, r);
	before = model;
	if (who == NOBODY)
		set_admin(false);
	/* Whose socket it is matters to a message without an address. */
	if (!wire_send(fd, data, len, who != OPENER && percent(r, 50)) &&
	    errno != ENOBUFS)
		fault(FAULT_ANSWER, "the datagram was not taken: %s",
		      strerror(errno));
	if (who == NOBODY)
		set_admin(true);
	run->datagrams++;
	wire_answers(fd, &as);
	judge_all(data, len, &c->txn, &as);
	if (as.strange)
		fault(FAULT_ANSWER, "%u answers too many", as.strange);
	return check_state(&before, run->messages == messages + 1, data, len);
}

/* Links: what the kernel itself does is not judged, only what is ours. */
static bool link_step(struct rng *r)
{
	static struct state before;
	struct message m;
	unsigned int i, k;
	int err;

	world.txn = &client[0].txn;
	message_link(&m, &world, ++seq, r);
	if (percent(r, 40))
		message_spoil(&m, NLMSG_LENGTH(16), r);
	before = model;
	err = wire_ask(links, &m);
	run->messages++;
	run->links++;
	wire_heard(listener);
	if (!wire_state(reader, world.family, &real))
		return false;
	/* What is still there has the settings and rows that it had. */
	for (i = 0; i < before.count; i++) {
		struct device *d = &before.dev[i];
		struct device *e = state_device(&real, d->ifindex);
		static struct state a, b;
		char why[200];

		if (!e)
			continue;
		for (k = 0; k < d->count; )
			if (d->row[k].table == HOOK)
				memmove(&d->row[k], &d->row[k + 1],
					(--d->count - k) * sizeof(*d->row));
			else
				k++;
		a.count = 1;
		a.dev[0] = *d;
		b.count = 1;
		b.dev[0] = *e;
		for (k = 0; k < b.dev[0].count; )
			if (b.dev[0].row[k].table == HOOK)
				memmove(&b.dev[0].row[k], &b.dev[0].row[k + 1],
					(--b.dev[0].count - k) *
					sizeof(*d->row));
			else
				k++;
		memcpy(a.dev[0].name, b.dev[0].name, sizeof(a.dev[0].name));
		state_sort(&a);
		state_sort(&b);
		if (!state_same(&a, &b, why, sizeof(why)))
			fault(FAULT_STATE, "a request about links: %s", why);
	}
	if (err < 0 && real.count != before.count)
		fault(FAULT_STATE, "a request about links was refused (%d): %u devices, not %u",
		      err, real.count, before.count);
	state_sort(&real);
	accept_state();
	names_read();
	return true;
}

/* other processes */

/*
 * A client that dies while it is at it, in a transaction, which is all that it
 * ever changes.
 */
static void kill_client(struct rng *r)
{
	struct message m;
	struct genlmsghdr g = { .version = SIIT_GENL_VERSION };
	unsigned int wait = below(r, 3000);
	char why[200];
	pid_t pid;
	int fd;

	if (!wire_state(reader, world.family, &model))
		return;
	pid = fork();
	if (!pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		fd = wire_open(NETLINK_GENERIC);
		client[0].txn.open = false;
		g.cmd = SIIT_CMD_TXN_BEGIN;
		message_begin(&m, world.family, NLM_F_REQUEST, 1, &g, sizeof(g));
		message_put_u32(&m, IFINDEX, model.dev[0].ifindex);
		wire_send(fd, m.data, m.len, false);
		model.count = 1;
		world.txn = &client[0].txn;
		for (;;) {
			uint32_t number = 0;

			message_request(&m, &world, 2, r);
			if (m.len >= 28)
				memcpy(&number, m.data + 24, 4);
			g = *(struct genlmsghdr *)NLMSG_DATA(&m.nlh);
			if (g.cmd < SIIT_CMD_TXN_BEGIN &&
			    number == model.dev[0].ifindex)
				wire_send(fd, m.data, m.len, false);
		}
	}
	usleep(wait);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	run->killed++;
	if (!wire_state(reader, world.family, &real)) {
		fault(FAULT_STATE, "the state cannot be read");
		return;
	}
	state_sort(&model);
	state_sort(&real);
	if (!state_same(&model, &real, why, sizeof(why)))
		fault(FAULT_STATE, "a client was killed in a transaction: %s", why);
	accept_state();
}

/*
 * Somebody who is root in a user namespace of his own, which does not own this
 * network, or a user like any other.
 */
static bool run_nobody(struct rng *r, bool userns)
{
	int i, status;
	pid_t pid = fork();

	if (!pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (userns ? unshare(CLONE_NEWUSER) :
			     setresgid(65534, 65534, 65534) ||
			     setresuid(65534, 65534, 65534))
			_exit(3);
		for (i = 0; i < STEPS / 4; i++) {
			struct client *c = &client[0];
			static uint8_t data[DATAGRAM];
			struct answers as;
			size_t len;

			if (!i)
				client_reopen(c);
			who = NOBODY;
			world.txn = &c->txn;
			len = make_datagram(data, r);
			wire_send(c->fd, data, len, percent(r, 50));
			run->datagrams++;
			wire_answers(c->fd, &as);
			judge_all(data, len, &c->txn, &as);
		}
		fflush(stdout);
		_exit(0);
	}
	waitpid(pid, &status, 0);
	if (WIFEXITED(status) && WEXITSTATUS(status) == 3)
		return true;
	if (status)
		fault(FAULT_ANSWER, "a process has ended with status %#x", status);
	who = NOBODY;
	lost = false;
	return check_state(&model, false, NULL, 0);
}

/* Two at once, and no model: whatever is done, the kernel is to live with it. */
static bool run_crowd(struct rng *r)
{
	pid_t pid[2];
	int i, k, status;

	for (k = 0; k < 2; k++) {
		pid[k] = fork();
		if (pid[k])
			continue;
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		r->state += k;
		for (i = 0; i < STEPS / 2; i++) {
			static uint8_t data[DATAGRAM];
			struct client *c = &client[k];
			struct answers as;
			size_t len;

			if (percent(r, 2) || !i)
				client_reopen(c);
			c->txn.open = false;
			world.txn = &c->txn;
			len = make_datagram(data, r);
			wire_send(c->fd, data, len, false);
			run->datagrams++;
			wire_answers(c->fd, &as);
			run->messages += as.count;
			if (percent(r, 10))
				sched_yield();
		}
		_exit(0);
	}
	for (k = 0; k < 2; k++) {
		waitpid(pid[k], &status, 0);
		if (status)
			fault(FAULT_ANSWER, "a process has ended with status %#x",
			      status);
	}
	if (!wire_state(reader, world.family, &real))
		return false;
	wire_heard(listener);
	state_sort(&real);
	accept_state();
	return true;
}

bool run_requests(uint64_t seed, unsigned int epoch)
{
	struct rng r = rng_make(seed, epoch);
	unsigned int i;

	if (!world_open())
		return false;
	if (fail_nth < 0)
		fail_nth = open("/proc/self/fail-nth", O_RDWR | O_CLOEXEC);
	seq = 0;
	/* Others' changes put an end to most transactions. */
	active = epoch % 2 ? 1 : SOCKETS;
	for (i = 0; i < STEPS; i++) {
		snprintf(origin, sizeof(origin), "seed %llu epoch %u step %u",
			 (unsigned long long)seed, epoch, i);
		if (epoch % 4 == 3 && percent(&r, 15) ? !link_step(&r) :
							!step(&r))
			return false;
		if (permille(&r, 5))
			kill_client(&r);
	}
	if (epoch % 8 == 4 && !run_crowd(&r))
		return false;
	if (epoch % 8 == 6 && !run_nobody(&r, epoch % 16 == 6))
		return false;
	if (epoch % 4 == 0)
		check_restore();
	world_close();
	return true;
}

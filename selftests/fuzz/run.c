// SPDX-License-Identifier: GPL-2.0
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "case.h"
#include "check.h"
#include "ctl.h"
#include "run.h"

#define ARENA (4 << 20)		/* octets of all outputs of a packet */
#define CASES_MAX 60		/* that are written down */
#define SAME_MAX 3		/* of them for the same fault */
#define STORM_CONFIGS 100

static struct counters last;
static enum mood mood;
static int kmsg = -1, fail_nth = -1, backlog = -1;

static uint8_t arena[TAPS][ARENA];
static size_t arena_used[TAPS];

void run_prepare(void)
{
	backlog = open("/proc/sys/net/core/netdev_max_backlog", O_WRONLY);
}

bool run_open(void)
{
	static const struct config base = {
		.name = "fuzz",
		.dev = "role br",
		.lines = "dev add siit1 role br hairpin off\n",
		.ip = "link set siit1 addrgenmode none\n"
		      "link set siit1 multicast off mtu 65507 up\n",
	};

	kmsg = open("/dev/kmsg", O_RDONLY | O_NONBLOCK);
	if (kmsg < 0 || lseek(kmsg, 0, SEEK_END) < 0) {
		printf("# /dev/kmsg: %s\n", strerror(errno));
		return false;
	}
	fail_nth = open("/proc/self/fail-nth", O_RDWR);
	return rig_open() && rig_config(&base, BY_DEVICE) && ctl_open() && port_open() &&
	       counters_read(&last, "siit0");
}

/* settings */

static bool end_mood(void)
{
	if (mood == MOOD_CROWDED && pwrite(backlog, "1000\n", 5, 0) < 0)
		return false;
	mood = MOOD_CALM;
	return ctl_wait();
}

bool run_configure(const struct model *m)
{
	char commands[20000];
	struct model mirror;
	size_t n;

	model_mirror(&mirror, m);
	model_commands(m, "siit0", commands, sizeof(commands) / 2);
	n = strlen(commands);
	model_commands(&mirror, "siit1", commands + n, sizeof(commands) - n);
	return end_mood() && ctl_start(commands) && ctl_wait();
}

/* As many settings as siitctl gets done meanwhile */
static bool start_storm(uint64_t seed)
{
	struct rng r = rng_make(seed, 1);
	char commands[10000];
	struct model m;
	bool ok = true;
	int i;

	for (i = 0; ok && i < STORM_CONFIGS; i++) {
		model_random(&m, &r);
		model_commands(&m, "siit0", commands, sizeof(commands));
		ok = ctl_start(commands);
	}
	return ok;
}

bool run_mood(enum mood what, uint64_t seed)
{
	if (!end_mood())
		return false;
	if (what == MOOD_CROWDED && backlog < 0)
		return true;
	mood = what;
	if (what == MOOD_CROWDED)
		return pwrite(backlog, "5\n", 2, 0) > 0;
	return what != MOOD_STORM || start_storm(seed);
}

/* failures */

static void write_case(struct run *run, const char *what, const struct model *m,
		       const struct input *in)
{
	static unsigned int number;
	char path[512], comment[300];

	if (!run->dir || number >= CASES_MAX)
		return;
	snprintf(path, sizeof(path), "%s/%03u.case", run->dir, number++);
	snprintf(comment, sizeof(comment), "%s; %s", what, run->origin);
	if (case_write(path, comment, m, in))
		printf("# written to %s\n", path);
}

/* Is it one of the first of its kind? Messages are constants, mostly. */
static bool worth_telling(const char *what)
{
	static struct {
		const char *what;
		int count;
	} told[64];
	int i;

	for (i = 0; i < 64 && told[i].what; i++)
		if (!strcmp(told[i].what, what))
			return ++told[i].count <= SAME_MAX;
	if (i < 64)
		told[i].what = strdup(what);
	return i < 64;
}

static void fault(struct run *run, enum fault kind, const char *what,
		  const struct model *m, const struct input *in,
		  const struct trial *t)
{
	static struct packet p;
	int i;

	run->faults[kind]++;
	if (!worth_telling(what))
		return;
	printf("# FAULT %s; %s, %s\n", what, run->origin, way_names[in->way]);
	if (t) {
		p.len = t->len;
		memcpy(p.data, t->in, t->len);
		packet_print("in", &p);
		for (i = 0; i < t->outputs && i < 3; i++) {
			p.len = t->out[i].f.len;
			memcpy(p.data, t->out[i].f.data, p.len);
			packet_print("out", &p);
		}
	}
	write_case(run, what, m, in);
}

static const char *const reports[] = {
	"WARNING: ", "BUG: ", "KASAN", "UBSAN", "INFO: ", "ODEBUG",
	"possible ", "suspicious RCU", "inconsistent lock", "refcount_t",
	"memory leak", "unregister_netdevice", "Oops", "protection fault",
	"sleeping function", "skbuff:", "Call Trace",
};

/* Has the kernel said something since the last call? */
static bool kernel_report(char *what, size_t size)
{
	char line[2000];
	bool found = false;
	ssize_t n;
	size_t i;

	while ((n = read(kmsg, line, sizeof(line) - 1)) > 0 ||
	       (n < 0 && errno == EPIPE)) {
		if (n < 0)
			continue;
		line[n] = 0;
		for (i = 0; !found &&
		     i < sizeof(reports) / sizeof(*reports); i++) {
			if (!strstr(line, reports[i]))
				continue;
			snprintf(what, size, "kernel: %.300s",
				 strchr(line, ';') ?: line);
			what[strcspn(what, "\n")] = 0;
			found = true;
		}
	}
	return found;
}

/* one packet */

static void keep(struct trial *t, const struct frame *f, enum tap tap)
{
	struct output *o;

	if (t->outputs == OUTPUTS_MAX || arena_used[tap] + f->len > ARENA)
		return;
	o = &t->out[t->outputs++];
	o->f = *f;
	o->f.data = arena[tap] + arena_used[tap];
	memcpy(o->f.data, f->data, f->len);
	arena_used[tap] += f->len;
	if (f->o.partial)
		offload_finish(o->f.data, f->len, &f->o);
}

/* Others may hold the packet too: it must not be written to for them. */
static bool others_see(const uint8_t *p, size_t len)
{
	static uint8_t seen[INPUT_MAX + 100];
	size_t n = port_witness(seen, sizeof(seen));

	return !n || (n == len && !memcmp(seen, p, n));
}

/*
 * What was on its way in is the truth about the input. Returns what is wrong
 * with that, "" if nothing is, or NULL if nothing was on its way in.
 */
static const char *collect(struct trial *t)
{
	static uint8_t entered[INPUT_MAX + 100];
	const char *seen = NULL;
	struct frame f;

	while (port_receive(TAP_SIIT0, &f)) {
		if (!f.outgoing) {
			keep(t, &f, TAP_SIIT0);
			continue;
		}
		memcpy(entered, f.data, f.len);
		seen = others_see(entered, f.len) ? "" :
		       "a clone of the packet has been written to";
		t->in = entered;
		t->len = f.len;
		if (f.o.partial && !t->odd)
			offload_finish(entered, f.len, &f.o);
	}
	return seen;
}

/* The taps are emptied before each use. Clones of what they missed are left. */
static void forget_clones(void)
{
	static uint8_t seen[INPUT_MAX + 100];

	while (port_witness(seen, sizeof(seen)))
		;
}

static void settle(int fd, int nth)
{
	char text[16];
	int n = snprintf(text, sizeof(text), "%d", nth);

	if (pwrite(fd, text, n, 0) != n)
		printf("# fail-nth: %s\n", strerror(errno));
}

static bool send_one(const struct input *in)
{
	bool taken;

	if (in->fail && fail_nth >= 0)
		settle(fail_nth, in->fail);
	taken = port_send(in);
	if (in->fail && fail_nth >= 0)
		settle(fail_nth, 0);
	return taken;
}

/* RFC 7915 4.4, 5.4, RFC 1812 4.3.2.7, RFC 4443 2.4 */
static const char *judge_own_error(const struct trial *t, const struct packet *p)
{
	const char *bad = check_packet(p->data, p->len);
	struct view e, about;

	if (bad)
		return bad;
	view_read(&e, p->data, p->len);
	if (!view_is_error(&e))
		return "own error: is none";
	if (p->len > (e.family == 4 ? 576 : 1280))
		return "own error: too long";
	if (view_read(&about, t->in, t->len) &&
	    (view_is_error(&about) || (about.offset && about.family == 4)))
		return "own error: about an error, or a later fragment";
	return t->outputs ? "own error: about a packet that is translated" :
			    NULL;
}

static void own_errors(struct run *run, const struct model *m,
		       const struct input *in, const struct trial *t,
		       bool entered)
{
	static struct packet p;
	enum side side;

	for (side = SIDE4; side < SIDES; side++) {
		while (rig_receive(side, &p, NULL, 0)) {
			const char *bad;

			/* Not ours, but of IP forwarding in front of us */
			if (!entered)
				continue;
			run->errors++;
			bad = judge_own_error(t, &p);
			if (!bad && !m->icmp_errors && mood == MOOD_CALM)
				bad = "own error: icmp-errors is off";
			if (bad)
				fault(run, FAULT_ERROR, bad, m, in, t);
		}
	}
}

/* Every output through the mirror. */
static void give_back(struct run *run, const struct model *m,
		      const struct input *in, const struct trial *t)
{
	static struct trial back;
	const char *bad;
	struct frame f;
	int i;

	back.outputs = 0;
	arena_used[TAP_SIIT1] = 0;
	while (port_receive(TAP_SIIT1, &f))
		;
	for (i = 0; i < t->outputs; i++) {
		const struct frame *o = &t->out[i].f;

		if (!port_send_back(o->data, o->len, o->ethertype))
			return;
		while (port_receive(TAP_SIIT1, &f))
			keep(&back, &f, TAP_SIIT1);
	}
	run->returned++;
	bad = oracle_returned(t, &back);
	if (bad)
		fault(run, FAULT_RETURN, bad, m, in, t);
}

/* Returns whether the packet has come to the device. */
static bool run_one(struct run *run, const struct model *m, struct input *in,
		    struct trial *t)
{
	const char *bad, *seen;
	struct frame f;
	bool entered;

	while (port_receive(TAP_SIIT0, &f))
		;
	*t = (struct trial){
		.m = m, .in = in->data, .len = in->len,
		.ethertype = in->ethertype, .o = in->o,
		.odd = in->odd || mood != MOOD_CALM,
		.plain = in->plain && mood == MOOD_CALM,
		.hops = in->way == WAY_PRIVATE || in->way == WAY_CLONED ? 0 : 1,
	};
	arena_used[TAP_SIIT0] = 0;
	run->packets++;
	entered = send_one(in);
	if (!entered)
		run->refused++;
	seen = collect(t);
	if (seen)
		entered = true;
	else if (in->way == WAY_ROUTED || in->way == WAY_MIRRORED)
		entered = false;
	if (in->way == WAY_ROUTED) {
		t->ethertype = t->in[0] >> 4 == 4 ? 0x0800 : 0x86dd;
		own_errors(run, m, in, t, entered);
	}
	if (port_lost()) {
		fault(run, FAULT_ACCOUNT, "the taps have no room for all of it",
		      m, in, NULL);
		forget_clones();
	}
	if (!entered)
		return false;
	run->entered++;
	run->by_way[in->way]++;
	if (in->way == WAY_HOOK)
		return true;
	run->translated += !!t->outputs;
	bad = seen && *seen ? seen : oracle_judge(t);
	if (bad)
		fault(run, FAULT_OUTPUT, bad, m, in, t);
	else if (mood == MOOD_CALM && oracle_returns(t))
		give_back(run, m, in, t);
	return true;
}

/* batches */

static uint64_t dropped(const struct counters *c)
{
	uint64_t sum = 0;
	int i;

	for (i = 0; i < c->n; i++)
		sum += c->drop[i].count;
	return sum;
}

/*
 * A GSO packet counts as its segments, and may be dropped segment by segment. Not all
 * that comes by at a hook is the translator's.
 */
static bool accounted(int entered, int translated, bool gso, bool odd, bool hook)
{
	static struct counters now;
	uint64_t ok, lost;

	if (!counters_read(&now, "siit0"))
		return false;
	ok = now.packets46 + now.packets64 - last.packets46 - last.packets64;
	lost = dropped(&now) - dropped(&last);
	last = now;
	/* The core segments, or drops, what it finds to be wrong. */
	if (odd)
		return true;
	if (hook)
		return gso || ok + lost <= (uint64_t)entered;
	if (gso)
		return ok + lost >= (uint64_t)entered && (!translated || ok);
	if (ok + lost != (uint64_t)entered)
		return false;
	return mood == MOOD_CROWDED || ok == (uint64_t)translated;
}

/* ICMPv6 errors about packets that came in another way */
static void forget_errors(void)
{
	static struct packet p;
	enum side side;

	for (side = SIDE4; side < SIDES; side++)
		while (rig_receive(side, &p, NULL, 0))
			;
}

static bool run_some(struct run *run, const struct model *m, struct input *in,
		     int n)
{
	static struct trial t;
	int entered = 0, translated = 0, i;
	bool gso = false, odd = false;

	if (in[0].way == WAY_ROUTED)
		forget_errors();
	for (i = 0; i < n; i++) {
		if (!run_one(run, m, &in[i], &t))
			continue;
		entered++;
		translated += !!t.outputs;
		gso |= t.o.gso_type;
		odd |= in[i].odd;
	}
	return accounted(entered, translated, gso, odd,
			 in[0].way == WAY_HOOK);
}

void run_batch(struct run *run, const struct model *m, struct input *in, int n)
{
	char what[400];
	int i, found = 0;

	if (!run_some(run, m, in, n)) {
		/* Which one was it? */
		for (i = 0; i < n; i++) {
			if (run_some(run, m, &in[i], 1))
				continue;
			found++;
			fault(run, FAULT_ACCOUNT,
			      "not one translation or one drop", m, &in[i], NULL);
		}
		if (!found)
			fault(run, FAULT_ACCOUNT, "the counters of a batch",
			      m, &in[0], NULL);
	}
	if (!kernel_report(what, sizeof(what)))
		return;
	fault(run, FAULT_REPORT, what, m, &in[0], NULL);
	for (i = 1; i < n; i++)
		write_case(run, what, m, &in[i]);
}

void run_reasons(void)
{
	static struct counters c;
	int i, col = 0;

	if (!counters_read(&c, "siit0"))
		return;
	printf("# dropped:\n");
	for (i = 0; i < c.n; i++)
		if (c.drop[i].count)
			printf("#   %-28s %llu\n", c.drop[i].name,
			       (unsigned long long)c.drop[i].count);
	printf("# never:");
	for (i = 0; i < c.n; i++)
		if (!c.drop[i].count)
			printf("%s%s", col++ ? ", " : " ", c.drop[i].name);
	printf("%s\n", col ? "" : " none");
}

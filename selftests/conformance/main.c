// SPDX-License-Identifier: GPL-2.0
/*
 * Conformance tests: packets in, octets out.
 *
 * Every case runs four times: through the device and through the hook, and each
 * time again with a packet socket open, which makes the packets cloned.
 */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "kselftest.h"

#include "cases.h"
#include "check.h"

#define WAIT_MS 1000
#define TITLE_MAX 400

static const char *only_config, *only_name;
static bool list;
static enum entry way;

static bool wanted(const struct config *cfg, const char *name)
{
	if (only_config && strcmp(only_config, cfg->name))
		return false;
	return !only_name || strstr(name, only_name);
}

/* Receive one packet and compare it with TEXT. */
static bool expect(enum side side, const char *text,
		   const struct test_case *c, struct offload *o)
{
	static struct packet want, got;
	const char *bad;
	long at;

	packet_build(&want, text);
	if (way == BY_HOOK && c->hook)
		want.data[7] += c->hook->hops;
	if (!rig_receive(side, &got, o, WAIT_MS)) {
		printf("# nothing came, expected %s\n", text);
		packet_print("expected", &want);
		return false;
	}
	at = packet_differs(&want, &got);
	if (at >= 0) {
		printf("# octet %ld (%#lx) differs from %s\n", at, at, text);
		packet_print("expected", &want);
		packet_print("got", &got);
		return false;
	}
	bad = check_packet(got.data, got.len);
	if (bad && !(c->flags & CASE_BAD_CSUM)) {
		printf("# bad packet: %s\n", bad);
		packet_print("got", &got);
		return false;
	}
	return true;
}

static uint64_t all_drops(const struct counters *c)
{
	uint64_t sum = 0;
	int i;

	for (i = 0; i < c->n; i++)
		sum += c->drop[i].count;
	return sum;
}

/* What is expected of a packet that the hook does not claim */
static bool expect_passed(const struct test_case *c, const struct packet *in)
{
	static struct packet got;
	enum side side = in->family == 4 ? SIDE4 : SIDE6;
	size_t hops = in->family == 4 ? 8 : 7;
	bool may_stay = c->flags & CASE_INJECT;
	size_t i;

	if (!rig_receive(side, &got, NULL, may_stay ? 0 : WAIT_MS)) {
		if (!may_stay)
			printf("# it did not pass\n");
		return may_stay;
	}
	got.data[hops]++;
	for (i = 0; i < in->len && i < got.len; i++) {
		/* the checksum of an IPv4 header changes with its TTL */
		if (in->family == 4 && (i == 10 || i == 11))
			continue;
		if (in->data[i] != got.data[i])
			break;
	}
	if (i == in->len && i == got.len)
		return true;
	printf("# it was touched\n");
	packet_print("got, with the hop back", &got);
	return false;
}

/* A GSO packet counts as its segments. */
static int segments(const struct offload *o, const struct packet *in)
{
	if (!o->gso_size)
		return 1;
	return (in->len - o->hdr_len + o->gso_size - 1) / o->gso_size;
}

/* Wait until the counters show what the case expects of them. */
static bool expect_counters(const struct test_case *c, const struct packet *in,
			    const struct counters *before)
{
	uint64_t drops = c->drop ? 1 : 0;
	uint64_t ok = c->out[0] ? segments(&c->offload, in) : 0;
	int family = in->family;
	struct counters now;
	int i;

	for (i = 0; i < WAIT_MS; i += 10) {
		uint64_t done, reason;

		if (!counters_read(&now, rig_device(family)))
			return false;
		done = family == 4 ? now.packets46 - before->packets46 :
				     now.packets64 - before->packets64;
		reason = !c->drop ? 0 : counters_drop(&now, c->drop) -
					counters_drop(before, c->drop);
		if (all_drops(&now) - all_drops(before) == drops &&
		    reason == drops && done >= ok && (!drops || !done))
			return true;
		usleep(10000);
	}
	printf("# translated %d and %d, expected %d; dropped, expected %s:\n",
	       (int)(now.packets46 - before->packets46),
	       (int)(now.packets64 - before->packets64), (int)ok,
	       c->drop ?: "none");
	for (i = 0; i < now.n; i++) {
		const char *name = now.drop[i].name;
		int n = now.drop[i].count - counters_drop(before, name);

		if (n)
			printf("#   %s %d\n", name, n);
	}
	return false;
}

/*
 * An error of the box about a packet at the hook, which has not been forwarded
 * when it is quoted: its hops are those that it came with.
 */
static const char *hops_as_sent(const char *text)
{
	static char copies[OUT_MAX][4096];
	static int turn;
	char *copy = copies[turn++ % OUT_MAX], *p = copy;

	if (!strstr(text, "anyhdr"))
		return text;
	snprintf(copy, sizeof(*copies), "%s", text);
	while ((p = strstr(p, "=63 "))) {
		if (p - copy >= 4 && (!strncmp(p - 3, "ttl", 3) ||
				      !strncmp(p - 4, "hlim", 4)))
			p[2] = '4';
		p++;
	}
	return copy;
}

/* What the case is at the hook */
static struct test_case at_hook(const struct test_case *c)
{
	const struct at_hook *h = c->hook;
	struct test_case here = *c;
	int i;

	if (h && h->passes) {
		memset(here.out, 0, sizeof(here.out));
		memset(here.back, 0, sizeof(here.back));
		here.drop = NULL;
		return here;
	}
	if (h && h->drop)
		here.drop = h->drop;
	if (h && h->out)
		here.out[0] = h->out;
	if (h && h->back)
		here.back[0] = h->back;
	for (i = 0; i < OUT_MAX && here.drop && here.back[i]; i++)
		here.back[i] = hops_as_sent(here.back[i]);
	return here;
}

static bool run_case(const struct test_case *c)
{
	bool passes = way == BY_HOOK && c->hook && c->hook->passes;
	struct test_case here;
	static struct packet in;
	struct counters before;
	struct offload o = { 0 };
	bool ok = true;
	int i;

	if (way == BY_HOOK) {
		here = at_hook(c);
		c = &here;
	}

	packet_build(&in, c->in);
	if (!counters_read(&before, rig_device(in.family)))
		return false;
	if (c->flags & CASE_INJECT)
		rig_inject(&in);
	else
		rig_forward(&in, &c->offload);
	for (i = 0; i < OUT_MAX && c->out[i]; i++)
		ok &= expect(in.family == 4 ? SIDE6 : SIDE4, c->out[i], c, &o);
	if (ok && i == 1 && (o.gso_type != c->gso.gso_type ||
			     (o.gso_type && o.gso_size != c->gso.gso_size))) {
		printf("# gso_type %d, gso_size %d; expected %d, %d\n",
		       o.gso_type, o.gso_size, c->gso.gso_type,
		       c->gso.gso_size);
		ok = false;
	}
	for (i = 0; i < OUT_MAX && c->back[i]; i++)
		ok &= expect(in.family == 4 ? SIDE4 : SIDE6, c->back[i], c,
			     NULL);
	if (passes)
		ok &= expect_passed(c, &in);
	ok &= expect_counters(c, &in, &before);
	if (rig_drain())
		ok = false;
	if (!ok) {
		printf("# in: %s\n", c->in);
		packet_print("in", &in);
	}
	return ok;
}

/* The packets of a case must be well written and the expected ones right. */
static void proofread(const struct test_case *c)
{
	static struct packet p;
	const char *bad;
	int i;

	packet_build(&p, c->in);
	for (i = 0; i < 2 * OUT_MAX; i++) {
		const char *text = i < OUT_MAX ? c->out[i] :
						 c->back[i - OUT_MAX];

		if (!text)
			continue;
		packet_build(&p, text);
		bad = check_packet(p.data, p.len);
		if (bad && !(c->flags & CASE_BAD_CSUM))
			printf("# %s: %s\n", bad, text);
	}
}

static bool skipped_here(const struct test_case *c)
{
	return way == BY_HOOK && c->hook && c->hook->device_only;
}

/* The same requirements hold at the hook, and console output takes its time. */
static void title(char *to, const struct config *cfg, const char *name,
		  const char *ids, bool cloned)
{
	if (way == BY_HOOK)
		snprintf(to, TITLE_MAX, "hook: %s: %s%s", cfg->name, name,
			 cloned ? " cloned" : "");
	else
		snprintf(to, TITLE_MAX, "%s: %s [%s]%s", cfg->name, name,
			 ids ?: "", cloned ? " cloned" : "");
}

static int run_suite(const struct suite *s, bool dry, bool cloned)
{
	char name[TITLE_MAX];
	int i, n = 0;

	for (i = 0; i < s->count; i++) {
		const struct test_case *c = &s->cases[i];

		title(name, s->config, c->name, c->ids, cloned);
		if (!wanted(s->config, name) || skipped_here(c))
			continue;
		n++;
		if (list) {
			printf("%s\n", name);
			proofread(c);
		}
		if (dry)
			continue;
		if (c->offload.gso_type == 5 && !rig_has_uso())
			ksft_test_result_skip("%s\n", name);
		else
			ksft_test_result(rig_config(s->config, way) &&
					 rig_sniff(cloned) && run_case(c),
					 "%s\n", name);
	}
	return n;
}

static int run_special(const struct special *s, bool dry)
{
	char name[TITLE_MAX];
	bool ok;

	title(name, s->config, s->name, s->ids, false);
	if (!wanted(s->config, name) || (way == BY_HOOK && s->device_only))
		return 0;
	if (list)
		printf("%s\n", name);
	if (dry)
		return 1;
	ok = rig_config(s->config, way) && rig_sniff(false);
	rig_drain();
	ok = ok && s->run();
	rig_drain();
	ksft_test_result(ok, "%s\n", name);
	return 1;
}

/* All suites of one configuration: it takes longer to set up than to run. */
static int run_config(const struct config *cfg, bool dry)
{
	const struct suite *const *s;
	int i, n = 0;

	for (i = 0; i < (list ? 1 : 2); i++)
		for (s = __start_suites; s < __stop_suites; s++)
			if ((*s)->config == cfg)
				n += run_suite(*s, dry, i);
	for (i = 0; i < special_count; i++)
		if (specials[i].config == cfg)
			n += run_special(&specials[i], dry);
	return n;
}

static bool seen_before(const struct suite *const *s)
{
	const struct suite *const *p;

	for (p = __start_suites; p < s; p++)
		if ((*p)->config == (*s)->config)
			return true;
	return false;
}

static bool has_suite(const struct config *cfg)
{
	const struct suite *const *s;

	for (s = __start_suites; s < __stop_suites; s++)
		if ((*s)->config == cfg)
			return true;
	return false;
}

static int run_all(bool dry, enum entry by)
{
	const struct suite *const *s;
	int i, n = 0;

	way = by;
	for (s = __start_suites; s < __stop_suites; s++)
		if (!seen_before(s))
			n += run_config((*s)->config, dry);
	for (i = 0; i < special_count; i++)
		if (!has_suite(specials[i].config))
			n += run_special(&specials[i], dry);
	return n;
}

int main(int argc, char **argv)
{
	int device, hook, opt;

	while ((opt = getopt(argc, argv, "lc:n:")) != -1) {
		switch (opt) {
		case 'l':
			list = true;
			break;
		case 'c':
			only_config = optarg;
			break;
		case 'n':
			only_name = optarg;
			break;
		default:
			fprintf(stderr, "usage: %s [-l] [-c CONFIG] [-n PART_OF_NAME]\n",
				argv[0]);
			return 2;
		}
	}
	setvbuf(stdout, NULL, _IOLBF, 0);
	if (list) {
		run_all(true, BY_DEVICE);
		return 0;
	}
	ksft_print_header();
	if (geteuid())
		ksft_exit_skip("needs root\n");
	if (!rig_open())
		ksft_exit_fail_msg("no test namespace\n");
	device = run_all(true, BY_DEVICE);
	hook = run_all(true, BY_HOOK);
	ksft_print_msg("%d through the device, %d through the hook\n", device,
		       hook);
	ksft_set_plan(device + hook);
	run_all(false, BY_DEVICE);
	run_all(false, BY_HOOK);
	ksft_finished();
}

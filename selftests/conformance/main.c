// SPDX-License-Identifier: GPL-2.0
/*
 * Conformance tests: packets in, octets out.
 *
 * Every case runs twice, the second time with a packet socket open, which
 * makes the packets cloned.
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

static const char *only_config, *only_name;
static bool list;

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

/* Wait until the counters show what the case expects of them. */
static bool expect_counters(const struct test_case *c, int family,
			    const struct counters *before)
{
	uint64_t drops = c->drop ? 1 : 0, ok = c->out[0] ? 1 : 0;
	struct counters now;
	int i;

	for (i = 0; i < WAIT_MS; i += 10) {
		uint64_t done, reason;

		if (!counters_read(&now))
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

static bool run_case(const struct test_case *c)
{
	static struct packet in;
	struct counters before;
	struct offload o = { 0 };
	bool ok = true;
	int i;

	packet_build(&in, c->in);
	if (!counters_read(&before))
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
	ok &= expect_counters(c, in.family, &before);
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

static int run_suite(const struct suite *s, bool dry, bool cloned)
{
	char name[400];
	int i, n = 0;

	for (i = 0; i < s->count; i++) {
		const struct test_case *c = &s->cases[i];

		snprintf(name, sizeof(name), "%s: %s [%s]%s", s->config->name,
			 c->name, c->ids, cloned ? " cloned" : "");
		if (!wanted(s->config, name))
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
			ksft_test_result(rig_config(s->config) &&
					 rig_sniff(cloned) && run_case(c),
					 "%s\n", name);
	}
	return n;
}

static int run_special(const struct special *s, bool dry)
{
	bool ok;

	if (!wanted(s->config, s->name))
		return 0;
	if (list)
		printf("%s: %s [%s]\n", s->config->name, s->name, s->ids);
	if (dry)
		return 1;
	ok = rig_config(s->config) && rig_sniff(false);
	rig_drain();
	ok = ok && s->run();
	rig_drain();
	ksft_test_result(ok, "%s: %s [%s]\n", s->config->name, s->name, s->ids);
	return 1;
}

/* All suites of one configuration: it takes longer to set up than to run. */
static int run_config(const struct config *cfg, bool dry, bool cloned)
{
	const struct suite *const *s;
	int n = 0;

	for (s = __start_suites; s < __stop_suites; s++)
		if ((*s)->config == cfg)
			n += run_suite(*s, dry, cloned);
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

static int run_all(bool dry)
{
	const struct suite *const *s;
	int i, n = 0;

	for (s = __start_suites; s < __stop_suites; s++) {
		if (seen_before(s))
			continue;
		n += run_config((*s)->config, dry, false);
		if (!list)
			n += run_config((*s)->config, dry, true);
	}
	for (i = 0; i < special_count; i++)
		n += run_special(&specials[i], dry);
	return n;
}

int main(int argc, char **argv)
{
	int opt;

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
		run_all(true);
		return 0;
	}
	ksft_print_header();
	if (geteuid())
		ksft_exit_skip("needs root\n");
	if (!rig_open())
		ksft_exit_fail_msg("no test namespace\n");
	ksft_set_plan(run_all(true));
	run_all(false);
	ksft_finished();
}

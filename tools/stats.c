// SPDX-License-Identifier: GPL-2.0
/*
 * siitctl stats: what was translated, and what was dropped and why.
 */
#include <netlink/genl/genl.h>
#include <stdlib.h>
#include <string.h>

#include "cmd.h"
#include "stats.h"

static struct nla_policy policy[SIIT_STATS_A_MAX + 1] = {
	[SIIT_STATS_A_IFINDEX] = { .type = NLA_U32 },
	[SIIT_STATS_A_IFNAME] = { .type = NLA_NUL_STRING, .maxlen = IFNAMSIZ },
	[SIIT_STATS_A_PACKETS46] = { .type = NLA_U64 },
	[SIIT_STATS_A_BYTES46] = { .type = NLA_U64 },
	[SIIT_STATS_A_PACKETS64] = { .type = NLA_U64 },
	[SIIT_STATS_A_BYTES64] = { .type = NLA_U64 },
	[SIIT_STATS_A_DROP] = { .type = NLA_NESTED },
};

static struct nla_policy drop_policy[SIIT_DROP_A_MAX + 1] = {
	[SIIT_DROP_A_REASON] = { .type = NLA_NUL_STRING },
	[SIIT_DROP_A_COUNT] = { .type = NLA_U64 },
};

static const int counter_attr[COUNTERS] = {
	[PACKETS46] = SIIT_STATS_A_PACKETS46,
	[BYTES46] = SIIT_STATS_A_BYTES46,
	[PACKETS64] = SIIT_STATS_A_PACKETS64,
	[BYTES64] = SIIT_STATS_A_BYTES64,
};

static int read_drop(struct nlattr *nla, struct sample *s)
{
	struct nlattr *tb[SIIT_DROP_A_MAX + 1];
	struct drop_count *drop;

	if (nla_parse_nested(tb, SIIT_DROP_A_MAX, nla, drop_policy) ||
	    !tb[SIIT_DROP_A_REASON] || !tb[SIIT_DROP_A_COUNT])
		return EXIT_REFUSED;
	drop = realloc(s->drop, (s->drops + 1) * sizeof(*drop));
	if (!drop)
		return EXIT_REFUSED;
	s->drop = drop;
	drop += s->drops++;
	nla_strlcpy(drop->reason, tb[SIIT_DROP_A_REASON], sizeof(drop->reason));
	drop->count = nla_get_u64(tb[SIIT_DROP_A_COUNT]);
	return 0;
}

/**
 * sample_read - take the counters out of an answer
 * @nlh: the answer
 * @s: the counters
 *
 * Return: 0, or an exit status; then there is nothing to free.
 */
int sample_read(struct nlmsghdr *nlh, struct sample *s)
{
	struct nlattr *tb[SIIT_STATS_A_MAX + 1];
	struct nlattr *nla;
	int i, rem;

	*s = (struct sample){};
	if (genlmsg_parse(nlh, 0, tb, SIIT_STATS_A_MAX, policy) ||
	    !tb[SIIT_STATS_A_IFINDEX])
		return EXIT_REFUSED;
	s->ifindex = nla_get_u32(tb[SIIT_STATS_A_IFINDEX]);
	for (i = 0; i < COUNTERS; i++)
		if (tb[counter_attr[i]])
			s->count[i] = nla_get_u64(tb[counter_attr[i]]);
	nlmsg_for_each_attr(nla, nlh, GENL_HDRLEN, rem) {
		if (nla_type(nla) == SIIT_STATS_A_DROP && read_drop(nla, s)) {
			sample_free(s);
			return EXIT_REFUSED;
		}
	}
	return 0;
}

/**
 * sample_free - forget counters
 * @s: the counters
 */
void sample_free(struct sample *s)
{
	free(s->drop);
	s->drop = NULL;
	s->drops = 0;
}

/* Counters begin anew with a device. */
static double rate(uint64_t count, uint64_t before, double seconds)
{
	if (count < before || seconds <= 0)
		return 0;
	return (double)(count - before) / seconds;
}

static uint64_t dropped_before(const struct sample *before, const char *reason,
			       size_t at)
{
	if (at < before->drops && !strcmp(before->drop[at].reason, reason))
		return before->drop[at].count;
	return 0;
}

static void print_drops(const struct sample *s, const struct sample *before,
			double seconds)
{
	const struct drop_count *d = s->drop;
	size_t i;

	out_open("drops", '{');
	for (i = 0; i < s->drops; i++, d++) {
		if (out_is_json())
			out_uint(d->reason, NULL, d->count);
		if (!d->count)
			continue;
		out_str(NULL, "\n    dropped: %s", d->reason);
		out_uint(NULL, " %llu", d->count);
		if (before)
			out_real(NULL, ", %s/s",
				 rate(d->count,
				      dropped_before(before, d->reason, i),
				      seconds));
	}
	out_close();
	if (!before || !out_is_json())
		return;
	out_open("drop_rates", '{');
	for (i = 0, d = s->drop; i < s->drops; i++, d++)
		out_real(d->reason, NULL,
			 rate(d->count, dropped_before(before, d->reason, i),
			      seconds));
	out_close();
}

/**
 * sample_print - print the counters of a device, without the end of the line
 * @s: the counters
 * @before: the same, some time before, to print rates too; or NULL
 * @seconds: the time between
 */
void sample_print(const struct sample *s, const struct sample *before,
		  double seconds)
{
	static const struct {
		const char *key;
		const char *fmt;
		const char *rate_key;
		const char *rate_fmt;
	} form[COUNTERS] = {
		[PACKETS46] = { "packets46", "\n    4 to 6: %llu packets",
				"packets46_rate", ", %s/s," },
		[BYTES46] = { "bytes46", " %llu bytes",
			      "bytes46_rate", ", %s/s" },
		[PACKETS64] = { "packets64", "\n    6 to 4: %llu packets",
				"packets64_rate", ", %s/s," },
		[BYTES64] = { "bytes64", " %llu bytes",
			      "bytes64_rate", ", %s/s" },
	};
	int i;

	out_str("dev", "%s", dev_name(s->ifindex));
	for (i = 0; i < COUNTERS; i++) {
		out_uint(form[i].key, form[i].fmt, s->count[i]);
		if (before)
			out_real(form[i].rate_key, form[i].rate_fmt,
				 rate(s->count[i], before->count[i], seconds));
	}
	print_drops(s, before, seconds);
}

static int stats_print(struct nlmsghdr *nlh)
{
	struct sample s;

	if (sample_read(nlh, &s))
		return EXIT_REFUSED;
	sample_print(&s, NULL, 0);
	sample_free(&s);
	return 0;
}

/* Decimals are for those who are in a hurry. */
static double parse_interval(struct args *a)
{
	const char *word = *a->word;
	double seconds;
	char *end;

	if (!word || !strchr("0123456789.", word[0]))
		return 1;
	args_next(a);
	seconds = strtod(word, &end);
	if (*end || word[strspn(word, "0123456789.")])
		bad_value(a, "--watch: \"%s\" is not a number of seconds: expected 0.1 to 86400",
			  word);
	if (!(seconds >= 0.1 && seconds <= 86400))
		bad_value(a, "--watch: %s is out of range: expected 0.1 to 86400",
			  word);
	return seconds;
}

static int stats_show(struct args *a)
{
	const char *dev = NULL, *word;
	double seconds = 0;

	while ((word = args_next(a))) {
		if (!strcmp(word, "--watch")) {
			if (seconds > 0)
				usage_error(a, "duplicate argument: \"%s\"",
					    word);
			seconds = parse_interval(a);
		} else if (!strcmp(word, "dev")) {
			args_dev(a, &dev);
		} else {
			unknown_word(a, word, "dev NAME or --watch");
		}
	}
	if (seconds <= 0)
		return rows_show(a, SIIT_CMD_STATS_GET, dev, stats_print);
	if (complain_line())
		usage_error(a, "--watch has no end: it is no command of a file");
	return stats_watch(a, dev, seconds);
}

static const struct command commands[] = {
	{ "show", stats_show },
	{ "list", stats_show },
	{}
};

const struct object object_stats = {
	.name = "stats",
	.commands = commands,
	.run = stats_show,
	.help =
"siitctl stats [show] [dev NAME] [--watch [SECONDS]]\n"
"\n"
"Packets and bytes translated each way, then dropped packets by reason. Reasons\n"
"that have not occurred are left out, except with -j. --watch shows them every\n"
"second, or every SECONDS (0.1 to 86400), with what has come in a second, until\n"
"interrupted; with -j, each interval is an object.\n",
};

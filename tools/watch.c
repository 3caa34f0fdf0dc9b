// SPDX-License-Identifier: GPL-2.0
/*
 * siitctl stats --watch: counters again and again, and how fast they grow.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <time.h>
#include <unistd.h>

#include "cmd.h"
#include "stats.h"

#define CLEAR_SCREEN "\033[H\033[2J"

/**
 * struct samples - the counters of all devices at one time
 * @dev: one each, to be freed with samples_free()
 * @count: how many
 * @time: seconds, since some point in the past
 */
struct samples {
	struct sample *dev;
	size_t count;
	double time;
};

static double now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

static void samples_free(struct samples *s)
{
	size_t i;

	for (i = 0; i < s->count; i++)
		sample_free(&s->dev[i]);
	free(s->dev);
	*s = (struct samples){};
}

static int add_sample(struct nlmsghdr *nlh, void *arg)
{
	struct samples *s = arg;
	struct sample *dev;

	dev = realloc(s->dev, (s->count + 1) * sizeof(*dev));
	if (!dev)
		return EXIT_REFUSED;
	s->dev = dev;
	if (sample_read(nlh, &dev[s->count]))
		return EXIT_REFUSED;
	s->count++;
	return 0;
}

static int take(struct args *a, const char *dev, struct samples *s)
{
	int ret = siit_dump(a, SIIT_CMD_STATS_GET, dev, add_sample, s);

	s->time = now();
	return ret;
}

static const struct sample *find(const struct samples *s,
				 unsigned int ifindex)
{
	size_t i;

	for (i = 0; i < s->count; i++)
		if (s->dev[i].ifindex == ifindex)
			return &s->dev[i];
	return NULL;
}

/* All devices in one object, or as "stats" shows them. */
static void show(const struct samples *s, const struct samples *before)
{
	double seconds = s->time - before->time;
	size_t i;

	if (out_is_json()) {
		out_row();
		out_real("seconds", NULL, seconds);
		out_open("stats", '[');
	}
	for (i = 0; i < s->count; i++) {
		if (out_is_json())
			out_open(NULL, '{');
		sample_print(&s->dev[i], find(before, s->dev[i].ifindex),
			     seconds);
		out_text("\n");
		out_close();
	}
	if (out_is_json()) {
		out_close();
		out_row_end();
	}
	out_flush();
}

/* Return: whether to go on: not after an interrupt, nor if nobody reads. */
static bool wait_for(int interrupt, double seconds)
{
	struct pollfd fds[] = {
		{ .fd = interrupt, .events = POLLIN },
		{ .fd = STDOUT_FILENO },
	};
	double end = now() + seconds, left = seconds;

	while (left > 0) {
		/* Stopped and continued, a program is interrupted, too. */
		if (poll(fds, ARRAY_SIZE(fds), (int)(left * 1000) + 1) > 0)
			return false;
		left = end - now();
	}
	return true;
}

/* Return: readable after an interrupt; negative: an error. */
static int interrupt_open(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigprocmask(SIG_BLOCK, &set, NULL);
	return signalfd(-1, &set, SFD_CLOEXEC);
}

/**
 * stats_watch - show counters and rates until interrupted
 * @a: the command, read to its end
 * @dev: only this device, or NULL
 * @seconds: between looking at them
 *
 * Return: an exit status.
 */
int stats_watch(struct args *a, const char *dev, double seconds)
{
	bool terminal = !out_is_json() && isatty(STDOUT_FILENO);
	struct samples before = {}, s = {};
	int interrupt, ret;

	ret = siit_open(a);
	if (ret)
		return ret;
	interrupt = interrupt_open();
	if (interrupt < 0) {
		complain(a, "%s", strerror(errno));
		return EXIT_REFUSED;
	}
	ret = take(a, dev, &before);
	if (!ret && !out_is_json()) {
		out_text(terminal ? CLEAR_SCREEN : "");
		show(&before, &s);
	}
	while (!ret && wait_for(interrupt, seconds)) {
		ret = take(a, dev, &s);
		if (ret)
			break;
		out_text(terminal ? CLEAR_SCREEN : "\n");
		show(&s, &before);
		samples_free(&before);
		before = s;
		s = (struct samples){};
	}
	samples_free(&before);
	samples_free(&s);
	close(interrupt);
	return ret;
}

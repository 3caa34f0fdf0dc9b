// SPDX-License-Identifier: GPL-2.0
/*
 * The fuzzer of the control side: requests to the netlink family, and command
 * lines of siitctl, right and wrong, with a model of what they should do.
 *
 *	fuzz-ctl [-s SEED] [-n MESSAGES] [-l LINES] [-e EPOCH]
 *
 * A run is a row of epochs, each of which depends on the seed and its number
 * alone, so that -e repeats what -s has found there.
 */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "run.h"

#define TOLD 12			/* faults of a kind that are told of */
#define LINE_EPOCHS 100000	/* the numbers of those with command lines */

struct run *run;
char origin[80];
static int kmsg = -1;

void fault(enum fault kind, const char *fmt, ...)
{
	va_list ap;

	if (++run->faults[kind] > TOLD)
		return;
	printf("# FAULT (%s) ", origin);
	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
	printf("\n");
	fflush(stdout);
}

/* A splat has several lines; the first one is enough to know where to look. */
bool kernel_reported(void)
{
	static const char *const signs[] = {
		"WARNING: ", "BUG: ", "KASAN", "UBSAN", "refcount_t:", "Oops",
		"possible ", "suspicious RCU", "INFO: ", "Call Trace:",
		"unregister_netdevice",
	};
	char text[8192];
	bool found = false;
	unsigned int i;
	ssize_t n;

	while ((n = read(kmsg, text, sizeof(text) - 1)) > 0 || errno == EPIPE) {
		if (n <= 0)
			continue;
		text[n] = 0;
		for (i = 0; i < sizeof(signs) / sizeof(signs[0]); i++)
			if (strstr(text, signs[i]) && !found) {
				fault(FAULT_REPORT, "the kernel: %s", text);
				found = true;
			}
	}
	return found;
}

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec + t.tv_nsec / 1e9;
}

static void summary(double seconds, double line_seconds)
{
	unsigned int i;

	printf("# %llu messages in %llu datagrams, %llu accepted, %.1f s\n",
	       (unsigned long long)run->messages,
	       (unsigned long long)run->datagrams,
	       (unsigned long long)run->accepted, seconds);
	printf("# %llu by nobody, %llu about links, %llu without memory (%llu refused for it), %llu commits, %llu clients killed, %llu states restored\n",
	       (unsigned long long)run->nobody, (unsigned long long)run->links,
	       (unsigned long long)run->starved,
	       (unsigned long long)run->denied,
	       (unsigned long long)run->commits,
	       (unsigned long long)run->killed,
	       (unsigned long long)run->restored);
	printf("# %llu command lines, %llu refused, %.1f s\n# answers:",
	       (unsigned long long)run->lines,
	       (unsigned long long)run->refused, line_seconds);
	for (i = 0; i < sizeof(run->errors) / sizeof(run->errors[0]); i++)
		if (run->errors[i])
			printf(" %s %llu", i ? strerrorname_np(i) : "0",
			       (unsigned long long)run->errors[i]);
	printf("\n");
}

static unsigned int results(void)
{
	static const char *const names[FAULTS] = {
		[FAULT_ANSWER] = "every request gets the right answer",
		[FAULT_STATE] = "what is refused changes nothing, what is done is right",
		[FAULT_NEWS] = "changes are announced, and nothing else",
		[FAULT_PRIVILEGE] = "who may not change anything does not",
		[FAULT_RESTORE] = "what is saved can be restored",
		[FAULT_LINE] = "siitctl says what is wrong",
		[FAULT_REPORT] = "the kernel has nothing to report",
	};
	unsigned int i, failed = 0;

	for (i = 0; i < FAULTS; i++) {
		printf("%sok %u %s\n", run->faults[i] ? "not " : "", i + 1,
		       names[i]);
		failed += !!run->faults[i];
	}
	return failed;
}

static bool run_epoch(uint64_t seed, unsigned int epoch)
{
	bool ok = epoch < LINE_EPOCHS ? run_requests(seed, epoch) :
					run_lines(seed, epoch);

	if (!ok)
		printf("Bail out! the machine does not work: %s, %s\n", origin,
		       strerror(errno));
	kernel_reported();
	return ok;
}

/* Return: whether all epochs could be run. */
static bool run_all(uint64_t seed, uint64_t messages, uint64_t lines)
{
	double start = now(), between, last = start;
	unsigned int epoch = 0;

	printf("# seed %llu\n", (unsigned long long)seed);
	while (run->messages < messages) {
		if (!run_epoch(seed, epoch++))
			return false;
		if (now() > last + 10) {
			last = now();
			printf("# %4.0f s, epoch %u, %llu messages\n",
			       last - start, epoch,
			       (unsigned long long)run->messages);
		}
	}
	between = now();
	epoch = LINE_EPOCHS;
	while (run->lines < lines)
		if (!run_epoch(seed, epoch++))
			return false;
	summary(between - start, now() - between);
	return true;
}

int main(int argc, char **argv)
{
	static const char *const files[] = { INPUT, HEAD, SAVED };
	uint64_t seed = time(NULL), messages = 0, lines = 0;
	char scratch[] = "/tmp/siit-fuzz.XXXXXX";
	long epoch = -1;
	unsigned int i;
	bool done;
	int opt;

	while ((opt = getopt(argc, argv, "s:n:l:e:")) != -1) {
		switch (opt) {
		case 's':
			seed = strtoull(optarg, NULL, 0);
			break;
		case 'n':
			messages = strtoull(optarg, NULL, 0);
			break;
		case 'l':
			lines = strtoull(optarg, NULL, 0);
			break;
		case 'e':
			epoch = strtol(optarg, NULL, 0);
			break;
		default:
			fprintf(stderr, "usage: fuzz-ctl [-s SEED] [-n MESSAGES] [-l LINES] [-e EPOCH]\n");
			return 2;
		}
	}
	setvbuf(stdout, NULL, _IOLBF, 0);
	if (!mkdtemp(scratch) || chdir(scratch)) {
		printf("Bail out! %s: %s\n", scratch, strerror(errno));
		return 1;
	}
	run = mmap(NULL, sizeof(*run), PROT_READ | PROT_WRITE,
		   MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	kmsg = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (run == MAP_FAILED || kmsg < 0 || lseek(kmsg, 0, SEEK_END) < 0) {
		printf("Bail out! no memory, or no /dev/kmsg\n");
		return 1;
	}
	done = epoch >= 0 ? run_epoch(seed, epoch) :
			    run_all(seed, messages, lines);
	for (i = 0; i < sizeof(files) / sizeof(files[0]); i++)
		unlink(files[i]);
	rmdir(scratch);
	return !done || results();
}

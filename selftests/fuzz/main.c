// SPDX-License-Identifier: GPL-2.0
/*
 * The fuzzer: packets by grammar and mutation, through the real data path of a
 * siit device, and an oracle for what comes out.
 *
 *	fuzz [-s SEED] [-t SECONDS] [-n PACKETS] [-d DIR] [-e EPOCH] [FILE...]
 *
 * FILE is a case, which is replayed first; with neither -t nor -n nothing else
 * happens. A run is a row of epochs: one set of settings, many batches of
 * packets. Each epoch depends on the seed and its number alone, so that -e
 * repeats what -s has found there. Failures are written to DIR as cases.
 */
#include <getopt.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <fcntl.h>

#include "case.h"
#include "run.h"

#define BATCHES 64		/* in an epoch */
#define CHANGE 16		/* batches between changes in an epoch */
#define TESTS 6			/* that main() prints */

static struct input batch[BATCH], special[BATCH];

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec + t.tv_nsec / 1e9;
}

static enum way choose_way(struct rng *r)
{
	static const enum way ways[] = {
		WAY_PRIVATE, WAY_PRIVATE, WAY_PRIVATE, WAY_PRIVATE,
		WAY_CLONED, WAY_PAGED, WAY_PAGED, WAY_MIRRORED, WAY_ROUTED,
		WAY_HOOK, WAY_HOOK,
	};

	return PICK(r, ways);
}

/*
 * A batch goes one way. What may be counted as more or less than one packet goes
 * apart from the others.
 */
static void fuzz_batch(struct run *run, const struct model *m, struct rng *r)
{
	enum way way = choose_way(r);
	int i, n = 0, k = 0;

	for (i = 0; i < BATCH; i++) {
		struct input *in = &batch[n];

		grammar_packet(in, m, r);
		if (percent(r, 30))
			mutate(in, n ? &batch[below(r, n)] : NULL, r);
		dress(in, way, r);
		if (in->o.gso_type || in->odd)
			special[k++] = *in;
		else
			n++;
	}
	if (n)
		run_batch(run, m, batch, n);
	if (k)
		run_batch(run, m, special, k);
}

static void progress(const struct run *run, uint64_t seed, unsigned int epoch)
{
	static int fd = -1;
	char path[512];

	if (!run->dir)
		return;
	if (fd < 0) {
		snprintf(path, sizeof(path), "%s/progress", run->dir);
		fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0644);
	}
	/* For the case that this kernel does not live on. */
	if (fd >= 0 && ftruncate(fd, 0) == 0 && lseek(fd, 0, SEEK_SET) == 0) {
		dprintf(fd, "seed %llu epoch %u\n", (unsigned long long)seed,
			epoch);
		fdatasync(fd);
	}
}

static bool fuzz_epoch(struct run *run, uint64_t seed, unsigned int epoch,
		       uint64_t stop_at, double until)
{
	struct rng r = rng_make(seed, epoch);
	enum mood mood = epoch % 32 == 5 ? MOOD_CROWDED :
			 epoch % 16 == 9 ? MOOD_STORM : MOOD_CALM;
	struct model m;
	int i;

	model_random(&m, &r);
	progress(run, seed, epoch);
	for (i = 0; i < BATCHES && run->packets < stop_at && now() < until;
	     i++) {
		if (i && i % CHANGE == 0 && mood == MOOD_CALM)
			model_change(&m, &r);
		if (i % CHANGE == 0 && (!i || mood == MOOD_CALM) &&
		    (!run_configure(&m) ||
		     (mood != MOOD_CALM && !run_mood(mood, seed + epoch))))
			return false;
		snprintf(run->origin, sizeof(run->origin),
			 "seed %llu epoch %u batch %d",
			 (unsigned long long)seed, epoch, i);
		fuzz_batch(run, &m, &r);
	}
	return true;
}

static bool replay(struct run *run, const char *path)
{
	struct input *in = &batch[0];
	unsigned int before[FAULTS];
	struct model m;

	memcpy(before, run->faults, sizeof(before));
	snprintf(run->origin, sizeof(run->origin), "%.79s", path);
	if (!case_read(path, &m, in) || !run_configure(&m))
		return false;
	run_batch(run, &m, in, 1);
	return !memcmp(before, run->faults, sizeof(before));
}

static void summary(const struct run *run, double seconds)
{
	int i;

	printf("# %llu packets in %.1f s (%.0f/s)\n",
	       (unsigned long long)run->packets, seconds,
	       run->packets / (seconds > 0 ? seconds : 1));
	printf("# %llu reached the device, %llu translated, %llu translated back\n",
	       (unsigned long long)run->entered,
	       (unsigned long long)run->translated,
	       (unsigned long long)run->returned);
	printf("# %llu not taken by the kernel, %llu ICMP errors sent; by way:",
	       (unsigned long long)run->refused,
	       (unsigned long long)run->errors);
	for (i = 0; i < WAYS; i++)
		printf(" %s %llu", way_names[i],
		       (unsigned long long)run->by_way[i]);
	printf("\n");
	run_reasons();
}

static unsigned int results(const struct run *run, bool corpus)
{
	const struct {
		const char *name;
		bool ok;
	} test[TESTS] = {
		{ "the corpus", corpus },
		{ "outputs are as the documents say",
		  !run->faults[FAULT_OUTPUT] && run->entered },
		{ "every packet is translated or counted as one drop",
		  !run->faults[FAULT_ACCOUNT] },
		{ "a second translation undoes the first",
		  !run->faults[FAULT_RETURN] },
		{ "errors that the box has sent", !run->faults[FAULT_ERROR] },
		{ "the kernel has nothing to report",
		  !run->faults[FAULT_REPORT] },
	};
	unsigned int i, failed = 0;

	for (i = 0; i < TESTS; i++) {
		printf("%sok %u %s\n", test[i].ok ? "" : "not ", i + 1,
		       test[i].name);
		failed += !test[i].ok;
	}
	return failed;
}

static int usage(void)
{
	fprintf(stderr, "usage: fuzz [-s SEED] [-t SECONDS] [-n PACKETS] [-d DIR] [-e EPOCH] [FILE...]\n");
	return 2;
}

int main(int argc, char **argv)
{
	static struct run run;
	uint64_t seed = time(NULL), packets = 0;
	unsigned int epoch = 0;
	double seconds = 0, start, last;
	bool corpus = true, one = false;
	int opt;

	while ((opt = getopt(argc, argv, "s:t:n:d:e:")) != -1) {
		switch (opt) {
		case 's':
			seed = strtoull(optarg, NULL, 0);
			break;
		case 't':
			seconds = atof(optarg);
			break;
		case 'n':
			packets = strtoull(optarg, NULL, 0);
			break;
		case 'd':
			run.dir = optarg;
			break;
		case 'e':
			epoch = strtoul(optarg, NULL, 0);
			one = true;
			break;
		default:
			return usage();
		}
	}
	setvbuf(stdout, NULL, _IOLBF, 0);
	/* Large blocks come and go with every packet. */
	mallopt(M_MMAP_THRESHOLD, 64 << 20);
	mallopt(M_TRIM_THRESHOLD, 256 << 20);
	run_prepare();
	if (!run_open()) {
		printf("Bail out! no devices to send to\n");
		return 1;
	}
	for (; optind < argc; optind++)
		corpus &= replay(&run, argv[optind]);

	start = now();
	last = start;
	if (seconds || packets || one)
		printf("# seed %llu\n", (unsigned long long)seed);
	while ((seconds && now() < start + seconds) ||
	       (!seconds && packets && run.packets < packets) || one) {
		if (!fuzz_epoch(&run, seed, epoch++, packets ? packets : -1ULL,
				seconds ? start + seconds : start + 1e9)) {
			printf("Bail out! cannot configure\n");
			return 1;
		}
		if (one)
			break;
		if (now() > last + 10) {
			last = now();
			printf("# %4.0f s, epoch %u, %llu packets\n",
			       last - start, epoch,
			       (unsigned long long)run.packets);
		}
	}
	summary(&run, now() - start);
	return !!results(&run, corpus);
}

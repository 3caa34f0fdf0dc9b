/* SPDX-License-Identifier: GPL-2.0 */
/*
 * siitctl stats: the counters of a device at one time.
 */
#ifndef _SIITCTL_STATS_H
#define _SIITCTL_STATS_H

#include <stdint.h>

struct args;
struct nlmsghdr;

enum counter {
	PACKETS46,
	BYTES46,
	PACKETS64,
	BYTES64,
	COUNTERS
};

/**
 * struct drop_count - packets dropped
 * @reason: why
 * @count: how many
 */
struct drop_count {
	char reason[40];
	uint64_t count;
};

/**
 * struct sample - the counters of a device
 * @ifindex: the device
 * @count: by enum counter
 * @drop: reasons, in an order that stays the same; to be freed by sample_free()
 * @drops: entries of @drop
 */
struct sample {
	unsigned int ifindex;
	uint64_t count[COUNTERS];
	struct drop_count *drop;
	size_t drops;
};

/* stats.c */
int sample_read(struct nlmsghdr *nlh, struct sample *s);
void sample_free(struct sample *s);
void sample_print(const struct sample *s, const struct sample *before,
		  double seconds);

/* watch.c */
int stats_watch(struct args *a, const char *dev, double seconds);

#endif /* _SIITCTL_STATS_H */

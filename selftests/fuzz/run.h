/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Runs packets through siit0 in batches, and has them judged.
 */
#ifndef RUN_H
#define RUN_H

#include "input.h"
#include "oracle.h"

#define BATCH 64

enum fault {
	FAULT_OUTPUT,		/* the oracle does not like what came out */
	FAULT_ACCOUNT,		/* the counters do not tell of each packet */
	FAULT_RETURN,		/* another translation does not undo the first */
	FAULT_ERROR,		/* an ICMP error that the box has sent */
	FAULT_REPORT,		/* the kernel has said something */
	FAULTS
};

/**
 * struct run - settings and results of a run
 * @dir: where failures are written, or NULL
 * @origin: where the batch comes from, for messages
 * @quiet: do not write failures down
 * @packets: handed to the kernel
 * @entered: that reached the device
 * @translated: that came out
 * @refused: that the kernel did not take
 * @returned: that were translated twice and compared
 * @errors: ICMP errors sent by the box
 * @by_way: @entered, by way
 * @faults: by kind
 */
struct run {
	const char *dir;
	char origin[80];
	bool quiet;
	uint64_t packets;
	uint64_t entered;
	uint64_t translated;
	uint64_t refused;
	uint64_t returned;
	uint64_t errors;
	uint64_t by_way[WAYS];
	unsigned int faults[FAULTS];
};

/**
 * enum mood - what is to be expected of an epoch
 * @MOOD_CALM: settings change between batches only
 * @MOOD_CROWDED: the receive queue is short, so that packets are lost there
 * @MOOD_STORM: settings change all the time
 */
enum mood { MOOD_CALM, MOOD_CROWDED, MOOD_STORM };

/* Open what can be had in the namespace that the program was started in only. */
void run_prepare(void);

bool run_open(void);

/* Both devices as the model says. Leaves a mood. */
bool run_configure(const struct model *m);

/* Enter a mood. */
bool run_mood(enum mood mood, uint64_t seed);

/**
 * run_batch() - packets through the device
 * @run: results are added
 * @m: settings of the device
 * @in: the packets; all are GSO packets or contradict themselves, or none is
 * @n: number of them, up to BATCH
 */
void run_batch(struct run *run, const struct model *m, struct input *in, int n);

/* How often each reason has been given; prints it. */
void run_reasons(void);

#endif /* RUN_H */

/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Requests to the module in epochs: a namespace, two devices, many datagrams, and
 * a judgment after each.
 */
#ifndef RUN_H
#define RUN_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "../rng.h"

/* Files in a directory of our own */
#define INPUT "input.siit"
#define HEAD "head.siit"
#define SAVED "saved.siit"

enum fault {
	FAULT_ANSWER,		/* none, or a wrong one, or one without a text */
	FAULT_STATE,		/* the state is not what it should be */
	FAULT_NEWS,		/* announced what has not happened */
	FAULT_PRIVILEGE,	/* somebody did what he must not */
	FAULT_RESTORE,		/* what is saved does not come back */
	FAULT_LINE,		/* siitctl: exit status, text, or what it has done */
	FAULT_REPORT,		/* the kernel has said something */
	FAULTS
};

/**
 * struct run - results of a run; shared with the processes that take part in it
 * @messages: that the kernel has looked at
 * @accepted: of these
 * @datagrams: sent
 * @links: of @messages, those about links
 * @commits: transactions that were committed
 * @nobody: messages without privilege
 * @starved: messages with memory running out
 * @denied: of these, those answered ENOMEM
 * @killed: clients killed in a transaction
 * @lines: command lines, and lines of files
 * @refused: command lines that were refused
 * @restored: states that were saved and came back
 * @errors: how often each errno was answered
 * @faults: by kind
 */
struct run {
	uint64_t messages;
	uint64_t accepted;
	uint64_t datagrams;
	uint64_t links;
	uint64_t commits;
	uint64_t nobody;
	uint64_t starved;
	uint64_t denied;
	uint64_t killed;
	uint64_t lines;
	uint64_t refused;
	uint64_t restored;
	uint64_t errors[140];
	unsigned int faults[FAULTS];
};

extern struct run *run;

/* Where we are, for messages */
extern char origin[80];

/* Tell of a fault, of each kind a few times. */
void fault(enum fault kind, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* The namespace of the tests: a new one, with devices in it. */
bool world_open(void);

void world_close(void);

/* Requests of many kinds. Return: false if the machine does not work. */
bool run_requests(uint64_t seed, unsigned int epoch);

/* Command lines; needs siitctl. */
bool run_lines(uint64_t seed, unsigned int epoch);

/* Save, remove, restore and compare. */
void check_restore(void);

/* Run siitctl. @in: file to read, or NULL. Return: its wait status. */
int siitctl_words(const char *in, char **argv);

/* The same. @...: words after "siitctl", then NULL */
int siitctl(const char *in, ...) __attribute__((sentinel));

/* What the last siitctl has printed; ends with NUL. */
extern char said[1 << 16], complained[1 << 14];

bool kernel_reported(void);

#endif /* RUN_H */

/* SPDX-License-Identifier: GPL-2.0 */
/*
 * One siitctl that lives as long as the run: starting a program takes longer
 * than sending a hundred packets.
 */
#ifndef CTL_H
#define CTL_H

#include <stdbool.h>

bool ctl_open(void);

/* Hand over siitctl commands, each with a newline; do not wait. */
bool ctl_start(const char *commands);

/* Wait until all of them are done. Returns false if one was refused. */
bool ctl_wait(void);

#endif /* CTL_H */

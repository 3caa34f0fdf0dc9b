/* SPDX-License-Identifier: GPL-2.0 */
#ifndef EVENT_H
#define EVENT_H

#include <stdbool.h>

/**
 * struct drop_event - what the group "monitor" tells of a dropped packet
 * @reason: name of the reason
 * @src: address
 * @dst: address
 * @sport: UDP port, or 0
 * @dport: UDP port, or 0
 */
struct drop_event {
	char reason[40];
	char src[46];
	char dst[46];
	int sport;
	int dport;
};

/* Join the group; what was sent before is forgotten. */
bool event_listen(void);

/* Wait some milliseconds for an event. */
bool event_wait(struct drop_event *e, int timeout);

#endif /* EVENT_H */

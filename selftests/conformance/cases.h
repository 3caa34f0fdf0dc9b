/* SPDX-License-Identifier: GPL-2.0 */
#ifndef CASES_H
#define CASES_H

#include "rig.h"

#define OUT_MAX 6

/* Hand the packet to siit0 itself: IP forwarding would not. */
#define CASE_INJECT	1
/* The text expects a wrong checksum, or one that nobody verifies. */
#define CASE_BAD_CSUM	2

/**
 * struct at_hook - what is different at the hook
 * @passes: the packet is not claimed: it goes on as it came. If it is one that
 *	IP forwarding may refuse (CASE_INJECT), it may not be seen again
 * @device_only: the case is about routes to the device
 * @drop: another reason than that of the case, or NULL
 * @out: instead of what the case has, or NULL
 * @back: instead of what the case has, or NULL
 * @hops: of IPv6: hops left beyond what @back says
 *
 * One difference needs no mention: an error that the box itself sends quotes
 * the packet as it arrived. On its way to the device it has lost a hop.
 */
struct at_hook {
	bool passes;
	bool device_only;
	const char *drop;
	const char *out;
	const char *back;
	int hops;
};

/**
 * struct test_case - one packet in, packets out
 * @name: what is shown
 * @ids: the requirements that it proves (requirements.txt); NULL: it is about
 *	none, but about what the kernel does to a packet
 * @in: the packet; it arrives on the TAP device of its family
 * @out: what leaves on the other TAP device, in order
 * @back: what leaves on the TAP device that it came from
 * @drop: the reason for which it is dropped, or NULL
 * @flags: CASE_*
 * @offload: what the NIC says about @in
 * @gso: expected gso_type and gso_size of the only packet of @out
 * @hook: what is different at the hook, or NULL
 */
struct test_case {
	const char *name;
	const char *ids;
	const char *in;
	const char *out[OUT_MAX];
	const char *back[OUT_MAX];
	const char *drop;
	unsigned int flags;
	struct offload offload;
	struct offload gso;
	const struct at_hook *hook;
};

/**
 * struct suite - cases with one configuration
 * @config: how the translator is set up
 * @cases: the cases
 * @count: number of @cases
 */
struct suite {
	const struct config *config;
	const struct test_case *cases;
	int count;
};

/**
 * struct special - a test that takes more than one packet
 * @config: how the translator is set up
 * @name: what is shown
 * @ids: the requirements that it proves
 * @run: the test; prints why it fails
 * @device_only: no packet goes in
 */
struct special {
	const struct config *config;
	const char *name;
	const char *ids;
	bool (*run)(void);
	bool device_only;
};

#define COUNT(a) ((int)(sizeof(a) / sizeof(*(a))))

/* Every suite registers itself: main() finds them all in one section. */
#define SUITE(sym, cfg)							\
	static const struct suite suite_##sym = {			\
		.config = &(cfg), .cases = sym, .count = COUNT(sym),	\
	};								\
	static const struct suite *const suite_ptr_##sym		\
	__attribute__((used, section("suites"))) = &suite_##sym

extern const struct suite *const __start_suites[];
extern const struct suite *const __stop_suites[];

extern const struct special specials[];
extern const int special_count;

/* At the hook, not one of the packets that the role claims */
extern const struct at_hook not_claimed;

/* The hook takes the hop that IP forwarding takes in front of the device. */
extern const struct at_hook hop_limit;

/* Configurations that several files share: configs.c */
extern const struct config cfg_plain;
extern const struct config cfg_mtu1500;

#endif /* CASES_H */

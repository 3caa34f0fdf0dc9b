# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Looking for memory that the module has lost; sourced, not run.

KMEMLEAK=/sys/kernel/debug/kmemleak

# leaks: unreferenced objects, on stdout. A packet that the module has lost was
# allocated by others, so that any object counts. It has to be some seconds old,
# and to look the same in two scans.
leaks() {
	local i

	[ -w $KMEMLEAK ] || return 0
	for i in 1 2 3; do
		sleep "$((i * 2))"
		echo scan >$KMEMLEAK || return 0
	done
	cat $KMEMLEAK
}

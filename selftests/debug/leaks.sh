# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Looking for memory that the module has lost; sourced, not run.

KMEMLEAK=/sys/kernel/debug/kmemleak

# leaks: unreferenced objects with the module in their backtrace, on stdout.
# An object has to be some seconds old, and to look the same in two scans.
leaks() {
	local i

	[ -w $KMEMLEAK ] || return 0
	for i in 1 2 3; do
		sleep "$((i * 2))"
		echo scan >$KMEMLEAK || return 0
	done
	awk '
		function flush() { if (ours) printf "%s", object; object = ""; ours = 0 }
		/^unreferenced object/ { flush() }
		{ object = object $0 "\n" }
		/\[siit\]|\(siit\)|"siitctl"/ { ours = 1 }
		END { flush() }' $KMEMLEAK
}

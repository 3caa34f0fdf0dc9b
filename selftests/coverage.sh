#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Which test proves which requirement? Prints every id of
# conformance/requirements.txt with its tests, or with the reason why it needs
# none (conformance/exempt.txt). A MUST, or what is to be taken as one, that
# has neither makes it fail; so does a test that cites an unknown id.
#
# usage: coverage.sh [CONFORMANCE-PROGRAM]
#
# The program is asked for its list of cases; without one it is built in a
# temporary directory (KSFT: where kselftest.h is). Shell tests cite ids in
# comments.
set -euo pipefail
cd "$(dirname "$0")"

program=${1-}
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
if [ -z "$program" ]; then
	make -s -C conformance O="$tmp" ${KSFT:+KSFT="$KSFT"} >&2
	program=$tmp/conformance
fi

# One line for each id of each case: "id name"
"$program" -l | awk '
match($0, / \[[^]]*\]$/) {
	name = substr($0, 1, RSTART - 1)
	n = split(substr($0, RSTART + 2, RLENGTH - 3), id, " ")
	for (i = 1; i <= n; i++)
		print id[i], name
}' >"$tmp/cited"
grep -noE 'R([0-9]{3,5}|ICMPX|NODE|WKP)-[0-9A-Z.]+(-[0-9]+)?' t_*.sh \
	demo/*.sh 2>/dev/null |
	awk -F: '{ print $3, $1 ":" $2 }' >>"$tmp/cited" || true

awk -v show=3 '
function must(level) {
	return level ~ /^(MUST|MUST-NOT|text|derived)$/
}
/^#/ || !NF {
	next
}
FILENAME ~ /exempt/ {
	id = $1
	sub(/^[^ ]+ /, "")
	why[id] = $0
	next
}
FILENAME ~ /cited/ {
	id = $1
	sub(/^[^ ]+ /, "")
	if (++tests[id] <= show)
		names[id] = names[id] "\n\t" $0
	next
}
{
	id = $1
	level[id] = $2
	sub(/^[^ ]+ [^ ]+ /, "")
	text = $0
	total++
	print id " " level[id] ": " text
	if (id in tests) {
		proven++
		print substr(names[id], 2)
		if (tests[id] > show)
			print "\tand " tests[id] - show " more"
		if (id in why) {
			print "\tERROR: exempt, and yet tested"
			bad++
		}
	} else if (id in why) {
		exempt++
		print "\tno test: " why[id]
	} else if (must(level[id])) {
		print "\tERROR: neither a test nor a reason"
		bad++
	} else {
		open++
		print "\tno test"
	}
}
END {
	for (id in tests)
		if (!(id in level)) {
			print "ERROR: unknown id " id ":" names[id]
			bad++
		}
	for (id in why)
		if (!(id in level)) {
			print "ERROR: unknown id " id " in exempt.txt"
			bad++
		}
	printf "\n%d requirements: %d proven by tests, %d exempt, ", total, proven, exempt
	printf "%d optional ones open, %d errors\n", open, bad
	exit bad ? 1 : 0
}' "$tmp/cited" conformance/exempt.txt conformance/requirements.txt

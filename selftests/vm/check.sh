#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Run the tests on Debian's newest 6.1 and 6.12 kernels (KERNEL= names others),
# one virtual machine each, or with NATIVE=1 on the running kernel. KERNEL=debug
# is the debug kernel of selftests/debug. With several kernels a test that is
# marked ONCE runs on one of them, unless ALL=1 or TESTS is set. The last line
# is "N passed, N failed[, N skipped]" over all of them.
set -u -o pipefail
. "$(dirname -- "$0")/common.sh"

LIMIT=2400

kernels=${KERNEL:-6.1 6.12}
[ -z "${NATIVE:-}" ] || kernels=$(uname -r)
mkdir -p "$SIIT_CACHE" || die "cannot write to the cache $SIIT_CACHE"
work=$(mktemp -d "$SIIT_CACHE/check.XXXXXX") || exit "$EX_HARNESS"
trap 'rm -rf "$work"' EXIT
trap 'trap "" TERM; kill 0; exit 130' INT TERM HUP

# leave KERNEL: tests that another kernel runs
leave() {
	local -a all once
	local i name

	read -ra all <<<"$kernels"
	mapfile -t once < <(grep -lx '# ONCE' "$TREE"/selftests/t_*.sh)
	[ -z "${ALL:-}${TESTS:-}" ] || once=()
	for i in "${!once[@]}"; do
		name=${once[i]##*/}
		[ "${all[i % ${#all[@]}]}" = "$1" ] || printf '%s ' "$name"
	done
}

# Two machines at a time: each is an emulated CPU's worth of work most of the time.
check() {
	local kernel=$1 out=$work/$1

	mkdir "$out"
	LEAVE=$(leave "$kernel")
	export LEAVE SIIT_RESULTS=$out SIIT_PASS='LEAVE SIIT_RESULTS T'
	if [ -n "${NATIVE:-}" ]; then
		"$VM_DIR/tree.sh" -- "$TREE/selftests/run.sh"
	elif [ "$kernel" = debug ]; then
		"$TREE/selftests/debug/uml.sh" -t $LIMIT -s "$out" -- \
			"$TREE/selftests/run.sh"
	else
		"$VM_DIR/tree.sh" -k "$kernel" -t $LIMIT -s "$out" -- "$TREE/selftests/run.sh"
	fi
	echo $? >"$out/status"
}

for kernel in $kernels; do
	check "$kernel" 2>&1 | sed -u "s/^/[$kernel] /" | tee "$work/$kernel.log" &
done
wait

# Once more at the end, where a reader looks, and in few lines: what has failed, and
# of a machine that did not come to its end, what its kernel said first.
recall() {
	if [ "$2" = end ]; then
		grep -F '] # FAILED: ' "$1"
	else
		grep -F '] # not ok ' "$1"
		sed -nE '/\] (vm|uml)\.sh: (KERNEL|TIME|the (machine|kernel) ended)/,$p' "$1" |
			grep -vE 'Modules linked in|R([ABCDS][A-Z]|[0-9]{2}): |Code: |[CFD][SR][0-9]?: ' |
			head -n 30
	fi
}

passed=0 failed=0 skipped=0
for kernel in $kernels; do
	status=$(<"$work/$kernel/status") || status=none
	p=0 f=0 s=0 at=start
	[ ! -e "$work/$kernel/totals" ] || read -r p f s at <"$work/$kernel/totals"
	recall "$work/$kernel.log" "$at"
	if [ "$at" != end ]; then
		f=$((f + 1))
		echo "FAILED [$kernel]: ended in '$at' (status $status)"
	elif [ "$status" != 0 ] && [ "$f" = 0 ]; then
		f=1
		echo "FAILED [$kernel]: status $status"
	fi
	passed=$((passed + p)) failed=$((failed + f)) skipped=$((skipped + s))
done
echo "$passed passed, $failed failed$([ $skipped = 0 ] || echo ", $skipped skipped")"
[ $failed = 0 ] && [ $passed -gt 0 ]

#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Fuzz the translator in the debug kernel, or with KERNEL=6.1 or another in a
# virtual machine of that kernel. Environment:
#
#   T         seconds (60)          N     packets, instead of T
#   SEED      number; repeats a run (time of day)
#   EPOCH     with SEED: only this part of the run
#   FUZZ_DIR  where failures are written as cases, which selftests/fuzz/run.sh
#             FILE... replays (a new directory in the cache)
#
# The last line is "N passed, N failed".
set -eu -o pipefail
. "$(dirname -- "$0")/../vm/common.sh"

LIMIT=300	# seconds, for all but the fuzzing

number() {
	[[ ${!1:-0} =~ ^[0-9]{1,19}$ ]] || die "$1 is a number, not '${!1}'"
}

for name in T N SEED EPOCH; do number $name; done
mkdir -p "$SIIT_CACHE" || die "cannot write to the cache $SIIT_CACHE"
if [ -n "${FUZZ_DIR:-}" ]; then
	mkdir -p "$FUZZ_DIR" || die "cannot write to $FUZZ_DIR"
	dir=$(cd -- "$FUZZ_DIR" && pwd -P)
else
	dir=$(mktemp -d "$SIIT_CACHE/fuzz.XXXXXX")
fi

args=(-d "$dir") limit=0
[ -z "${SEED:-}" ] || args+=(-s "$SEED")
if [ $# -gt 0 ]; then
	for file; do
		[ -r "$file" ] || die "cannot read '$file'"
		args+=("$(realpath "$file")")
	done
elif [ -n "${EPOCH:-}" ]; then
	args+=(-e "$EPOCH")
elif [ -n "${N:-}" ]; then
	args+=(-n "$N")
	limit=$((N / 200))
else
	args+=(-t "${T:-60}")
	limit=${T:-60}
fi

if [ -n "${KERNEL:-}" ]; then
	build=$("$VM_DIR/build.sh" "$KERNEL")
	make -s -C "$TREE/selftests/fuzz" O="$build/fuzz" CONFORMANCE="$build/conformance" ||
		die "cannot build the fuzzer"
	machine=("$VM_DIR/tree.sh" -k "$KERNEL")
else
	build=$("$TREE/selftests/debug/build.sh")
	machine=("$TREE/selftests/debug/uml.sh")
fi
export FUZZ=$build/fuzz/fuzz SIIT_PASS=FUZZ
status=0
"${machine[@]}" -t $((limit + LIMIT)) -s "$dir" -- \
	"$TREE/selftests/fuzz/guest.sh" "${args[@]}" || status=$?

if [ $status -ge $EX_TIMEOUT ]; then
	[ ! -e "$dir/progress" ] || echo "It ended in: $(<"$dir/progress") ($dir)"
	echo "0 passed, 1 failed"
fi
rm -f "$dir/progress"
rmdir "$dir" 2>/dev/null || echo "Cases are in $dir"
exit $status

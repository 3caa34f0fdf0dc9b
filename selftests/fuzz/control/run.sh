#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Fuzz the control side, the netlink family and siitctl, in the debug kernel, or
# with KERNEL=6.1 or another in a virtual machine of that kernel. Environment:
#
#   N         messages to the kernel (100000)
#   L         command lines (3000)
#   SEED      number; repeats a run (time of day)
#   EPOCH     with SEED: only this part of the run
#
# siitctl is built with the sanitizers that the machine can run: of the address
# and of undefined behaviour, but on user-mode Linux the latter alone. The last
# line is "N passed, N failed".
set -eu -o pipefail
. "$(dirname -- "$0")/../../vm/common.sh"

LIMIT=300	# seconds, for all but the fuzzing

number() {
	[[ ${!1:-0} =~ ^[0-9]{1,19}$ ]] || die "$1 is a number, not '${!1}'"
}

for name in N L SEED EPOCH; do number $name; done
N=${N:-100000} L=${L:-3000}
args=(-n "$N" -l "$L")
[ -z "${SEED:-}" ] || args+=(-s "$SEED")
[ -z "${EPOCH:-}" ] || args+=(-e "$EPOCH")

if [ -n "${KERNEL:-}" ]; then
	build=$("$VM_DIR/build.sh" "$KERNEL")
	machine=("$VM_DIR/tree.sh" -k "$KERNEL")
	slow=10
else
	build=$("$TREE/selftests/debug/build.sh")
	machine=("$TREE/selftests/debug/uml.sh")
	slow=1
fi
export SANITIZED=$build/sanitized SIIT_PASS=SANITIZED
unset MAKEFLAGS MFLAGS MAKELEVEL MAKEOVERRIDES

# sanitized NAME SANITIZERS
sanitized() {
	make -s -C "$TREE" O="$SANITIZED/$1.d" siitctl \
		CFLAGS="-O1 -g -fsanitize=$2 -fno-sanitize-recover=all" ||
		die "cannot build siitctl with -fsanitize=$2"
	cp "$SANITIZED/$1.d/siitctl" "$SANITIZED/$1"
}
sanitized siitctl-asan address,undefined
sanitized siitctl-ubsan undefined

exec "${machine[@]}" -t $((LIMIT + (N / 200 + L / 5) * slow)) -- \
	"$TREE/selftests/fuzz/control/guest.sh" "${args[@]}"

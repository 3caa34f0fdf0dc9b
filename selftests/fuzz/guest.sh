#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Run the fuzzer in a kernel that can load modules, as root, replaying the
# corpus too. Arguments are the fuzzer's; SIIT_BUILD and FUZZ name the
# directory of siit.ko and the program. Two more tests: nothing is leaked, and
# the module can be unloaded. The last line is "N passed, N failed".
set -u -o pipefail

DIR=$(cd -- "$(dirname -- "$0")" && pwd)
. "$DIR/../debug/leaks.sh"

TESTS=8

passed=0 failed=0
shopt -s nullglob
corpus=("$DIR"/corpus/*.case)

result() {
	echo "$1 $2"
	case $1 in
	ok*) passed=$((passed + 1)) ;;
	*) failed=$((failed + 1)) ;;
	esac
}

finish() {
	dmesg | grep -E -A 50 "$SPLAT" | head -n 300 | sed 's/^/#   /'
	echo "$passed passed, $failed failed"
	[ $failed = 0 ]
	exit
}

SPLAT='WARNING: |BUG: |KASAN|UBSAN|ODEBUG|refcount_t:|possible .*deadlock'
SPLAT+='|inconsistent lock|suspicious RCU|INFO: |unregister_netdevice'
SPLAT+='|sleeping function|Oops|Call Trace:'

echo "TAP version 13"
echo "1..$TESTS"
echo "# Linux $(uname -r)"
dmesg -n 4
dmesg -C
modprobe siit 2>/dev/null || insmod "${SIIT_BUILD:?}/siit.ko" || {
	echo "Bail out! cannot load siit.ko"
	exit 1
}
# failures that are asked for are no news
[ ! -e /sys/kernel/debug/failslab/verbose ] || echo 0 >/sys/kernel/debug/failslab/verbose

while read -r line; do
	case $line in
	ok\ *) result ok "${line#ok }" ;;
	not\ ok\ *) result "not ok" "${line#not ok }" ;;
	*) echo "$line" ;;
	esac
done < <("${FUZZ:?}" "$@" "${corpus[@]}" 2>&1)
[ $((passed + failed)) = $((TESTS - 2)) ] || {
	result "not ok" "$((passed + failed + 1)) the fuzzer ended early"
	finish
}

leaked=$(leaks)
if [ -z "$leaked" ]; then result ok "$((TESTS - 1)) no memory is lost"
else
	echo "$leaked" | head -n 100 | sed 's/^/#   /'
	result "not ok" "$((TESTS - 1)) no memory is lost"
fi

if timeout 60 rmmod siit && [ ! -d /sys/module/siit ] &&
	! dmesg | grep -qE "$SPLAT"; then
	result ok "$TESTS the module unloads without a word"
else
	result "not ok" "$TESTS the module unloads without a word"
fi
finish

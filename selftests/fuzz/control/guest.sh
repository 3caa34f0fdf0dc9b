#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Run the fuzzer of the control side in a kernel that can load modules, as root.
# Arguments are the fuzzer's; SIIT_BUILD and SANITIZED name the directory of
# siit.ko and the fuzzer, and that of siitctl with sanitizers. More tests: nothing
# is left behind, no memory is lost, and the module can be unloaded. The last line
# is "N passed, N failed".
#
# shellcheck disable=SC2317 # check() calls what seems to be called by nobody
set -u -o pipefail

DIR=$(cd -- "$(dirname -- "$0")" && pwd)
. "$DIR/../../debug/leaks.sh"

TESTS=10
SPLAT='WARNING: |BUG: |KASAN|UBSAN|ODEBUG|refcount_t:|possible .*deadlock'
SPLAT+='|inconsistent lock|suspicious RCU|INFO: |unregister_netdevice'
SPLAT+='|sleeping function|Oops|Call Trace:'
SLACK=1000	# objects of the kernel's own that come and go

passed=0 failed=0

result() {
	echo "$1 $2"
	case $1 in
	ok*) passed=$((passed + 1)) ;;
	*) failed=$((failed + 1)) ;;
	esac
}

# check NUMBER NAME COMMAND...: what it prints is why it failed
check() {
	local name="$1 $2" out

	shift 2
	if out=$("$@"); then
		result ok "$name"
	else
		[ -z "$out" ] || echo "$out" | head -n 100 | sed 's/^/#   /'
		result "not ok" "$name"
	fi
}

finish() {
	dmesg | grep -aE -A 50 "$SPLAT" | head -n 300 | sed 's/^/#   /'
	echo "$passed passed, $failed failed"
	[ $failed = 0 ]
	exit
}

# The sanitizers that run here; not all can on user-mode Linux.
choose_siitctl() {
	local name

	for name in siitctl-asan siitctl-ubsan siitctl; do
		export SIITCTL=${SANITIZED:?}/$name
		[ $name != siitctl ] || SIITCTL=$SIIT_BUILD/siitctl
		! "$SIITCTL" -V >/dev/null 2>&1 || break
	done
	echo "# ${SIITCTL##*/}"
	export ASAN_OPTIONS=detect_leaks=0:exitcode=99 UBSAN_OPTIONS=print_stacktrace=1
}

# Netlink sockets, and what kmalloc has given away, once all is freed that was
# to be freed later.
sockets() { wc -l </proc/net/netlink; }

objects() {
	local i
	for i in 1 2 3; do
		sleep 1
		echo 3 >/proc/sys/vm/drop_caches
	done
	awk '/^(kmalloc|net_namespace)/ { n += $2 } END { print n }' /proc/slabinfo
}

nothing_left() {
	local now=("$(sockets)" "$(objects)")

	[ "${now[0]}" = "${begin[0]}" ] && [ $((now[1] - begin[1])) -lt "$SLACK" ] && return
	echo "sockets: ${begin[0]}, now ${now[0]}; objects: ${begin[1]}, now ${now[1]}"
	return 1
}

no_leaks() {
	local leaked

	leaked=$(leaks)
	[ -z "$leaked" ] && return
	echo "$leaked"
	return 1
}

unloads() {
	timeout 60 rmmod siit && [ ! -d /sys/module/siit ] &&
		! dmesg | grep -qaE "$SPLAT"
}

echo "TAP version 13"
echo "1..$TESTS"
echo "# Linux $(uname -r)"
dmesg -n 1
dmesg -C
cd /tmp || exit 1
# Failures that are asked for are no news, and whoever may wait fails too.
for knob in /sys/kernel/debug/fail{slab,_page_alloc}; do
	[ -e "$knob" ] || continue
	echo 0 >"$knob/verbose"
	echo 0 >"$knob/ignore-gfp-wait"
done
modprobe siit 2>/dev/null || insmod "${SIIT_BUILD:?}/siit.ko" || {
	echo "Bail out! cannot load siit.ko"
	exit 1
}
choose_siitctl
# What the first run of everything leaves behind is no leak.
"$SIIT_BUILD/fuzz-ctl" -s 1 -n 2000 -l 20 >/dev/null
begin=("$(sockets)" "$(objects)")

while read -r line; do
	case $line in
	ok\ *) result ok "${line#ok }" ;;
	not\ ok\ *) result "not ok" "${line#not ok }" ;;
	*) echo "$line" ;;
	esac
done < <("$SIIT_BUILD/fuzz-ctl" "$@" 2>&1)
[ $((passed + failed)) = $((TESTS - 3)) ] || {
	result "not ok" "$((passed + failed + 1)) the fuzzer ended early"
	finish
}
check $((TESTS - 2)) "nothing is left behind" nothing_left
check $((TESTS - 1)) "no memory is lost" no_leaks
check $TESTS "the module unloads without a word" unloads
finish

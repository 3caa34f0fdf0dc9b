#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Run the tests in a kernel that can load modules, as root. Shows KTAP and ends
# with a line "N passed, N failed[, N skipped]"; exit status 0 if none failed.
#
# Environment: SIIT_BUILD, the directory of siit.ko, siitctl and the C tests;
# KSFT, the kernel's tools/testing/selftests; TESTS, names or patterns of the
# tests to run (all); LEAVE, names of tests to leave out; SIIT_RESULTS, a
# directory for logs and running totals.
#
# A test is a selftests/t_*.sh or an executable in $SIIT_BUILD/conformance, or
# selftests/churn.sh, which takes a minute or more, if TESTS names it. Its time
# limit is 300 s, or what a line "# TIMEOUT: seconds" in it says. A line "# ONCE"
# says that it does not depend on the kernel: vm/check.sh reads it. It fails as
# a whole if its exit status, its plan, a kernel report or a new taint say so.
set -u -o pipefail

DIR=$(cd -- "$(dirname -- "$0")" && pwd)
. "$DIR/debug/leaks.sh"
MODULE=${SIIT_BUILD:?}/siit.ko
RESULTS=${SIIT_RESULTS:-$(mktemp -d)}
LIMIT=300
CGROUP=/sys/fs/cgroup/siit-test
SPLAT='WARNING: |BUG: |KASAN|KCSAN|KFENCE|UBSAN|Oops|general protection|refcount_t:'
SPLAT+='|possible .*deadlock|inconsistent lock|suspicious RCU|INFO: (task|rcu|trying)'
SPLAT+='|soft lockup|hard LOCKUP|scheduling while atomic|sleeping function'
SPLAT+='|unregister_netdevice: waiting|ref_tracker: |memory leak|Call Trace:'
# out-of-tree and unsigned modules taint too, and that is what ours is
IGNORED_TAINT=$(((1 << 12) | (1 << 13)))

passed=0 failed=0 skipped=0 failures=()

die() { echo "Bail out! $*"; exit 1; }

fail() {
	failed=$((failed + 1))
	failures+=("$1")
}

# For whoever has to count when this kernel does not live to the end.
note() { echo "$passed $failed $skipped $*" >"$RESULTS/totals"; }

taint() { echo $(($(</proc/sys/kernel/tainted) & ~IGNORED_TAINT)); }

selected() {
	local name=${1##*/} pattern

	[[ " ${LEAVE:-} " != *" $name "* ]] || return 1
	[ -n "${TESTS:-}" ] || return 0
	set -f
	for pattern in $TESTS; do
		# shellcheck disable=SC2254
		case $name in
		$pattern | $pattern.sh) set +f; return 0 ;;
		esac
	done
	set +f
	return 1
}

# What the kernel had to say since mark NAME; everything if that has scrolled away.
mark() { echo "siit selftest: $1" >/dev/kmsg; }

since() {
	dmesg | awk -v m="siit selftest: $1" '
		{ line[NR] = $0 }
		index($0, m) { from = NR }
		END { for (i = from + 1; i <= NR; i++) print line[i] }'
}

check_kernel() {
	local report now

	report=$(since "$1" | grep -E -A 40 "$SPLAT")
	if [ -n "$report" ]; then
		echo "#   ${report//$'\n'/$'\n'#   }"
		fail "$1: the kernel complained"
	fi
	now=$(taint)
	if [ $((now & ~tainted)) != 0 ]; then
		fail "$1: new kernel taint $((now & ~tainted))"
		tainted=$now
	fi
}

load() {
	local deps dep

	[ -e "$MODULE" ] || die "no $MODULE"
	[ ! -d /sys/module/siit ] || die "siit is loaded already; rmmod it first"
	deps=$(modinfo -F depends "$MODULE") || die "$MODULE is not a module"
	for dep in ${deps//,/ }; do
		modprobe "$dep" || die "cannot load $dep, which siit.ko needs"
	done
	mark load
	insmod "$MODULE" || die "insmod $MODULE failed: $(dmesg | tail -n 3)"
	check_kernel load
}

# Only a debug kernel can tell.
check_leaks() {
	local leaked

	leaked=$(leaks)
	[ -z "$leaked" ] || {
		echo "#   ${leaked//$'\n'/$'\n'#   }"
		fail "memory is lost"
	}
}

unload() {
	check_leaks
	mark unload
	[ -d /sys/module/siit ] || { fail "unload: siit was not loaded any more"; return; }
	timeout 60 rmmod siit || fail "unload: rmmod siit (status $?)"
	[ ! -d /sys/module/siit ] || fail "unload: siit is still loaded"
	check_kernel unload
}

# Results of one test out of its log; lines of the test itself begin with "# ".
count() {
	local name=$1 log=$2 ok=0 not_ok=0 plan='' result='' line

	while IFS= read -r line; do
		case $line in
		'# ok '[0-9]*'# SKIP'* | '# ok '[0-9]*'#SKIP'*)
			ok=$((ok + 1)) skipped=$((skipped + 1)) ;;
		'# ok '[0-9]*) ok=$((ok + 1)) passed=$((passed + 1)) ;;
		'# not ok '[0-9]*)
			not_ok=$((not_ok + 1))
			fail "$name: ${line#\# not ok }" ;;
		'# 1..'[0-9]*) plan=${plan:-${line#\# 1..}} ;;
		'ok '[0-9]*' '* | 'not ok '[0-9]*' '*) result=$line ;;
		esac
	done <"$log"
	plan=${plan%% *}

	if [ -n "$plan" ] && [ "$plan" != $((ok + not_ok)) ]; then
		fail "$name: planned $plan results, gave $((ok + not_ok))"
	elif [[ $result == "not ok"* ]]; then
		if [ "$not_ok" = 0 ] || [[ $result == *TIMEOUT* ]]; then
			fail "$name: ${result##*# }"
		fi
	elif [ -z "$result" ]; then
		fail "$name: ended without a result"
	elif [ $((ok + not_ok)) = 0 ]; then
		if [[ $result == *SKIP* ]]; then skipped=$((skipped + 1))
		else fail "$name: says nothing of what it has tested"; fi
	fi
}

# What a test leaves running is ended with its cgroup.
reap() {
	[ -d $CGROUP ] || return 0
	[ -z "$(<$CGROUP/cgroup.procs)" ] || echo 1 >$CGROUP/cgroup.kill
}

# In a shell of its own, because runner.sh has names and habits of its own.
run_in_cgroup() {
	[ ! -d $CGROUP ] || echo 0 >$CGROUP/cgroup.procs
	set +u +o pipefail
	export BASE_DIR=$KSFT kselftest_override_timeout=$1
	# shellcheck source=/dev/null
	. "$KSFT/kselftest/runner.sh"
	run_one siit "$2" "$3"
}

run() {
	local number=$1 test=$2 name=${2##*/} limit log job began deadline hung=

	limit=$(grep -aoPm 1 '^# TIMEOUT: \K[0-9]+$' "$test")
	limit=${limit:-$LIMIT}
	log=$RESULTS/$name.log
	note "$name"
	mark "$name"
	(run_in_cgroup "$limit" "$test" "$number") 2>&1 | tee "$log" &
	job=$!
	began=$SECONDS
	deadline=$((began + limit + 20))
	while kill -0 $job 2>/dev/null; do
		if [ $SECONDS -ge $deadline ] && [ -z "$hung" ]; then
			hung=1
			reap
		fi
		# A sleep without a process: this goes on beside all tests.
		read -rt 0.3 -u "$NEVER"
	done
	reap
	[ -z "$hung" ] || fail "$name: processes of it outlived its time limit"
	echo "# $name took $((SECONDS - began)) s"
	count "$name" "$log"
	check_kernel "$name"
}

[ "$(id -u)" = 0 ] || die "must be root: it loads a module"
[ -r "${KSFT:?}/kselftest/runner.sh" ] || die "KSFT=$KSFT has no kselftest/runner.sh"
mkdir -p "$RESULTS" || die "cannot write to $RESULTS"
mkdir -p $CGROUP 2>/dev/null
exec {NEVER}<> <(:)
tainted=$(taint)
trap '[ ! -d $CGROUP ] || rmdir $CGROUP 2>/dev/null' EXIT

tests=()
for test in "$DIR"/t_*.sh "$SIIT_BUILD"/conformance/* ${TESTS:+"$DIR/churn.sh"}; do
	[ -f "$test" ] && [ -x "$test" ] && selected "$test" && tests+=("$test")
done
[ ${#tests[@]} -gt 0 ] || die "no test matches TESTS='${TESTS:-}'"

note load
echo "TAP version 13"
echo "1..${#tests[@]}"
echo "# Linux $(uname -r)"
load
number=0
for test in "${tests[@]}"; do
	number=$((number + 1))
	run $number "$test"
done
note unload
unload

for failure in "${failures[@]}"; do
	echo "# FAILED: $failure"
done
note end
echo "$passed passed, $failed failed$([ $skipped = 0 ] || echo ", $skipped skipped")"
[ $failed = 0 ]

#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Run a command in the debug kernel: user-mode Linux on this machine's own root
# file system, read-only under an overlay that is thrown away. The command runs
# as root in the current directory, prints here, and its exit status is this
# script's. It is given SIIT_BUILD, KSFT and siitctl in its PATH, as tree.sh of
# the virtual machines does; TESTS and what SIIT_PASS names are passed on.
#
#   uml.sh [OPTION...] [--] COMMAND [ARGUMENT...]
#
#   -m, --memory MIB   2048
#   -t, --timeout S    600
#   -s, --share DIR    keep what is written below DIR (repeatable)
#   -a, --append ARGS  more kernel command line
#   -l, --log FILE     keep the console log in FILE, whatever happens
#
# Exit status 124: the time limit ended it; 125: the harness could not do its
# work; 126: the kernel panicked; otherwise the command's. Reports of the kernel
# are not fatal here: whoever runs the command reads the kernel's log.
set -eu -o pipefail
. "$(dirname -- "$0")/../vm/common.sh"

DEBUG_DIR=$(cd -- "$(dirname -- "$0")" && pwd)

usage() { die "$* (see the head of $0)"; }

number() {
	[[ $2 =~ ^[0-9]{1,7}$ ]] || usage "$1 wants a number, not '$2'"
}

memory=2048 limit=600 append='' log=''
shares=()
while [ $# -gt 0 ]; do
	case $1 in
	--) shift; break ;;
	-*) [ $# -ge 2 ] || usage "$1 wants a value" ;;
	*) break ;;
	esac
	case $1 in
	-m | --memory) number "$1" "$2"; memory=$2 ;;
	-t | --timeout) number "$1" "$2"; limit=$2 ;;
	-s | --share) [ -d "$2" ] || usage "no such directory: '$2'"
		shares+=("$(cd -- "$2" && pwd -P)") ;;
	-a | --append) append=$2 ;;
	-l | --log) log=$2 ;;
	*) usage "unknown option '$1'" ;;
	esac
	shift 2
done
[ $# -gt 0 ] || usage "no command"

# What the kernel runs: make the place right, then the command.
write_job() {
	local name dir

	printf 'fail() { echo "uml.sh: in the machine: $*"; exit %d; }\n' $EX_HARNESS
	printf 'export SIIT_VM=uml KVER=%q TERM=dumb LC_ALL=C.UTF-8\n' "$release"
	printf 'export SIIT_BUILD=%q KSFT=%q\n' "$build" "$ksft"
	printf 'export PATH=%q:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin\n' \
		"$build"
	for name in TESTS ${SIIT_PASS:-}; do
		[ -z "${!name:-}" ] || printf 'export %s=%q\n' "$name" "${!name}"
	done
	printf 'mkdir -p /lib/modules/%s\n' "$release"
	printf 'mount --bind %q /lib/modules/%s || fail "cannot see the modules"\n' \
		"$build/lib/modules/$release" "$release"
	for dir in "${shares[@]}"; do
		printf 'mount -t hostfs -o %q hostfs %q || fail "cannot share"\n' \
			"$dir" "$dir"
	done
	# scans are for those who ask
	echo 'echo scan=off >/sys/kernel/debug/kmemleak'
	echo 'ip link set lo up || fail "cannot bring up lo"'
	printf 'cd %q || fail "cannot enter the directory"\n' "$PWD"
	printf '%q ' "$@"
	echo
}

run='' pid=''

# shellcheck disable=SC2317
cleanup() {
	trap '' INT TERM HUP
	# its processes are a group of their own
	[ -z "$pid" ] || kill -KILL -- "-$pid" 2>/dev/null || true
	[ -z "$run" ] || rm -rf "$run"
}

conclude() {
	[ -z "$log" ] || cp "$run/console" "$log" 2>/dev/null || say "cannot write $log"
	if [ -e "$run/ctl/status" ]; then
		exit "$(<"$run/ctl/status")"
	fi
	if grep -q 'Kernel panic' "$run/console"; then
		say "KERNEL PANIC in $release; from its console:"
		grep -nE -m 1 'WARNING: |BUG: |Oops|UBSAN|Kernel panic' "$run/console" |
			cut -d : -f 1 |
			{ read -r first && tail -n "+$first" "$run/console"; } |
			head -n 80 | sed 's/^/    /' >&2
		exit "$EX_PANIC"
	fi
	if [ "$1" = 124 ] || [ "$1" = 137 ]; then
		say "TIME LIMIT of $limit s reached; kernel ended; last of its console:"
		tail -n 30 "$run/console" | sed 's/^/    /' >&2
		exit "$EX_TIMEOUT"
	fi
	say "the kernel ended without a result (status $1); last of its console:"
	tail -n 30 "$run/console" | sed 's/^/    /' >&2
	exit "$EX_HARNESS"
}

[ "$(id -u)" = 0 ] || die "the debug kernel's programs are to be root: run it as root"
need setsid util-linux timeout coreutils
kdir=$("$DEBUG_DIR/kernel.sh")
release=$(<"$kdir/release")
build=$("$DEBUG_DIR/build.sh")
ksft=$("$VM_DIR/ksft.sh" selftests)

trap cleanup EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP
mkdir -p "$SIIT_CACHE/run"
run=$(mktemp -d "$SIIT_CACHE/run/XXXXXX")
mkdir "$run/ctl"
cp "$DEBUG_DIR/init.sh" "$run/ctl/init"
chmod +x "$run/ctl/init"
write_job "$@" >"$run/ctl/job"
! needs_tmp || touch "$run/ctl/tmp"

ulimit -c 0
: >"$run/console"
status=0
set -m
# shellcheck disable=SC2086
TMPDIR=/dev/shm timeout -k 5 "$limit" "$kdir/linux" \
	"mem=${memory}M" "uml_dir=$run" umid=siit \
	root=/dev/root rootfstype=hostfs rootflags=/ ro \
	"init=$run/ctl/init" "SIIT_CTL=$run/ctl" \
	con=null con0=null,null ssl=null ssl0=null,fd:3 ssl1=null,fd:2 \
	console=ttyS1 loglevel=5 panic=-1 panic_on_oops=1 \
	kmemleak=on hung_task_panic=0 $append \
	3>&1 >/dev/null 2>"$run/console" </dev/null &
pid=$!
set +m
wait $pid || status=$?
conclude $status

#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Run a command, or a shell, in a virtual machine that has a Debian kernel and
# this machine's own root file system. The command sees every file of the host
# read-only under an overlay that is thrown away; it runs as root in the current
# directory, prints here, and its exit status is this script's.
#
#   vm.sh [OPTION...] [--] [COMMAND [ARGUMENT...]]
#
#   -k, --kernel K     6.1 (default), 6.12, or a full release; see kernel.sh
#   -c, --cpus N       2
#   -m, --memory MIB   2048
#   -t, --timeout S    600; 0 for none (the default for a shell)
#   -s, --share DIR    keep what is written below DIR (repeatable)
#   -i, --icount       one CPU, one nanosecond of its time per instruction
#   -a, --append ARGS  more kernel command line
#   -M, --modules DIR  take DIR/lib/modules/RELEASE instead of the kernel's own
#   -l, --log FILE     keep the console log in FILE, whatever happens
#   -T, --tty          give the command this terminal (a shell has it anyway)
#
# A warning of the kernel is a panic. Exit status 124: the time limit ended it;
# 125: the harness could not do its work; 126: the kernel panicked; otherwise
# the command's. The console log is shown after a panic.
#
# Emulated (TCG), unless KVM has booted the same kernel in a timed probe, whose
# result is cached; SIIT_ACCEL=tcg or SIIT_ACCEL=kvm decides it beforehand. Emulated
# CPUs take turns. SIIT_ACCEL=parallel lets them run at the same time, and QEMU 7.2 then
# loses a race now and then: where the kernel changes its own code, a CPU can go on
# with an int3 that is no longer there, and the kernel dies of it ("Oops: int3").
set -eu -o pipefail
. "$(dirname -- "$0")/common.sh"
. "$VM_DIR/boot.sh"

PROBE_SECONDS=20

usage() { die "$* (see the head of $0)"; }

number() {
	[[ $2 =~ ^[0-9]{1,7}$ ]] || usage "$1 wants a number, not '$2'"
}

kernel=${KERNEL:-6.1} cpus=2 memory=2048 limit='' icount='' append='' modules='' log='' terminal=''
shares=()
while [ $# -gt 0 ]; do
	case $1 in
	-i | --icount) icount=1; shift; continue ;;
	-T | --tty) terminal=1; shift; continue ;;
	--) shift; break ;;
	-*) [ $# -ge 2 ] || usage "$1 wants a value" ;;
	*) break ;;
	esac
	case $1 in
	-k | --kernel) kernel=$2 ;;
	-c | --cpus) number "$1" "$2"; cpus=$2 ;;
	-m | --memory) number "$1" "$2"; memory=$2 ;;
	-t | --timeout) number "$1" "$2"; limit=$2 ;;
	-s | --share) [ -d "$2" ] || usage "no such directory: '$2'"
		shares+=("$(cd -- "$2" && pwd -P)") ;;
	-a | --append) append=$2 ;;
	-M | --modules) modules=$2 ;;
	-l | --log) log=$2 ;;
	*) usage "unknown option '$1'" ;;
	esac
	shift 2
done
if [ $# -eq 0 ]; then
	terminal=1
	set -- bash -i
fi

run='' tty_state='' vm_pid=''

# shellcheck disable=SC2317
cleanup() {
	trap '' INT TERM HUP
	[ -z "$vm_pid" ] || kill "$vm_pid" 2>/dev/null || true
	[ -z "$tty_state" ] || stty "$tty_state" 2>/dev/null || true
	[ -z "$run" ] || rm -rf "$run"
}

# use_kvm RELEASE: whether KVM is there and boots this kernel in time
use_kvm() {
	local key result

	case ${SIIT_ACCEL:-} in
	tcg | parallel) return 1 ;;
	kvm) return 0 ;;
	'') ;;
	*) die "SIIT_ACCEL is tcg, parallel or kvm, not '$SIIT_ACCEL'" ;;
	esac
	[ -w /dev/kvm ] || return 1
	key=$(cat /proc/version <(grep -m 1 '^model name' /proc/cpuinfo) \
		<(qemu-system-x86_64 --version) | sha256sum | cut -c 1-12)
	result=$SIIT_CACHE/kvm/$1-$key
	if [ ! -e "$result" ]; then
		mkdir -p "$SIIT_CACHE/kvm"
		lock "kvm-$1"
		if [ ! -e "$result" ]; then
			say "probing KVM with $1 (once, at most $PROBE_SECONDS s)"
			if SIIT_ACCEL=kvm "$VM_DIR/vm.sh" -k "$1" -t $PROBE_SECONDS true \
				>/dev/null 2>&1 9>&-; then
				echo yes >"$result"
			else
				echo no >"$result"
				say "KVM does not boot $1 here; emulating"
			fi
		fi
		unlock
	fi
	[ "$(<"$result")" = yes ]
}

# The script that the machine runs: make the place right, then the command.
write_job() {
	local rel=$1 i rows cols

	shift
	echo "export SIIT_VM=1 KVER=$rel TERM=${TERM:-dumb}"
	echo "fail() { echo \"vm.sh: in the machine: \$*\"; exit $EX_HARNESS; }"
	echo "mount -t debugfs debugfs /sys/kernel/debug"
	echo "mount -t tracefs tracefs /sys/kernel/tracing"
	echo "mount -t cgroup2 cgroup2 /sys/fs/cgroup"
	echo "mkdir -p /lib/modules/$rel"
	printf 'mount --bind %q /lib/modules/%s || fail "cannot see the modules"\n' \
		"$modules/lib/modules/$rel" "$rel"
	for i in "${!shares[@]}"; do
		printf 'mkdir -p %q\n' "${shares[i]}"
		printf 'mount -t 9p -o trans=virtio,version=9p2000.L,cache=mmap,msize=512000 '
		printf 'share%s %q || fail "cannot share"\n' "$i" "${shares[i]}"
	done
	echo "echo siit-vm >/proc/sys/kernel/hostname"
	echo "ip link set lo up || fail 'cannot bring up lo'"
	printf 'cd %q || fail "cannot enter the directory"\n' "$PWD"
	if [ -n "$terminal" ]; then
		read -r rows cols < <(stty size)
		echo "stty rows $rows cols $cols"
	fi
	printf 'exec'
	printf ' %q' "$@"
	echo
}

# What went wrong, out of the console log.
excerpt() {
	local first

	first=$(grep -nE -m 1 'WARNING: |BUG: |Oops|general protection|UBSAN|Kernel panic' \
		"$run/console" | cut -d : -f 1) || true
	if [ -n "$first" ]; then
		tail -n "+$first" "$run/console" | head -n 80
	else
		tail -n 30 "$run/console"
	fi | sed 's/\r$//; s/^/    /' >&2
}

conclude() {
	local status=$1

	[ -z "$log" ] || cp "$run/console" "$log" 2>/dev/null || say "cannot write $log"
	if [ -e "$run/ctl/status" ]; then
		exit "$(<"$run/ctl/status")"
	fi
	if grep -q 'Kernel panic' "$run/console" 2>/dev/null; then
		say "KERNEL PANIC in $release; from its console:"
		excerpt
		exit "$EX_PANIC"
	fi
	if [ "$status" = 124 ] || [ "$status" = 137 ]; then
		say "TIME LIMIT of $limit s reached; machine ended; last of its console:"
		excerpt
		exit "$EX_TIMEOUT"
	fi
	say "the machine ended without a result (QEMU's status $status); last of its console:"
	excerpt
	exit "$EX_HARNESS"
}

[ -z "$terminal" ] || [ -t 0 ] ||
	die "a shell wants a terminal; give a command (make vm CMD='...')"
[ "$(uname -m)" = x86_64 ] || die "the test machine is made for x86_64, this is $(uname -m)"
need qemu-system-x86_64 qemu-system-x86 flock util-linux setpriv util-linux
kdir=$("$VM_DIR/kernel.sh" "$kernel")
release=${kdir##*/}
boot_files "$kdir"
modules=${modules:-$kdir}
[ -e "$modules/lib/modules/$release" ] ||
	die "no $modules/lib/modules/$release"

thread=single
[ "${SIIT_ACCEL:-}" != parallel ] || thread=multi
# QEMU goes through a "rep movsb" octet by octet. Without these two features the kernel
# copies in words, and without init_on_alloc it clears no memory beforehand: the tests
# take half the time. Instructions are counted of the kernel and the CPU as they are.
accel=(-accel "tcg,thread=$thread" -cpu "max,la57=off,erms=off,fsrm=off" -smp "$cpus")
init_on_alloc=init_on_alloc=0
if [ -n "$icount" ]; then
	init_on_alloc=
	accel=(-accel tcg -cpu "max,la57=off" -smp 1 -icount "shift=0,sleep=off")
elif use_kvm "$release"; then
	accel=(-accel kvm -cpu host -smp "$cpus")
fi

trap cleanup EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP
mkdir -p "$SIIT_CACHE/run"
run=$(mktemp -d "$SIIT_CACHE/run/XXXXXX")
mkdir "$run/ctl"
write_job "$release" "$@" >"$run/ctl/job"
! needs_tmp || touch "$run/ctl/tmp"

# norandmaps: QEMU finds what it has translated by virtual address, and would
# translate every library again for each process.
qemu=(qemu-system-x86_64 -nodefaults -no-user-config -display none -monitor none
	-no-reboot -m "$memory" "${accel[@]}"
	-kernel "$vmlinux" -initrd "$initrd"
	-append "console=ttyS0 quiet loglevel=5 panic=-1 panic_on_warn=1 oops=panic \
mitigations=off norandmaps net.ifnames=0 rcupdate.rcu_cpu_stall_timeout=120 \
watchdog_thresh=60 $init_on_alloc $append"
	-serial "file:$run/console" -device virtio-serial-pci
	-virtfs "local,path=/,mount_tag=host,security_model=none,readonly=on,multidevs=remap"
	-virtfs "local,path=$run/ctl,mount_tag=ctl,security_model=none,multidevs=remap")
for i in "${!shares[@]}"; do
	qemu+=(-virtfs "local,path=${shares[i]},mount_tag=share$i,security_model=none,multidevs=remap")
done

status=0
if [ -n "$terminal" ]; then
	: "${limit:=0}"
	touch "$run/ctl/tty"
	tty_state=$(stty -g)
	timeout --foreground -k 5 "$limit" "${qemu[@]}" \
		-chardev stdio,id=out,signal=off -device virtconsole,chardev=out || status=$?
else
	: "${limit:=600}"
	mkfifo "$run/in" "$run/out"
	# An end of file on the input would close the port for the output too.
	exec 8<>"$run/in"
	cat "$run/out" &
	cat_pid=$!
	setpriv --pdeathsig TERM timeout -k 5 "$limit" "${qemu[@]}" \
		-chardev stdio,id=out,signal=off -device virtserialport,chardev=out,nr=1 \
		<&8 8>&- >"$run/out" &
	vm_pid=$!
	wait $vm_pid || status=$?
	vm_pid=''
	wait $cat_pid || true
fi
conclude $status

#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Build this tree for a kernel, then run a command, or a shell, with it in a
# virtual machine. Takes the options of vm.sh.
#
#   tree.sh [OPTION...] [--] [COMMAND [ARGUMENT...]]
#
# The command finds in its environment SIIT_BUILD (siit.ko, siitctl and the C
# tests in conformance/), KSFT (the kernel's tools/testing/selftests) and siitctl
# in its PATH. "modprobe siit" works; nothing is loaded yet. TESTS is passed on, and
# so are the variables that SIIT_PASS names. With NATIVE=1 the
# command runs on this machine and its own kernel, as root.
set -eu -o pipefail
. "$(dirname -- "$0")/common.sh"

kernel=${KERNEL:-6.1} options=() terminal=1
while [ $# -gt 0 ]; do
	case $1 in
	-k | --kernel) kernel=${2:?}; shift 2 ;;
	-i | --icount | -T | --tty) options+=("$1"); shift ;;
	--) shift; break ;;
	-*) [ $# -ge 2 ] || die "$1 wants a value"; options+=("$1" "$2"); shift 2 ;;
	*) break ;;
	esac
done
[ $# -eq 0 ] || terminal=

if [ -n "${NATIVE:-}" ]; then
	[ "$(id -u)" = 0 ] || die "NATIVE=1 loads a module: run it as root"
	kernel=native
fi
build=$("$VM_DIR/build.sh" "$kernel")
ksft=$("$VM_DIR/ksft.sh" selftests)
env=("SIIT_BUILD=$build" "KSFT=$ksft" "LC_ALL=C.UTF-8"
	"PATH=$build:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin")
for name in TESTS ${SIIT_PASS:-}; do
	[ -z "${!name:-}" ] || env+=("$name=${!name}")
done
[ -z "$terminal" ] || set -- bash --rcfile /etc/bash.bashrc -i

if [ -n "${NATIVE:-}" ]; then
	exec env "${env[@]}" "$@"
fi
[ -z "$terminal" ] || options+=(--tty)
exec "$VM_DIR/vm.sh" -k "${build##*/}" -M "$build" "${options[@]}" -- env "${env[@]}" "$@"

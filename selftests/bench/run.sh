#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# How many instructions a packet costs: the module's device, its hook, Debian's
# Jool, and plain forwarding, in one virtual machine whose clock counts
# instructions. So the figures are the same on any machine, however busy;
# guest.sh has the path. A figure whose packets did not all arrive is an error.
#
#   run.sh         UDP in frames of 128 octets (IPv4; 148 with IPv6)
#   BULK=1 run.sh  and TCP transfers, compared with plain forwarding
#   FULL=1 run.sh  and frames of 64, 512 and 1500 octets, and the costs in
#                  front of and behind the device
#
# KERNEL=6.1 chooses the kernel. PACKETS, ROUNDS, SIZES='64 128' and
# TRANSLATORS='none device' override what is measured. Prints tables and writes
# packets.csv and bulk.csv to BENCH_OUT (default: bench/ in the cache).
#
# "+N" is over the ideal: a forwarded packet is compared with the same one
# without a translator; a translated one with a packet that arrives in its own
# family and is forwarded in the other.
set -eu -o pipefail
. "$(dirname -- "$0")/../vm/common.sh"

BENCH=$(cd -- "$(dirname -- "$0")" && pwd)
kernel=${KERNEL:-6.1}
out=${BENCH_OUT:-$SIIT_CACHE/bench}

if [ -n "${FULL:-}" ]; then
	: "${SIZES:=64 128 512 1500}" "${BULK=1}" "${STAGES=1}"
fi
if [ -z "${TRANSLATORS:-}" ]; then
	TRANSLATORS='none device hook jool'
fi
case " $TRANSLATORS " in
*' none '*) ;;
*) TRANSLATORS="none $TRANSLATORS" ;;	# the others are compared with it
esac
case $TRANSLATORS in
*jool*)
	if ! JOOL=$("$BENCH/jool.sh" "$kernel"); then
		say "going on without Jool"
		TRANSLATORS=${TRANSLATORS//jool/}
	fi ;;
esac
export JOOL TRANSLATORS PACKETS ROUNDS SIZES BULK STAGES
export SIIT_PASS='JOOL TRANSLATORS PACKETS ROUNDS SIZES BULK STAGES'

mkdir -p "$out" || die "cannot write to $out"
out=$(cd -- "$out" && pwd)
lock bench
release=$("$VM_DIR/kernel.sh" "$kernel")
release=${release##*/}
results=$out/results
rm -f "$out/packets.csv" "$out/bulk.csv"
: >"$results"

say "measuring on $release, some minutes"
"$VM_DIR/tree.sh" -k "$release" -i -t 3600 -- "$BENCH/guest.sh" 9>&- |
	while IFS= read -r line; do
		case $line in
		'@ '*) echo "$line" >>"$results"
			[ ! -t 2 ] || echo "  ${line#@ }" >&2 ;;
		*) echo "$line" >&2 ;;
		esac
	done || die "the measurement failed"

# A table and a file for the packets, then for the transfers.
awk -v release="$release" -v dir="$out" -f "$BENCH/report.awk" "$results"

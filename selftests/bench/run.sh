#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# How many instructions a packet costs: the module's device, its hook, Debian's
# Jool, and plain forwarding, in a virtual machine whose clock counts
# instructions. So the figures are the same on any machine, however busy;
# network.sh has the path. A figure whose packets did not all arrive is an error.
#
#   PARTS='packets tables cpus'
#	packets   UDP in frames of 128 octets (IPv4; 148 with IPv6)
#	tables    the same with EAM tables of up to a million rows, and their memory
#	cpus      two CPUs against one: no instructions, packets in real time, for
#		  which the host has to be idle
#   BULK=1        TCP transfers, compared with plain forwarding
#   FULL=1        and frames of 64, 512 and 1500 octets, and the costs in front of
#                 and behind the device
#
# KERNEL=6.1 chooses the kernel. PACKETS, ROUNDS, SIZES='64 128' and
# TRANSLATORS='none device' override what is measured in the first part,
# ROWS='1 1000', LENGTHS='1 4' and TABLE_PACKETS in the second, CPU_PACKETS and
# CPU_ROUNDS in the third. Prints tables and writes packets.csv, bulk.csv,
# tables.csv, memory.csv, cpus.csv and bench.svg to BENCH_OUT (default: bench/ in
# the cache).
#
# "+N" is over the ideal: a forwarded packet is compared with the same one
# without a translator; a translated one with a packet that arrives in its own
# family and is forwarded in the other.
set -eu -o pipefail
. "$(dirname -- "$0")/../vm/common.sh"

BENCH=$(cd -- "$(dirname -- "$0")" && pwd)
kernel=${KERNEL:-6.1}
out=${BENCH_OUT:-$SIIT_CACHE/bench}
parts=${PARTS:-packets tables cpus}

if [ -n "${FULL:-}" ]; then
	: "${SIZES:=64 128 512 1500}" "${BULK=1}" "${STAGES=1}"
fi
for part in $parts; do
	case $part in
	packets | tables | cpus) ;;
	*) die "PARTS are packets, tables and cpus, not '$part'" ;;
	esac
done
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
export JOOL TRANSLATORS PACKETS ROUNDS SIZES BULK STAGES ROWS LENGTHS TABLE_PACKETS \
	CPU_PACKETS CPU_ROUNDS
export SIIT_PASS='JOOL TRANSLATORS PACKETS ROUNDS SIZES BULK STAGES ROWS LENGTHS
	TABLE_PACKETS CPU_PACKETS CPU_ROUNDS'

mkdir -p "$out" || die "cannot write to $out"
out=$(cd -- "$out" && pwd)
lock bench
release=$("$VM_DIR/kernel.sh" "$kernel")
release=${release##*/}
results=$out/results
rm -f "$out"/{packets,bulk,tables,memory,cpus}.csv "$out/bench.svg"
: >"$results"

# part NAME OPTION...: a machine for it, with these options of vm.sh
part() {
	local name=$1 line

	shift
	say "measuring $name on $release, some minutes"
	"$VM_DIR/tree.sh" -k "$release" -t 3600 "$@" -- "$BENCH/$name.sh" 9>&- |
		while IFS= read -r line; do
			case $line in
			'@ '*) echo "$line" >>"$results"
				[ ! -t 2 ] || echo "  ${line#@ }" >&2 ;;
			*) echo "$line" >&2 ;;
			esac
		done || die "the measurement of $name failed"
}

# report NAME: prints it, and writes its csv files
report() {
	awk -v release="$release" -v dir="$out" -f "$BENCH/report_common.awk" \
		-f "$BENCH/report_$1.awk" "$results"
}

for part in $parts; do
	case $part in
	packets) part packets -i ;;
	tables) part tables -i -m 4096 ;;
	cpus)
		if [ "$(nproc)" -lt 2 ]; then
			say "cpus: this host has but one"
			continue
		fi
		echo "@ host $(nproc)" >>"$results"
		SIIT_ACCEL=parallel part cpus -c 2 ;;
	esac
	report "$part"
done
report svg >"$out/bench.svg"
echo
echo "in $out: $(cd "$out" && echo ./*.csv bench.svg | sed 's#\./##g')"

#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# What a packet costs with EAM tables of many rows and prefix lengths: a part of the
# benchmark that runs inside the virtual machine whose clock counts instructions.
#
# A packet goes between a client that no row covers, which is looked for in all
# lengths, and a node that a row covers: one of the longest prefix, found first, or
# one of the shortest, found last. Clients and nodes take turns, because the slots of
# the hash table differ; the figure is their mean, each one's the median of rounds.
#
# Lines for run.sh:
#    @ load ROWS LENGTHS INSTRUCTIONS OCTETS       of all the rows; of siitctl
#    @ table TRANSLATOR ROWS LENGTHS longest|shortest PATH OCTETS MEAN LEAST MOST
set -eu -o pipefail
. "$(dirname -- "$0")/network.sh"
. "$(dirname -- "$0")/translators.sh"

BENCH=$(dirname -- "$0")
PACKETS=${TABLE_PACKETS:-150} NODES=8 ROUNDS=3 OCTETS=128
ROWS=${ROWS:-1 1000 100000 1000000} LENGTHS=${LENGTHS:-1 4 15}

# Octets of kernel memory that are in use, but for the page cache.
memory() { awk '/^(Slab|VmallocUsed):/ { kb += $2 } END { print kb * 1024 }' /proc/meminfo; }

# load ROWS LENGTHS: into the empty table
load() {
	local file=/tmp/rows before took TIMEFORMAT='%3U %3S'

	awk -v rows="$1" -v lengths="$2" -f "$BENCH/rows.awk" >$file
	siitctl -n r eam flush dev siit0
	sleep 5			# what it freed is free then
	before=$(memory)
	took=$({ time siitctl -n r restore --merge $file; } 2>&1) || fail "restore: $took"
	sleep 5
	echo "@ load $1 $2 $(awk -v t="$took" 'BEGIN { split(t, f, " "); printf "%.0f", (f[1] + f[2]) * 1e9 }')" \
		"$(($(memory) - before))"
	rm $file
}

# pairs PATH LENGTH NUMBER FIRST: sets pairs to the addresses of each round, with
# nodes out of the NUMBER rows of this LENGTH, which begin at FIRST
pairs() {
	local path=$1 len=$2 number=$3 first=$4 i node pair round

	pairs=()
	for ((i = 0; i < NODES; i++)); do
		node=$((first + (number * i / NODES << (32 - len))))
		if [ "$path" = 4to6 ]; then
			pair=("10.0.0.$((i + 11))" "$(printf '%d.%d.%d.%d' $((node >> 24)) \
				$((node >> 16 & 255)) $((node >> 8 & 255)) $((node & 255)))")
		else
			pair=("$(printf '2001:db8:5e::%x:%x' $((node >> 16)) $((node & 65535)))" \
				"64:ff9b::203.0.113.$((i + 11))")
		fi
		for ((round = 0; round < ROUNDS; round++)); do
			pairs+=("${pair[@]}")
		done
	done
}

# medians: of each ROUNDS figures
medians() {
	local i

	for ((i = 0; i < ${#figures[@]}; i += ROUNDS)); do
		printf '%s\n' "${figures[@]:i:ROUNDS}" | sort -n | sed -n "$((ROUNDS / 2 + 1))p"
	done
}

# measure TRANSLATOR ROWS LENGTHS longest|shortest
measure() {
	local name=$1 rows=$2 lengths=$3 hit=$4 len=32 number first path figures pairs

	[ "$hit" = longest ] || len=$((33 - lengths))
	read -r number first < <(awk -v rows="$rows" -v lengths="$lengths" -v where=$len \
		-f "$BENCH/rows.awk")
	for path in 4to6 6to4; do
		pairs $path $len "$number" "$first"
		series "$name, $rows rows of $lengths lengths, $path" 1 "$PACKETS" $OCTETS \
			"${pairs[@]}"
		echo "@ table $name $rows $lengths $hit $path $OCTETS" \
			"$(medians | sort -n | awk '
				NR == 1 { least = $1 }
				{ sum += $1 }
				END { printf "%.0f %d %d\n", sum / NR, least, $1 }')"
	done
}

measure_all() {
	measure "$1" "$2" "$3" longest
	[ "$3" = 1 ] || measure "$1" "$2" "$3" shortest
}

network
device siit
routes siit0
ip -n r route add 16.0.0.0/4 dev siit0
ip -n r route add 32.0.0.0/4 dev siit0
for rows in $ROWS; do
	for lengths in $LENGTHS; do
		((lengths <= rows)) || continue
		load "$rows" "$lengths"
		measure_all device "$rows" "$lengths"
		hooks add
		measure_all hook "$rows" "$lengths"
		hooks del
	done
done
ip -n r link del siit0
rmmod siit

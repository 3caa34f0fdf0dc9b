#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Two CPUs against one: a part of the benchmark that runs inside a virtual machine
# with two CPUs and a clock of real time. Each CPU has a pktgen and a path of its
# own, which meet in r and its translator:
#
#    c0 -- x -- r0  r  r1 -- s0        CPU 0, as in network.sh
#    c1 -- y -- r2     r3 -- s1        CPU 1
#
# One CPU and two take turns, and so do the translators, since whatever else the
# host does is measured as well.
#
# Lines for run.sh: packets in a second, and the second as a multiple of the first;
# medians
#    @ cpus TRANSLATOR PATH ONE TWO RATIO LEAST MOST
set -eu -o pipefail
. "$(dirname -- "$0")/network.sh"
. "$(dirname -- "$0")/translators.sh"

PACKETS=${CPU_PACKETS:-12000} ROUNDS=${CPU_ROUNDS:-4} TURNS=2 OCTETS=128
TRANSLATORS=${TRANSLATORS:-none device hook jool}
RATES=/tmp/rates

second_network() {
	host y
	wire c c1 10.1.0.1 2001:db8:1c::1 y y0 10.1.0.2 2001:db8:1c::2
	wire y y1 10.1.2.1 2001:db8:12::1 r r2 10.1.2.2 2001:db8:12::2
	wire r r3 10.1.1.2 2001:db8:15::2 s s1 10.1.1.1 2001:db8:15::1
	ip -n y route add default via 10.1.2.2
	ip -n y route add default via 2001:db8:12::2
	ip -n r route add 203.0.114.0/24 via 10.1.1.1
	ip -n r route add 2001:db8:6e::/64 via 2001:db8:15::1
	on s tc qdisc add dev s1 clsact
	drop_at s s1 ingress
	Y0_MAC=$(mac y y0)
	export Y0_MAC
}

# second_path NAME: what up_NAME has done for the first one
second_path() {
	if [ "$1" = none ]; then
		ip -n r route add 198.51.101.0/24 dev dummy0
		return
	fi
	if [ "$1" = jool ]; then
		jool -i bench eamt add 10.1.0.0/24 2001:db8:1c::/120
		jool -i bench eamt add 198.51.101.0/24 2001:db8:6e::/120
		return
	fi
	ip -n r route add 198.51.101.0/24 dev siit0
	siitctl -n r eam add 10.1.0.0/24 2001:db8:1c::/120 dev siit0
	siitctl -n r eam add 198.51.101.0/24 2001:db8:6e::/120 dev siit0
	[ "$1" = hook ] || return 0
	siitctl -n r hook add r2 dev siit0
	siitctl -n r hook add r3 dev siit0
}

# shoot NAME COUNT OCTETS ROUNDS SOURCE DESTINATION SOURCE DESTINATION: what runs in
# c; the first round warms up. CPU 1 sends a single packet where it is not to take
# part. The slower path counts: at its end, the other CPU is idle.
# shellcheck disable=SC2317
shoot() {
	local name=$1 count=$2 octets=$3 rounds=$4 round family one first second

	shift 4
	family=$(family "$2")
	generator 0 c0 "$X0_MAC" "$count" "$octets" "$family"
	generator 1 c1 "$Y0_MAC" "$count" "$octets" "$family"
	aim c0 "$1" "$2"
	aim c1 "$3" "$4"
	for ((round = 0; round <= rounds; round++)); do
		echo "count 1" >/proc/net/pktgen/c1
		fire
		one=$(taken c0 "$count")
		echo "count $count" >/proc/net/pktgen/c1
		fire
		first=$(taken c0 "$count")
		second=$(taken c1 "$count")
		[ $round = 0 ] || echo "$name $((1000000000 / one))" \
			"$((2000000000 / (first > second ? first : second)))"
	done
}

# measure TRANSLATOR PATH SOURCE DESTINATION SOURCE DESTINATION: all of them have to
# arrive; a turn in which a queue overflowed is taken again.
measure() {
	local name=$1 path=$2 lines at try sent=$(((3 * PACKETS + 1) * (ROUNDS + 1)))

	shift 2
	for ((try = 1; try <= TRIES; try++)); do
		at=$(($(arrived s s0) + $(arrived s s1)))
		mapfile -t lines < <(on c bash -c "$(declare -f generator family aim fire \
			taken shoot); shoot \"\$@\"" - "$name $path" "$PACKETS" $OCTETS \
			"$ROUNDS" "$@")
		at=$(($(arrived s s0) + $(arrived s s1) - at))
		[ ${#lines[@]} = "$ROUNDS" ] ||
			fail "$name, $path: pktgen did not send all packets"
		if [ $at = $sent ]; then
			printf '%s\n' "${lines[@]}" >>$RATES
			return
		fi
		echo "bench: $name, $path, try $try: of $sent packets $at came to s"
	done
	fail "$name, $path: packets do not arrive where they should"
}

measure_all() {
	measure "$1" forward4 10.0.0.1 203.0.113.9 10.1.0.1 203.0.114.9
	measure "$1" forward6 2001:db8:c::1 2001:db8:5e::9 2001:db8:1c::1 2001:db8:6e::9
	[ "$1" != none ] || return 0
	measure "$1" 4to6 10.0.0.1 198.51.100.9 10.1.0.1 198.51.101.9
	measure "$1" 6to4 2001:db8:c::1 64:ff9b::203.0.113.9 \
		2001:db8:1c::1 64:ff9b::203.0.114.9
}

# medians NAME PATH
medians() {
	local field

	# shellcheck disable=SC2016 # awk's
	for field in '$3' '$4' '$4 / $3'; do
		awk -v name="$1" -v path="$2" "\$1 == name && \$2 == path { print $field }" $RATES |
			sort -n | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)], v[1], v[NR] }'
	done
}

report() {
	local name path one two ratio

	while read -r name path; do
		{ read -r one _; read -r two _; read -r ratio; } < <(medians "$name" "$path")
		echo "@ cpus $name $path $one $two $ratio"
	done < <(awk '!seen[$1, $2]++ { print $1, $2 }' $RATES)
}

[ "$(nproc)" -ge 2 ] || fail "this machine has one CPU"
# What the kernel puts off to a thread is done before there is more of it.
for pid in $(pgrep ksoftirqd); do
	chrt -f -p 1 "$pid"
done
network
second_network
for ((turn = 0; turn < TURNS; turn++)); do
	for name in $TRANSLATORS; do
		"up_$name" "$name"
		second_path "$name"
		sleep 1
		measure_all "$name"
		"down_$name" "$name"
	done
done
report

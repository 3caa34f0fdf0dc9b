#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# What a packet costs with each translator: the part of the benchmark that runs
# inside the virtual machine, whose clock counts instructions: a nanosecond is
# one. run.sh starts it; network.sh has the path.
#
# Lines for run.sh begin with "@":
#    @ version TRANSLATOR VERSION
#    @ packet TRANSLATOR EAMS PATH OCTETS MEDIAN LEAST MOST      instructions
#    @ bulk TRANSLATOR PATH BITS                              in 10^9 instructions
set -eu -o pipefail
. "$(dirname -- "$0")/network.sh"
. "$(dirname -- "$0")/translators.sh"

PACKETS=${PACKETS:-1000} ROUNDS=${ROUNDS:-5} SIZES=${SIZES:-128}
TRANSLATORS=${TRANSLATORS:-none device hook jool}
EAMS=2

#
# Packets
#

# measure TRANSLATOR PATH OCTETS DESTINATION [stop]: with "stop", the packets are
# to arrive at r and not at s.
measure() {
	local name=$1 path=$2 octets=$3 dst=$4 stop=${5:-} src=10.0.0.1 i pairs=() figures

	[ "$(family "$dst")" = 4 ] || src=2001:db8:c::1
	for ((i = 0; i < ROUNDS; i++)); do
		pairs+=("$src" "$dst")
	done
	series "$name, $path" $((${#stop} == 0)) "$PACKETS" "$octets" "${pairs[@]}"
	mapfile -t figures < <(printf '%s\n' "${figures[@]}" | sort -n)
	echo "@ packet $name $EAMS $path $octets" \
		"${figures[ROUNDS / 2]} ${figures[0]} ${figures[-1]}"
}

# Where the instructions of the device go: in front of it, and from it on.
stages() {
	on r tc qdisc add dev siit0 clsact
	drop_at r siit0 egress
	measure "$1" to-device4 "$2" 198.51.100.9 stop
	measure "$1" to-device6 "$2" 64:ff9b::203.0.113.9 stop
	pass_at r siit0 egress
	drop_at r siit0 ingress
	measure "$1" from-device6 "$2" 198.51.100.9 stop
	measure "$1" from-device4 "$2" 64:ff9b::203.0.113.9 stop
	on r tc qdisc del dev siit0 clsact
}

packets() {
	local name=$1 octets

	for octets in $SIZES; do
		if [ "$name" = none ]; then
			drop_at r r0 ingress
			measure "$name" arrival4 "$octets" 203.0.113.9 stop
			measure "$name" arrival6 "$octets" 2001:db8:5e::9 stop
			pass_at r r0 ingress
		fi
		measure "$name" forward4 "$octets" 203.0.113.9
		measure "$name" forward6 "$octets" 2001:db8:5e::9
		[ "$name" != none ] || continue
		measure "$name" 4to6 "$octets" 198.51.100.9
		measure "$name" 6to4 "$octets" 64:ff9b::203.0.113.9
		[ -z "${STAGES:-}" ] || [ "$name" != device ] || stages "$name" "$octets"
	done
}

#
# Bulk TCP
#

# transfer TRANSLATOR PATH CLIENT SERVER ADDRESS [OPTION]: from CLIENT in c to
# the SERVER in s, which c knows as ADDRESS. While its window grows, TCP costs
# more; the rate is the median of the second half.
transfer() {
	local name=$1 path=$2 client=$3 server=$4 address=$5 rate server_pid

	shift 5
	on s iperf3 -s -1 -B "$server" >/dev/null 2>&1 </dev/null &
	server_pid=$!
	sleep 1
	rate=$(on c timeout 120 iperf3 -c "$address" -B "$client" -n 200M -i 0.1 -J "$@" |
		jq '[.intervals[].sum.bits_per_second | floor] | .[length / 2 | floor:-1] |
			sort | .[length / 2 | floor] // empty') || true
	[ -n "$rate" ] || fail "$name, $path: the transfer failed"
	wait $server_pid || fail "$name, $path: the server of the transfer failed"
	echo "@ bulk $name $path $rate"
}

# s takes part in it, so that nothing is dropped there.
bulk() {
	local name=$1

	pass_at s s0 ingress
	if [ "$name" = none ]; then
		transfer "$name" 4up 10.0.0.1 203.0.113.9 203.0.113.9
		transfer "$name" 4down 10.0.0.1 203.0.113.9 203.0.113.9 -R
		transfer "$name" 6up 2001:db8:c::1 2001:db8:5e::9 2001:db8:5e::9
		transfer "$name" 6down 2001:db8:c::1 2001:db8:5e::9 2001:db8:5e::9 -R
	else
		transfer "$name" 4to6up 10.0.3.1 2001:db8:5e::9 198.51.100.9
		transfer "$name" 4to6down 10.0.3.1 2001:db8:5e::9 198.51.100.9 -R
		transfer "$name" 6to4up 2001:db8:c::65 203.0.113.9 64:ff9b::203.0.113.9
		transfer "$name" 6to4down 2001:db8:c::65 203.0.113.9 64:ff9b::203.0.113.9 -R
	fi
	drop_at s s0 ingress
}

for name in $TRANSLATORS; do
	declare -F "up_$name" >/dev/null || fail "no such translator: '$name'"
done
for octets in $SIZES; do
	if ! [[ $octets =~ ^[1-9][0-9]{1,3}$ ]] || ((octets < 64 || octets > 1514)); then
		fail "not the size of a frame, 64 to 1514 octets: '$octets'"
	fi
done
network

for name in $TRANSLATORS; do
	"up_$name" "$name"
	sleep 5
	packets "$name"
	[ -z "${BULK:-}" ] || bulk "$name"
	"down_$name" "$name"
done

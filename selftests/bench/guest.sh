#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The part of the benchmark that runs inside the virtual machine, whose clock
# counts instructions: a nanosecond is one. run.sh starts it.
#
#    c  ------------  x  ------------  r  ------------  s
#     c0 10.0.0.1  x0  x1 10.0.2.1  r0  r1 10.0.1.2  s0
#
# pktgen in c sends, x and r forward, s drops what it receives before it reaches
# the IP stack. r is the router under test. x is there because pktgen holds
# a reference on each packet: one that x has forwarded belongs to nobody else,
# as one from a network card would.
#
# Lines for run.sh begin with "@":
#    @ version TRANSLATOR VERSION
#    @ packet TRANSLATOR EAMS PATH OCTETS MEDIAN LEAST MOST      instructions
#    @ bulk TRANSLATOR PATH BITS                              in 10^9 instructions
#
# A translator is a pair of functions, up_NAME and down_NAME, that put it into
# r and take it away; both are called with NAME.
set -eu -o pipefail

PACKETS=${PACKETS:-1000} ROUNDS=${ROUNDS:-3} SIZES=${SIZES:-128}
TRANSLATORS=${TRANSLATORS:-none device hook jool}
MTU=1600		# room for 1500 octets of IPv4 turned into IPv6

fail() { echo "bench: $*"; exit 1; }
on() { ip netns exec "$@"; }

#
# The network
#

mac() { ip -n "$1" -j link show dev "$2" | jq -r '.[0].address'; }

# host NAME
host() {
	ip netns add "$1"
	ip -n "$1" link set lo up
	on "$1" sysctl -qw net.ipv4.ip_forward=1 \
		net.ipv6.conf.all.forwarding=1 \
		net.ipv4.conf.all.rp_filter=0 \
		net.ipv4.conf.default.rp_filter=0 \
		net.ipv6.conf.all.accept_dad=0 \
		net.ipv6.conf.default.accept_dad=0
}

# wire HOST DEV V4 V6 HOST DEV V4 V6: a link whose ends know each other
wire() {
	ip -n "$1" link add "$2" mtu $MTU type veth peer name "$6" netns "$5" mtu $MTU
	ip -n "$1" link set "$2" up
	ip -n "$5" link set "$6" up
	ip -n "$1" addr add "$3/24" dev "$2"
	ip -n "$5" addr add "$7/24" dev "$6"
	ip -n "$1" addr add "$4/64" dev "$2" nodad
	ip -n "$5" addr add "$8/64" dev "$6" nodad
	neighbour "$1" "$2" "$(mac "$5" "$6")" "$7" "$8"
	neighbour "$5" "$6" "$(mac "$1" "$2")" "$3" "$4"
}

# neighbour HOST DEV MAC ADDRESS...
neighbour() {
	local host=$1 dev=$2 mac=$3 addr

	shift 3
	for addr; do
		ip -n "$host" neigh replace "$addr" lladdr "$mac" dev "$dev" nud permanent
	done
}

network() {
	local host

	for host in c x r s; do
		host $host
	done
	wire c c0 10.0.0.1 2001:db8:c::1 x x0 10.0.0.2 2001:db8:c::2
	wire x x1 10.0.2.1 2001:db8:2::1 r r0 10.0.2.2 2001:db8:2::2
	wire r r1 10.0.1.2 2001:db8:5::2 s s0 10.0.1.1 2001:db8:5::1

	ip -n c route add default via 10.0.0.2
	ip -n c route add default via 2001:db8:c::2
	ip -n x route add default via 10.0.2.2
	ip -n x route add default via 2001:db8:2::2
	ip -n r route add 10.0.0.0/24 via 10.0.2.1
	ip -n r route add 2001:db8:c::/64 via 2001:db8:2::1
	ip -n r route add 203.0.113.0/24 via 10.0.1.1
	ip -n r route add 2001:db8:5e::/64 via 2001:db8:5::1
	ip -n s route add default via 10.0.1.2
	ip -n s route add default via 2001:db8:5::2

	# the ends of bulk(); its clients in front of a translator have addresses
	# that r can tell from those of plain forwarding when they come back
	ip -n c addr add 10.0.3.1/32 dev c0
	ip -n x route add 10.0.3.0/24 via 10.0.0.1
	ip -n r route add 10.0.3.0/24 via 10.0.2.1
	ip -n c addr add 2001:db8:c::65/128 dev c0 nodad
	ip -n s addr add 203.0.113.9/32 dev s0
	ip -n s addr add 2001:db8:5e::9/128 dev s0 nodad

	on r tc qdisc add dev r0 clsact
	on s tc qdisc add dev s0 clsact
	drop_at s s0 ingress

	# multicast listener reports and the like are over then
	sleep 20
}

# drop_at HOST DEV ingress|egress
drop_at() { on "$1" tc filter add dev "$2" "$3" matchall action drop; }
pass_at() { on "$1" tc filter del dev "$2" "$3"; }

#
# Translators
#

# routes DEV: what a translator with a device is sent, the last of it on the
# way back to a client of bulk()
routes() {
	ip -n r link set "$1" up
	ip -n r route add 198.51.100.0/24 dev "$1"
	ip -n r route add 64:ff9b::/96 dev "$1"
	ip -n r route add 10.0.0.101 dev "$1"
}

# Each route that a router has makes the search for the others longer, some 20
# instructions here. That is no translator's doing, so there are as many without one.
up_none() {
	ip -n r link add dummy0 mtu $MTU type dummy
	routes dummy0
}

down_none() { ip -n r link del dummy0; }

up_device() {
	modprobe siit
	echo "@ version $1 $(modinfo -F version siit)"
	ip -n r link add siit0 mtu $MTU type siit
	siitctl -n r dev set siit0 wkp-private allow lowest-ipv6-mtu $MTU
	siitctl -n r pool6 add 64:ff9b::/96 dev siit0
	siitctl -n r eam add 10.0.0.0/24 2001:db8:c::/120 dev siit0
	siitctl -n r eam add 198.51.100.0/24 2001:db8:5e::/120 dev siit0
	routes siit0
}

down_device() {
	ip -n r link del siit0
	rmmod siit
}

# The device's routes stay, for what r itself sends; packets no longer take them.
up_hook() {
	up_device "$1"
	siitctl -n r hook add r0 dev siit0
	siitctl -n r hook add r1 dev siit0
}

down_hook() { down_device; }

jool() { on r "$JOOL/jool_siit" "$@"; }

up_jool() {
	modprobe -a nf_defrag_ipv4 nf_defrag_ipv6 x_tables
	insmod "$JOOL/jool_common.ko"
	insmod "$JOOL/jool_siit.ko"
	echo "@ version $1 $(<"$JOOL/version")"
	jool instance add bench --netfilter --pool6 64:ff9b::/96
	jool -i bench global update lowest-ipv6-mtu $MTU
	jool -i bench eamt add 10.0.0.0/24 2001:db8:c::/120
	jool -i bench eamt add 198.51.100.0/24 2001:db8:5e::/120
}

down_jool() {
	jool instance remove bench
	rmmod jool_siit jool_common
}

#
# Packets
#

# arrived HOST DEV
arrived() {
	local word last=''

	for word in $(ip -n "$1" -s -j link show dev "$2" | tr -c 'a-z0-9\n' ' '); do
		if [ "$last" = packets ]; then
			echo "$word"
			return
		fi
		last=$word
	done
}

# pktgen COUNT OCTETS DESTINATION: sends COUNT packets to warm up and then, in
# each round, COUNT packets that it prints the instructions of.
pktgen() {
	local count=$1 octets=$2 dst=$3 files=/proc/net/pktgen settings setting round word

	settings=("count $count" "clone_skb 0" "delay 0" "dst_mac $X0_MAC" "flag UDPCSUM"
		"udp_src_min 1000" "udp_src_max 1000" "udp_dst_min 2000" "udp_dst_max 2000")
	if [[ $dst = *:* ]]; then
		settings+=("pkt_size $((octets + 20))" "src6 2001:db8:c::1" "dst6 $dst")
	else
		settings+=("pkt_size $octets" "src_min 10.0.0.1" "src_max 10.0.0.1"
			"dst_min $dst" "dst_max $dst")
	fi
	echo rem_device_all >$files/kpktgend_0
	echo add_device c0 >$files/kpktgend_0
	for setting in "${settings[@]}"; do
		echo "$setting" >$files/c0
	done
	for ((round = 0; round <= ROUNDS; round++)); do
		echo start >$files/pgctrl
		while read -r word setting; do
			# Result: OK: 12345(c12345+d0) usec, 1000 (128byte,0frags)
			[[ $word = Result: && $setting = *" usec, $count ("* ]] || continue
			setting=${setting#OK: }
			setting=${setting%%\(*}
			[ $round = 0 ] || echo $((setting * 1000 / count))
		done <$files/c0
	done
}

# measure TRANSLATOR PATH OCTETS DESTINATION [stop]: the packets have to arrive
# at s; with "stop", at r and not at s. A timer that makes the kernel put its
# work off to a thread can overflow a queue: such a series is taken again.
measure() {
	local name=$1 path=$2 octets=$3 dst=$4 stop=${5:-} try at_r at_s want figures
	local sent=$((PACKETS * (ROUNDS + 1)))

	want="$sent $sent"
	[ -z "$stop" ] || want="$sent 0"
	for try in 1 2 3; do
		at_r=$(arrived r r0)
		at_s=$(arrived s s0)
		mapfile -t figures < <(on c bash -c "$(declare -f pktgen); pktgen \"\$@\"" \
			- "$PACKETS" "$octets" "$dst" | sort -n)
		[ ${#figures[@]} = "$ROUNDS" ] ||
			fail "$name, $path: pktgen did not send $PACKETS packets a round"
		at_r=$(($(arrived r r0) - at_r))
		at_s=$(($(arrived s s0) - at_s))
		if [ "$at_r $at_s" = "$want" ]; then
			echo "@ packet $name $EAMS $path $octets" \
				"${figures[ROUNDS / 2]} ${figures[0]} ${figures[-1]}"
			return
		fi
		echo "bench: $name, $path, $octets octets, try $try: of $sent packets" \
			"$at_r came to r and $at_s to s"
	done
	fail "$name, $path: packets do not arrive where they should"
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
modprobe -a pktgen veth cls_matchall act_gact sch_ingress
network
X0_MAC=$(mac x x0) EAMS=2
export X0_MAC ROUNDS

for name in $TRANSLATORS; do
	"up_$name" "$name"
	sleep 5
	packets "$name"
	[ -z "${BULK:-}" ] || bulk "$name"
	"down_$name" "$name"
done

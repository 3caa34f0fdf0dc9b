# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# The network of the benchmark, and packets through it; sourced by the scripts that
# run inside the virtual machine.
#
#    c  ------------  x  ------------  r  ------------  s
#     c0 10.0.0.1  x0  x1 10.0.2.1  r0  r1 10.0.1.2  s0
#
# pktgen in c sends, x and r forward, s drops what it receives before it reaches
# the IP stack. r is the router under test. x is there because pktgen holds
# a reference on each packet: one that x has forwarded belongs to nobody else,
# as one from a network card would.

MTU=1600		# room for 1500 octets of IPv4 turned into IPv6
TRIES=3			# of a series whose packets do not all arrive

fail() { echo "bench: $*"; exit 1; }
on() { ip netns exec "$@"; }

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

	modprobe -a pktgen veth cls_matchall act_gact sch_ingress
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

	X0_MAC=$(mac x x0)
	export X0_MAC
	# multicast listener reports and the like are over then
	sleep 20
}

# drop_at HOST DEV ingress|egress
drop_at() { on "$1" tc filter add dev "$2" "$3" matchall action drop; }
pass_at() { on "$1" tc filter del dev "$2" "$3"; }

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

#
# pktgen: the functions that run in c
#

# generator THREAD DEV MAC COUNT OCTETS FAMILY: sends COUNT packets at a time
generator() {
	local thread=$1 dev=$2 mac=$3 count=$4 octets=$5 family=$6 setting

	[ "$family" = 4 ] || octets=$((octets + 20))
	echo rem_device_all >"/proc/net/pktgen/kpktgend_$thread"
	echo "add_device $dev" >"/proc/net/pktgen/kpktgend_$thread"
	for setting in "count $count" "clone_skb 0" "delay 0" "dst_mac $mac" \
		"pkt_size $octets" "flag UDPCSUM" "udp_src_min 1000" "udp_src_max 1000" \
		"udp_dst_min 2000" "udp_dst_max 2000"; do
		echo "$setting" >"/proc/net/pktgen/$dev"
	done
}

family() { [[ $1 != *:* ]] && echo 4 || echo 6; }

# aim DEV SOURCE DESTINATION
aim() {
	local setting settings=("src_min $2" "src_max $2" "dst_min $3" "dst_max $3")

	[ "$(family "$3")" = 4 ] || settings=("src6 $2" "dst6 $3")
	for setting in "${settings[@]}"; do
		echo "$setting" >"/proc/net/pktgen/$1"
	done
}

fire() { echo start >/proc/net/pktgen/pgctrl; }

# taken DEV COUNT: nanoseconds for a packet; nothing if not all were sent
taken() {
	local word line

	while read -r word line; do
		# Result: OK: 12345(c12345+d0) usec, 1000 (128byte,0frags)
		[[ $word = Result: && $line = *" usec, $2 ("* ]] || continue
		line=${line#OK: }
		echo $((${line%%\(*} * 1000 / $2))
	done <"/proc/net/pktgen/$1"
}

# pktgen COUNT OCTETS [SOURCE DESTINATION]...: sends COUNT packets from the first to
# warm up, then from each in turn, and prints what each took.
pktgen() {
	local count=$1 octets=$2

	shift 2
	generator 0 c0 "$X0_MAC" "$count" "$octets" "$(family "$2")"
	aim c0 "$1" "$2"
	fire
	while [ $# -gt 0 ]; do
		aim c0 "$1" "$2"
		fire
		taken c0 "$count"
		shift 2
	done
}

in_c() {
	on c bash -c "$(declare -f generator family aim fire taken pktgen); \"\$@\"" - "$@"
}

# series WHAT ARRIVES COUNT OCTETS [SOURCE DESTINATION]...: sets figures to what
# pktgen prints. The packets have to arrive at s; if ARRIVES is 0, at r and not at
# s. A timer that makes the kernel put its work off to a thread can overflow
# a queue: such a series is taken again.
series() {
	local what=$1 arrives=$2 count=$3 octets=$4 try at_r at_s sent

	shift 4
	sent=$((count * ($# / 2 + 1)))
	for ((try = 1; try <= TRIES; try++)); do
		at_r=$(arrived r r0)
		at_s=$(arrived s s0)
		mapfile -t figures < <(in_c pktgen "$count" "$octets" "$@")
		[ ${#figures[@]} = $(($# / 2)) ] ||
			fail "$what: pktgen did not send $count packets a round"
		at_r=$(($(arrived r r0) - at_r))
		at_s=$(($(arrived s s0) - at_s))
		[ "$at_r $at_s" != "$sent $((sent * arrives))" ] || return 0
		echo "bench: $what, $octets octets, try $try: of $sent packets" \
			"$at_r came to r and $at_s to s"
	done
	fail "$what: packets do not arrive where they should"
}

#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# TIMEOUT: 300
#
# siitctl query about whole packets: what it says is what the engine does.

# shellcheck source=selftests/ctl.sh
. "$(dirname "$0")/ctl.sh"
isolate "$@"
need jq setpriv taskset

# Both next hops carry 1400 octets.
scene()
{
	if ! ip link show v0 > "$WORK/link" 2>&1; then
		ip link add v0 mtu 1400 type veth peer name v1 &&
		ip link set v0 up && ip link set v1 up &&
		ip addr add 198.51.100.1/24 dev v0 &&
		ip addr add 2001:db8::ffff/64 dev v0 nodad || return
	fi
	siitctl -b - << END
eam add 192.0.2.1 2001:db8::1 dev siit0
eam add 192.0.2.2 2001:db8::2 dev siit0
pool6 add 2001:db8:64::/96 dev siit0
END
}

HOST4=198.51.100.7
HOST6=2001:db8:64::c633:6407

# packet EXPECTED WORDS...: the answer about the packet itself
packet()
{
	local expected=$1 out

	shift
	out=$(siitctl query "$@" dev siit0) &&
		is "$expected" grep -A 9 '^packet:' <<< "$out"
}

# asks EXPECTED FILTER WORDS...: the same in JSON
asks()
{
	local expected=$1 filter=$2

	shift 2
	json "$expected" ".[0] | $filter" query "$@" dev siit0
}

# dropped: all packets of stdin, a line each: REASON TYPE/CODE[/MTU]|silent WORDS
dropped()
{
	local reason error words

	: > "$WORK/expected"
	while read -r reason error words; do
		echo "$reason $error" >> "$WORK/expected"
		echo "query $words dev siit0"
	done > "$WORK/queries"
	siitctl -j -b "$WORK/queries" > "$WORK/answers" &&
		is "$(< "$WORK/expected")" jq -r '.[0] |
			[.reason, (.icmp | if . then
			 [.type, .code, .mtu // empty] | join("/")
			 else "silent" end), (.packet // empty)] |
			join(" ")' "$WORK/answers"
}

t_46()
{
	scene &&
	packet "packet: $HOST4 -> 192.0.2.1 becomes $HOST6 -> 2001:db8::1
    in: proto tcp len 40 ttl 64 tos 0
    out: proto tcp len 60 hop-limit 63 traffic-class 0" $HOST4 192.0.2.1 &&
	packet "packet: $HOST4 -> 192.0.2.1 becomes $HOST6 -> 2001:db8::1
    in: proto udp len 1300 ttl 2 tos 184 df
    out: proto udp len 1320 hop-limit 1 traffic-class 184" \
		$HOST4 192.0.2.1 proto udp df tos 184 len 1300 ttl 2 &&
	# As options, in any order.
	is "$(siitctl query $HOST4 192.0.2.1 dev siit0 proto udp len 99 df)" \
		siitctl query --df dev siit0 --len 99 $HOST4 --proto udp \
		192.0.2.1 &&
	json "[{\"dev\":\"siit0\",\"src\":\"converted\",\"dst\":\"eam\",\"asked\":{\"src\":\"$HOST4\",\"dst\":\"192.0.2.1\",\"proto\":1,\"len\":28,\"ttl\":64,\"dsfield\":0,\"df\":false},\"packet\":{\"src\":\"$HOST6\",\"dst\":\"2001:db8::1\",\"proto\":58,\"len\":48,\"ttl\":63,\"dsfield\":0,\"fragment_header\":false,\"fragments\":1}}]" \
		'map(.src = .src.method | .dst = .dst.method)' \
		query $HOST4 192.0.2.1 proto icmp dev siit0 &&
	asks '[132,132]' '[.asked.proto,.packet.proto]' \
		$HOST4 192.0.2.1 proto 132
}

t_64()
{
	scene &&
	packet "packet: 2001:db8::1 -> $HOST6 becomes 192.0.2.1 -> $HOST4
    in: proto tcp len 60 hop-limit 64 traffic-class 0
    out: proto tcp len 40 ttl 63 tos 0" 2001:db8::1 $HOST6 &&
	# RFC 7915 5.1: more than 1260 octets have DF.
	packet "packet: 2001:db8::1 -> $HOST6 becomes 192.0.2.1 -> $HOST4
    in: proto icmp len 1281 hop-limit 255 traffic-class 3
    out: proto icmp len 1261 ttl 254 tos 3 df" \
		2001:db8::1 $HOST6 proto icmp len 1281 ttl 255 tos 3 &&
	asks '[1280,false]' '[.asked.len,.packet.df]' \
		2001:db8::1 $HOST6 len 1280 &&
	asks '[58,1,"2001:db8::1"]' '[.asked.proto,.packet.proto,.asked.src]' \
		2001:db8::1 $HOST6 proto 58
}

# Settings are the device's.
t_settings()
{
	scene && siitctl dev set siit0 tos 7 traffic-class zero &&
	asks '[184,0]' '[.asked.dsfield,.packet.dsfield]' \
		$HOST4 192.0.2.1 tos 184 &&
	asks '[184,7]' '[.asked.dsfield,.packet.dsfield]' \
		2001:db8::1 $HOST6 tos 184
}

t_too_big()
{
	scene &&
	packet "packet: $HOST4 -> 192.0.2.1 is not translated: too-big
    in: proto tcp len 1381 ttl 64 tos 0 df
    ICMP error: fragmentation needed, type 3 code 4 mtu 1380" \
		$HOST4 192.0.2.1 len 1381 df &&
	asks 1400 .packet.len $HOST4 192.0.2.1 len 1380 df &&
	packet "packet: 2001:db8::1 -> $HOST6 is not translated: too-big
    in: proto udp len 1421 hop-limit 64 traffic-class 0
    ICMP error: packet too big, type 2 code 0 mtu 1420" \
		2001:db8::1 $HOST6 proto udp len 1421 &&
	asks 1400 .packet.len 2001:db8::1 $HOST6 len 1420 &&
	# A locked metric of the route counts more than the link.
	ip route add 2001:db8::1/128 dev v0 mtu lock 1300 &&
	dropped <<< "too-big 3/4/1280 $HOST4 192.0.2.1 len 1380 df" &&
	ip route del 2001:db8::1/128 dev v0
}

# Two addresses in a short time, by two links. The sum of their words is the same,
# and so is the place in which the answer of the routing tables is kept.
t_next_hops()
{
	local near=2001:db8:4::1 far=2001:db8:4:1::

	scene &&
	ip link add v2 mtu 1300 type veth peer name v3 &&
	ip link set v2 up && ip link set v3 up &&
	siitctl eam add 192.0.2.3 $near dev siit0 &&
	siitctl eam add 192.0.2.4 $far dev siit0 &&
	ip route add $near dev v0 &&
	ip route add $far dev v2 || return
	for _ in {1..300}; do
		echo "too-big 3/4/1380 $HOST4 192.0.2.3 len 1390 df"
		echo "too-big 3/4/1280 $HOST4 192.0.2.4 len 1390 df"
	done | dropped &&
	ip link del v2
}

# What one CPU has asked just now, it asks again when things have changed.
t_next_hop_changes()
(
	rc=0

	scene && taskset -pc 0 $BASHPID > /dev/null || exit
	for mtu in 1390 1340 1380 1300; do
		ip link set v0 mtu $mtu &&
		dropped <<- END || rc=1
			too-big 3/4/$((mtu - 20)) $HOST4 192.0.2.1 len 1400 df
			too-big 3/4/$((mtu - 20)) $HOST4 192.0.2.1 len 1400 df
			too-big 2/0/$((mtu + 20)) 2001:db8::1 $HOST6 len 1430
			too-big 2/0/$((mtu + 20)) 2001:db8::1 $HOST6 len 1430
		END
	done
	ip link set v0 mtu 1400 && exit $rc
)

t_fragments()
{
	scene &&
	asks '[1280,1,false]' \
		'.packet | [.len,.fragments,.fragment_header]' \
		$HOST4 192.0.2.1 len 1260 &&
	asks '[1280,2,true,17]' \
		'.packet | [.len,.fragments,.fragment_header,.proto]' \
		$HOST4 192.0.2.1 len 1261 proto udp &&
	packet "packet: $HOST4 -> 192.0.2.1 becomes $HOST6 -> 2001:db8::1
    in: proto tcp len 4000 ttl 64 tos 0
    out: proto tcp len 1280 hop-limit 63 traffic-class 0 fragment-header in 4 fragments" \
		$HOST4 192.0.2.1 len 4000 &&
	siitctl dev set siit0 lowest-ipv6-mtu 1500 &&
	asks '[1400,3]' '.packet | [.len,.fragments]' \
		$HOST4 192.0.2.1 len 4000 &&
	siitctl dev set siit0 lowest-ipv6-mtu 1280 &&
	asks '[1280,54]' '.packet | [.len,.fragments]' \
		$HOST4 192.0.2.1 len 65535 proto icmp
}

t_hop_limit()
{
	scene &&
	packet "packet: $HOST4 -> 192.0.2.1 is not translated: hop-limit
    in: proto tcp len 40 ttl 1 tos 0
    ICMP error: time exceeded, type 11 code 0" $HOST4 192.0.2.1 ttl 1 &&
	dropped <<< "hop-limit 11/0 $HOST4 192.0.2.1 ttl 0" &&
	packet "packet: 2001:db8::1 -> $HOST6 is not translated: hop-limit
    in: proto icmp len 48 hop-limit 1 traffic-class 0
    ICMP error: time exceeded, type 3 code 0" \
		2001:db8::1 $HOST6 ttl 1 proto icmp &&
	asks 1 .packet.ttl 2001:db8::1 $HOST6 ttl 2
}

t_addresses()
{
	scene && siitctl deny4 add 203.0.113.0/24 dev siit0 &&
	packet "packet: 203.0.113.1 -> 192.0.2.1 is not translated: address-denied
    in: proto tcp len 40 ttl 64 tos 0
    ICMP error: administratively prohibited, type 3 code 13" \
		203.0.113.1 192.0.2.1 &&
	# RFC 7915 5.4: not about ICMPv6.
	packet "packet: 2001:db8:9::1 -> $HOST6 is not translated: source-unmapped
    in: proto icmp len 48 hop-limit 64 traffic-class 0
    no ICMP error: this is dropped silently" \
		2001:db8:9::1 $HOST6 proto icmp &&
	dropped << END &&
address-denied 3/13 192.0.2.1 203.0.113.1
destination-unmapped 1/1 2001:db8::1 2001:db8:9::1
source-unmapped 1/1 2001:db8:9::1 $HOST6 proto udp
source-illegal silent 127.0.0.1 192.0.2.1
destination-illegal silent 2001:db8::1 ff02::1
END
	siitctl dev set siit0 icmp-errors off &&
	packet "packet: 203.0.113.1 -> 192.0.2.1 is not translated: address-denied
    in: proto tcp len 40 ttl 64 tos 0
    ICMP error: administratively prohibited, type 3 code 13, not sent: icmp-errors is off" \
		203.0.113.1 192.0.2.1 &&
	asks '[false]' '[.icmp.sent]' 203.0.113.1 192.0.2.1 &&
	siitctl pool6 flush dev siit0 &&
	dropped <<< "source-unmapped 3/13 $HOST4 192.0.2.1"
}

# RFC 7756 section 6: what does not come from where it says.
t_roles()
{
	local role

	for role in er clat; do
		siitctl dev set siit0 role $role &&
		siitctl eam flush && siitctl pool6 flush && scene &&
		dropped << END &&
source-not-a-node 3/13 $HOST4 192.0.2.1
source-spoofed silent 2001:db8::1 2001:db8::2
destination-not-a-node 1/1 $HOST6 $HOST6
END
		asks '["192.0.2.1","2001:db8::1"]' '[.asked.src,.packet.src]' \
			192.0.2.1 $HOST4 &&
		asks '"192.0.2.1"' .packet.dst $HOST6 2001:db8::1 || return
	done
	siitctl dev set siit0 ingress-filter off &&
	asks '"192.0.2.2"' .packet.dst 2001:db8::1 2001:db8::2
}

# RFC 7757 4.2.2: IPv6 that comes out as IPv6.
t_hairpin()
{
	scene &&
	packet 'packet: 2001:db8::1 -> 2001:db8:64::c000:202 becomes 2001:db8:64::c000:201 -> 2001:db8::2
    in: proto tcp len 60 hop-limit 64 traffic-class 0
    out: proto tcp len 60 hop-limit 63 traffic-class 0' \
		2001:db8::1 2001:db8:64::192.0.2.2 &&
	siitctl dev set siit0 hairpin off &&
	asks '"192.0.2.2"' .packet.dst 2001:db8::1 2001:db8:64::192.0.2.2
}

# Packets that nobody would send.
t_odd_packets()
{
	scene &&
	dropped << END &&
transport-truncated silent $HOST4 192.0.2.1 len 20
transport-truncated silent $HOST4 192.0.2.1 proto udp len 27
transport-truncated silent 2001:db8::1 $HOST6 proto icmp len 40
igmp silent $HOST4 192.0.2.1 proto 2
ipv6-extension-order silent 2001:db8::1 $HOST6 proto 43
ipv6-fragment-chain silent 2001:db8::1 $HOST6 proto 44
ipv6-jumbogram silent 2001:db8::1 $HOST6 len 65575
END
	asks 40 .packet.len $HOST4 192.0.2.1 proto 59 len 20
}

# What has been counted, and the errors that have been sent.
trace()
{
	siitctl -j stats && ip -j -s link show siit0 &&
		grep '^Icmp' /proc/net/snmp &&
		grep -E 'Icmp6Out(DestUnreachs|PktTooBigs|TimeExcds)' \
			/proc/net/snmp6
}

# Asking leaves no trace, and needs no right.
t_no_trace()
{
	local before i

	scene && before=$(trace) || return
	siitctl monitor > "$WORK/monitor" &
	for i in 20 40 1300 1500 65535; do
		setpriv --bounding-set=-net_admin --inh-caps=-net_admin \
			siitctl -b - > "$WORK/out" << END || return
query $HOST4 192.0.2.1 dev siit0 len $i
query $HOST4 192.0.2.1 dev siit0 len $i df ttl 1
query 2001:db8::1 $HOST6 dev siit0 len $((i + 20)) proto udp
query 2001:db8:9::1 $HOST6 dev siit0 len $((i + 20))
END
	done
	stop $!
	is "$before" trace && is '' cat "$WORK/monitor"
}

t_refused()
{
	scene && snapshot || return
	wrong 1 'len: 0 is out of range: expected 20 to 65535' \
		query $HOST4 192.0.2.1 dev siit0 len 0 &&
	wrong 1 'len: 70000 is out of range: expected 20 to 65535' \
		query $HOST4 192.0.2.1 dev siit0 --len 70000 &&
	wrong 1 'len: 39 is out of range: expected 40 to 65575' \
		query 2001:db8::1 $HOST6 dev siit0 len 39 &&
	wrong 1 'len: 65576 is out of range' \
		query 2001:db8::1 $HOST6 len 65576 dev siit0 &&
	wrong 1 'len: "-1" is not a number' \
		query $HOST4 192.0.2.1 dev siit0 len -1 &&
	wrong 1 'proto: 300 is out of range: expected 0 to 255' \
		query $HOST4 192.0.2.1 dev siit0 proto 300 &&
	wrong 1 'ttl: 256 is out of range: expected 0 to 255' \
		query $HOST4 192.0.2.1 dev siit0 ttl 256 &&
	wrong 1 'tos: "x" is not a number' \
		query $HOST4 192.0.2.1 dev siit0 tos x &&
	wrong 1 '"192.0.2.256" is not an IPv4 address' \
		query $HOST4 192.0.2.256 dev siit0 proto tcp &&
	wrong 2 'proto: unknown value "tpc": expected tcp, udp, icmp or a number' \
		query $HOST4 192.0.2.1 dev siit0 proto tpc &&
	wrong 2 "source \"$HOST4\" and destination \"$HOST6\" are not of one family" \
		query $HOST4 $HOST6 dev siit0 proto tcp &&
	wrong 2 'df: an IPv6 packet has none' \
		query 2001:db8::1 $HOST6 dev siit0 df &&
	wrong 2 'missing destination: "len" is about a packet from "192.0.2.1"' \
		query 192.0.2.1 dev siit0 --len 100 &&
	wrong 2 'duplicate argument: "len 2" after "len 1"' \
		query $HOST4 192.0.2.1 len 1 len 2 dev siit0 &&
	wrong 2 'duplicate argument: "--df"' \
		query $HOST4 192.0.2.1 df --df dev siit0 &&
	wrong 2 'missing the value after "ttl"' \
		query $HOST4 192.0.2.1 dev siit0 ttl &&
	wrong 2 'unknown word "mtu": expected proto P, len N, ttl N, tos N, df' \
		query $HOST4 192.0.2.1 dev siit0 mtu 1500 &&
	wrong 2 'unknown word "192.0.2.3": expected' \
		query $HOST4 192.0.2.1 192.0.2.3 dev siit0 &&
	wrong 1 '"lo": not a siit device' query $HOST4 192.0.2.1 dev lo &&
	wrong 2 'missing "dev NAME"' query $HOST4 192.0.2.1 && unchanged
}

run_fresh \
	'IPv4 to IPv6'				t_46 \
	'IPv6 to IPv4'				t_64 \
	'settings of the device'		t_settings \
	'too big, with the MTU'			t_too_big \
	'next hops are told apart'		t_next_hops \
	'a next hop changes'			t_next_hop_changes \
	'fragments'				t_fragments \
	'hop limit'				t_hop_limit \
	'addresses that are not translated'	t_addresses \
	'roles er and clat'			t_roles \
	'hairpinning'				t_hairpin \
	'odd packets'				t_odd_packets \
	'no trace is left'			t_no_trace \
	'refused, with the value'		t_refused

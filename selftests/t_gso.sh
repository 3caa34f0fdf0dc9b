#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Large packets stay whole: counted before and behind the translator, as the
# kernel hands them on, in front of any segmentation. By the device and by the
# hook. Large packets of a TAP device: conformance/cases_gso.c.
#
#	four ------ xl ------ six
#	        [ siit0 ]     fd00:6::10, known as 203.0.113.10
#	192.0.2.33
#
# TIMEOUT: 400

# shellcheck source=selftests/lib.sh
. "$(dirname "$0")/lib.sh"
isolate "$@"
need busybox socat nft ethtool cmp python3

PREFIX=2001:db8:122:344::
FOUR6=2001:db8:122:344::c000:221
SIX4=203.0.113.10
SIX6=fd00:6::10
SEGMENT=1200
SEGMENTS=40
declare -A MODULES

network()
{
	local host

	hosts four xl six || return
	ipv4_only four
	# Packets as large as they can be: whatever the round-trip time, a full
	# window in one, from enough that waits to be sent.
	for host in four six; do
		on $host busybox sysctl -qw net.ipv4.tcp_tso_rtt_log=20 \
			net.ipv4.tcp_tso_win_divisor=1 \
			net.ipv4.tcp_rmem='4096 4194304 6291456' \
			net.ipv4.tcp_wmem='4096 4194304 4194304'
	done
	four_xl_six || return
	siitctl -n xl -b - <<-END || return
		dev add siit0 role br
		pool6 add $PREFIX/96 dev siit0
		eam add $SIX4 $SIX6 dev siit0
	END
	ip -n xl link set dev siit0 mtu 65507 up && counters &&
		sources 4096 four six && udp_sinks four six || return
	coproc NFT { on xl nft -i 2>&1; }
}

# At egress a packet has its link header, at ingress it has not. A "large" one has
# more than 1500 octets of IPv4, a "huge" one more than 60000, wherever it is counted;
# a "big" one more than a length field can tell.
counters()
{
	on xl nft -f - <<-END
	table netdev count {
		counter in4 { }
		counter in6 { }
		counter out4 { }
		counter out6 { }
		counter large_in { }
		counter large_out { }
		counter huge_in { }
		counter huge_out { }
		counter big_in { }
		chain from_four {
			type filter hook ingress device "four" priority -400;
			ip daddr $SIX4 counter name in4
			ip daddr $SIX4 meta length > 1500 counter name large_in
			ip daddr $SIX4 meta length > 60000 counter name huge_in
			meta length > 65600 counter name big_in
		}
		chain from_six {
			type filter hook ingress device "six" priority -400;
			ip6 daddr $FOUR6 counter name in6
			ip6 daddr $FOUR6 meta length > 1520 counter name large_in
			ip6 daddr $FOUR6 meta length > 60020 counter name huge_in
			meta length > 65600 counter name big_in
		}
		chain to_four {
			type filter hook egress device "four" priority 0;
			ip saddr $SIX4 counter name out4
			ip saddr $SIX4 meta length > 1514 counter name large_out
			ip saddr $SIX4 meta length > 60014 counter name huge_out
		}
		chain to_six {
			type filter hook egress device "six" priority 0;
			ip6 saddr $FOUR6 counter name out6
			ip6 saddr $FOUR6 meta length > 1534 counter name large_out
			ip6 saddr $FOUR6 meta length > 60034 counter name huge_out
		}
	}
	END
}

# Packets and octets since the last time: IN4, IN4_BYTES, ... by an nft that
# stays, and asks the kernel again if the rules are new.
count()
{
	local word packets bytes name=''

	pause 0.1
	echo 'add table netdev new; delete table netdev new' >&"${NFT[1]}"
	echo 'reset counters table netdev count' >&"${NFT[1]}"
	while :; do
		read -rt 10 -u "${NFT[0]}" word packets _ bytes || return
		case $word in
		counter)
			name=${packets^^} ;;
		packets)
			printf -v "$name" %d "$packets"
			printf -v "${name}_BYTES" %d "$bytes" ;;
		'}')
			[ -n "$name" ] || break
			name='' ;;
		Error*)
			echo "# $word $packets"
			return 1 ;;
		esac
	done
	echo "# 4->6 $IN4 ($IN4_BYTES) -> $OUT6 ($OUT6_BYTES)," \
		"6->4 $IN6 ($IN6_BYTES) -> $OUT4 ($OUT4_BYTES)," \
		"large $LARGE_IN ($LARGE_IN_BYTES) -> $LARGE_OUT," \
		"huge $HUGE_IN -> $HUGE_OUT, big $BIG_IN"
}

by_device()
{
	config xl <<-END
		route add 203.0.113.0/24 dev siit0
		route add $PREFIX/96 dev siit0
	END
}

by_hook()
{
	config xl <<-END || return
		route del 203.0.113.0/24 dev siit0
		route del $PREFIX/96 dev siit0
	END
	siitctl -n xl -b - <<-END
		hook add four dev siit0
		hook add six dev siit0
	END
}

# whole OCTETS: as many packets out as in, each 20 octets longer or shorter and no
# other, and large ones among them, of so many octets on average
whole()
{
	same && large "$1"
}

# same: what has come out is what went in, translated
same()
{
	count || return
	[ "$IN4" = "$OUT6" ] && [ "$IN6" = "$OUT4" ] &&
		[ $((OUT6_BYTES - IN4_BYTES)) = $((34 * IN4)) ] &&
		[ $((IN6_BYTES - OUT4_BYTES)) = $((6 * IN6)) ] &&
		[ "$LARGE_IN" = "$LARGE_OUT" ] && [ "$HUGE_IN" = "$HUGE_OUT" ]
}

# large OCTETS: some packets were, so many on average
large()
{
	[ "$LARGE_IN" -gt 0 ] && [ $((LARGE_IN_BYTES / LARGE_IN)) -ge "$1" ]
}

# Whether a sender has a full window to send at once is a matter of luck.
tcp()
{
	count
	for _ in 1 2 3; do
		draw "$1" "$2" && whole 4000 || return
		[ "$HUGE_IN" = 0 ] || return 0
	done
	return 1
}

t_tcp_46() { tcp six $FOUR6; }
t_tcp_64() { tcp four $SIX4; }

# udp_sinks HOST...: servers for udp, which add to a file
udp_sinks()
{
	local host

	for host; do
		spawn "$host" "$WORK/udp.log" socat -u -b 65536 \
			UDP6-RECV:9999,ipv6only=0,rcvbuf=212992 \
			"OPEN:$WORK/udp-$host,creat,append"
		wait_listen udp 9999 || return
	done
	head -c $((2 * SEGMENT * SEGMENTS)) /dev/urandom > "$WORK/udp-all"
}

# udp FROM TO ADDRESS: datagrams, $SEGMENTS of them in one call, twice. All must
# come.
udp()
{
	local address=$3 part half=$((SEGMENT * SEGMENTS))
	local sent=$half

	[[ $address != *:* ]] || address=[$address]
	: > "$WORK/udp-$2"
	for part in readbytes=$half seek=$half; do
		on "$1" socat -u -b $half "OPEN:$WORK/udp-all,$part" \
			"UDP-SENDTO:$address:9999,setsockopt-int=17:103:$SEGMENT" ||
			return
		pause 0.05
		within 5 cmp -n $sent "$WORK/udp-all" "$WORK/udp-$2" || return
		sent=$((2 * half))
	done
}

t_udp_46()
{
	count
	udp four six $SIX4 && whole $((SEGMENT * SEGMENTS)) && [ "$IN4" = 2 ]
}

t_udp_64()
{
	count
	udp six four $FOUR6 && whole $((SEGMENT * SEGMENTS)) && [ "$IN6" = 2 ]
}

# gro JOIN FORWARDING LISTS: on or off each: xl joins what arrives in segments,
# UDP that it forwards, too, and by lists of packets
gro()
{
	local host

	for host in four six; do
		on xl ethtool -K $host gro "$1" rx-udp-gro-forwarding "$2" \
			rx-gro-list "$3" || return
	done
}

# segments off|on: the hosts cut their packets themselves, or leave it to others
segments()
{
	local host

	for host in four six; do
		on $host ethtool -K xl tso "$1" \
			tx-udp-segmentation "$1" || return
	done
}

# Packets that GRO has put together
# How much arrives at once to be joined is a matter of luck, too.
joined()
{
	for _ in 1 2 3; do
		draw "$1" "$2" && same || return
		! large 2500 || return 0
	done
	return 1
}

t_gro_tcp()
{
	count
	joined six $FOUR6 && joined four $SIX4
}

t_gro_udp()
{
	gro on on off || return
	count
	udp four six $SIX4 && whole 2000 && udp six four $FOUR6 && whole 2000
}

# A list of packets, each with headers of its own, is taken apart: every one of
# them comes, by itself and translated.
t_gro_list()
{
	local rc=0

	gro on off on || return
	count
	udp four six $SIX4 && count && [ "$LARGE_IN" -gt 0 ] &&
		[ "$LARGE_OUT" = 0 ] &&
		[ "$OUT6" = $((2 * SEGMENTS)) ] || rc=1
	udp six four $FOUR6 && count && [ "$LARGE_IN" -gt 0 ] &&
		[ "$LARGE_OUT" = 0 ] &&
		[ "$OUT4" = $((2 * SEGMENTS)) ] || rc=1
	draw six $FOUR6 && draw four $SIX4 || rc=1
	return $rc
}

# Without DF each segment above 1260 octets is cut by itself, and if none is,
# the packet stays whole. A server of long standing knows nothing of the setting.
t_df0()
{
	local rc=0

	on four busybox sysctl -qw net.ipv4.ip_no_pmtu_disc=1
	ip -4 -n four route flush cache
	ip -6 -n six route flush cache
	count
	bulk four six $SIX4 push 512 && count && [ "$LARGE_IN" -gt 0 ] &&
		[ "$LARGE_OUT" = 0 ] && [ "$OUT6" -ge 700 ] || rc=1
	ip -n six route replace default via fd00:6::1 advmss 1200
	bulk four six $SIX4 push 512 && whole 2500 || rc=1
	ip -n six route replace default via fd00:6::1
	on four busybox sysctl -qw net.ipv4.ip_no_pmtu_disc=0
	return $rc
}

# big HOST OCTETS: how large the packets of TCP may be. ip(8) of Debian 12 cannot do
# it for IPv4.
big()
{
	on "$1" python3 - "$2" <<-END
		import socket, struct, sys
		octets = int(sys.argv[1])
		IFLA_GSO_MAX_SIZE, IFLA_GSO_IPV4_MAX_SIZE = 41, 63
		body = struct.pack("BxHiII", 0, 0, socket.if_nametoindex("xl"), 0, 0)
		for attr in IFLA_GSO_MAX_SIZE, IFLA_GSO_IPV4_MAX_SIZE:
		    body += struct.pack("HHI", 8, attr, octets)
		RTM_SETLINK, NLM_F_REQUEST_ACK, NETLINK_ROUTE = 19, 5, 0
		s = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, NETLINK_ROUTE)
		s.send(struct.pack("IHHII", 16 + len(body), RTM_SETLINK,
		                   NLM_F_REQUEST_ACK, 1, 0) + body)
		sys.exit(-struct.unpack("16xi", s.recv(4096)[:20])[0])
	END
}

# BIG TCP: no packet of the other family can be as long.
t_big_tcp()
{
	local rc=1

	big "$1" 150000 || return
	count
	for _ in 1 2 3; do
		if ! draw "$2" "$3" || ! count; then
			break
		elif [ "$BIG_IN" -gt 0 ]; then
			rc=0
			break
		fi
	done
	big "$1" 65536 && return $rc
}

t_big_46()
{
	# Before 6.3, IPv4 had none of them.
	[[ ! $(uname -r) =~ ^6\.[012]\. ]] || return "$KSFT_SKIP"
	t_big_tcp four six $FOUR6
}

t_big_64_hook() { t_big_tcp six four $SIX4; }

t_big_64_device()
{
	# There, what is longer than a device takes is segmented as if it began with
	# an Ethernet header.
	[[ ! $(uname -r) =~ ^6\.1\. ]] || return "$KSFT_SKIP"
	t_big_64_hook
}

# tunnel NAME: between four and six, 10.9.0.1 and 10.9.0.2. The packets in it
# are large; their outer header changes family on the way.
tunnel()
{
	local at_four at_six

	case $1 in
	vxlan)
		at_four="vxlan id 7 remote $SIX4 dstport 4789 dev xl udpcsum"
		at_six="vxlan id 7 remote $FOUR6 local $SIX6 dstport 4789 dev xl"
		;;
	ipip)
		at_four="ipip remote $SIX4 local 192.0.2.33"
		at_six="ip6tnl mode ipip6 remote $FOUR6 local $SIX6 encaplimit none"
		;;
	gre)
		at_four="gre remote $SIX4 local 192.0.2.33"
		at_six="ip6gre remote $FOUR6 local $SIX6 encaplimit none"
		;;
	esac
	tunnel_end four 10.9.0.1 "$at_four" && tunnel_end six 10.9.0.2 "$at_six"
}

tunnel_end()
{
	config "$1" <<-END
		link add name tunnel mtu 1380 up type $3
		addr add $2/24 dev tunnel
	END
}

through_tunnel()
{
	local rc=0

	[ -n "${MODULES[$1]}" ] || modprobe -q -a "$@" 2> /dev/null
	MODULES[$1]=asked
	tunnel "$1" || return "$KSFT_SKIP"
	count
	draw six 10.9.0.1 && count && [ "$LARGE_IN" -gt 0 ] &&
		[ "$LARGE_OUT" = 0 ] || rc=1
	draw four 10.9.0.2 && count && [ "$LARGE_IN" -gt 0 ] &&
		[ "$LARGE_OUT" = 0 ] || rc=1
	ip -n four link del dev tunnel
	ip -n six link del dev tunnel
	return $rc
}

t_vxlan() { through_tunnel vxlan; }
t_ipip() { through_tunnel ipip ip6_tunnel; }
t_gre() { through_tunnel gre ip_gre ip6_gre; }

t_by_device() { by_device; }
t_by_hook() { by_hook; }
t_join() { segments off && gro on off off; }
t_join_no_more() { segments on && gro off off off; }

# Nothing was dropped on the way, at either of the two ways in.
t_no_drops()
{
	local stats drops='"drops":\{([^}]*)\}'

	stats=$(siitctl -n xl -j stats dev siit0)
	[[ $stats =~ $drops ]] || return
	echo "# ${BASH_REMATCH[1]}"
	[[ ${BASH_REMATCH[1]} != *:[1-9]* ]]
}

TESTS=()
for way in device hook; do
	TESTS+=(
		"by the $way"				"t_by_$way"
		"$way: TCP 4->6 crosses whole"		t_tcp_46
		"$way: TCP 6->4 crosses whole"		t_tcp_64
		"$way: UDP 4->6 crosses whole"		t_udp_46
		"$way: UDP 6->4 crosses whole"		t_udp_64
		"$way: BIG TCP 4->6"			t_big_46
		"$way: BIG TCP 6->4"			"t_big_64_$way"
		"$way: TCP without DF"			t_df0
		"$way: VXLAN"				t_vxlan
		"$way: IPv4 in IP"			t_ipip
		"$way: GRE"				t_gre
		"$way: the hosts segment, GRO joins"	t_join
		"$way: joined TCP crosses whole"	t_gro_tcp
		"$way: joined UDP crosses whole"	t_gro_udp
		"$way: lists of packets come apart"	t_gro_list
		"$way: as before"			t_join_no_more
		"$way: no drops"			t_no_drops
	)
done

ktap_print_header
run_in network "${TESTS[@]}"

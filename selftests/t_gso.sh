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
need socat jq nft ethtool

PREFIX=2001:db8:122:344::
FOUR6=2001:db8:122:344::c000:221
SIX4=203.0.113.10
SIX6=fd00:6::10
SEGMENT=1200
SEGMENTS=40

network()
{
	hosts four xl six || return
	routers xl
	ipv4_only four
	# As large as they can be, whatever the round-trip time
	on four sysctl -qw net.ipv4.tcp_tso_rtt_log=20
	on six sysctl -qw net.ipv4.tcp_tso_rtt_log=20
	wire four xl && wire xl six || return
	config four <<-END || return
		addr add 192.0.2.33/24 dev xl
		route add default via 192.0.2.1
	END
	config xl <<-END || return
		addr add 192.0.2.1/24 dev four
		addr add fd00:6::1/64 dev six nodad
	END
	config six <<-END || return
		addr add $SIX6/64 dev xl nodad
		route add default via fd00:6::1
	END
	siitctl -n xl -b - <<-END || return
		dev add siit0 role br
		pool6 add $PREFIX/96 dev siit0
		eam add $SIX4 $SIX6 dev siit0
	END
	ip -n xl link set dev siit0 mtu 65507 up && counters
}

# At egress a packet has its link header, at ingress it has not. A "huge" one has
# more than 60000 octets of IPv4, wherever it is counted.
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
		chain from_four {
			type filter hook ingress device "four" priority -400;
			ip daddr $SIX4 counter name in4
			ip daddr $SIX4 meta length > 1500 counter name large_in
			ip daddr $SIX4 meta length > 60000 counter name huge_in
		}
		chain from_six {
			type filter hook ingress device "six" priority -400;
			ip6 daddr $FOUR6 counter name in6
			ip6 daddr $FOUR6 meta length > 1500 counter name large_in
			ip6 daddr $FOUR6 meta length > 60020 counter name huge_in
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
			ip6 saddr $FOUR6 meta length > 1514 counter name large_out
			ip6 saddr $FOUR6 meta length > 60034 counter name huge_out
		}
	}
	END
}

# Packets and octets since the last time: IN4, IN4_BYTES, ...
count()
{
	local name packets bytes

	sleep 0.2
	while read -r name packets bytes; do
		printf -v "${name^^}" %d "$packets"
		printf -v "${name^^}_BYTES" %d "$bytes"
	done < <(on xl nft -j reset counters table netdev count |
		jq -r '.nftables[].counter? // empty |
			"\(.name) \(.packets) \(.bytes)"')
	echo "# 4->6 $IN4 ($IN4_BYTES) -> $OUT6 ($OUT6_BYTES)," \
		"6->4 $IN6 ($IN6_BYTES) -> $OUT4 ($OUT4_BYTES)," \
		"large $LARGE_IN ($LARGE_IN_BYTES) -> $LARGE_OUT," \
		"huge $HUGE_IN -> $HUGE_OUT"
}

by_device()
{
	siitctl -n xl hook show | sed 's/add/del/' | siitctl -n xl -b - &&
	ip -n xl route add 203.0.113.0/24 dev siit0 &&
	ip -n xl route add $PREFIX/96 dev siit0
}

by_hook()
{
	ip -n xl route del 203.0.113.0/24 dev siit0 &&
	ip -n xl route del $PREFIX/96 dev siit0 &&
	siitctl -n xl hook add four dev siit0 &&
	siitctl -n xl hook add six dev siit0
}

# As many packets out as in, each 20 octets longer or shorter and no other, and
# the large ones are really large: the last argument is the mean that is to be
# reached.
whole()
{
	count
	[ "$LARGE_IN" -gt 0 ] && [ "$IN4" = "$OUT6" ] && [ "$IN6" = "$OUT4" ] &&
		[ $((OUT6_BYTES - IN4_BYTES)) = $((34 * IN4)) ] &&
		[ $((IN6_BYTES - OUT4_BYTES)) = $((6 * IN6)) ] &&
		[ "$LARGE_IN" = "$LARGE_OUT" ] &&
		[ "$HUGE_IN" = "$HUGE_OUT" ] &&
		[ $((LARGE_IN_BYTES / LARGE_IN)) -ge "$1" ]
}

# Whether a sender has a full window to send at once is a matter of luck.
tcp()
{
	local i

	count
	for i in 1 2 3; do
		bulk "$1" "$2" "$3" push 2048 && whole 4000 || return
		[ "$HUGE_IN" = 0 ] || return 0
	done
	return 1
}

t_tcp_46() { tcp four six $SIX4; }
t_tcp_64() { tcp six four $FOUR6; }

# udp FROM TO ADDRESS: datagrams, $SEGMENTS of them in one call. All must come.
udp()
{
	local i in=$WORK/udp-in out=$WORK/udp-out server

	: > "$out"
	: > "$WORK/udp-all"
	spawn "$2" "$WORK/udp.log" timeout 30 socat -u \
		UDP6-RECV:9999,ipv6only=0 "OPEN:$out,append"
	server=$PID
	wait_listen udp 9999 || return
	for i in 1 2; do
		head -c $((SEGMENT * SEGMENTS)) /dev/urandom > "$in"
		cat "$in" >> "$WORK/udp-all"
		on "$1" socat -u -b $((SEGMENT * SEGMENTS)) "OPEN:$in" \
			"UDP-SENDTO:$(socat_host "$3"):9999,setsockopt-int=17:103:$SEGMENT" ||
			return
		slowwait 5 same_size "$WORK/udp-all" "$out" || break
	done
	stop "$server"
	cmp "$WORK/udp-all" "$out"
}

same_size()
{
	[ "$(stat -c %s "$1")" = "$(stat -c %s "$2")" ]
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

# gro on|off FEATURE...: xl joins what arrives in segments
gro()
{
	local host feature features=()

	for feature in "${@:2}"; do
		features+=("$feature" "$1")
	done
	for host in four six; do
		on xl ethtool -K $host gro "$1" "${features[@]}" || return
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
t_gro_tcp()
{
	count
	bulk four six $SIX4 push 512 && whole 2500 &&
		bulk six four $FOUR6 push 512 && whole 2500
}

t_gro_udp()
{
	local rc=0

	gro on rx-udp-gro-forwarding || return
	count
	udp four six $SIX4 && whole 2000 &&
		udp six four $FOUR6 && whole 2000 || rc=1
	gro on && gro_off_only rx-udp-gro-forwarding || rc=1
	return $rc
}

gro_off_only()
{
	on xl ethtool -K four "$1" off && on xl ethtool -K six "$1" off
}

# A list of packets, each with headers of its own, is taken apart: every one of
# them comes, by itself and translated.
t_gro_list()
{
	local rc=0

	gro on rx-gro-list || return
	count
	udp four six $SIX4 && count && [ "$LARGE_IN" -gt 0 ] &&
		[ "$LARGE_OUT" = 0 ] &&
		[ "$OUT6" = $((2 * SEGMENTS)) ] || rc=1
	udp six four $FOUR6 && count && [ "$LARGE_IN" -gt 0 ] &&
		[ "$LARGE_OUT" = 0 ] &&
		[ "$OUT4" = $((2 * SEGMENTS)) ] || rc=1
	bulk four six $SIX4 push 512 && bulk six four $FOUR6 push 512 || rc=1
	gro_off_only rx-gro-list || rc=1
	return $rc
}

# Without DF each segment above 1260 octets is cut by itself, and if none is,
# the packet stays whole.
t_df0()
{
	local rc=0

	on four sysctl -qw net.ipv4.ip_no_pmtu_disc=1
	forget four six
	count
	bulk four six $SIX4 push 512 && count && [ "$LARGE_IN" -gt 0 ] &&
		[ "$LARGE_OUT" = 0 ] && [ "$OUT6" -ge 700 ] || rc=1
	ip -n six route replace default via fd00:6::1 advmss 1200
	bulk four six $SIX4 push 512 && whole 2500 || rc=1
	ip -n six route replace default via fd00:6::1
	on four sysctl -qw net.ipv4.ip_no_pmtu_disc=0
	return $rc
}

# tunnel NAME: between four and six, 10.9.0.1 and 10.9.0.2. The packets in it
# are large; their outer header changes family on the way.
tunnel()
{
	case $1 in
	vxlan)
		ip -n four link add name tunnel type vxlan id 7 remote $SIX4 \
			dstport 4789 dev xl udpcsum &&
		ip -n six link add name tunnel type vxlan id 7 remote $FOUR6 \
			local $SIX6 dstport 4789 dev xl ;;
	ipip)
		ip -n four link add name tunnel type ipip \
			remote $SIX4 local 192.0.2.33 &&
		ip -n six link add name tunnel type ip6tnl mode ipip6 remote $FOUR6 \
			local $SIX6 encaplimit none ;;
	gre)
		ip -n four link add name tunnel type gre \
			remote $SIX4 local 192.0.2.33 &&
		ip -n six link add name tunnel type ip6gre remote $FOUR6 \
			local $SIX6 encaplimit none ;;
	esac || return
	ip -n four link set dev tunnel mtu 1380 up &&
		ip -n six link set dev tunnel mtu 1380 up &&
		ip -n four addr add 10.9.0.1/24 dev tunnel &&
		ip -n six addr add 10.9.0.2/24 dev tunnel
}

through_tunnel()
{
	local rc=0

	modprobe -q -a "$@" 2> /dev/null
	tunnel "$1" || return "$KSFT_SKIP"
	count
	bulk four six 10.9.0.2 push 512 && count && [ "$LARGE_IN" -gt 0 ] &&
		[ "$LARGE_OUT" = 0 ] || rc=1
	bulk six four 10.9.0.1 push 512 && count && [ "$LARGE_IN" -gt 0 ] &&
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
t_join() { segments off && gro on; }
t_join_no_more() { segments on && gro off; }

# Nothing was dropped on the way, at either of the two ways in.
t_no_drops()
{
	local drops

	drops=$(siitctl -n xl -j stats dev siit0 | jq -c '.[0].drops')
	echo "# $drops"
	[ "$(jq '[.[]] | add // 0' <<< "$drops")" = 0 ]
}

TESTS=()
for way in device hook; do
	TESTS+=(
		"by the $way"				"t_by_$way"
		"$way: TCP 4->6 crosses whole"		t_tcp_46
		"$way: TCP 6->4 crosses whole"		t_tcp_64
		"$way: UDP 4->6 crosses whole"		t_udp_46
		"$way: UDP 6->4 crosses whole"		t_udp_64
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
ktap_set_plan $((${#TESTS[@]} / 2))
siit_load || ktap_exit_fail_msg 'the module does not load'
if ! network > "$WORK/log" 2>&1; then
	sed 's/^/# /' "$WORK/log"
	ktap_exit_fail_msg 'the network cannot be set up'
fi
run_tests "${TESTS[@]}"

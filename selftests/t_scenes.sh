#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Real sockets through the translator.
#
#	 IPv4               :               IPv6
#	                    :
#	four ---- r4 ------ xl ------ r6 ---- six
#	                [ siit0 ]      |      fd00:6::10, known as 203.0.113.10
#	192.0.2.33          :          |
#	                    :          `----- er [ siit0 ]
#	                    :                 203.0.113.20 on siit0,
#	                    :                 fd00:e::20 on the wire
#
# four's address is the example of RFC 6052 2.4.
#
# TIMEOUT: 600

# shellcheck source=selftests/lib.sh
. "$(dirname "$0")/lib.sh"
isolate "$@"
need busybox socat ping traceroute tcpdump ethtool

PREFIX=2001:db8:122:344::
FOUR6=2001:db8:122:344::c000:221
SIX4=203.0.113.10
SIX6=fd00:6::10

network()
{
	hosts four r4 xl r6 six er || return
	routers r4 xl r6 er
	ipv4_only four r4
	wire four r4 && wire r4 xl && wire xl r6 && wire r6 six &&
		wire r6 er || return
	config four <<-END || return
		addr add 192.0.2.33/24 dev r4
		route add default via 192.0.2.1
	END
	config r4 <<-END || return
		addr add 192.0.2.1/24 dev four
		addr add 198.51.100.1/24 dev xl
		route add default via 198.51.100.2
	END
	config xl <<-END || return
		addr add 198.51.100.2/24 dev r4
		addr add fd00:1::2/64 dev r6 nodad
		route add default via 198.51.100.1
		route add fd00::/16 via fd00:1::1
	END
	config r6 <<-END || return
		addr add fd00:1::1/64 dev xl nodad
		addr add fd00:6::1/64 dev six nodad
		addr add fd00:5::1/64 dev er nodad
		route add default via fd00:1::2
		route add fd00:e::/64 via fd00:5::2
	END
	config six <<-END || return
		addr add $SIX6/64 dev r6 nodad
		route add default via fd00:6::1
	END
	config er <<-END || return
		addr add fd00:5::2/64 dev r6 nodad
		route add default via fd00:5::1
	END
	siitctl -n xl -b - <<-END || return
		dev add siit0 role br
		pool6 add $PREFIX/96 dev siit0
		eam add $SIX4 $SIX6 dev siit0
	END
	config xl <<-END || return
		link set dev siit0 up
		route add 203.0.113.0/24 dev siit0
		route add $PREFIX/96 dev siit0
	END
	serve four 4 && serve six 6 && serve er 4
}

# serve HOST FAMILY: on port 7, by TCP and UDP, say who is asking
serve()
{
	# shellcheck disable=SC2016 # for socat's shell
	local answer='SYSTEM:read -r x; echo $SOCAT_PEERADDR'

	spawn "$1" "$WORK/answer" \
		socat -t 10 "TCP$2-LISTEN:7,fork,reuseaddr" "$answer"
	wait_listen tcp 7 || return
	spawn "$1" "$WORK/answer" \
		socat -t 10 "UDP$2-RECVFROM:7,fork,reuseaddr" "$answer"
	wait_listen udp 7
}

# expand ADDRESS: as socat writes peers, in $PEER
expand()
{
	local left=${1%%::*} right=${1##*::} field out=
	local -a fields tail=()

	PEER=$1
	[[ $1 = *:* ]] || return 0
	IFS=: read -ra fields <<< "$left"
	[ "$left" = "$1" ] || IFS=: read -ra tail <<< "$right"
	while [ $((${#fields[@]} + ${#tail[@]})) -lt 8 ]; do
		fields+=(0)
	done
	for field in "${fields[@]}" "${tail[@]}"; do
		printf -v out %s:%04x "$out" "0x$field"
	done
	PEER="[${out#:}]"
}

# seen FROM SOURCE TO ADDRESS: by TCP and by UDP, the host TO, asked at ADDRESS,
# sees SOURCE, and its answer arrives; or by the fifth argument alone
seen()
{
	local proto out wanted=
	local -a protos=("${@:5}")

	[ ${#protos[@]} != 0 ] || protos=(tcp udp)
	expand "$2"
	for proto in "${protos[@]}"; do
		wanted+="$proto $PEER"$'\n'
	done
	# shellcheck disable=SC2016 # for the other shell
	out=$(on "$1" bash -c 'for proto; do
			printf "%s " "$proto"
			exec 3<> "/dev/$proto/$0/7" && echo x >&3 &&
				busybox timeout 10 busybox head -n 1 <&3
		done' "$4" "${protos[@]}")
	[ "$out" = "${wanted%$'\n'}" ] && return
	echo "# $1 to $4, host $3: seen as '$out', not '$2'"
	return 1
}

t_sockets_46() { seen four $FOUR6 six $SIX4; }
t_sockets_64() { seen six $SIX4 four $FOUR6; }

ping_sizes()
{
	local size

	for size in 0 57 1211; do
		on "$1" ping -q -n -c 1 -W 5 -s "$size" "$2" \
			> "$WORK/ping" || return
	done
}

t_ping_46() { ping_sizes four $SIX4; }
t_ping_64() { ping_sizes six $FOUR6; }

trace()
{
	local out

	out=$(hops "$1" "$2")
	[ "$out" = "$3" ] && return
	echo "# $out, not $3"
	return 1
}

t_traceroute_46()
{
	trace four $SIX4 "192.0.2.1 198.51.100.2 192.0.0.8 $SIX4"
}

t_traceroute_64()
{
	trace six $FOUR6 "fd00:6::1 fd00:1::2 ${PREFIX}c633:6401 $FOUR6"
}

# One translation prefix instead of another: the vectors of RFC 6052 2.4.
prefix_length()
{
	local prefix=$1 four=$2 rc=0

	siitctl -n xl -b - <<-END || return
		pool6 flush dev siit0
		pool6 add $prefix dev siit0
	END
	ip -6 -n xl route replace "$prefix" dev siit0
	seen four "$four" six $SIX4 tcp && seen six $SIX4 four "$four" udp &&
		on six ping -q -n -c 1 -W 5 "$four" || rc=1
	ip -6 -n xl route del "$prefix" dev siit0
	siitctl -n xl -b - <<-END || rc=1
		pool6 flush dev siit0
		pool6 add $PREFIX/96 dev siit0
	END
	ip -6 -n xl route replace $PREFIX/96 dev siit0
	return $rc
}

t_pool6_32() { prefix_length 2001:db8::/32 2001:db8:c000:221::; }
t_pool6_40() { prefix_length 2001:db8:100::/40 2001:db8:1c0:2:21::; }
t_pool6_48() { prefix_length 2001:db8:122::/48 2001:db8:122:c000:2:2100::; }
t_pool6_56() { prefix_length 2001:db8:122:300::/56 2001:db8:122:3c0:0:221::; }
t_pool6_64()
{
	prefix_length 2001:db8:122:344::/64 2001:db8:122:344:c0:2:2100::
}
t_pool6_96() { prefix_length $PREFIX/96 $FOUR6; }

# The row wins over the prefix, for the address that it covers, in both
# directions.
t_eam_over_pool6()
{
	local rc=0

	siitctl -n xl eam add 192.0.2.32/31 fd00:4::a0/127 dev siit0 || return
	ip -n xl route add fd00:4::/64 dev siit0
	seen four fd00:4::a1 six $SIX4 tcp &&
		seen six $SIX4 four fd00:4::a1 udp || rc=1
	siitctl -n xl eam del 192.0.2.32/31 fd00:4::a0/127 dev siit0 || rc=1
	# And without it the prefix again.
	seen four $FOUR6 six $SIX4 tcp || rc=1
	return $rc
}

t_translatable()
{
	local rc=0 node=2001:db8:aaaa::cb00:7146

	siitctl -n xl pool6 add 2001:db8:aaaa::/96 \
		translatable 203.0.113.64/26 dev siit0 || return
	ip -n six addr add $node/128 dev lo nodad
	ip -n r6 route add 2001:db8:aaaa::/96 via $SIX6
	ip -n xl route add 2001:db8:aaaa::/96 via fd00:1::1
	# A UDP server answers from the address that routing likes best.
	seen four $FOUR6 six 203.0.113.70 tcp || rc=1
	[ "$(on six socat -t 5 -T 10 - "TCP:[$FOUR6]:7,bind=[$node]" \
		<<< x)" = 203.0.113.70 ] || rc=1
	siitctl -n xl pool6 del 2001:db8:aaaa::/96 \
		translatable 203.0.113.64/26 dev siit0 || rc=1
	return $rc
}

# Without a mapping nothing passes, and it is counted once a packet.
t_unmapped_source()
{
	local before after

	ip -n six addr add fd00:bad::1/128 dev lo nodad
	before=$(stat_of xl siit0 source-unmapped)
	on six ping -q -n -c 2 -i 0.1 -W 1 -I fd00:bad::1 $FOUR6 \
		> "$WORK/ping" && return 1
	after=$(stat_of xl siit0 source-unmapped)
	[ $((after - before)) = 2 ]
}

t_bulk_46_push() { bulk four six $SIX4 push 512; }
t_bulk_46_pull() { bulk four six $SIX4 pull 512; }
t_bulk_64_push() { bulk six four $FOUR6 push 512; }
t_bulk_64_pull() { bulk six four $FOUR6 pull 512; }

# Where packets are made and where the translator's box takes them in.
offloads()
{
	local end

	for end in four:r4 six:r6 xl:r4 xl:r6; do
		on "${end%:*}" ethtool -K "${end#*:}" tx "$1" rx "$1" \
			tso "$1" gso "$1" gro "$1" > "$WORK/ethtool" 2>&1 ||
			return
	done
}

t_no_offloads()
{
	local rc=0

	offloads off || return
	bulk four six $SIX4 push 256 && bulk four six $SIX4 pull 256 &&
		seen four $FOUR6 six $SIX4 udp || rc=1
	offloads on || rc=1
	return $rc
}

# fragments FROM TO ADDRESS FAMILY: a datagram of several fragments goes there and
# comes back whole
fragments()
{
	head -c 4000 /dev/urandom > "$WORK/datagram"
	spawn "$2" "$WORK/echo" socat -t 10 -T 20 -b 16384 \
		"UDP$4-RECVFROM:8,reuseaddr" EXEC:cat
	wait_listen udp 8 || return
	on "$1" socat -b 16384 -t 2 -T 10 - "UDP:$(socat_host "$3"):8" \
		< "$WORK/datagram" > "$WORK/back"
	stop "$PID"
	cmp "$WORK/datagram" "$WORK/back"
}

t_fragments_46() { fragments four six $SIX4 6; }
t_fragments_64() { fragments six four $FOUR6 4; }

# narrow WHERE MTU COMMAND HOST...: run a command of a host while the last router towards four, six
# and er, or the box of the translator itself, knows of a smaller link. The ends
# must not, or TCP would agree on a small MSS from the beginning.
narrow()
{
	local rc=0 where=$1 mtu=$2

	shift 2
	case $where in
	r4)	set -- r4 192.0.2.33/32 dev four , "$@" ;;
	r6)	set -- r6 $SIX6/128 dev six , "$@" ;;
	r6er)	set -- r6 fd00:e::20/128 via fd00:5::2 , "$@" ;;
	xl4)	set -- xl 192.0.2.33/32 via 198.51.100.1 , "$@" ;;
	xl6)	set -- xl $SIX6/128 via fd00:1::1 , "$@" ;;
	esac
	ip -n "$1" route add "$2" "$3" "$4" mtu "$mtu" || return
	"${@:6}" || rc=1
	ip -n "$1" route del "$2" "$3" "$4"
	forget "$7"
	return $rc
}

# learns FROM TO ADDRESS MTU: a transfer arrives, and the sender has learned
learns()
{
	local mtu

	bulk "$1" "$2" "$3" push 512 || return
	mtu=$(pmtu "$1" "$3")
	[ "$mtu" = "$4" ] && return
	echo "# $1 learned $mtu, not $4"
	return 1
}

# far: a router beyond the translator reports; own: the translator's box.
t_pmtu_46_far() { narrow r6 1280 learns four six $SIX4 1260; }
t_pmtu_46_own() { narrow xl6 1400 learns four six $SIX4 1380; }
t_pmtu_64_far() { narrow r4 1400 learns six four $FOUR6 1420; }
t_pmtu_64_own() { narrow xl4 1400 learns six four $FOUR6 1420; }

# too_big HOST ADDRESS SIZE MTU: what ping says of a packet that does not fit.
# The first may be too big for the link of the translator, too.
too_big()
{
	local out

	out=$(on "$1" ping -n -c 3 -i 0.2 -W 5 -M "do" -s "$3" "$2" 2>&1)
	[[ $out =~ mtu\ ?[=:]\ ?$4 ]] && return
	echo "# $out"
	return 1
}

t_too_big_46() { narrow r6 1280 too_big four $SIX4 1400 1260; }
t_too_big_64() { narrow r4 1400 too_big six $FOUR6 1440 1420; }

# connect_error HOST ADDRESS PORT MESSAGE: within the time of an ICMP error,
# not of a timeout
connect_error()
{
	local out

	out=$(on "$1" bash -c "exec 3<>/dev/tcp/$2/$3" 2>&1)
	[[ $out = *"$4"* ]] && return
	echo "# $1 to $2: '${out##*: }', not '$4'"
	return 1
}

# What comes back is no answer but the error.
udp_refused()
{
	local out

	out=$(on "$1" bash -c "exec 3<>/dev/udp/$2/9
		echo x >&3; read -rt 5 <&3" 2>&1)
	[[ $out = *'Connection refused'* ]] && return
	echo "# $1 to $2: $out"
	return 1
}

t_udp_refused_46() { udp_refused four $SIX4; }
t_udp_refused_64() { udp_refused six $FOUR6; }
t_tcp_refused_46() { connect_error four $SIX4 9 'Connection refused'; }
t_tcp_refused_64() { connect_error six $FOUR6 9 'Connection refused'; }

# ICMPv6 1/0 is ICMPv4 3/1, 1/1 is 3/10 (RFC 7915 5.2).
t_unreachable_46()
{
	siitctl -n xl -b - <<-END || return
		eam add 203.0.113.66 fd00:66::1 dev siit0
		eam add 203.0.113.67 fd00:67::1 dev siit0
	END
	config r6 <<-END || return
		route add unreachable fd00:66::/64
		route add prohibit fd00:67::/64
	END
	connect_error four 203.0.113.66 7 'No route to host' &&
		connect_error four 203.0.113.67 7 'No route to host'
}

# ICMPv4 3/1 is ICMPv6 1/0, 3/13 is 1/1 (RFC 7915 4.2).
t_unreachable_64()
{
	config r4 <<-END || return
		route add unreachable 192.0.2.66/32
		route add prohibit 192.0.2.67/32
	END
	connect_error six ${PREFIX}c000:242 7 'Network is unreachable' &&
		connect_error six ${PREFIX}c000:243 7 'Permission denied'
}

# A relay that is the IPv4 host itself (RFC 7756 3.1).
edge_relay()
{
	siitctl -n xl eam add 203.0.113.20 fd00:e::20 dev siit0 &&
	siitctl -n er -b - <<-END &&
		dev add siit0 role er
		pool6 add $PREFIX/96 dev siit0
		eam add 203.0.113.20 fd00:e::20 dev siit0
	END
	config er <<-END
		addr add 203.0.113.20/32 dev siit0
		link set dev siit0 up
		route add default dev siit0 src 203.0.113.20
		route add fd00:e::20/128 dev siit0
	END
}

t_edge_sockets_46() { edge_relay && seen four 192.0.2.33 er 203.0.113.20; }
t_edge_sockets_64() { seen er 203.0.113.20 four 192.0.2.33; }
t_edge_ping_46() { ping_sizes four 203.0.113.20; }
t_edge_ping_64() { ping_sizes er 192.0.2.33; }
t_edge_bulk()
{
	bulk four er 203.0.113.20 push 512 &&
		bulk four er 203.0.113.20 pull 512
}

t_edge_refused()
{
	udp_refused four 203.0.113.20 && udp_refused er 192.0.2.33 &&
		connect_error er 192.0.2.33 9 'Connection refused'
}

t_edge_pmtu()
{
	narrow r6er 1280 learns four er 203.0.113.20 1260 &&
		narrow r6er 1280 learns er four 192.0.2.33 1480
}

# What the README says about reverse-path filters.
t_strict_rp_filter()
{
	local rc=0

	on xl busybox sysctl -qw net.ipv4.conf.all.rp_filter=1
	ip -n xl route add 192.0.0.8/32 dev siit0
	seen four $FOUR6 six $SIX4 udp && seen six $SIX4 four $FOUR6 udp &&
		t_traceroute_46 && t_too_big_46 && t_too_big_64 || rc=1
	ip -n xl route del 192.0.0.8/32 dev siit0
	on xl busybox sysctl -qw net.ipv4.conf.all.rp_filter=0
	return $rc
}

# Every packet has been translated or has a reason.
t_no_silent_loss()
{
	local link stats number='([0-9]+)'

	link=$(ip -n xl -s -j link show dev siit0)
	stats=$(siitctl -n xl -j stats dev siit0)
	printf '# %s\n' "$link" "$stats"
	[[ $link =~ \"rx\":\{\"bytes\":[0-9]+,\"packets\":$number.*\"tx\":\{\"bytes\":[0-9]+,\"packets\":$number ]] &&
		((BASH_REMATCH[1] > 1000 && BASH_REMATCH[2] > 1000)) &&
		[[ $stats =~ \"packets46\":$number.*\"packets64\":$number ]] &&
		((BASH_REMATCH[1] > 100 && BASH_REMATCH[2] > 100))
}

TESTS=(
	'sockets 4->6, peer address'	t_sockets_46
	'sockets 6->4, peer address'	t_sockets_64
	'ping 4->6'			t_ping_46
	'ping 6->4'			t_ping_64
	'traceroute 4->6'		t_traceroute_46
	'traceroute 6->4'		t_traceroute_64
	'pool6 /32'			t_pool6_32
	'pool6 /40'			t_pool6_40
	'pool6 /48'			t_pool6_48
	'pool6 /56'			t_pool6_56
	'pool6 /64'			t_pool6_64
	'pool6 /96'			t_pool6_96
	'EAM before pool6'		t_eam_over_pool6
	'IPv4-translatable addresses'	t_translatable
	'unmapped source: counted drop'	t_unmapped_source
	'bulk TCP 4->6 push'		t_bulk_46_push
	'bulk TCP 4->6 pull'		t_bulk_46_pull
	'bulk TCP 6->4 push'		t_bulk_64_push
	'bulk TCP 6->4 pull'		t_bulk_64_pull
	'no offloads'			t_no_offloads
	'UDP fragments 4->6'		t_fragments_46
	'UDP fragments 6->4'		t_fragments_64
	'path MTU 4->6, far router'	t_pmtu_46_far
	'path MTU 4->6, own link'	t_pmtu_46_own
	'path MTU 6->4, far router'	t_pmtu_64_far
	'path MTU 6->4, own link'	t_pmtu_64_own
	'too big with DF 4->6'		t_too_big_46
	'too big 6->4'			t_too_big_64
	'UDP connection refused 4->6'	t_udp_refused_46
	'UDP connection refused 6->4'	t_udp_refused_64
	'TCP connection refused 4->6'	t_tcp_refused_46
	'TCP connection refused 6->4'	t_tcp_refused_64
	'unreachable, prohibited 4->6'	t_unreachable_46
	'unreachable, prohibited 6->4'	t_unreachable_64
	'strict reverse-path filter'	t_strict_rp_filter
	'edge relay, sockets in'	t_edge_sockets_46
	'edge relay, sockets out'	t_edge_sockets_64
	'edge relay, ping in'		t_edge_ping_46
	'edge relay, ping out'		t_edge_ping_64
	'edge relay, bulk TCP'		t_edge_bulk
	'edge relay, refused'		t_edge_refused
	'edge relay, path MTU'		t_edge_pmtu
	'counters of the device'	t_no_silent_loss
)

ktap_print_header
run_in network "${TESTS[@]}"

#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The hook among other things that a Linux box does with its interfaces.
#
#	four ------ xl ------ six
#	        [ siit0 ]     fd00:6::10, known as 203.0.113.10
#	192.0.2.33
#
# xl has hooks at both its interfaces, and no routes to siit0 but where a test
# adds them. Commands that are refused: t_ctl_input.sh.
#
# TIMEOUT: 400

# shellcheck source=selftests/lib.sh
. "$(dirname "$0")/lib.sh"
isolate "$@"
need busybox socat nft ping traceroute ethtool cmp

PREFIX=2001:db8:122:344::
FOUR6=2001:db8:122:344::c000:221
SIX4=203.0.113.10
SIX6=fd00:6::10
GOOD='' FIREWALL=''

ends()
{
	hosts four six other || return
	ipv4_only four other
	sources 512 four six
}

# The box in the middle, as each test wants it anew, but for addresses. After a
# test that was good what it has made goes in one call: it is of group 1, and the
# other ends go with it. After others the whole box goes.
middle()
{
	if [ -n "$GOOD" ] && [ -e /run/netns/xl ]; then
		ip -n xl link del group 1 || return
	else
		ip netns del xl 2> /dev/null
		within 10 gone four xl && within 10 gone six xl || return
		hosts xl || return
		routers xl
		FIREWALL=
	fi
	GOOD=
	[ -z "$FIREWALL" ] || on xl nft flush ruleset || return
	FIREWALL=
	config xl <<-END || return
		link add name xl netns four up type veth peer name four
		link add name xl netns six up type veth peer name six
		link set dev four up group 1
		link set dev six up group 1
		addr add fd00:6::1/64 dev six nodad
	END
	config six <<-END || return
		addr add $SIX6/64 dev xl nodad
		route add default via fd00:6::1
	END
	siitctl -n xl -b - <<-END && ip -n xl link set dev siit0 up group 1
		dev add siit0 role br
		pool6 add $PREFIX/96 dev siit0
		eam add $SIX4 $SIX6 dev siit0
		hook add six dev siit0
	END
}

after_test()
{
	GOOD=1
}

# addresses IFACE-OF-FOUR IFACE-OF-XL: where the addresses of IPv4 are
addresses()
{
	config xl <<-END || return
		link set dev $2 up
		addr add 192.0.2.1/24 dev $2
	END
	config four <<-END
		link set dev $1 up
		addr add 192.0.2.33/24 dev $1
		route add default via 192.0.2.1
	END
}

gone()
{
	! ip -n "$1" link show dev "$2" > /dev/null 2>&1
}

hook()
{
	siitctl -n xl hook "$1" "$2" dev "${3:-siit0}"
}

# echoes HOST ARGUMENT...: two, by the ping of busybox, which starts no program
echoes()
{
	busybox nsenter "-n/run/netns/$1" ping -q -c 2 -i 0.1 "${@:2}"
}

# asks ADDRESS: four, twice
asks()
{
	echoes four -W 3 "$1"
}

# ignored HOST ARGUMENT...: no answer within a second
ignored()
{
	! echoes "$1" -W 1 "${@:2}"
}

asks_back()
{
	echoes six -W 3 -I $SIX6 $FOUR6
}

pings()
{
	asks $SIX4 && asks_back
}

# What the device has translated is in $DONE: "4 4" after pings
done_by()
{
	local out

	out=$(siitctl -n xl -j stats dev "${1:-siit0}") &&
	[[ $out =~ \"packets46\":([0-9]+).*\"packets64\":([0-9]+) ]] &&
		DONE="${BASH_REMATCH[1]} ${BASH_REMATCH[2]}"
}

# has_done PACKETS46 PACKETS64 [DEVICE]: that, since it was made
has_done()
{
	done_by "${@:3}" && [ "$DONE" = "$1 $2" ] && return
	echo "# translated: $DONE, not $1 $2"
	return 1
}

# works PACKETS: both ways, each packet translated once, from zero on
works()
{
	pings && has_done "$1" "$1"
}

# rules: nft's, from stdin, until the next test
rules()
{
	FIREWALL=1
	on xl nft -f -
}

t_vlan()
{
	middle &&
	ip -n four link add link xl name xl.5 type vlan id 5 || return
	ip -n xl link add link four name four.5 type vlan id 5 ||
		return "$KSFT_SKIP"
	addresses xl.5 four.5 && hook add four.5 && works 4 &&
		# It goes by the other one first.
		hook add four && works 8 &&
		hook del four.5 && ignored four $SIX4 && has_done 8 8
}

# A tag that says nothing but priority; the answers have none.
t_vlan_priority()
{
	local mac=02:00:00:00:00:02

	middle &&
	ip -n four link add link xl name xl.0 type vlan id 0 &&
	ip -n xl link set dev four address $mac &&
	addresses xl.0 four &&
	ip -n four neigh add 192.0.2.1 lladdr $mac dev xl.0 &&
	hook add four && works 4
}

t_bridge()
{
	middle || return
	# Its address is not that of the port.
	config xl <<-END || return
		link add name xl netns other up type veth peer name other
		link set dev other up group 1
		link add name br0 group 1 address 02:00:00:00:00:01 type bridge
		link set dev four master br0
		link set dev other master br0
	END
	addresses xl br0 && hook add br0 && works 4
}

t_bridge_port()
{
	hook del br0 && hook add four && works 8 &&
	[ "$(hops four $SIX4)" = "192.0.2.1 $SIX4" ] || return
	# What is for another host on the bridge is not for us.
	done_by &&
	config other <<-END &&
		addr add $SIX4/24 dev xl
		route add 192.0.2.0/24 dev xl
	END
	ip -n four route add $SIX4 dev xl && asks $SIX4 &&
		has_done "${DONE% *}" "${DONE#* }"
}

t_bond()
{
	middle || return
	modprobe -q bonding 2> /dev/null
	ip -n xl link add name bond0 group 1 type bond mode active-backup ||
		return "$KSFT_SKIP"
	config xl <<-END || return
		link set dev four down
		link set dev four master bond0
	END
	addresses xl bond0 && hook add bond0 && works 4 &&
	hook del bond0 && hook add four && works 8 &&
	hook add bond0 && works 12
}

# The errors that the hook sends leave by the routes of the VRF, too.
t_vrf()
{
	middle || return
	modprobe -q vrf 2> /dev/null
	ip -n xl link add name red group 1 type vrf table 10 || return "$KSFT_SKIP"
	config xl <<-END || return
		link set dev red up
		link set dev four master red
		addr flush dev six
		link set dev six master red
		addr add fd00:6::1/64 dev six nodad
	END
	addresses xl four && hook add four && works 4 &&
	[ "$(hops four $SIX4)" = "192.0.2.1 $SIX4" ] &&
	[ "$(hops six $FOUR6)" = "fd00:6::1 $FOUR6" ]
}

plain()
{
	middle && addresses xl four && hook add four
}

# Behind the hook comes the firewall of the new family, with the interface that
# the packet came by. It sees both directions if the answers are routed to
# siit0 instead; then it can keep state.
t_conntrack()
{
	plain && hook del six && ip -n xl route add $PREFIX/96 dev siit0 || return
	rules <<-END || return
	table ip6 state {
		chain forward {
			type filter hook forward priority 0; policy drop;
			ct state established,related accept
			icmpv6 type echo-request accept
			ct state new iifname "four" tcp dport 9999 accept
		}
	}
	END
	pings && bulk four six $SIX4 pull 64 || return
	! on six busybox nc -w 2 $FOUR6 9998 < /dev/null
}

# IPv4 to the translator's own address is not ours: its answers go through the
# NAT first, and then by route.
t_masquerade()
{
	plain && ip -n xl route add 203.0.113.0/24 dev siit0 || return
	rules <<-END || return
	table ip nat {
		chain post {
			type nat hook postrouting priority srcnat;
			oifname "four" masquerade
		}
	}
	END
	bulk six four $FOUR6 push 64 && draw six $FOUR6 && asks_back
}

# Packets of a connection that is known take the short cut of the flowtable, in
# the direction in which routes lead where they come from. (6.12 walks its list
# of flowtables in a way that its own lockdep reports.)
t_flowtable()
{
	local forwarded

	[ ! -e /proc/lockdep ] || return "$KSFT_SKIP"
	plain && hook del six && ip -n xl route add $PREFIX/96 dev siit0 || return
	rules <<-END || return "$KSFT_SKIP"
	table inet fast {
		counter forwarded { }
		flowtable f {
			hook ingress priority 0
			devices = { four, six }
		}
		chain forward {
			type filter hook forward priority 0;
			meta l4proto tcp flow add @f
			meta nfproto ipv6 meta l4proto tcp counter name forwarded
		}
	}
	END
	on four ethtool -K xl tso off gso off
	on six ethtool -K xl tso off gso off
	draw four $SIX4 && draw six $FOUR6 && done_by || return
	[[ $(on xl nft list counter inet fast forwarded) =~ packets\ ([0-9]+) ]] ||
		return
	forwarded=${BASH_REMATCH[1]}
	echo "# translated $DONE, forwarded as IPv6 $forwarded"
	[ "$forwarded" -gt 4 ] &&
		[ $((forwarded * 4)) -lt $(((${DONE% *} + ${DONE#* }) * 3)) ]
}

# Two translators at one interface, each with rows of its own and one that both
# have
t_several()
{
	plain && ip -n six addr add fd00:6::11/64 dev xl nodad &&
	siitctl -n xl -b - <<-END || return
		dev add siit1 role br
		pool6 add 2001:db8:2::/96 dev siit1
		eam add 198.51.100.11 fd00:6::11 dev siit1
		eam add $SIX4 $SIX6 dev siit1
		hook add four dev siit1
		hook add six dev siit1
	END
	ip -n xl link set dev siit1 up group 1 &&
	asks 198.51.100.11 &&
	has_done 2 2 siit1 && has_done 0 0 || return
	# What both claim is translated by one of them.
	asks $SIX4 || return
	has_done 2 2 && has_done 2 2 siit1 ||
		{ has_done 0 0 && has_done 4 4 siit1; } || return
	# A device that is down leaves packets alone.
	ip -n xl link set dev siit0 down && asks $SIX4 &&
	ignored six -I $SIX6 $FOUR6 || return
	config xl <<-END || return
		link set dev siit0 up
		link set dev siit1 down
	END
	pings && ip -n xl link del dev siit1 && pings && hooks 2
}

# Not even if a row covers the broadcast address of the link
t_broadcast()
{
	plain && siitctl -n xl eam add 192.0.2.254/31 fd00:6::fe/127 \
		dev siit0 || return
	on four ping -b -q -n -c 2 -i 0.1 -W 1 192.0.2.255
	has_done 0 0 && works 4
}

# flood: both ways, until calm
flood()
{
	spawn four /dev/null ping -q -n -i 0.01 -s 500 $SIX4
	FLOOD=("$PID")
	spawn six /dev/null ping -q -n -i 0.01 -s 500 -I $SIX6 $FOUR6
	FLOOD+=("$PID")
}

calm()
{
	stop "${FLOOD[@]}"
}

under_flood()
{
	local rc=0

	plain && works 4 || return
	flood
	"$@" || rc=1
	calm
	return $rc
}

# hooks COUNT [HOST]: as many are there
hooks()
{
	local out
	local -a lines

	out=$(siitctl -n "${2:-xl}" hook show) || return
	[ -z "$out" ] || mapfile -t lines <<< "$out"
	[ ${#lines[@]} = "$1" ] && return
	echo "# not $1 hooks: $out"
	return 1
}

vanish()
{
	ip -n four link del xl && within 5 gone xl four && hooks 1 &&
		wire four xl && ip -n xl link set dev four group 1 &&
		addresses xl four && hook add four && pings
}

move_port()
{
	ip -n xl link set dev four netns other && hooks 1 && hooks 0 other &&
		ip -n other link set dev four netns xl && hooks 1 || return
	config xl <<-END || return
		link set dev four up
		addr replace 192.0.2.1/24 dev four
	END
	hook add four && hooks 2 && pings
}

move_translator()
{
	ip -n xl link set dev siit0 netns other && hooks 0 && hooks 0 other &&
		ip -n other link set dev siit0 netns xl &&
		ip -n xl link set dev siit0 up && hooks 0 || return
	siitctl -n xl -b - <<-END && pings
		hook add four dev siit0
		hook add six dev siit0
	END
}

delete_netns()
{
	ip netns del xl && within 20 gone four xl && within 20 gone six xl
}

unload()
{
	timeout 20 rmmod siit && [ ! -d /sys/module/siit ] && siit_load
}

t_vanish() { under_flood vanish; }
t_move_port() { under_flood move_port; }
t_move_translator() { under_flood move_translator; }
t_delete_netns() { under_flood delete_netns; }
t_unload() { under_flood unload; }

ktap_print_header
TESTS=(
	'VLAN'				t_vlan
	'VLAN 0'			t_vlan_priority
	'bridge'			t_bridge
	'bridge port'			t_bridge_port
	'bond, and a slave'		t_bond
	'VRF'				t_vrf
	'stateful firewall'		t_conntrack
	'masquerading'			t_masquerade
	'flowtable'			t_flowtable
	'several at one interface'	t_several
	'broadcast'			t_broadcast
	'an interface vanishes'		t_vanish
	'an interface moves'		t_move_port
	'the translator moves'		t_move_translator
	'the namespace goes'		t_delete_netns
	'the module goes'		t_unload
)
run_in ends "${TESTS[@]}"

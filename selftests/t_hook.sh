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
need socat jq nft ping traceroute

PREFIX=2001:db8:122:344::
FOUR6=2001:db8:122:344::c000:221
SIX4=203.0.113.10
SIX6=fd00:6::10

ends()
{
	hosts four six other || return
	ipv4_only four other
}

# The box in the middle, as each test wants it anew: "side" is its interface to
# four, by which its addresses are reached.
middle()
{
	ip netns del xl 2> /dev/null
	slowwait 10 gone four xl && slowwait 10 gone six xl || return
	hosts xl || return
	routers xl
	wire four xl && wire xl six || return
	config six <<-END || return
		addr add $SIX6/64 dev xl nodad
		route add default via fd00:6::1
	END
	ip -n xl addr add fd00:6::1/64 dev six nodad &&
	siitctl -n xl -b - <<-END && ip -n xl link set dev siit0 up
		dev add siit0 role br
		pool6 add $PREFIX/96 dev siit0
		eam add $SIX4 $SIX6 dev siit0
		hook add six dev siit0
	END
}

# addresses IFACE-OF-FOUR IFACE-OF-XL: where the addresses of IPv4 are
addresses()
{
	ip -n xl link set dev "$2" up &&
	ip -n xl addr add 192.0.2.1/24 dev "$2" &&
	ip -n four link set dev "$1" up &&
	ip -n four addr add 192.0.2.33/24 dev "$1" &&
	ip -n four route add default via 192.0.2.1
}

gone()
{
	! ip -n "$1" link show dev "$2" > /dev/null 2>&1
}

hook()
{
	siitctl -n xl hook "$1" "$2" dev "${3:-siit0}"
}

# asks ADDRESS: four, twice
asks()
{
	on four ping -q -n -c 2 -i 0.1 -W 2 "$1"
}

pings()
{
	asks $SIX4 && on six ping -q -n -c 2 -i 0.1 -W 3 -I $SIX6 $FOUR6
}

# What siit0 has translated: "4 4" after pings
done_by()
{
	siitctl -n xl -j stats dev "${1:-siit0}" |
		jq -r '.[0] | "\(.packets46) \(.packets64)"'
}

# works PACKETS: both ways, each packet translated once, from zero on
works()
{
	pings && [ "$(done_by)" = "$1 $1" ] && return
	echo "# translated: $(done_by), not $1 $1"
	return 1
}

t_vlan()
{
	middle &&
	ip -n four link add link xl name xl.5 type vlan id 5 || return
	ip -n xl link add link four name four.5 type vlan id 5 ||
		return "$KSFT_SKIP"
	ip -n four link set dev xl up
	addresses xl.5 four.5 && hook add four.5 && works 4 &&
		# It goes by the other one first.
		hook add four && works 8 &&
		hook del four.5 && ! asks $SIX4 && [ "$(done_by)" = "8 8" ]
}

# A tag that says nothing but priority; the answers have none.
t_vlan_priority()
{
	local mac

	middle &&
	ip -n four link add link xl name xl.0 type vlan id 0 || return
	mac=$(ip -n xl -j link show dev four | jq -r '.[0].address')
	addresses xl.0 four &&
	ip -n four neigh add 192.0.2.1 lladdr "$mac" dev xl.0 &&
	hook add four && works 4
}

t_bridge()
{
	middle && wire xl other &&
	ip -n xl link add name br0 type bridge || return
	# Its address is not that of the port.
	ip -n xl link set dev br0 address 02:00:00:00:00:01 &&
	ip -n xl link set dev four master br0 &&
	ip -n xl link set dev other master br0 &&
	addresses xl br0 && hook add br0 && works 4
}

t_bridge_port()
{
	local before

	hook del br0 && hook add four && works 8 &&
	[ "$(hops four $SIX4)" = "192.0.2.1 $SIX4" ] || return
	# What is for another host on the bridge is not for us.
	before=$(done_by)
	ip -n other addr add $SIX4/24 dev xl &&
	ip -n other route add 192.0.2.0/24 dev xl &&
	ip -n four route add $SIX4 dev xl && asks $SIX4 || return
	[ "$(done_by)" = "$before" ]
}

t_bond()
{
	middle || return
	modprobe -q bonding 2> /dev/null
	ip -n xl link add name bond0 type bond mode active-backup ||
		return "$KSFT_SKIP"
	ip -n xl link set dev four down &&
	ip -n xl link set dev four master bond0 &&
	addresses xl bond0 && hook add bond0 && works 4 &&
	hook del bond0 && hook add four && works 8 &&
	hook add bond0 && works 12
}

# The errors that the hook sends leave by the routes of the VRF, too.
t_vrf()
{
	middle || return
	modprobe -q vrf 2> /dev/null
	ip -n xl link add name red type vrf table 10 || return "$KSFT_SKIP"
	ip -n xl link set dev red up &&
	ip -n xl link set dev four master red &&
	ip -n xl addr flush dev six &&
	ip -n xl link set dev six master red &&
	ip -n xl addr add fd00:6::1/64 dev six nodad &&
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
	local rc=0

	plain && hook del six && ip -n xl route add $PREFIX/96 dev siit0 || return
	on xl nft -f - <<-END || return
	table ip6 state {
		chain forward {
			type filter hook forward priority 0; policy drop;
			ct state established,related accept
			icmpv6 type echo-request accept
			ct state new iifname "four" tcp dport 9999 accept
		}
	}
	END
	pings && bulk four six $SIX4 pull 64 || rc=1
	bulk six four $FOUR6 push 1 && rc=1
	return $rc
}

# IPv4 to the translator's own address is not ours: its answers go through the
# NAT first, and then by route.
t_masquerade()
{
	plain && ip -n xl route add 203.0.113.0/24 dev siit0 || return
	on xl nft -f - <<-END || return
	table ip nat {
		chain post {
			type nat hook postrouting priority srcnat;
			oifname "four" masquerade
		}
	}
	END
	bulk six four $FOUR6 push 64 && bulk six four $FOUR6 pull 64 &&
		on six ping -q -n -c 2 -i 0.1 -W 3 -I $SIX6 $FOUR6
}

# Packets of a connection that is known take the short cut of the flowtable, in
# the direction in which routes lead where they come from. (6.12 walks its list
# of flowtables in a way that its own lockdep reports.)
t_flowtable()
{
	local all forwarded

	[ ! -e /proc/lockdep ] || return "$KSFT_SKIP"
	plain && hook del six && ip -n xl route add $PREFIX/96 dev siit0 || return
	on xl nft -f - <<-END || return "$KSFT_SKIP"
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
	bulk four six $SIX4 push 512 && bulk six four $FOUR6 push 512 || return
	all=$(done_by)
	forwarded=$(on xl nft -j list counter inet fast forwarded |
		jq '.nftables[].counter?.packets // empty')
	echo "# translated $all, forwarded as IPv6 $forwarded"
	[ "$forwarded" -gt 4 ] &&
		[ $((forwarded * 4)) -lt $(((${all% *} + ${all#* }) * 3)) ]
}

asks_six()
{
	on six ping -q -n -c 1 -W 1 -I $SIX6 $FOUR6
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
	ip -n xl link set dev siit1 up &&
	asks 198.51.100.11 &&
	[ "$(done_by siit1)" = "2 2" ] && [ "$(done_by)" = "0 0" ] || return
	# What both claim is translated by one of them.
	asks $SIX4 && case "$(done_by), $(done_by siit1)" in
	"2 2, 2 2" | "0 0, 4 4") ;;
	*)	return 1 ;;
	esac
	# A device that is down leaves packets alone.
	ip -n xl link set dev siit0 down && asks $SIX4 && ! asks_six &&
	ip -n xl link set dev siit0 up && ip -n xl link set dev siit1 down &&
	pings && ip -n xl link del dev siit1 && pings && hooks 2
}

# Not even if a row covers the broadcast address of the link
t_broadcast()
{
	plain && siitctl -n xl eam add 192.0.2.254/31 fd00:6::fe/127 \
		dev siit0 || return
	on four ping -b -q -n -c 2 -i 0.1 -W 1 192.0.2.255
	[ "$(done_by)" = "0 0" ] && works 4
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
	for host in four six; do
		ip netns pids $host | xargs -r kill 2> /dev/null
	done
	return 0
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

hooks()
{
	[ "$(siitctl -n xl hook show | wc -l)" = "$1" ]
}

vanish()
{
	ip -n four link del xl && slowwait 5 gone xl four && hooks 1 &&
		wire four xl && addresses xl four && hook add four && pings
}

move_port()
{
	ip -n xl link set dev four netns other && hooks 1 &&
		[ -z "$(siitctl -n other hook show)" ] &&
		ip -n other link set dev four netns xl && hooks 1 &&
		ip -n xl link set dev four up &&
		ip -n xl addr replace 192.0.2.1/24 dev four &&
		hook add four && hooks 2 && pings
}

move_translator()
{
	ip -n xl link set dev siit0 netns other && hooks 0 &&
		[ -z "$(siitctl -n other hook show)" ] &&
		ip -n other link set dev siit0 netns xl &&
		ip -n xl link set dev siit0 up && hooks 0 &&
		hook add four && hook add six && pings
}

delete_netns()
{
	ip netns del xl && slowwait 20 gone four xl && slowwait 20 gone six xl
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
ktap_set_plan $((${#TESTS[@]} / 2))
siit_load || ktap_exit_fail_msg 'the module does not load'
if ! ends > "$WORK/log" 2>&1; then
	sed 's/^/# /' "$WORK/log"
	ktap_exit_fail_msg 'the network cannot be set up'
fi
run_tests "${TESTS[@]}"

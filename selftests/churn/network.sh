# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# The network of churn.sh, its traffic, and where packets are counted.
#
#	src4 ------ four ------ xl ------ six ------ src6
#	192.0.2.33  .34                   fd00:66::1  fd00:66::0
#
# What translates in xl, each for a part of the addresses that are sent to:
#
#			IPv4 -> IPv6			IPv6 ->
#	siit0	hook	203.0.112.0/25	 fd00:60::/121	2001:db8:46:0::/96
#	siit1	device	203.0.113.0/24	 fd00:61::/120	2001:db8:46:1::/96
#	siit2	hook	203.0.112.128/26 fd00:62::/122	2001:db8:46:2::/96
#	s0 ...	hook	203.0.112.192/26 fd00:64::/122	2001:db8:46:3::/96
#
# and siit3 the same as siit0, with hooks at interfaces from four that come and
# go. To each, fd00:66::/127 is another pair of addresses, or hooks in a row would
# translate a packet back.
#
# The ends send, by pktgen. What four and six send themselves arrives with
# a second owner, which makes the hook translate a copy, and what they forward
# belongs to nobody else. Sizes are random, so that some is cut into fragments.

network()
{
	local host

	modprobe -q pktgen
	hosts src4 four xl six src6 other || return
	routers four xl six
	wire src4 four && wire four xl && wire xl six && wire six src6 || return
	links || return
	config src4 <<-END || return
		addr add 192.0.2.33/32 dev four
	END
	config four <<-END || return
		addr add 192.0.2.34/32 dev xl
		addr add 10.0.4.2/24 dev xl
		neigh add 10.0.4.1 lladdr 02:00:00:00:00:04 dev xl
		route add 203.0.112.0/23 via 10.0.4.1
	END
	config xl <<-END || return
		addr add 10.0.4.1/24 dev four
		addr add fd00:5::1/64 dev six nodad
		neigh add 10.0.4.2 lladdr 02:00:00:00:04:01 dev four
		neigh add fd00:5::2 lladdr 02:00:00:00:06:01 dev six
		route add 192.0.2.0/24 via 10.0.4.2
		route add fd00::/16 via fd00:5::2
		route add blackhole 203.0.112.0/23
		route add blackhole 2001:db8:46::/48
	END
	config six <<-END || return
		addr add fd00:5::2/64 dev xl nodad
		neigh add fd00:5::1 lladdr 02:00:00:00:00:06 dev xl
		route add 2001:db8:46::/46 via fd00:5::1
	END
	observers
}

# Addresses of the links that packets are sent by. Broken ones would be asked for
# with every change of a link.
links()
{
	ip -n xl link set dev four address 02:00:00:00:00:04 &&
	ip -n xl link set dev six address 02:00:00:00:00:06 &&
	ip -n four link set dev xl address 02:00:00:00:04:01 &&
	ip -n four link set dev src4 address 02:00:00:00:04:02 &&
	ip -n six link set dev xl address 02:00:00:00:06:01 &&
	ip -n six link set dev src6 address 02:00:00:00:06:02
}

# In front of the hooks, and behind them and the devices. The ends see what has
# been delivered; it goes no further.
observers()
{
	on xl nft -f - <<-END || return
	table netdev before {
		counter hook_in { }
		chain four {
			type filter hook ingress device "four" priority -400;
			meta l4proto udp counter name hook_in
		}
		chain six {
			type filter hook ingress device "six" priority -400;
			meta l4proto udp counter name hook_in
		}
	}
	table inet behind {
		counter hook_out { }
		counter passed { }
		counter dev_in { }
		counter dev_out { }
		counter gone_out { }
		counter gone_passed { }
		chain arrived {
			type filter hook prerouting priority -400;
			meta l4proto != udp return
			iifname "four" meta nfproto ipv6 counter name hook_out
			iifname "six" meta nfproto ipv4 counter name hook_out
			iifname "four" meta nfproto ipv4 counter name passed
			iifname "six" meta nfproto ipv6 counter name passed
			iifname "siit1" counter name dev_out
			iifname "v*" meta nfproto ipv6 counter name gone_out
			iifname "v*" meta nfproto ipv4 counter name gone_passed
		}
		chain leave {
			type filter hook postrouting priority 400;
			oifname "siit1" meta l4proto udp counter name dev_in
		}
	}
	END
	on four nft -f - <<-END || return
	table inet sent {
		counter gone_in { }
		chain leave {
			type filter hook postrouting priority 400;
			oifname "v*" meta l4proto udp counter name gone_in
		}
	}
	END
	end four && end six
}

# end HOST
end()
{
	on "$1" nft -f - <<-END
	table netdev end {
		counter delivered { }
		chain from_xl {
			type filter hook ingress device "xl" priority 0;
			meta l4proto udp counter name delivered drop
		}
	}
	END
}

# pktgen SETTING...: on what $GENERATOR names
pktgen()
{
	local setting

	for setting; do
		echo "$setting" > "/proc/net/pktgen/$GENERATOR" || return
	done
}

# generator CPU DEV MAC DELAY SETTING...: runs in the namespace
generator()
{
	local GENERATOR=kpktgend_$1

	pktgen "add_device $2" || return
	GENERATOR=$2
	pktgen "count 0" "clone_skb 0" "delay $4" "dst_mac $3" \
		"min_pkt_size 80" "max_pkt_size 1514" "flag TXSIZE_RND" \
		"udp_dst_min 9" "udp_dst_max 9" "${@:5}"
}

# generate HOST FUNCTION ARGUMENT...
generate()
{
	on "$1" bash -c "$(declare -f pktgen generator); \"\$@\"" - "${@:2}"
}

# Every CPU sends both ways; if there is one, it does all of it.
generators()
{
	local last=$(($(nproc) - 1))
	local to6=("dst_min 203.0.112.0" "dst_max 203.0.113.255" "flag IPDST_RND")
	local to4=("dst6_min 2001:db8:46::c000:200"
		"dst6_max 2001:db8:46:3::c000:2ff" "flag UDPCSUM")

	[ $last -le 1 ] || last=1
	generate src4 generator 0 four@0 02:00:00:00:04:02 "$DELAY" \
		"${to6[@]}" "src_min 192.0.2.33" "src_max 192.0.2.33" "flag UDPCSUM" &&
	generate src4 generator 0 four@1 02:00:00:00:04:02 $((DELAY * 5)) \
		"${to6[@]}" "src_min 192.0.2.33" "src_max 192.0.2.33" &&
	generate four generator $last xl 02:00:00:00:00:04 "$DELAY" \
		"${to6[@]}" "src_min 192.0.2.34" "src_max 192.0.2.34" "flag UDPCSUM" &&
	generate six generator 0 xl 02:00:00:00:00:06 "$DELAY" \
		"${to4[@]}" "src6 fd00:66::1" &&
	generate src6 generator $last six 02:00:00:00:06:02 "$DELAY" \
		"${to4[@]}" "src6 fd00:66::"
}

SENDERS=(src4 four six src6)

# Until calm
flood()
{
	local host

	FLOOD=()
	for host in "${SENDERS[@]}"; do
		# shellcheck disable=SC2016 # for the other shell
		spawn "$host" /dev/null bash -c 'echo start > /proc/net/pktgen/pgctrl'
		FLOOD+=("$PID")
	done
}

calm()
{
	local host

	for host in "${SENDERS[@]}"; do
		on "$host" bash -c 'echo stop > /proc/net/pktgen/pgctrl'
	done
	wait "${FLOOD[@]}"
	within 30 still
}

# still: no packet is on its way any more
still()
{
	local before

	before=$(on xl nft list counters)
	pause 1
	[ "$before" = "$(on xl nft list counters)" ]
}

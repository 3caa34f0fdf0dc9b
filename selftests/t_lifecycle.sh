#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Devices and the module come and go, under traffic in both directions.
#
#	four ------ xl ------ six
#	        [ siit0 ]     fd00:6::10, known as 203.0.113.10
#	192.0.2.33
#
# TIMEOUT: 600

# shellcheck source=selftests/lib.sh
. "$(dirname "$0")/lib.sh"
isolate "$@"
need socat jq ping

PREFIX=2001:db8:122:344::
FOUR6=2001:db8:122:344::c000:221
SIX4=203.0.113.10
SIX6=fd00:6::10
ROWS=20000

ends()
{
	hosts four six other || return
	ipv4_only four
}

# The box in the middle, which the tests take down again and again.
middle()
{
	hosts xl || return
	routers xl
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
	translator
}

translator()
{
	siitctl -n xl dev add siit0 role br &&
	siitctl -n xl pool6 add $PREFIX/96 dev siit0 &&
	siitctl -n xl eam add $SIX4 $SIX6 dev siit0 &&
	attach
}

attach()
{
	ip -n xl link set dev siit0 up &&
	ip -n xl route add 203.0.113.0/24 dev siit0 &&
	ip -n xl route add $PREFIX/96 dev siit0
}

works()
{
	on four ping -q -n -c 2 -i 0.1 -W 5 $SIX4 &&
		on six ping -q -n -c 2 -i 0.1 -W 5 -I $SIX6 $FOUR6
}

# flood: until calm, both ways, echoes and bursts of datagrams, which make
# errors about closed ports. Not as much as the machine can: the commands
# under test want their turn.
flood()
{
	FLOOD=()
	flood_from four UDP4 $SIX4
	flood_from six UDP6 $FOUR6
}

flood_from()
{
	spawn "$1" /dev/null ping -q -i 0.01 -l 20 -s 1000 "$3"
	FLOOD+=("$PID")
	spawn "$1" /dev/null bash -c "while sleep 0.3; do
		head -c 60000 /dev/zero |
			socat -u -b 1200 - $2-SENDTO:$(socat_host "$3"):9
		done"
	FLOOD+=("$PID")
}

calm()
{
	local host

	stop "${FLOOD[@]}"
	for host in four six; do
		ip netns pids "$host" | xargs -r kill 2> /dev/null
	done
	return 0
}

both_ways()
{
	siitctl -n xl -j stats dev siit0 |
		jq -r '.[0] | "\(.packets46) \(.packets64)"'
}

# grown PACKETS46 PACKETS64: since then, there is more of both
grown()
{
	local now

	read -ra now < <(both_ways)
	((now[0] > $1 + 20 && now[1] > $2 + 20))
}

# flows: traffic is being translated in both directions
flows()
{
	local before

	read -ra before < <(both_ways)
	slowwait 10 grown "${before[@]}" && return
	echo "# no traffic: was ${before[*]}, is $(both_ways)"
	return 1
}

gone()
{
	! ip -n "$1" link show dev "$2" > /dev/null 2>&1
}

# The link kind names the module that it wants.
t_autoload()
{
	local rc=0

	modprobe -n siit 2> /dev/null || return "$KSFT_SKIP"
	ip netns del xl
	rmmod siit && [ ! -d /sys/module/siit ] || rc=1
	ip -n other link add name siit7 type siit || rc=1
	[ -d /sys/module/siit ] || rc=1
	ip -n other link del dev siit7 || rc=1
	siit_load || rc=1
	middle || rc=1
	return $rc
}

t_refcount()
{
	local refs

	refs=$(cat /sys/module/siit/refcnt)
	[ "$refs" = 0 ] || { echo "# $refs references"; return 1; }
}

t_down_up()
{
	flows || return
	ip -n xl link set dev siit0 down || return
	on four ping -q -n -c 2 -i 0.1 -W 1 $SIX4 && return 1
	attach && works && flows
}

# What was set up goes with the device, from one namespace to another.
t_move()
{
	local before after

	before=$(siitctl -n xl -j pool6 show; siitctl -n xl -j eam show)
	flows || return
	ip -n xl link set dev siit0 netns other || return
	gone xl siit0 || return
	siitctl -n xl stats dev siit0 && return 1
	after=$(siitctl -n other -j pool6 show; siitctl -n other -j eam show)
	[ "$before" = "$after" ] || { echo "# $before, now $after"; return 1; }
	ip -n other link set dev siit0 netns xl || return
	attach && works && flows
}

# Two translators of one box, each with its own prefix and rows.
t_two_devices()
{
	local before after rc=0

	ip -n six addr add fd00:6::11/64 dev xl nodad
	siitctl -n xl dev add siit1 role br &&
	siitctl -n xl pool6 add 2001:db8:2::/96 dev siit1 &&
	siitctl -n xl eam add 198.51.100.11 fd00:6::11 dev siit1 &&
	ip -n xl link set dev siit1 up &&
	ip -n xl route add 198.51.100.0/24 dev siit1 &&
	ip -n xl route add 2001:db8:2::/96 dev siit1 || return
	works || rc=1
	before=$(stat_of xl siit0 packets46)
	on four ping -q -n -c 3 -i 0.1 -W 5 198.51.100.11 || rc=1
	on six ping -q -n -c 3 -i 0.1 -W 5 -I fd00:6::11 \
		2001:db8:2::c000:221 || rc=1
	after=$(stat_of xl siit0 packets46)
	[ "$before" = "$after" ] || rc=1
	[ "$(stat_of xl siit1 packets46)" = 6 ] || rc=1
	[ "$(stat_of xl siit1 packets64)" = 6 ] || rc=1
	ip -n xl link del dev siit1 || rc=1
	works || rc=1
	return $rc
}

# tx: what was routed to the device; rx: what came back from it.
t_counters()
{
	local link stats

	link=$(ip -n xl -s -j link show dev siit0 |
		jq -c '.[0].stats64 | [.tx.packets, .tx.bytes, .tx.dropped,
			.rx.packets]')
	stats=$(siitctl -n xl -j stats dev siit0 | jq -c '.[0] |
		[.packets46 + .packets64, .bytes46 + .bytes64,
		 ([.drops[]] | add // 0), .packets46 + .packets64]')
	echo "# link $link, siitctl $stats"
	[ "$link" = "$stats" ] && [[ $link != \[0,* ]]
}

# Settings, rows, prefixes and other devices change under the packets.
t_changes()
{
	local i rc=0

	flows || return
	for i in $(seq 15); do
		siitctl -n xl -b - <<-END || rc=1
			eam add 198.18.$i.0/24 fd00:$i::/120 dev siit0
			eam del $SIX4 $SIX6 dev siit0
			pool6 add 2001:db8:$i:1::/64 dev siit0
			deny4 add 198.19.$i.0/24 dev siit0
			pool6 flush dev siit0
			dev set siit0 role er
			eam add $SIX4 $SIX6 dev siit0
			dev set siit0 role br lowest-ipv6-mtu 1400
			pool6 add $PREFIX/96 dev siit0
			deny4 flush dev siit0
			eam del 198.18.$i.0/24 dev siit0
			dev add siit2
			dev del siit2
		END
		siitctl -n xl eam show dev siit0 > /dev/null || rc=1
	done
	works && flows || rc=1
	return $rc
}

# A device goes while packets are on their way through it.
t_delete_under_traffic()
{
	local i

	for i in 1 2; do
		flows || return
		ip -n xl link del dev siit0 && gone xl siit0 || return
		translator || return
	done
	works
}

t_netns_under_traffic()
{
	local i

	for i in 1 2; do
		rows xl siit0 1000 || return
		flows || return
		ip netns del xl || return
		# The other ends of its wires go when it has gone.
		slowwait 20 gone four xl && slowwait 20 gone six xl || return
		t_refcount && middle || return
	done
	works
}

t_rmmod_under_traffic()
{
	local i

	for i in 1 2; do
		flows || return
		timeout 20 rmmod siit || return
		gone xl siit0 || { echo '# the device is still there'; return 1; }
		siit_load && translator || return
	done
	works && flows
}

# rows HOST DEVICE COUNT: one after the other, from 10.0.0.0 on
rows()
{
	awk -v n="$3" -v dev="$2" 'BEGIN {
		for (i = 0; i < n; i++) {
			a = int(i / 65536); b = int(i / 256) % 256; c = i % 256
			printf "eam add 10.%d.%d.%d fd00:10::%x:%x dev %s\n",
				a, b, c, int(i / 65536), i % 65536, dev
		}
	}' | siitctl -n "$1" -b -
}

memory()
{
	awk '/^(MemFree|Buffers|Cached|Percpu|SUnreclaim|VmallocUsed):/ {
		if ($1 ~ /^(SUn|Per|Vm)/)
			kb += $2
	} END { print kb }' /proc/meminfo
}

with_rows()
{
	siitctl -n other dev add siit5 &&
	rows other siit5 "$ROWS" &&
	[ "$(siitctl -n other -j dev show siit5 |
		jq '.. | .eam_count? // .rows? // empty')" = "$ROWS" ]
}

settled()
{
	[ "$(memory)" -lt "$1" ]
}

# Memory that rows take is there again when they go: by eam flush, with their
# device, with their namespace. One lot that stays behind is half a lot above
# what is allowed.
t_memory()
{
	local i base used

	# What the slab caches keep for next time is not counted.
	with_rows && ip -n other link del dev siit5 || return
	sleep 2
	base=$(memory)
	with_rows || return
	used=$(($(memory) - base))
	echo "# $ROWS rows take $used KiB"
	[ "$used" -gt 500 ] || return
	siitctl -n other eam flush dev siit5 || return
	slowwait 10 settled $((base + used / 2)) || return
	ip -n other link del dev siit5
	for i in 1 2; do
		with_rows && ip -n other link del dev siit5 || return
	done
	slowwait 10 settled $((base + used / 2)) || return
	with_rows && ip netns del other || return
	slowwait 10 settled $((base + used / 2))
}

t_kmemleak()
{
	local leaks=/sys/kernel/debug/kmemleak

	[ -w $leaks ] || return "$KSFT_SKIP"
	echo scan > $leaks
	sleep 6
	echo scan > $leaks
	! grep -A 30 -i 'siit' $leaks
}

TESTS=(
	'autoload by link kind'			t_autoload
	'no references when idle'		t_refcount
	'device down and up'			t_down_up
	'device moves between namespaces'	t_move
	'settings change under traffic'		t_changes
	'device deleted under traffic'		t_delete_under_traffic
	'namespace deleted under traffic'	t_netns_under_traffic
	'module unloaded under traffic'		t_rmmod_under_traffic
	'two devices in one namespace'		t_calm_two_devices
	'link and siitctl count alike'		t_counters
	'memory comes back'			t_memory
	'kmemleak'				t_kmemleak
	'no references at the end'		t_refcount
)

t_calm_two_devices()
{
	calm
	t_two_devices
}

ktap_print_header
ktap_set_plan $((${#TESTS[@]} / 2))
siit_load || ktap_exit_fail_msg 'the module does not load'
if ! ends > "$WORK/log" 2>&1 || ! middle >> "$WORK/log" 2>&1; then
	sed 's/^/# /' "$WORK/log"
	ktap_exit_fail_msg 'the network cannot be set up'
fi
flood
run_tests "${TESTS[@]}"

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
need busybox ping

PREFIX=2001:db8:122:344::
FOUR6=2001:db8:122:344::c000:221
SIX4=203.0.113.10
SIX6=fd00:6::10
ROWS=8000

ends()
{
	hosts four six other || return
	ipv4_only four
}

# The box in the middle, which the tests take down again and again.
middle()
{
	hosts xl && four_xl_six && translator
}

translator()
{
	siitctl -n xl -b - <<-END && attach
		dev add siit0 role br
		pool6 add $PREFIX/96 dev siit0
		eam add $SIX4 $SIX6 dev siit0
	END
}

attach()
{
	config xl <<-END
		link set dev siit0 up
		route add 203.0.113.0/24 dev siit0
		route add $PREFIX/96 dev siit0
	END
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
	flood_from four $SIX4
	flood_from six $FOUR6
}

flood_from()
{
	spawn "$1" /dev/null ping -q -i 0.02 -l 20 -s 1000 "$2"
	FLOOD+=("$PID")
	# One process for ever: a write that is told of an error is no matter,
	# and nothing comes to read but the end of the wait.
	# shellcheck disable=SC2016 # for the other shell
	spawn "$1" /dev/null bash -c 'printf -v data %1200s
		exec 3<> "/dev/udp/$0/9" 4<> <(:)
		while :; do
			for i in {1..50}; do
				printf %s "$data" >&3
			done
			read -rt 0.3 -u 4
		done' "$2"
	FLOOD+=("$PID")
}

calm()
{
	stop "${FLOOD[@]}"
}

# both_ways: how many packets siit0 has translated, 4->6 and 6->4, is in $BOTH
both_ways()
{
	local out

	out=$(siitctl -n xl -j stats dev siit0) &&
	[[ $out =~ \"packets46\":([0-9]+).*\"packets64\":([0-9]+) ]] &&
		BOTH=("${BASH_REMATCH[@]:1}")
}

# grown PACKETS46 PACKETS64: since then, there is more of both
grown()
{
	both_ways && ((BOTH[0] > $1 + 20 && BOTH[1] > $2 + 20))
}

# flows: traffic is being translated in both directions
flows()
{
	local -a before

	both_ways || return
	before=("${BOTH[@]}")
	within 10 grown "${before[@]}" && return
	echo "# no traffic: was ${before[*]}, is ${BOTH[*]}"
	return 1
}

gone()
{
	local line

	while read -r line; do
		[[ $line != "$2":* ]] || return
	done < <(on "$1" busybox cat /proc/net/dev)
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

	read -r refs < /sys/module/siit/refcnt
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
	local before after shown=$'pool6 show\neam show'

	before=$(siitctl -n xl -j -b - <<< "$shown") || return
	flows || return
	ip -n xl link set dev siit0 netns other || return
	gone xl siit0 || return
	siitctl -n xl stats dev siit0 && return 1
	after=$(siitctl -n other -j -b - <<< "$shown") || return
	[ "$before" = "$after" ] || { echo "# $before, now $after"; return 1; }
	ip -n other link set dev siit0 netns xl || return
	attach && works && flows
}

# Two translators of one box, each with its own prefix and rows.
t_two_devices()
{
	local before after rc=0

	ip -n six addr add fd00:6::11/64 dev xl nodad
	siitctl -n xl -b - <<-END || return
		dev add siit1 role br
		pool6 add 2001:db8:2::/96 dev siit1
		eam add 198.51.100.11 fd00:6::11 dev siit1
	END
	config xl <<-END || return
		link set dev siit1 up
		route add 198.51.100.0/24 dev siit1
		route add 2001:db8:2::/96 dev siit1
	END
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
	local out link stats dropped=0
	local number='([0-9]+)'

	out=$(ip -n xl -s -j link show dev siit0) || return
	[[ $out =~ \"rx\":\{\"bytes\":[0-9]+,\"packets\":$number ]] || return
	link=${BASH_REMATCH[1]}
	[[ $out =~ \"tx\":\{\"bytes\":$number,\"packets\":$number,\"errors\":[0-9]+,\"dropped\":$number ]] ||
		return
	link="tx ${BASH_REMATCH[2]} bytes ${BASH_REMATCH[1]} dropped ${BASH_REMATCH[3]} rx $link"
	out=$(siitctl -n xl -j stats dev siit0) || return
	[[ $out =~ \"packets46\":$number,\"bytes46\":$number,\"packets64\":$number,\"bytes64\":$number,\"drops\":\{([^}]*) ]] ||
		return
	set -- "${BASH_REMATCH[@]:1}"
	# "reason":N,...
	for out in ${5//,/ }; do
		((dropped += ${out##*:}))
	done
	stats="tx $(($1 + $3)) bytes $(($2 + $4)) dropped $dropped rx $(($1 + $3))"
	echo "# link $link, siitctl $stats"
	[ "$link" = "$stats" ] && [[ $link != 'tx 0 '* ]]
}

# Settings, rows, prefixes and other devices change under the packets.
t_changes()
{
	local i

	flows || return
	for i in {1..15}; do
		echo "eam add 198.18.$i.0/24 fd00:$i::/120 dev siit0
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
			eam show dev siit0"
	done > "$WORK/changes"
	siitctl -n xl -b "$WORK/changes" && works && flows
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
		within 20 gone four xl && within 20 gone six xl || return
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
	local i

	for ((i = 0; i < $3; i++)); do
		printf 'eam add 10.0.%d.%d fd00:10::%x dev %s\n' \
			$((i / 256)) $((i % 256)) "$i" "$2"
	done > "$WORK/rows"
	siitctl -n "$1" -b "$WORK/rows"
}

# memory: KiB that the kernel uses, in $MEMORY
memory()
{
	local what kb

	MEMORY=0
	while read -r what kb _; do
		case $what in
		Percpu: | SUnreclaim: | VmallocUsed:) ((MEMORY += kb)) ;;
		esac
	done < /proc/meminfo
}

with_rows()
{
	siitctl -n other dev add siit5 &&
	siitctl -n other -b "$WORK/rows" &&
	[[ $(siitctl -n other -j dev show siit5) = *"\"eam_count\":$ROWS}"* ]]
}

settled()
{
	memory
	[ "$MEMORY" -lt "$1" ]
}

# Memory that rows take is there again when they go: by eam flush, with their
# device, with their namespace. Their entries alone are half of it, and a quarter
# is what one lot may seem to leave behind.
t_memory()
{
	local i base used

	# With KASAN, freed memory is kept for a while; kmemleak sees to leaks then.
	[ ! -e /sys/kernel/debug/kmemleak ] || return "$KSFT_SKIP"

	# What the slab caches keep for next time is not counted, nor what
	# kfree_rcu() collects, which it does for five seconds.
	siitctl -n other dev add siit5 && rows other siit5 "$ROWS" &&
		ip -n other link del dev siit5 || return
	pause 6
	memory
	base=$MEMORY
	with_rows || return
	memory
	used=$((MEMORY - base))
	echo "# $ROWS rows take $used KiB"
	[ "$used" -gt 500 ] || return
	siitctl -n other eam flush dev siit5 || return
	within 10 settled $((base + used / 4)) || return
	ip -n other link del dev siit5
	for i in 1 2; do
		with_rows && ip -n other link del dev siit5 || return
	done
	within 10 settled $((base + used / 4)) || return
	with_rows && ip netns del other || return
	within 10 settled $((base + used / 4))
}

t_kmemleak()
{
	local leaks=/sys/kernel/debug/kmemleak

	[ -w $leaks ] || return "$KSFT_SKIP"
	echo scan > $leaks
	pause 6
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

under_flood()
{
	ends && middle && flood
}

ktap_print_header
run_in under_flood "${TESTS[@]}"

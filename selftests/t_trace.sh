#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# What a packet leaves in the kernel's traces and counters.
#
#	four ------ xl ------ six
#	        [ siit0 ]     fd00:6::10, known as 203.0.113.10
#	192.0.2.33
#
# First by routes to siit0, then by hooks at both interfaces of xl.

# shellcheck source=selftests/lib.sh
. "$(dirname "$0")/lib.sh"

# Only the machine's own network has this setting, so it is opened first.
QUEUE=/proc/sys/net/core/netdev_max_backlog
if [ -z "${SIIT_ISOLATED:-}" ]; then
	read -r QUEUE_LEN < $QUEUE && exec {QUEUE_FD}<> $QUEUE || exit
	export QUEUE_LEN QUEUE_FD
fi
isolate "$@"
need ping ethtool jq

PREFIX=2001:db8:122:344::
FOUR6=2001:db8:122:344::c000:221
SIX4=203.0.113.10
SIX6=fd00:6::10
DENIED=203.0.113.99
UNKNOWN=2001:db8:dead::1
TRACING=/sys/kernel/tracing

# As the traces write them: lines of ping packets, 84 octets of IPv4
MAPPED4="src=::ffff:192.0.2.33 dst=::ffff:$SIX4"
AS6="src=$FOUR6 dst=$SIX6"
BACK6="src=$SIX6 dst=$FOUR6"
BACK4="src=::ffff:$SIX4 dst=::ffff:192.0.2.33"

network()
{
	hosts four xl six || return
	ipv4_only four
	four_xl_six || return
	siitctl -n xl -b - <<-END && config xl <<-END2
		dev add siit0 role br
		pool6 add $PREFIX/96 dev siit0
		eam add $SIX4 $SIX6 dev siit0
		deny4 add $DENIED dev siit0
	END
		link set siit0 up
		route add 203.0.113.0/24 dev siit0
		route add $PREFIX/96 dev siit0
		route add $UNKNOWN dev siit0
	END2
	SIIT0=$(of_link siit0 ifindex) && PORT4=$(of_link four ifindex) &&
		PORT6=$(of_link six ifindex)
}

# of_link DEVICE KEY: a number that ip has of a device of xl
of_link()
{
	[[ $(ip -n xl -s -j link show dev "$1") =~ $2[^0-9a-z]+([0-9]+) ]] &&
		echo "${BASH_REMATCH[1]}"
}

# trace EVENT [FILTER]: from now on
trace()
{
	echo "${2:-0}" > "$TRACING/events/${1/:/\/}/filter" &&
		echo 1 > "$TRACING/events/${1/:/\/}/enable"
}

# Nothing is traced, and nothing is left of what was. The names of tasks are not
# wanted: to know them the kernel patches its scheduler, and an emulated CPU can meet
# the breakpoint of that when it is gone.
before_test()
{
	echo 0 > "$TRACING/options/record-cmd" &&
		echo 0 > "$TRACING/events/siit/enable" &&
		echo 0 > "$TRACING/events/skb/kfree_skb/enable" &&
		echo > "$TRACING/trace"
}

# traced EVENT TEXT COUNT: that many lines of an event have this in them
traced()
{
	local line count=0
	local -a lines

	mapfile -t lines < "$TRACING/trace"
	for line in "${lines[@]}"; do
		[[ $line != *" $1: "*"$2"* ]] || count=$((count + 1))
	done
	[ $count = "$3" ] && return
	echo "# $1: $2: in $count lines, not $3"
	printf '# %s\n' "${lines[@]}" | grep -F "$1:" | head -n 5
	return 1
}

# asks ADDRESS [OPTION...]: four, once
asks()
{
	on four ping -q -n -c 1 -W 1 "${@:2}" "$1"
}

asks_six()
{
	on six ping -q -n -c 1 -W 1 -I $SIX6 "${@:2}" "$1"
}

# translations PORT4 PORT6: one each way, by these ports
translations()
{
	traced translate \
		"dev=siit0 ifindex=$SIIT0 port=$1 dir=46 proto=1 $MAPPED4 new_${AS6/dst/new_dst} len=84 packets=1 new_len=104 new_packets=1" 1 &&
	traced translate \
		"dev=siit0 ifindex=$SIIT0 port=$2 dir=64 proto=58 $BACK6 new_${BACK4/dst/new_dst} len=104 packets=1 new_len=84 new_packets=1" 1 &&
	traced drop '' 0
}

t_translate()
{
	trace siit:translate && trace siit:drop && asks $SIX4 &&
		translations 0 0
}

# One each way, refused for its address
refused()
{
	asks $DENIED
	asks_six $UNKNOWN
	return 0
}

t_drop()
{
	trace siit:drop && trace siit:translate && refused &&
	traced drop "dev=siit0 ifindex=$SIIT0 port=0 dir=46 proto=1 src=::ffff:192.0.2.33 dst=::ffff:$DENIED len=84 reason=address-denied" 1 &&
	traced drop "dev=siit0 ifindex=$SIIT0 port=0 dir=64 proto=58 src=$SIX6 dst=$UNKNOWN len=104 reason=destination-unmapped" 1 &&
	traced drop '' 2 && traced translate '' 0
}

# A packet in pieces is one packet in each event.
t_fragments()
{
	trace siit:translate && asks $SIX4 -M dont -s 1400 &&
		traced translate "len=1428 packets=1 new_len=1504 new_packets=2" 1
}

# mtu OCTETS: of four's link, and of siit0
mtu()
{
	ip -n four link set xl mtu "$1" && ip -n xl link set four mtu "$1" &&
		ip -n xl link set siit0 mtu "$1"
}

# lose PIECES OCTETS: of a packet that is cut in three the queue takes one. It is
# not lost for that: what has not been is counted.
lose()
{
	local rc=0

	mtu 4000 && trace siit:translate && trace siit:drop || return
	# By a new file each time: a setting is only read from the beginning.
	echo 0 > "/proc/self/fd/$QUEUE_FD"
	asks $SIX4 -s 3000 -M dont
	echo "$QUEUE_LEN" > "/proc/self/fd/$QUEUE_FD"
	traced drop '' 0 && traced translate 'dir=46 ' 1 &&
		traced translate "len=3028 packets=1 new_len=$2 new_packets=$1" 1 ||
		rc=1
	[ "$(<"/proc/self/fd/$QUEUE_FD")" = "$QUEUE_LEN" ] || rc=1
	mtu 1500 && return $rc
}

t_full_queue() { lose 1 1280; }
t_hook_full_queue() { lose 2 2560; }

t_filter()
{
	trace siit:translate "dir == 64 && len > 104" &&
		asks $SIX4 && asks $SIX4 -s 57 &&
		traced translate '' 1 && traced translate 'dir=64 ' 1
}

t_filter_drop()
{
	trace siit:drop 'dir == 46' && refused && traced drop '' 1 &&
		traced drop 'reason=address-denied' 1
}

# Drop monitors hear the reason of the core that comes closest to ours.
t_kfree_skb()
{
	trace skb:kfree_skb && refused &&
		traced kfree_skb 'reason: IP_INADDRERRORS' 1 &&
		traced kfree_skb 'reason: IP_INNOROUTES' 1
}

# counter NAME: of ethtool -S
counter()
{
	local name value

	while IFS=': ' read -r name value; do
		[ "$name" != "$1" ] || echo "$value"
	done < <(on xl ethtool -S siit0)
}

# All that siitctl stats has, by the same names and values.
t_ethtool()
{
	local json key value count=0

	json=$(siitctl -n xl -j stats dev siit0)
	json=${json//\}/,}
	for key in packets46 bytes46 packets64 bytes64 address-denied; do
		value=$(stat_of xl siit0 $key)
		[ "$value" -gt 0 ] && [ "$(counter $key)" = "$value" ] && continue
		echo "# $key: $value, ethtool: $(counter $key)"
		return 1
	done
	while IFS=': ' read -r key value; do
		[[ $key != [a-z]* || $key = rx_* ]] ||
			[[ $json = *"\"$key\":$value,"* ]] || {
			echo "# $key: $value in ethtool alone"
			return 1
		}
		count=$((count + 1))
	done < <(on xl ethtool -S siit0 | tail -n +2)
	[ $count -gt 50 ] && [ "$(counter rx_packets)" = \
		"$(of_link siit0 '"rx":."bytes":[0-9]+,"packets"')" ]
}

# Rates by the length of their intervals are what has come.
t_watch()
{
	local before pid

	before=$(stat_of xl siit0 packets46)
	siitctl -n xl -j stats dev siit0 --watch 0.3 > "$WORK/watch" &
	pid=$!
	within 10 test -s "$WORK/watch" &&
		asks $SIX4 -c 5 -i 0.1 && pause 0.4
	kill -INT $pid
	wait $pid || return
	[ "$(jq -s 'map(.stats[0].packets46_rate * .seconds) | add | round' \
		"$WORK/watch")" = 5 ] &&
		[ "$(stat_of xl siit0 packets46)" = $((before + 5)) ]
}

# rows_show LINE...: rows, what they have counted, and nothing else
rows_show()
{
	local shown

	shown=$(siitctl -n xl -s eam show)
	[ "$shown" = "$(printf '%s\n' "$@")" ] && return
	printf '# expected %s\n' "$@"
	printf '# %s\n' "$shown"
	return 1
}

ROW="$SIX4 $SIX6 dev siit0"
OTHER='198.51.100.0/24 2001:db8:1::/64 dev siit0'
WIDE='203.0.113.0/26 2001:db8:2::/64 dev siit0'

# counted PACKETS46 BYTES46 PACKETS64 BYTES64: by the row of six; the others nothing
counted()
{
	rows_show "$ROW" "    4 to 6: $1 packets $2 bytes" \
		"    6 to 4: $3 packets $4 bytes" \
		"$OTHER" '    4 to 6: 0 packets 0 bytes' '    6 to 4: 0 packets 0 bytes' \
		"$WIDE" '    4 to 6: 0 packets 0 bytes' '    6 to 4: 0 packets 0 bytes'
}

# Of nested rows the one that was used; kept by what leaves the row alone.
row_counters()
{
	siitctl -n xl -b - <<-END || return
		eam add $OTHER
		dev set siit0 row-counters on
		eam add $WIDE
	END
	counted 0 0 0 0 && asks $SIX4 && counted 1 84 1 104 &&
	asks $SIX4 -s 1400 && asks_six $FOUR6 && refused &&
	counted 3 1596 3 1656 &&
	siitctl -n xl -s -j eam show | jq -e '.[0] | [.packets46,.bytes46,.packets64,.bytes64] ==
		[3,1596,3,1656]' > "$WORK/jq" &&
	! siitctl -n xl -j eam show | grep -q packets &&
	siitctl -n xl save > "$WORK/saved" && ! grep -q packets "$WORK/saved" &&
	siitctl -n xl restore "$WORK/saved" && counted 3 1596 3 1656 &&
	# Another table, with the same row in it
	{ grep -v '^eam add 198' "$WORK/saved"; echo "eam add $OTHER"; } > "$WORK/file" &&
	siitctl -n xl eam del 198.51.100.0/24 dev siit0 && siitctl -n xl restore "$WORK/file" &&
	asks $SIX4 && siitctl -n xl -s eam show > "$WORK/shown" &&
	grep -q -x '    4 to 6: 4 packets 1680 bytes' "$WORK/shown" &&
	siitctl -n xl -b - <<-END &&
		dev set siit0 row-counters off
		eam del $OTHER
		eam del $WIDE
	END
	rows_show "$ROW" && asks $SIX4 &&
	sed -i 's/ row-counters on//' "$WORK/saved" &&
	siitctl -n xl restore "$WORK/saved" &&
	rows_show "$ROW" "$OTHER" "$WIDE" &&
	echo 'dev add siit0 row-counters on' | siitctl -n xl restore --merge &&
	counted 0 0 0 0 && asks $SIX4 && counted 1 84 1 104 &&
	echo 'dev add siit0 row-counters off' | siitctl -n xl restore --merge &&
	rows_show "$ROW" "$OTHER" "$WIDE" &&
	siitctl -n xl -b - <<-END
		eam del $OTHER
		eam del $WIDE
	END
}

# From one row to another by the way of IPv4, and back.
t_row_hairpin()
{
	local rc=0

	ip -n six addr add fd00:6::11/64 dev xl nodad &&
	siitctl -n xl -b - <<-END || return
		dev set siit0 row-counters on
		eam add 203.0.113.11 fd00:6::11 dev siit0
	END
	on six ping -q -n -c 1 -W 1 -I $SIX6 ${PREFIX}cb00:710b > "$WORK/ping" &&
	rows_show "$ROW" '    4 to 6: 1 packets 104 bytes' '    6 to 4: 1 packets 104 bytes' \
		'203.0.113.11 fd00:6::11 dev siit0' \
		'    4 to 6: 1 packets 104 bytes' '    6 to 4: 1 packets 104 bytes' || rc=1
	siitctl -n xl -b - <<-END && return $rc
		dev set siit0 row-counters off
		eam del 203.0.113.11 dev siit0
	END
}

t_hook()
{
	config xl <<-END
		route del 203.0.113.0/24 dev siit0
		route del $PREFIX/96 dev siit0
	END
	siitctl -n xl -b - <<-END || return
		hook add four dev siit0
		hook add six dev siit0
	END
	trace siit:translate && trace siit:drop && asks $SIX4 &&
		translations "$PORT4" "$PORT6"
}

# They have a hop left, and it is the translator's to take.
t_hook_drop()
{
	trace siit:translate && trace siit:drop && trace skb:kfree_skb || return
	asks $SIX4 -t 1
	asks_six $FOUR6 -t 1
	traced drop "port=$PORT4 dir=46 proto=1 $MAPPED4 len=84 reason=hop-limit" 1 &&
	traced drop "port=$PORT6 dir=64 proto=58 $BACK6 len=104 reason=hop-limit" 1 &&
	traced drop '' 2 && traced translate '' 0 &&
	traced kfree_skb 'reason: IP_INHDR' 2
}

ktap_print_header
if [ ! -e $TRACING/events/skb/kfree_skb ]; then
	ktap_skip_all 'the kernel has no tracepoints'
	exit "$KSFT_SKIP"
fi
TESTS=(
	'siit:translate'		t_translate
	'siit:drop'			t_drop
	'siit:translate, fragments'	t_fragments
	'siit:translate, a full queue'	t_full_queue
	'siit:translate, a filter'	t_filter
	'siit:drop, a filter'		t_filter_drop
	'skb:kfree_skb'			t_kfree_skb
	'ethtool -S'			t_ethtool
	'siitctl stats --watch'		t_watch
	'counters by row'		row_counters
	'counters by row, hairpinned'	t_row_hairpin
	'hook: siit:translate'		t_hook
	'hook: siit:drop, skb:kfree_skb' t_hook_drop
	'hook: a full queue'		t_hook_full_queue
	'hook: counters by row'		row_counters
)
run_in network "${TESTS[@]}"
before_test

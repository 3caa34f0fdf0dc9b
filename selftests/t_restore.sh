#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# TIMEOUT: 300
#
# siitctl restore, and the transactions behind it: all of a file or nothing.

# shellcheck source=selftests/ctl.sh
. "$(dirname "$0")/ctl.sh"
isolate "$@"
need jq setpriv script ping

MANY=8000
SIX6=fd00:6::10

# rows COUNT [GROUP]: lines for siit0; GROUP is part of their IPv6 addresses
rows()
{
	awk -v n="$1" -v group="${2:-1}" 'BEGIN {
		for (i = 0; i < n; i++)
			printf "eam add 10.%d.%d.%d 2001:db8:%s::%x:%x dev siit0\n",
				i / 65536, i / 256 % 256, i % 256, group,
				i / 65536 + 1, i % 65536 }'
}

# failed TEXT WORDS...: restore says no, in one message on a line of the file
# "$WORK/file", and all is as it was at the last snapshot
failed()
{
	local text=$1

	shift
	wrong 1 "$text" restore "$@" "$WORK/file" && unchanged
}

wrong_file()
{
	wrong 1 "$1" restore "$WORK/file"
}

# file LINE...: the file to restore
file()
{
	rm -f "$WORK/file"
	printf '%s\n' "$@" > "$WORK/file"
}

# listen: a monitor in the background ($MONITOR) that is known to listen
listen()
{
	siitctl monitor > "$WORK/monitor" &
	MONITOR=$!
	for _ in {1..100}; do
		siitctl dev set siit0 tos 1 && siitctl dev set siit0 tos copy
		[ -s "$WORK/monitor" ] && break
		sleep 0.05
	done
	# What comes before this line is of no interest.
	siitctl dev add mark && siitctl dev del mark
}

# heard: what the monitor has printed since listen
heard()
{
	siitctl dev add end && siitctl dev del end
	within 10 grep -q 'dev del end' "$WORK/monitor"
	stop "$MONITOR"
	sed '1,/^dev del mark$/d; /^dev add end$/,$d' "$WORK/monitor"
}

# A restore that is under way: its file is a pipe. 3000 rows are more than the
# pipe holds, so once they are written the transaction has begun.
begin()
{
	rm -f "$WORK/file"
	mkfifo "$WORK/file"
	siitctl restore "$WORK/file" 2> "$WORK/stderr" &
	CLIENT=$!
	exec 3> "$WORK/file"
}

end()
{
	exec 3>&-
	wait "$CLIENT"
}

# conflict TEXT: the restore under way ends with this message alone
conflict()
{
	end && return 1
	[[ $(< "$WORK/stderr") = "siitctl: $WORK/file"*"$1"* ]] && return
	echo "# not $1: $(< "$WORK/stderr")"
	return 1
}

t_round_trip()
{
	ip link add v0 type veth peer name v1 &&
	siitctl dev add a0 role clat tos 32 icmp-errors off max-rows 70 &&
	siitctl dev set siit0 lowest-ipv6-mtu 1480 udp-zero-csum compute \
		hairpin simple ingress-filter on &&
	siitctl -b - <<-END || return
		pool6 add 64:ff9b::/96 dev a0
		pool6 add 2001:db8:aaaa::/96 translatable 192.168.1.0/24 dev a0
		pool6 add 2001:db8:1::/48 dev a0
		rfc6791 add 198.51.100.0/24 dev siit0
		deny4 add 10.0.0.0/8 dev siit0
		deny4 add 192.0.2.200 dev siit0
		eam add 192.0.2.0/24 2001:db8:1::/64 dev siit0
		eam add 192.0.2.1 2001:db8::1 dev siit0
		eam add 192.0.2.1 2001:db8::1 dev a0
		hook add v0 dev siit0
		hook add v1 dev siit0
	END
	snapshot && siitctl save > "$WORK/file" &&
	siitctl dev del a0 && siitctl dev del siit0 && is '' siitctl &&
	siitctl restore "$WORK/file" && unchanged &&
	# Standard input, comments, empty lines, any order of the rows.
	siitctl dev set a0 role br && siitctl pool6 flush dev a0 &&
	{ echo '# saved'; echo; cat "$WORK/file"; } | siitctl restore &&
	unchanged &&
	grep -v '^dev' "$WORK/file" | sort -r |
		cat <(grep '^dev' "$WORK/file") - | siitctl restore - &&
	is "$(sort <<< "$STATE")" sort <<< "$(siitctl)" &&
	ip link del v0
}

t_wrong_line()
{
	local before after

	siitctl eam add 192.0.2.9 2001:db8::9 dev siit0 && snapshot || return
	before=$'dev add n0 role er\n# comment\neam add 192.0.2.1 2001:db8::1 dev n0'
	after='eam add 192.0.2.2 2001:db8::2 dev siit0'
	file "$before" 'eam add 192.0.2.1 2001:db8::3 dev n0' "$after" &&
	wrong_file 'file:4: eam add: "192.0.2.1": a row with this IPv4 prefix exists (File exists)' &&
	file "$before" 'eam add 192.0.2.4/24 2001:db8::/64 dev siit0' "$after" &&
	wrong_file 'file:4: eam add: "192.0.2.4/24": IPv4 prefix has bits set beyond its length' &&
	file "$before" 'eam add 192.0.2.256 2001:db8:: dev siit0' "$after" &&
	wrong_file 'file:4: eam add: "192.0.2.256" is not an IPv4 address' &&
	file "$before" 'pool6 add 2001:db8::/33 dev n0' "$after" &&
	wrong_file 'file:4: pool6 add: "2001:db8::/33": an RFC 6052 prefix' &&
	file "$before" 'dev set n0 hairpin simple' "$after" &&
	wrong_file 'file:4: dev set: "simple": hairpin simple is for role br only' &&
	file "$before" 'hook add lo dev n0' "$after" &&
	wrong_file 'file:4: hook add: "lo": nothing arrives on loopback' &&
	file "$before" 'eam add 192.0.2.3 2001:db8::3 dev lo' "$after" &&
	wrong_file 'file:4: eam add: "lo": not a siit device' &&
	file "$before" 'eam add 192.0.2.3 2001:db8::3 dev none' "$after" &&
	wrong_file 'file:4: eam add: there is no device "none"' &&
	# Far into a large file, with many lines sent after it.
	{ rows 2000; echo 'eam add 10.0.1.1 2001:db8:ff::1 dev siit0'; rows 2000 2; } \
		> "$WORK/file" &&
	failed 'file:2001: eam add: "10.0.1.1": a row with this IPv4 prefix exists' &&
	file "$before" 'eam shwo' && wrong 2 'file:4: eam: unknown command "shwo"' \
		restore "$WORK/file" && unchanged
}

# Only what makes a state is read.
t_commands_refused()
{
	local line

	snapshot
	for line in 'eam show' eam 'eam flush dev siit0' 'dev del siit0' save \
		    'stats dev siit0' 'query 192.0.2.1 dev siit0' monitor \
		    "restore $WORK/file" 'dev show'; do
		file 'dev add n0' "$line"
		wrong 2 'file:2: '"${line%% *}" restore "$WORK/file" || return
	done
	wrong 2 'restore: "--replace" contradicts "--merge"' \
		restore --merge --replace "$WORK/file" &&
	wrong 2 'restore: unknown word "--mrege"' restore --mrege &&
	wrong 2 'restore: unknown word "x"' restore "$WORK/file" x &&
	wrong 2 'cannot open "/none"' restore /none &&
	file "restore $WORK/file" &&
	wrong 2 'file:1: restore: stands alone' -b "$WORK/file" && unchanged
}

t_replace()
{
	siitctl dev add a0 tos 7 && siitctl deny4 add 10.0.0.0/8 dev a0 &&
	siitctl dev set siit0 tos 5 && siitctl pool6 add 64:ff9b::/96 dev siit0 &&
	siitctl eam add 192.0.2.1 2001:db8::1 dev siit0 || return
	file 'dev add siit0 role er' 'eam add 192.0.2.2 2001:db8::2 dev siit0' &&
	siitctl restore --replace "$WORK/file" &&
	is 'dev add siit0 role er
eam add 192.0.2.2 2001:db8::2 dev siit0' siitctl save dev siit0 &&
	# A device that no line names stays as it is.
	is 'dev add a0 tos 7
deny4 add 10.0.0.0/8 dev a0' siitctl save dev a0 &&
	file '# nothing' && snapshot && siitctl restore "$WORK/file" && unchanged &&
	file 'dev add siit0' && siitctl restore "$WORK/file" &&
	is 'dev add siit0' siitctl save dev siit0
}

t_merge()
{
	ip link add v0 type veth peer name v1 &&
	siitctl dev set siit0 tos 5 && siitctl pool6 add 64:ff9b::/96 dev siit0 &&
	siitctl hook add v0 dev siit0 &&
	siitctl eam add 192.0.2.1 2001:db8::1 dev siit0 &&
	siitctl eam add 192.0.2.2 2001:db8::2 dev siit0 &&
	file 'dev set siit0 lowest-ipv6-mtu 1500' \
		'eam add 192.0.2.1 2001:db8::1 dev siit0' \
		'eam del 192.0.2.2 dev siit0' \
		'eam add 192.0.2.3 2001:db8::3 dev siit0' \
		'pool6 add 2001:db8:64::/96 dev siit0' \
		'hook add v1 dev siit0' 'dev add b0' &&
	siitctl restore --merge "$WORK/file" &&
	siitctl > "$WORK/merged" && snapshot &&
	grep -qx 'dev add siit0 lowest-ipv6-mtu 1500 tos 5' "$WORK/merged" &&
	is '64:ff9b::/96 dev siit0
2001:db8:64::/96 dev siit0' siitctl pool6 show &&
	is '192.0.2.1 2001:db8::1 dev siit0
192.0.2.3 2001:db8::3 dev siit0' siitctl eam show &&
	is 'v0 dev siit0
v1 dev siit0' sort <<< "$(siitctl hook show)" &&
	grep -qx 'dev add b0' "$WORK/merged" &&
	# What contradicts a row is refused, and so is the rest.
	file 'pool6 add 2001:db8:65::/96 dev siit0' \
		'eam add 192.0.2.1 2001:db8::8 dev siit0' &&
	failed 'file:2: eam add: "192.0.2.1": a row with this IPv4 prefix exists' \
		--merge &&
	ip link del v0
}

t_dry_run()
{
	siitctl eam add 192.0.2.1 2001:db8::1 dev siit0 && listen && snapshot &&
	file 'dev add n0 role er' 'dev set siit0 tos 3' \
		'eam add 192.0.2.7 2001:db8::7 dev siit0' &&
	siitctl restore --dry-run "$WORK/file" && unchanged &&
	siitctl restore --dry-run --merge "$WORK/file" && unchanged &&
	file 'eam add 192.0.2.7 2001:db8::7 dev siit0' \
		'eam add 192.0.2.7 2001:db8::8 dev siit0' &&
	failed 'file:2: eam add: "192.0.2.7": a row with this IPv4' --dry-run &&
	is '' heard
}

# What is the same costs nothing; what is not is told row by row.
t_monitor()
{
	ip link add v0 type veth peer name v1 &&
	siitctl pool6 add 64:ff9b::/96 dev siit0 &&
	siitctl pool6 add 2001:db8:64::/96 dev siit0 &&
	siitctl deny4 add 10.0.0.0/8 dev siit0 &&
	siitctl hook add v0 dev siit0 &&
	rows 3000 | siitctl restore --merge && listen &&
	siitctl save > "$WORK/saved" && siitctl restore "$WORK/saved" &&
	siitctl restore --merge "$WORK/saved" &&
	siitctl dev add between && siitctl dev del between &&
	sed 's/2001:db8:1::1:3e8 /2001:db8:2::1 /; /10\.0\.7\.208/d
		/deny4/d; s/hook add v0/hook add v1/
		s/^dev add siit0.*/dev add siit0 tos 9/' "$WORK/saved" |
		sed '$a eam add 192.0.2.1 2001:db8::1 dev siit0' \
		> "$WORK/file" && siitctl restore "$WORK/file" &&
	# A prefix that comes first now takes precedence: told as it is done.
	{ echo 'pool6 add 2001:db8:64::/96 dev siit0'
	  grep -v 2001:db8:64:: "$WORK/file"; } | siitctl restore &&
	is 'dev add between
dev del between
dev set siit0 tos 9
deny4 del 10.0.0.0/8 dev siit0
eam del 10.0.3.232 2001:db8:1::1:3e8 dev siit0
eam del 10.0.7.208 2001:db8:1::1:7d0 dev siit0
eam add 10.0.3.232 2001:db8:2::1 dev siit0
eam add 192.0.2.1 2001:db8::1 dev siit0
hook del v0 dev siit0
hook add v1 dev siit0
pool6 del 64:ff9b::/96 dev siit0
pool6 add 64:ff9b::/96 dev siit0' heard &&
	ip link del v0
}

t_new_device()
{
	listen && file 'dev add n0 role clat' 'dev add n1' \
		'eam add 192.0.2.1 2001:db8::1 dev n0' \
		'pool6 add 64:ff9b::/96 dev n0' &&
	siitctl restore "$WORK/file" &&
	is 'dev add n0 role clat
dev set n0 role clat
pool6 add 64:ff9b::/96 dev n0
eam add 192.0.2.1 2001:db8::1 dev n0
dev add n1' heard || return
	# It is a device like any other.
	ip link set n0 up && siitctl dev del n0 && siitctl dev del n1
}

# A client that is killed leaves nothing behind, and its memory is free again.
t_killed()
{
	local during after

	snapshot
	begin && { echo 'dev add n0'; rows $MANY; } >&3 && sleep 0.3
	during=$(awk '/^Slab:/ { print $2 }' /proc/meminfo)
	exec 4>&3 3>&-
	kill -9 $CLIENT
	wait $CLIENT 2> /dev/null
	exec 4>&-
	unchanged || return
	for _ in {1..50}; do
		after=$(awk '/^Slab:/ { print $2 }' /proc/meminfo)
		[ "$after" -lt $((during - MANY * 64 / 1024)) ] && return
		sleep 0.1
	done
	echo "# slabs: $during KiB, now $after KiB"
	return 1
}

t_memory_of_the_client()
{
	local few many

	begin && rows 1000 >&3 && sleep 0.2 &&
	few=$(awk '/^VmHWM:/ { print $2 }' /proc/$CLIENT/status) &&
	rows $MANY | tail -n +1001 >&3 && sleep 0.2 &&
	many=$(awk '/^VmHWM:/ { print $2 }' /proc/$CLIENT/status) && end &&
	is $MANY jq '.[0].eam_count' <<< "$(siitctl -j dev show siit0)" || return
	[ "$many" -le $((few + 128)) ] && return
	echo "# client: $few KiB after 1000 lines, $many KiB after $MANY"
	return 1
}

# Somebody else changes what a transaction is about: nothing of it is lost.
t_two_at_once()
{
	begin && rows 3000 >&3 &&
	siitctl eam add 192.0.2.1 2001:db8::1 dev siit0 && snapshot &&
	conflict 'the device was changed by somebody else since this transaction began' &&
	unchanged || return
	# Two transactions: the first to end wins. One of another device is free.
	siitctl dev add a0 &&
	begin && rows 3000 >&3 && siitctl eam add 192.0.2.9 2001:db8::9 dev a0 &&
	siitctl restore --merge <<< 'eam add 192.0.2.2 2001:db8::2 dev siit0' &&
	snapshot && conflict 'the device was changed by somebody else' &&
	unchanged &&
	begin && rows 3000 >&3 && siitctl deny4 add 10.0.0.0/8 dev a0 && end &&
	is 3000 grep -c ' dev siit0$' <(siitctl eam show) &&
	# A hook is a change, too.
	ip link add v0 type veth peer name v1 &&
	begin && rows 3000 2 >&3 && siitctl hook add v0 dev siit0 && snapshot &&
	conflict 'the device was changed by somebody else' && unchanged &&
	ip link del v0
}

# What was there when it began is gone when it ends.
t_gone_meanwhile()
{
	ip netns add lab && ip link add v0 type veth peer name v1 &&
	begin && rows 3000 >&3 && siitctl dev del siit0 &&
	conflict '"siit0": the device is gone' && is '' siitctl dev show &&
	siitctl dev add siit0 &&
	begin && rows 3000 >&3 && ip link set siit0 netns lab &&
	conflict '"siit0": the device is gone' &&
	is '' siitctl -n lab eam show && ip -n lab link del siit0 &&
	siitctl dev add siit0 &&
	begin && { echo 'hook add v0 dev siit0'; rows 3000; } >&3 &&
	ip link del v0 && conflict ':1: the device to listen at is gone' &&
	is 'dev add siit0' siitctl &&
	begin && { echo '# new'; echo 'dev add n0'; rows 3000; } >&3 &&
	ip link add n0 type siit && snapshot &&
	conflict ':2: "n0": a device of this name is there now' && unchanged &&
	ip netns del lab
}

t_max_rows()
{
	siitctl dev set siit0 max-rows 2 &&
	siitctl eam add 192.0.2.1 2001:db8::1 dev siit0 &&
	siitctl eam add 192.0.2.2 2001:db8::2 dev siit0 && snapshot &&
	refused '"192.0.2.3": the EAM table has as many rows as the setting max-rows allows (No space left on device)' \
		eam add 192.0.2.3 2001:db8::3 dev siit0 &&
	refused '"1": the EAM table has more rows than that' \
		dev set siit0 max-rows 1 &&
	refused 'max-rows: 0 is out of range: expected 1 to 33554432' \
		dev set siit0 max-rows 0 &&
	refused 'max-rows: 33554433 is out of range' \
		dev set siit0 max-rows 33554433 &&
	json '2' '.[0].max_rows' dev show siit0 &&
	is 'dev add siit0 max-rows 2' grep '^dev' <(siitctl) &&
	file 'dev add siit0 max-rows 1' 'eam add 192.0.2.5 2001:db8::5 dev siit0' \
		'eam add 192.0.2.6 2001:db8::6 dev siit0' &&
	failed 'file:3: eam add: "192.0.2.6": the EAM table has as many rows' &&
	file 'eam add 192.0.2.5 2001:db8::5 dev siit0' \
		'eam add 192.0.2.6 2001:db8::6 dev siit0' \
		'dev set siit0 max-rows 1' &&
	failed 'file:3: dev set: "1": the EAM table has more rows than that' &&
	failed 'file:1: eam add: "192.0.2.5": the EAM table has as many rows' --merge
}

# shellcheck disable=SC2016 # it is for the other shell
t_unprivileged()
{
	snapshot
	file 'dev add n0' 'eam add 192.0.2.1 2001:db8::1 dev siit0' || return
	setpriv --bounding-set=-net_admin --inh-caps=-net_admin \
		siitctl restore "$WORK/file" 2> "$WORK/stderr" && return 1
	is "siitctl: $WORK/file:1: dev add: \"n0\": this needs CAP_NET_ADMIN (Operation not permitted)" \
		cat "$WORK/stderr" && unchanged &&
	# The owner of a namespace may.
	is 'dev add n0
eam add 192.0.2.1 2001:db8::1 dev n0' unshare --user --map-root-user --net \
		sh -c 'sed s/siit0/n0/ "$1" | siitctl restore && siitctl' \
		sh "$WORK/file"
}

t_progress()
{
	file && rows $MANY > "$WORK/file"
	# Slowly, so that there is something to show.
	script -qec "{ head -n 3000 $WORK/file; sleep 0.5
		     tail -n +3001 $WORK/file; } | siitctl restore" \
		/dev/null < /dev/null > "$WORK/tty" &&
	grep -q '[0-9] lines' "$WORK/tty" &&
	siitctl restore "$WORK/file" 2> "$WORK/stderr" && is '' cat "$WORK/stderr"
}

# A reader that has seen enough is no error, and ends it.
t_closed_pipe()
{
	rows $MANY | siitctl restore &&
	is '10.0.0.0 2001:db8:1::1:0 dev siit0' \
		head -n 1 < <(siitctl eam show 2> "$WORK/stderr") &&
	is '' cat "$WORK/stderr"
}

# A dump that is under way across a commit meets what stays exactly once.
t_dump_across()
{
	file && rows $MANY > "$WORK/file" && siitctl restore "$WORK/file" ||
		return
	sed '/ 10\.0\.3\.232 /d; $a eam add 192.0.2.1 2001:db8::1 dev siit0' \
		"$WORK/file" | tac > "$WORK/other"
	siitctl eam show | {
		read -r line
		siitctl restore "$WORK/other"
		echo "$line"
		cat
	} | sed 's/^/eam add /' | sort > "$WORK/seen"
	is '' comm -13 "$WORK/seen" <(sort "$WORK/file" "$WORK/other" | uniq -d) &&
	is '' uniq -d "$WORK/seen"
}

# changes DEVICE: milliseconds that a row takes to come and go, 800 times
changes()
{
	local i text="" begin=${EPOCHREALTIME/[.,]/}

	for ((i = 0; i < 800; i++)); do
		text+="eam add 192.0.2.1 2001:db8::1 dev $1
			eam del 192.0.2.1 2001:db8::1 dev $1
		"
	done
	siitctl -b - <<< "$text" || return
	TOOK=$(((${EPOCHREALTIME/[.,]/} - begin) / 1000))
}

# A change costs the same whatever the size of the table: one more row than these
# and the hash table grows, and what goes leaves tombstones in it.
t_change_of_a_large_table()
{
	local small

	rows 65519 | siitctl restore && siitctl dev add small &&
	changes small && small=$TOOK && changes siit0 || return
	echo "# 800 rows come and go: $small ms in an empty table, $TOOK ms in a large one"
	[ "$TOOK" -lt $((small * 2 + 50)) ]
}

# The table is replaced under packets, and none is lost.
t_traffic()
{
	local i pid

	hosts four xl six && four_xl_six || return
	for i in 1 2; do
		{ echo 'dev add siit0'
		  echo 'pool6 add 2001:db8:64::/96 dev siit0'
		  echo "eam add 203.0.113.10 $SIX6 dev siit0"
		  [ $i = 1 ] || echo 'deny4 add 10.0.0.0/8 dev siit0'
		  rows 1000 $i; } > "$WORK/file$i"
	done
	siitctl -n xl restore "$WORK/file1" && ip -n xl link set siit0 up &&
	ip -n xl route add 203.0.113.0/24 dev siit0 &&
	ip -n xl route add 2001:db8:64::/96 dev siit0 &&
	on four ping -q -c 2 -i 0.2 -W 5 203.0.113.10 || return
	spawn four "$WORK/ping" ping -q -i 0.005 -w 4 203.0.113.10
	pid=$PID
	i=0
	while kill -0 "$pid" 2> /dev/null; do
		i=$((i + 1))
		siitctl -n xl restore "$WORK/file$((i % 2 + 1))" || return
	done
	wait "$pid"
	echo "# $i commits; $(grep transmitted "$WORK/ping")"
	[ $i -ge 2 ] || return
	# The last one may still be on its way when ping ends.
	awk '/transmitted/ { exit !($1 > 100 && $4 >= $1 - 1) }' "$WORK/ping"
}

run_fresh \
	'save and restore'			t_round_trip \
	'a wrong line is named'			t_wrong_line \
	'only what makes a state'		t_commands_refused \
	'replace'				t_replace \
	'merge'					t_merge \
	'dry run'				t_dry_run \
	'the differences are announced'		t_monitor \
	'new devices'				t_new_device \
	'a killed client'			t_killed \
	'the memory of the client'		t_memory_of_the_client \
	'two at once'				t_two_at_once \
	'gone meanwhile'			t_gone_meanwhile \
	'max-rows'				t_max_rows \
	'without privilege'			t_unprivileged \
	'progress'				t_progress \
	'a closed pipe'				t_closed_pipe \
	'a dump across a commit'		t_dump_across \
	'changes of a large table'		t_change_of_a_large_table \
	'no packet is lost'			t_traffic

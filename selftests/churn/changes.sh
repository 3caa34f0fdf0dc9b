# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# What changes in churn.sh, each kind in a process of its own, as fast as it goes.
# A kind is a function NAME_texts, which sets variables to commands, and a function
# NAME, which has them carried out once: they leave things as they were.

KINDS=(rows rules hooks devices interfaces tables)
DEVICES=16

# How many changes they are
declare -A CHANGES=([rows]=72 [rules]=20 [hooks]=16 [devices]=$((2 * DEVICES))
	[interfaces]=10 [tables]=2)

# What is kept for them: to start a process takes as long as many changes.
declare -A TOOLS=([rows]=siitctl [rules]=siitctl [hooks]=siitctl
	[devices]='xl siitctl' [interfaces]='xl four other siitctl' [tables]='')

# open_tool NAME COMMAND...: a process that reads commands; see ask
open_tool()
{
	local pipe=$WORK/tool.$BASHPID.$1.$((++OPENED))
	local -n to=$1_TO from=$1_FROM

	mkfifo "$pipe" || return
	# shellcheck disable=SC2094 # it is a pipe
	exec {to}> >(exec stdbuf -oL "${@:2}" > "$pipe" 2>&1) {from}< "$pipe"
}

open_siitctl() { open_tool siitctl siitctl -n xl -b -; }
open_xl() { open_tool xl ip -o -n xl -batch -; }
open_four() { open_tool four ip -o -n four -batch -; }
open_other() { open_tool other ip -o -n other -batch -; }

# close_tools NAME...: they end when there is nothing more to read
close_tools()
{
	local name

	for name; do
		local -n to=${name}_TO from=${name}_FROM
		exec {to}>&- {from}<&-
	done
}

# ask TOOL COMMANDS QUESTION: the answer to the question comes when all is done. If
# something cannot be done the tool says so and ends.
ask()
{
	local -n to=$1_TO from=$1_FROM
	local line said=''

	printf '%s\n%s\n' "$2" "$3" >&"$to" || return
	while read -r line <&"$from"; do
		case $line in
		*"${3##* }"*role* | *"${3##* }: <"*) return ;;
		esac
		said+="$line "
	done
	echo "$said"
	return 1
}

#
# Rows of the EAM table: the one that most go by is there or is not, and so are
# longer ones in it, for nodes that are asked for
#

rows_block()
{
	local i

	for ((i = 0; i < 32; i++)); do
		printf 'eam add 203.0.112.%d/32 fd00:7::%x dev siit0\n' $i $i
	done
	cat <<-END
		eam add 203.0.112.32/27 fd00:7::20/123 dev siit0
		eam del 203.0.112.0/25 fd00:60::/121 dev siit0
		eam add 203.0.0.0/10 fd00:8::/106 dev siit0
		eam del fd00:66::/127 dev siit0
		eam add 203.0.112.0/25 fd00:60::/121 dev siit0
		eam add 198.51.100.0/31 fd00:66::/127 dev siit0
		eam del 203.0.0.0/10 dev siit0
		eam del 203.0.112.32/27 dev siit0
	END
	for ((i = 0; i < 32; i++)); do
		printf 'eam del fd00:7::%x dev siit0\n' $i
	done
}

rows_texts()
{
	ROWS=$(rows_block)
}

rows()
{
	ask siitctl "$ROWS" 'dev show siit0'
}

#
# The other rules: settings, prefixes and pools, of a hook's device and another
#

rules_texts()
{
	RULES=$(cat <<-END
		dev set siit0 role er hairpin off
		deny4 add 198.19.0.0/16 dev siit1
		dev set siit0 role br hairpin simple
		dev set siit1 tos 7 traffic-class zero
		rfc6791 add 198.19.1.0/24 dev siit0
		dev set siit1 udp-zero-csum forward lowest-ipv6-mtu 1400
		pool6 del 2001:db8:46::/96 dev siit0
		pool6 add 2001:db8:46:9::/96 dev siit0
		pool6 add 2001:db8:46::/96 dev siit0
		dev set siit0 udp-zero-csum compute lowest-ipv6-mtu 1300
		pool6 add 2001:db8:46::/96 translatable 203.0.112.64/26 dev siit1
		deny4 del 198.19.0.0/16 dev siit1
		pool6 del 2001:db8:46:9::/96 dev siit0
		dev set siit1 udp-zero-csum drop tos copy lowest-ipv6-mtu 1280
		pool6 del 2001:db8:46:1::/96 dev siit1
		dev set siit0 udp-zero-csum drop lowest-ipv6-mtu 1280
		pool6 add 2001:db8:46:1::/96 dev siit1
		pool6 del 2001:db8:46::/96 translatable 203.0.112.64/26 dev siit1
		rfc6791 del 198.19.1.0/24 dev siit0
		dev set siit0 role br hairpin intrinsic
	END
	)
}

rules()
{
	ask siitctl "$RULES" 'dev show siit1'
}

#
# Hooks at the two interfaces that everything comes by
#

hooks_texts()
{
	HOOK_LINES=$(cat <<-END
		hook del four dev siit0
		hook add four dev siit0
		hook del six dev siit0
		hook del four dev siit0
		hook add six dev siit0
		hook add four dev siit0
		hook del six dev siit0
		hook add six dev siit0
		hook del six dev siit0
		hook add six dev siit0
		hook del four dev siit0
		hook del six dev siit0
		hook add four dev siit0
		hook add six dev siit0
		hook del four dev siit0
		hook add four dev siit0
	END
	)
}

hooks()
{
	ask siitctl "$HOOK_LINES" 'dev show siit0'
}

#
# Devices with hooks there and rows of their own; they are made, and go, together,
# since a device that goes waits for all packets that are on their way
#

devices_texts()
{
	local i

	MAKE_DEVICES='' USE_DEVICES=''
	for ((i = 0; i < DEVICES; i++)); do
		MAKE_DEVICES+="link add name s$i up group 9 type siit
"
		USE_DEVICES+="pool6 add 2001:db8:46:3::/96 dev s$i
			hook add four dev s$i
			eam add 203.0.112.192/26 fd00:64::/122 dev s$i
			eam add 198.51.100.6/31 fd00:66::/127 dev s$i
			hook add six dev s$i
"
	done
}

devices()
{
	ask xl "$MAKE_DEVICES" 'link show dev lo' &&
	ask siitctl "$USE_DEVICES" 'dev show s0' &&
	ask xl 'link del group 9' 'link show dev lo'
}

#
# Interfaces with hooks, which four sends a part of the packets by: half of them
# move to another namespace, and half of them vanish
#

interfaces_texts()
{
	local i

	MAKE_PORTS='' ROUTE_PORTS='' HOOK_PORTS='' SERIAL=0
	for i in 0 1 2 3; do
		MAKE_PORTS+="link add name v$i.@ address 02:00:00:00:08:0$i up group 8 type veth peer name v$i.@ netns four
"
		ROUTE_PORTS+="link set dev v$i.@ up
			neigh add 10.0.8.$i lladdr 02:00:00:00:08:0$i dev v$i.@ nud permanent
			route add 203.0.112.$((64 + i * 16))/28 via 10.0.8.$i dev v$i.@ onlink
"
		HOOK_PORTS+="hook add v$i.@ dev siit3
"
	done
}

# With new names each time: ip remembers those that it has seen, and their numbers.
interfaces()
{
	local n=$((++SERIAL))

	ask xl "${MAKE_PORTS//@/$n}" 'link show dev lo' &&
	ask four "${ROUTE_PORTS//@/$n}" 'link show dev lo' &&
	ask siitctl "${HOOK_PORTS//@/$n}" 'dev show siit3' || return
	pause 0.02
	ask xl "link set dev v0.$n netns other
		link del dev v1.$n
		link set dev v2.$n netns other
		link del dev v3.$n" 'link show dev lo' &&
	ask other 'link del group 8' 'link show dev lo'
}

# What was begun when it was ended
interfaces_rest()
{
	ip -n xl link del group 8
	ip -n other link del group 8
	return 0
} 2> /dev/null

#
# Whole tables, one in place of another
#

tables_texts()
{
	local i j

	for i in a b; do
		cat <<-END
			dev add siit2
			pool6 add 2001:db8:46:2::/96 dev siit2
			hook add four dev siit2
			hook add six dev siit2
			eam add 198.51.100.4/31 fd00:66::/127 dev siit2
		END
		"tables_$i"
		for ((j = 0; j < 500; j++)); do
			printf 'eam add 10.%d.%d.%d/32 fd00:9:%x::/128 dev siit2\n' \
				$((16#$i)) $((j / 256)) $((j % 256)) $j
		done
	done | awk -v out="$WORK/tables-" '/^dev add/ { n++ } { print > (out n) }'
}

tables_a()
{
	echo 'eam add 203.0.112.128/26 fd00:62::/122 dev siit2'
}

tables_b()
{
	local i

	for ((i = 0; i < 64; i++)); do
		printf 'eam add 203.0.112.%d fd00:62::%x dev siit2\n' $((128 + i)) $i
	done
}

tables()
{
	siitctl -n xl restore --replace "$WORK/tables-1" &&
	siitctl -n xl restore "$WORK/tables-2" || return
	# These are many changes at once; let the others have their turn.
	pause 0.1
}

# change KIND: again and again, until $WORK/stop is there. A line in $WORK/KIND.done
# each time; an end with the reason in $WORK/KIND.log if it fails before $WORK/loose
# says that it may.
change()
{
	local tool tools

	read -ra tools <<< "${TOOLS[$1]}"

	trap '' PIPE
	while [ ! -e "$WORK/stop" ]; do
		for tool in "${tools[@]}"; do
			"open_$tool"
		done
		while "$1" > "$WORK/$1.log" 2>&1; do
			echo >&3
			[ ! -e "$WORK/stop" ] || return
		done
		[ -e "$WORK/loose" ] || return
		close_tools "${tools[@]}"
		[ "$1" != interfaces ] || interfaces_rest
		pause 0.1
	done 3> "$WORK/$1.done"
}

changes()
{
	local kind

	CHANGERS=()
	rm -f "$WORK/stop"
	BEGAN=${EPOCHREALTIME/./}
	for kind in "${KINDS[@]}"; do
		change "$kind" &
		CHANGERS+=($!)
	done
}

# done_of KIND: sets DONE to how many there were
done_of()
{
	local -a lines

	mapfile -t lines < "$WORK/$1.done"
	DONE=$((${#lines[@]} * CHANGES[$1]))
}

# Adds what was done to TOTAL, and says so. Fails if a kind came to an end.
progress()
{
	local took=$((${EPOCHREALTIME/./} - BEGAN)) kind i line='' rc=0

	for i in "${!KINDS[@]}"; do
		kind=${KINDS[i]}
		done_of "$kind"
		TOTAL[i]=$((${TOTAL[i]:-0} + DONE))
		line+="$kind $((DONE * 1000000 / took)), "
		kill -0 "${CHANGERS[i]}" 2> /dev/null && continue
		echo "# $kind came to an end: $(< "$WORK/$kind.log")"
		rc=1
	done
	TIME=$((TIME + took))
	say "changes per second: ${line%, }"
	return $rc
}

# In the middle of it: what carries out commands is killed until nothing begins it
# again. Shells are not: user-mode Linux 6.12 does not survive it while they fork.
settle()
{
	local changer

	: > "$WORK/stop"
	for changer in "${CHANGERS[@]}"; do
		while kill -0 "$changer" 2> /dev/null; do
			busybox killall -q -KILL ip siitctl
			pause 0.1
		done
	done
	wait "${CHANGERS[@]}" 2> /dev/null
	interfaces_rest
}

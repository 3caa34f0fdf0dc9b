#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Everything changes at once, under load from both sides on all CPUs: rows, rules,
# hooks, devices, interfaces with hooks, whole tables; and then the devices go, or the
# module. For T seconds (60), in rounds. At the end of each one, what the network
# has seen and what the devices have counted has to agree to the packet: each one
# that came in was translated and is out, or dropped and is not, or left alone.
#
# "make churn" runs this by run.sh, which looks for reports of the kernel, and
# for what is leaked in the debug kernel. churn/network.sh has the network and
# the traffic, churn/changes.sh what changes.
#
# TIMEOUT: 2300

# shellcheck source=selftests/lib.sh
. "$(dirname "$0")/lib.sh"
CHURN=$(cd "$(dirname "$0")/churn" && pwd)

# A queue that is full drops some fragments of a packet and leaves the others, which
# could not be told from a mistake. The network of the machine has this setting.
unbounded()
{
	local setting=/proc/sys/net/core/netdev_max_backlog

	[ -z "${SIIT_ISOLATED:-}" ] || return 0
	read -r BACKLOG < $setting && exec {BACKLOG_FD}> $setting || exit
	echo 100000 > $setting
	export BACKLOG BACKLOG_FD
}

T=${T:-60}
ROUND=10		# seconds
DELAY=800000		# nanoseconds between packets of a sender

# The debug kernel is slow, and takes longer over a packet than over a command.
[ "${SIIT_VM:-}" != uml ] || DELAY=5000000

# shellcheck source=selftests/churn/network.sh
. "$CHURN/network.sh"
# shellcheck source=selftests/churn/changes.sh
. "$CHURN/changes.sh"

unbounded
isolate "$@"
trap 'echo "$BACKLOG" >&"$BACKLOG_FD"; rm -rf "$WORK"' EXIT
need busybox nft python3 stdbuf

TOTAL=() TIME=0		# changes of each kind, and microseconds

# Figures are shown whether or not a test fails.
exec {OUT}>&1
say()
{
	echo "# $*" >&"$OUT"
}

# All at once: in a round in which the module goes, changes go on meanwhile.
translators()
{
	siitctl -n xl restore - <<-END && config xl <<-END2
		dev add siit0
		pool6 add 2001:db8:46::/96 dev siit0
		eam add 203.0.112.0/25 fd00:60::/121 dev siit0
		eam add 198.51.100.0/31 fd00:66::/127 dev siit0
		hook add four dev siit0
		hook add six dev siit0
		dev add siit1
		pool6 add 2001:db8:46:1::/96 dev siit1
		eam add 203.0.113.0/24 fd00:61::/120 dev siit1
		eam add 198.51.100.2/31 fd00:66::/127 dev siit1
		dev add siit2
		dev add siit3
		pool6 add 2001:db8:46::/96 dev siit3
		eam add 203.0.112.0/25 fd00:60::/121 dev siit3
	END
		link set dev siit0 up
		link set dev siit1 up
		link set dev siit2 up
		link set dev siit3 up
		route add 203.0.113.0/24 dev siit1
		route add 2001:db8:46:1::/96 dev siit1
	END2
}

listening_ledger()
{
	has "$WORK/ledger" listening
}

# The ledger is whole when it has what is done last.
closed_ledger()
{
	has "$WORK/ledger" 'mark 0'
}

begin()
{
	local host

	rm -f "$WORK/loose"
	for host in xl four six; do
		on $host nft reset counters > /dev/null || return
	done
	spawn xl "$WORK/ledger" python3 "$CHURN/ledger.py"
	LEDGER=$PID
	within 20 listening_ledger || return
	translators
}

# close: everything comes to rest. The devices have to be gone.
close()
{
	local dev rc=0

	settle
	calm || rc=1
	# What was begun meanwhile may have loaded the module again.
	ip -n xl link del group 9 2> /dev/null
	for dev in siit0 siit1 siit2 siit3; do
		ip -n xl link del dev $dev 2> /dev/null
	done
	ip -n xl link add name mark type dummy && ip -n xl link del dev mark &&
		within 10 closed_ledger || rc=1
	stop "$LEDGER"
	return $rc
}

# counters HOST: sets variables of their names to packets
counters()
{
	local line name

	while read -r line; do
		case $line in
		counter\ *)	name=${line#counter }; name=${name%% *} ;;
		packets\ *)	line=${line#packets }
				printf -v "$name" %d "${line%% *}" ;;
		esac
	done < <(on "$1" nft list counters)
}

# ledger: sets HOOKS, DEVICE and GONE each to the packets translated, dropped and out
ledger()
{
	local name tx dropped rx

	HOOKS=(0 0 0) DEVICE=(0 0 0) GONE=(0 0 0)
	while read -r name tx dropped rx; do
		case $name in
		siit1)	declare -n sum=DEVICE ;;
		siit3)	declare -n sum=GONE ;;
		siit* | s[0-9]*)	declare -n sum=HOOKS ;;
		*)	continue ;;
		esac
		sum[0]=$((sum[0] + tx))
		sum[1]=$((sum[1] + dropped))
		sum[2]=$((sum[2] + rx))
	done < "$WORK/ledger"
}

# holds WHAT: an arithmetic condition
holds()
{
	(($1)) && return
	echo "# it does not hold that $1"
	return 1
}

# adds_up OPERATOR: of what was on its way to or from a device that went, the kernel
# drops some without a word; "==" if there was none.
adds_up()
{
	local hook_in=0 hook_out=0 passed=0 dev_in=0 dev_out=0 gone_in=0 gone_out=0
	local gone_passed=0 delivered=0 at_ends=0 rc=0

	counters xl
	counters four
	at_ends=$delivered
	counters six
	at_ends=$((at_ends + delivered))
	ledger
	say "hooks: $hook_in in, $passed left alone, ${HOOKS[0]} translated," \
		"${HOOKS[1]} dropped; ${HOOKS[2]} made, $hook_out out"
	say "device: $dev_in in, ${DEVICE[0]} translated, ${DEVICE[1]} dropped;" \
		"${DEVICE[2]} made, $dev_out out"
	say "interfaces that go: $gone_in sent, $gone_passed left alone," \
		"${GONE[0]} translated, ${GONE[1]} dropped; ${GONE[2]} made, $gone_out out"
	say "delivered: $at_ends"
	# There was something to count.
	holds "${HOOKS[0]} > 500 && ${HOOKS[1]} > 20 && gone_out > 0" || rc=1
	holds "${DEVICE[0]} > 500 && ${DEVICE[1]} > 20" || rc=1
	holds "hook_in == passed + ${HOOKS[0]} + ${HOOKS[1]}" || rc=1
	holds "hook_out == ${HOOKS[2]}" || rc=1
	holds "dev_in $1 ${DEVICE[0]} + ${DEVICE[1]}" || rc=1
	holds "${DEVICE[2]} $1 dev_out" || rc=1
	holds "gone_in >= gone_passed + ${GONE[0]} + ${GONE[1]}" || rc=1
	holds "${GONE[2]} >= gone_out" || rc=1
	holds "hook_out + dev_out + gone_out >= at_ends" || rc=1
	[ "$1" != '==' ] || holds "at_ends >= hook_out + dev_out" || rc=1
	return $rc
}

# busy SECONDS: traffic and changes, up to what is to end the round
busy()
{
	local rc=0

	flood
	changes
	pause "$1"
	progress || rc=1
	: > "$WORK/loose"
	return $rc
}

t_all_stay()
{
	local rc=0

	begin || return
	busy $ROUND || rc=1
	close || rc=1
	adds_up '==' || rc=1
	return $rc
}

t_devices_go()
{
	local rc=0

	begin || return
	busy $ROUND || rc=1
	config xl <<-END || rc=1
		link del dev siit0
		link del dev siit1
		link del dev siit2
		link del dev siit3
	END
	close || rc=1
	adds_up '>=' || rc=1
	return $rc
}

# It is in use while a command is on its way.
unload()
{
	local i

	for ((i = 0; i < 100; i++)); do
		timeout 60 rmmod siit 2> "$WORK/rmmod" && return
		pause 0.1
	done
	cat "$WORK/rmmod"
	return 1
}

# What wants to make a device loads it as well.
load_again()
{
	siit_load 2> /dev/null
	[ -d /sys/module/siit ]
}

t_module_goes()
{
	local rc=0

	begin || return
	busy $((ROUND / 2)) || rc=1
	unload || rc=1
	load_again && translators || rc=1
	pause $((ROUND / 2))
	unload || rc=1
	close || rc=1
	load_again || rc=1
	adds_up '>=' || rc=1
	return $rc
}

# One in a millisecond is what they are for; what a busy or emulated machine makes
# of it is shown. Less than this, in ten seconds, is no churn.
t_rate()
{
	local i rc=0
	local -a least=(500 250 100 10 2 1)

	for i in "${!KINDS[@]}"; do
		say "${KINDS[i]}: ${TOTAL[i]} in $((TIME / 1000)) ms"
		holds "${TOTAL[i]} * 10000000 >= ${least[i]} * TIME" || rc=1
	done
	return $rc
}

ktap_print_header
if ! [[ $T =~ ^[1-9][0-9]{0,2}$ ]]; then
	ktap_set_plan 1
	ktap_exit_fail_msg "T is a number of seconds, 1 to 999, not '$T'"
fi
TESTS=()
for ((i = 0; i < T; i += ROUND)); do
	case $((i / ROUND % 3)) in
	0)	TESTS+=("at $i s" t_all_stay) ;;
	1)	TESTS+=("at $i s, and the devices go" t_devices_go) ;;
	2)	TESTS+=("at $i s, and the module goes" t_module_goes) ;;
	esac
done
TESTS+=('there were many changes' t_rate)

ktap_set_plan $((${#TESTS[@]} / 2))
siit_load || ktap_exit_fail_msg 'the module does not load'
if ! { network && generators; } > "$WORK/log" 2>&1; then
	sed 's/^/# /' "$WORK/log"
	ktap_exit_fail_msg 'the network cannot be set up'
fi
for kind in "${KINDS[@]}"; do
	"${kind}_texts"
done
run_tests "${TESTS[@]}"

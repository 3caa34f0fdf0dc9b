# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Helpers for the shell tests and the demo, on top of the kernel's own
# net/lib.sh (slowwait, cleanup_ns, ...) and kselftest/ktap_helpers.sh.
#
# A test script begins with
#
#	. "$(dirname "$0")/lib.sh"
#	isolate "$@"
#
# and then builds its network of hosts (network namespaces) and wires (veth
# pairs). An interface has the name of the host it leads to.
#
# Environment: KSFT, the kernel's tools/testing/selftests; SIIT_BUILD, where
# siit.ko and siitctl are.

if [ ! -r "${KSFT:-}/net/lib.sh" ]; then
	echo "KSFT must be the kernel's tools/testing/selftests" >&2
	exit 1
fi
if [ ! -d "${SIIT_BUILD:-}" ]; then
	echo "SIIT_BUILD must be the directory of siit.ko and siitctl" >&2
	exit 1
fi
# shellcheck source=/dev/null
. "$KSFT/net/lib.sh"
# shellcheck source=/dev/null
. "$KSFT/kselftest/ktap_helpers.sh"
export PATH="$SIIT_BUILD:/usr/sbin:/usr/bin:/sbin:/bin" LC_ALL=C

# Run the calling script again in mount, network and process namespaces of its
# own: hosts can then have plain names, and when the script ends, or is killed,
# nothing of it is left.
isolate()
{
	if [ -z "${SIIT_ISOLATED:-}" ]; then
		SIIT_ISOLATED=1 exec unshare --mount --net --pid --fork \
			--kill-child --mount-proc "$0" "$@"
	fi
	mkdir -p /run/netns
	mount -t tmpfs siit-hosts /run/netns
	WORK=$(mktemp -d)
	trap 'rm -rf "$WORK"' EXIT
}

# need TOOL...: end the test as skipped if a program is missing.
need()
{
	local tool

	for tool; do
		command -v "$tool" > /dev/null && continue
		ktap_print_header
		ktap_skip_all "$tool is not installed"
		exit "$KSFT_SKIP"
	done
}

# Load the module if it is not there.
siit_load()
{
	[ -d /sys/module/siit ] || insmod "$SIIT_BUILD/siit.ko"
}

# on HOST COMMAND...
on()
{
	ip netns exec "$@"
}

# hosts NAME...: make namespaces of these very names; cleanup_ns and
# cleanup_all_ns know them.
hosts()
{
	local host

	for host; do
		ip netns add "$host" || return
		NS_LIST+=("$host")
		# No duplicate address detection: addresses work at once.
		# ICMP errors are under test, not their rate.
		on "$host" sysctl -qw \
			net.ipv6.conf.all.accept_dad=0 \
			net.ipv6.conf.default.accept_dad=0 \
			net.ipv6.conf.default.router_solicitations=0 \
			net.ipv4.conf.all.rp_filter=0 \
			net.ipv4.conf.default.rp_filter=0 \
			net.ipv4.icmp_ratelimit=0 net.ipv6.icmp.ratelimit=0 &&
		ip -n "$host" link set lo up || return
	done
}

# routers HOST...: let them forward both families.
routers()
{
	local host

	for host; do
		on "$host" sysctl -qw net.ipv4.ip_forward=1 \
			net.ipv6.conf.all.forwarding=1
	done
}

# ipv4_only HOST...: no IPv6 at all. Before wire.
ipv4_only()
{
	local host

	for host; do
		on "$host" sysctl -qw net.ipv6.conf.all.disable_ipv6=1 \
			net.ipv6.conf.default.disable_ipv6=1
	done
}

# wire HOST HOST [MTU]: a veth pair between two hosts.
wire()
{
	local mtu=${3:-1500}

	ip link add name "$2" netns "$1" mtu "$mtu" up type veth \
		peer name "$1" netns "$2" mtu "$mtu" &&
		ip -n "$2" link set dev "$1" up
}

# config HOST: run the lines of stdin by ip, "addr add ..." and the like.
config()
{
	ip -n "$1" -batch -
}

# Whether the process, by its own network namespace, has a server on a port.
listening()
{
	local state=07

	[ "$2" = udp ] || state=0A
	grep -Eqs ":$(printf %04X "$3") [0-9A-F]+:0000 $state" \
		"/proc/$1/net/$2" "/proc/$1/net/${2}6"
}

# wait_listen tcp|udp PORT: until what was spawned last is up.
wait_listen()
{
	local i

	for ((i = 0; i < WAIT_TIMEOUT * 20; i++)); do
		listening "$PID" "$@" && return
		sleep 0.05
	done
	echo "# no server on $1 port $2"
	return 1
}

# spawn HOST LOG COMMAND...: a server in the background; its pid is in $PID.
spawn()
{
	local host=$1 log=$2

	shift 2
	ip netns exec "$host" "$@" > "$log" 2>&1 < /dev/null &
	PID=$!
}

# Stop a background process and take its status off the shell's hands.
stop()
{
	kill "$@" 2> /dev/null
	wait "$@" 2> /dev/null
	return 0
}

# socat_host ADDRESS: as socat writes it.
socat_host()
{
	case $1 in
	*:*)	echo "[$1]" ;;
	*)	echo "$1" ;;
	esac
}

# bulk FROM TO ADDRESS push|pull KBYTES: a TCP connection from host FROM to
# ADDRESS of host TO carries a file of random octets; push: with the
# connection, pull: against it. Succeeds if the sha256 of both ends is equal.
bulk()
{
	local from=$1 to=$2 address=$3 way=$4 kbytes=$5
	local in=$WORK/bulk-in out=$WORK/bulk-out
	local listen=TCP6-LISTEN:9999,ipv6only=0,reuseaddr
	local connect server rc=0

	head -c "$((kbytes * 1024))" /dev/urandom > "$in"
	rm -f "$out"
	connect=TCP:$(socat_host "$address"):9999,connect-timeout=20
	if [ "$way" = push ]; then
		spawn "$to" "$WORK/bulk.log" \
			timeout 90 socat -u -b 262144 "$listen" "CREATE:$out"
	else
		spawn "$to" "$WORK/bulk.log" \
			timeout 90 socat -u -b 262144 "OPEN:$in" "$listen"
	fi
	server=$PID
	wait_listen tcp 9999 || return
	if [ "$way" = push ]; then
		# The listener ends when it has all: the file is whole then.
		if on "$from" timeout 80 socat -u -b 262144 "OPEN:$in" \
			"$connect"; then
			wait "$server" || rc=1
		else
			stop "$server"
			rc=1
		fi
	else
		on "$from" timeout 80 socat -u -b 262144 "$connect" "CREATE:$out" ||
			rc=1
		stop "$server"
	fi
	BULK_SHA=$(sha256sum < "$in")
	BULK_SHA=${BULK_SHA%% *}
	[ "$rc" = 0 ] && [ "$BULK_SHA" = "$(sha256sum < "$out" | cut -d' ' -f1)" ]
}

# forget HOST...: what a host has learned of path MTUs. It is worth asking
# before a transfer: an end that knows a small MTU offers a small MSS, and then
# the other end never learns.
forget()
{
	local host

	for host; do
		ip -4 -n "$host" route flush cache
		ip -6 -n "$host" route flush cache
	done
}

# pmtu HOST ADDRESS: the path MTU that the host has learned, 0 if none.
pmtu()
{
	ip -n "$1" -j route get "$2" | jq '.[0].metrics[0].mtu // 0'
}

# hops HOST ADDRESS: the addresses that traceroute sees, in one line.
hops()
{
	on "$1" traceroute -n -q 1 -w 2 -m 12 "$2" |
		awk 'NR > 1 { printf "%s%s", s, $2; s = " " } END { print "" }'
}

# capture HOST INTERFACE COUNT FILTER: tcpdump into $WORK/capture, in the
# background ($CAPTURE), ready when this returns.
capture()
{
	spawn "$1" "$WORK/capture" timeout 20 tcpdump -n -t -l \
		--immediate-mode -i "$2" -c "$3" "$4"
	CAPTURE=$PID
	slowwait "$WAIT_TIMEOUT" grep -q 'listening on' "$WORK/capture" \
		> /dev/null
}

# captured: wait for the capture; its packets are in $CAPTURED then.
captured()
{
	wait "$CAPTURE"
	# shellcheck disable=SC2034 # for the caller
	CAPTURED=$(grep '^IP' "$WORK/capture")
}

# stat_of HOST DEVICE KEY: one counter of siitctl stats; the name of a reason
# is a key, too.
stat_of()
{
	siitctl -n "$1" -j stats dev "$2" | jq ".. | .\"$3\"? // empty"
}

# run_tests NAME FUNCTION...: each function is a test. What it prints is shown
# if it fails; status $KSFT_SKIP is a test that cannot be done here.
run_tests()
{
	local rc

	while [ $# -ge 2 ]; do
		rc=0
		"$2" > "$WORK/log" 2>&1 || rc=$?
		case $rc in
		0)		ktap_test_pass "$1" ;;
		"$KSFT_SKIP")	ktap_test_skip "$1" ;;
		*)		sed 's/^#* */# /' "$WORK/log"
				ktap_test_fail "$1" ;;
		esac
		shift 2
	done
	ktap_finished
}

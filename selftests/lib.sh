# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Helpers for the shell tests and the demo, on top of the kernel's own
# net/lib.sh (cleanup_ns, ...) and kselftest/ktap_helpers.sh. Processes are dear
# in an emulated machine: the shell does what it can.
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
	exec {NEVER}<> <(:)
}

# pause SECONDS: sleep without a process, by reading where nothing ever comes
pause()
{
	read -rt "$1" -u "$NEVER"
	return 0
}

# within SECONDS COMMAND...: until it succeeds
within()
{
	local end=$((SECONDS + $1))

	while ! "${@:2}"; do
		[ $SECONDS -le $end ] || return
		pause 0.1
	done
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

# on HOST COMMAND...: as ip netns exec, but busybox starts at once. It would take
# its own ping for ping: programs are looked up here.
on()
{
	hash -- "$2" 2> /dev/null
	busybox nsenter "-n/run/netns/$1" "${BASH_CMDS[$2]:-$2}" "${@:3}"
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
		# ICMP errors are under test, not their rate. A connection that
		# cannot be is given up in 15 seconds.
		on "$host" busybox sysctl -qw \
			net.ipv6.conf.all.accept_dad=0 \
			net.ipv6.conf.default.accept_dad=0 \
			net.ipv6.conf.default.router_solicitations=0 \
			net.ipv4.conf.all.rp_filter=0 \
			net.ipv4.conf.default.rp_filter=0 \
			net.ipv4.tcp_syn_retries=3 \
			net.ipv4.icmp_ratelimit=0 net.ipv6.icmp.ratelimit=0 &&
		ip -n "$host" link set lo up || return
	done
}

# routers HOST...: let them forward both families.
routers()
{
	local host

	for host; do
		on "$host" busybox sysctl -qw net.ipv4.ip_forward=1 \
			net.ipv6.conf.all.forwarding=1
	done
}

# ipv4_only HOST...: no IPv6 at all. Before wire.
ipv4_only()
{
	local host

	for host; do
		on "$host" busybox sysctl -qw net.ipv6.conf.all.disable_ipv6=1 \
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

# four_xl_six: wires between three hosts that are there: 192.0.2.33, the router, $SIX6
four_xl_six()
{
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
	config six <<-END
		addr add $SIX6/64 dev xl nodad
		route add default via fd00:6::1
	END
}

# config HOST: run the lines of stdin by ip, "addr add ..." and the like.
config()
{
	ip -n "$1" -batch -
}

# Whether the process, by its own network namespace, has a server on a port.
listening()
{
	local state=07 port family
	local -a sockets

	[ "$2" = udp ] || state=0A
	printf -v port %04X "$3"
	for family in '' 6; do
		mapfile -t sockets 2> /dev/null < "/proc/$1/net/$2$family"
		[[ ${sockets[*]} =~ :$port\ [0-9A-F]+:0000\ $state ]] && return
	done
	return 1
}

# wait_listen tcp|udp PORT: until what was spawned last is up.
wait_listen()
{
	within "$WAIT_TIMEOUT" listening "$PID" "$@" && return
	echo "# no server on $1 port $2"
	return 1
}

# spawn HOST LOG COMMAND...: a server in the background; its pid is in $PID.
spawn()
{
	hash -- "$3" 2> /dev/null
	# Not left to the child: what the last one has written must not be taken for
	# what this one has.
	: > "$2"
	busybox nsenter "-n/run/netns/$1" "${BASH_CMDS[$3]:-$3}" "${@:4}" \
		> "$2" 2>&1 < /dev/null &
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
	local -a sums

	head -c "$((kbytes * 1024))" /dev/urandom > "$in"
	: > "$out"
	connect=TCP:$(socat_host "$address"):9999,connect-timeout=20
	if [ "$way" = push ]; then
		spawn "$to" "$WORK/bulk.log" \
			socat -u -b 262144 -T 60 "$listen" "CREATE:$out"
	else
		spawn "$to" "$WORK/bulk.log" \
			socat -u -b 262144 -T 60 "OPEN:$in" "$listen"
	fi
	server=$PID
	wait_listen tcp 9999 || return
	if [ "$way" = push ]; then
		# The listener ends when it has all: the file is whole then.
		if on "$from" socat -u -b 262144 -T 60 "OPEN:$in" "$connect"; then
			wait "$server" || rc=1
		else
			stop "$server"
			rc=1
		fi
	else
		on "$from" socat -u -b 262144 -T 60 "$connect" "CREATE:$out" || rc=1
		stop "$server"
	fi
	mapfile -t sums < <(sha256sum "$in" "$out")
	BULK_SHA=${sums[0]%% *}
	[ "$rc" = 0 ] && [ "$BULK_SHA" = "${sums[1]%% *}" ]
}

# sources KBYTES HOST...: servers for draw, for as long as the script runs. Each
# connection is sent the same random octets, and then ended.
sources()
{
	local host

	head -c "$(($1 * 1024))" /dev/urandom > "$WORK/source"
	for host in "${@:2}"; do
		spawn "$host" "$WORK/source.log" socat -U -b 262144 -T 60 \
			TCP6-LISTEN:9998,ipv6only=0,reuseaddr,fork \
			"OPEN:$WORK/source"
		wait_listen tcp 9998 || return
	done
}

# draw TO ADDRESS: host TO asks the source at ADDRESS, and gets all of it, as it
# is there. As bulk pulls, but with programs that start at once. Its standard
# input does not end, or it would end the connection in its direction.
draw()
{
	on "$1" busybox nc -w 20 "$2" 9998 > "$WORK/drawn" <&"$NEVER" &&
		cmp "$WORK/source" "$WORK/drawn"
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
	[[ $(ip -n "$1" -j route get "$2") =~ \"mtu\":([0-9]+) ]]
	echo "${BASH_REMATCH[1]:-0}"
}

# hops HOST ADDRESS: the addresses that traceroute sees, in one line.
hops()
{
	local hop line=

	{
		read -r # the heading
		while read -r _ hop _; do
			line+=" $hop"
		done
	} < <(on "$1" traceroute -n -q 1 -w 2 -m 12 "$2")
	echo "${line# }"
}

# has FILE TEXT
has()
{
	local -a lines

	mapfile -t lines < "$1" && [[ ${lines[*]} = *"$2"* ]]
}

# capture HOST INTERFACE COUNT FILTER: tcpdump into $WORK/capture, in the
# background ($CAPTURE), ready when this returns.
capture()
{
	spawn "$1" "$WORK/capture" timeout 20 tcpdump -n -t -l \
		--immediate-mode -i "$2" -c "$3" "$4"
	CAPTURE=$PID
	within "$WAIT_TIMEOUT" has "$WORK/capture" 'listening on'
}

# captured: wait for the capture; its packets are in $CAPTURED then.
captured()
{
	local line

	wait "$CAPTURE"
	CAPTURED=
	while read -r line; do
		[[ $line != IP* ]] || CAPTURED+=${CAPTURED:+$'\n'}$line
	done < "$WORK/capture"
}

# stat_of HOST DEVICE KEY: one counter of siitctl stats; the name of a reason
# is a key, too.
stat_of()
{
	[[ $(siitctl -n "$1" -j stats dev "$2") =~ \"$3\":([0-9]+) ]] &&
		echo "${BASH_REMATCH[1]}"
}

# What is to be done before each test, and must hold after it: for those who
# source this to define anew.
before_test() { :; }
after_test() { :; }

# run_tests NAME FUNCTION...: each function is a test. What it prints is shown
# if it fails; status $KSFT_SKIP is a test that cannot be done here.
run_tests()
{
	local rc

	while [ $# -ge 2 ]; do
		rc=0
		{ before_test && "$2" && after_test; } > "$WORK/log" 2>&1 || rc=$?
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

# run_in NETWORK NAME FUNCTION...: run_tests in a network that NETWORK sets up
run_in()
{
	local network=$1

	shift
	ktap_set_plan $(($# / 2))
	siit_load || ktap_exit_fail_msg 'the module does not load'
	if ! "$network" > "$WORK/log" 2>&1; then
		sed 's/^/# /' "$WORK/log"
		ktap_exit_fail_msg 'the network cannot be set up'
	fi
	run_tests "$@"
}

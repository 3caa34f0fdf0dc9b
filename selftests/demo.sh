#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The demo: three networks that need an IPv4/IPv6 translator, in network
# namespaces, with real programs. Each scene shows its network, the commands
# that configure the translators, and one packet before and after.
#
# Environment: SIIT_BUILD and KSFT as lib.sh has them; DEMO_LOGS, a directory
# for what the programs print.

DIR=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=selftests/lib.sh
. "$DIR/lib.sh"
if [ -z "${SIIT_ISOLATED:-}" ]; then
	LOADED=
	if [ ! -d /sys/module/siit ]; then
		insmod "$SIIT_BUILD/siit.ko" || exit 1
		LOADED=1
	fi
	SIIT_ISOLATED=1 unshare --mount --net --pid --fork --kill-child \
		--mount-proc "$DIR/demo.sh" "$@"
	rc=$?
	[ -n "$LOADED" ] && { rmmod siit || rc=1; }
	exit $rc
fi
isolate "$@"
for part in show checks siit-dc edge-relay 464xlat; do
	# shellcheck source=/dev/null
	. "$DIR/demo/$part.sh"
done

LOGS=${DEMO_LOGS:-/tmp/siit-demo}
mkdir -p "$LOGS" && rm -f "$LOGS"/* || exit 1

for tool in busybox curl dig dnsmasq jq nft ping socat tcpdump traceroute; do
	command -v "$tool" > /dev/null && continue
	echo "the demo needs $tool" >&2
	exit 1
done

cat <<END
${BOLD}siit: IPv4 and IPv6, translated by the kernel${PLAIN}
Kernel $(uname -r). Each host below is a network namespace; "br#" is a command
on host br. An interface is called after the host that it leads to. ==== is a
link with an MTU of 1280, all others have 1500. Hops that have no IPv4 address
show as 192.0.0.8 in an IPv4 traceroute.
END
for act in siit_dc edge_relay xlat464; do
	"$act"
	jobs -p | xargs -r kill 2> /dev/null
	wait 2> /dev/null
	cleanup_all_ns
done

table
printf '\n%d checks, %d failed. What the programs printed: %s\n' \
	"${#RESULTS[@]}" "$FAILED" "$LOGS"
[ "$FAILED" = 0 ]

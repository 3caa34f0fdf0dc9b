#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# TIMEOUT: 200
# ONCE
#
# A client for 32 bits on a kernel for 64: what it reads and writes is what
# siitctl does.

# shellcheck source=selftests/ctl.sh
. "$(dirname "$0")/ctl.sh"
isolate "$@"
need jq
client=$SIIT_BUILD/client32

t_width()
{
	is 4 "$client" width && is x86_64 uname -m
}

# A row a line, as siitctl has them in JSON.
rows()
{
	siitctl -j eam show | jq -r '.[] | "\(.prefix4) \(.prefix6)"'
}

# More than fits in a message.
t_dump()
{
	local i

	siitctl dev add a0 &&
	for i in {0..999}; do
		echo "eam add 10.$((i / 250)).$((i % 250)).0/$((24 + i % 9))" \
			"2001:db8:$i::/$((96 + i % 17)) dev siit0"
	done | siitctl -b - && siitctl eam add 192.0.2.1 2001:db8::1 dev a0 &&
	is 1001 wc -l <<< "$(rows)" && is "$(rows)" "$client" rows
}

t_settings()
{
	siitctl dev set siit0 role clat && is '2 1280 256' "$client" settings siit0 &&
	"$client" set siit0 1400 184 &&
	is '2 1400 184' "$client" settings siit0 &&
	json '[1400,"184"]' '.[0] | [.lowest_ipv6_mtu,.tos]' dev show siit0 &&
	snapshot || return
	is 'Numerical result out of range: integer out of range' \
		ask set siit0 1279 184 &&
	is 'Operation not supported: not a siit device' ask set lo 1400 1 &&
	unchanged
}

# What it says when it is refused.
ask()
{
	"$client" "$@"
	[ $? = 1 ]
}

t_probe()
{
	siitctl eam add 192.0.2.1 2001:db8::1 dev siit0 &&
	siitctl pool6 add 2001:db8:64::/96 dev siit0 &&
	is '1280 4' "$client" probe siit0 198.51.100.1 192.0.2.1 4000 &&
	is 'Numerical result out of range: an IPv4 packet has 20 to 65535 octets' \
		ask probe siit0 198.51.100.1 192.0.2.1 65536
}

# More than 2^32 octets, in datagrams of 65507.
t_stats()
{
	local n=65570 expected

	siitctl eam add 192.0.2.1 2001:db8::1 dev siit0 &&
	siitctl pool6 add 2001:db8:64::/96 dev siit0 &&
	ip link set siit0 mtu 65507 up && ip addr add 198.51.100.1/32 dev siit0 &&
	ip route add 192.0.2.1 dev siit0 &&
	ip -6 route add blackhole 2001:db8::/64 || return
	is '0 0' "$client" stats siit0 &&
	"$client" send 192.0.2.1 $n || return
	expected="$n $((n * 65507))"
	[ "${expected#* }" -gt $((1 << 32)) ] &&
	is "$expected" "$client" stats siit0 &&
	is "$expected" jq -r '.[0] | "\(.packets46) \(.bytes46)"' \
		<<< "$(siitctl -j stats dev siit0)" &&
	is "$((n * 65507))" jq '.[0].stats64.tx.bytes' \
		<<< "$(ip -j -s link show siit0)"
}

if [ ! -x "$client" ]; then
	ktap_print_header
	ktap_skip_all 'client32 was not built; it takes libc6-dev-i386 and lib32gcc-12-dev'
	exit "$KSFT_SKIP"
fi
if ! "$client" width > /dev/null 2>&1; then
	ktap_print_header
	ktap_skip_all 'this kernel runs no programs for 32 bits'
	exit "$KSFT_SKIP"
fi

run_fresh \
	'it has 32 bits, the kernel 64'		t_width \
	'a dump in many messages'		t_dump \
	'settings, and one that is refused'	t_settings \
	'a packet, nested attributes'		t_probe \
	'counters beyond 32 bits'		t_stats

#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# TIMEOUT: 300
# ONCE
#
# siitctl and the netlink family behind it: what is wrong is refused with a
# reason that names it, and changes nothing.

# shellcheck source=selftests/ctl.sh
. "$(dirname "$0")/ctl.sh"
isolate "$@"
need jq setpriv iconv

t_dev_refused()
{
	wrong 1 '"siit0": is there already (File exists)' dev add siit0 &&
	wrong 1 '"siit0": is there already' dev add siit0 role er &&
	wrong 1 '"a%d" is not a device name' dev add a%d &&
	wrong 1 '"a%d" is not a device name' dev add a%d tos 1 &&
	wrong 1 '"simple": hairpin simple is for role br only' \
		dev add a0 role er hairpin simple &&
	wrong 1 '"simple": hairpin simple is for role br only' \
		dev add a0 hairpin simple lowest-ipv6-mtu 1500 role clat &&
	wrong 1 'there is no device "a0"' dev set a0 role er &&
	wrong 1 'there is no device "a0"' dev del a0 &&
	wrong 1 'there is no device "a0"' dev show a0 &&
	wrong 1 '"lo": not a siit device' dev del lo &&
	wrong 1 '"lo": not a siit device' dev set lo role er &&
	wrong 1 '"lo": not a siit device' dev show lo && unchanged &&
	[ -d /proc/sys/net/ipv4/conf/lo ] &&
	siitctl dev set siit0 hairpin simple && snapshot &&
	wrong 1 '"er": hairpin simple is for role br only' \
		dev set siit0 tos 1 role er && unchanged
}

t_eam_refused()
{
	siitctl -b - <<-END && snapshot || return
		eam add 192.0.2.0/28 2001:db8::/124 dev siit0
		eam add 192.0.2.32/28 2001:db8::20/124 dev siit0
	END
	wrong 1 '"2001:db8::/121": IPv4 suffix is longer than the IPv6 suffix (RFC 7757 3.2) (Invalid argument)' \
		eam add 198.51.100.0/24 2001:db8::/121 dev siit0 &&
	wrong 1 '"2001:db8::1": IPv4 suffix is longer' \
		eam add 0.0.0.0/0 2001:db8::1 dev siit0 &&
	wrong 1 '"198.51.100.1/24": IPv4 prefix has bits set beyond its length (Invalid argument)' \
		eam add 198.51.100.1/24 2001:db8:1::/120 dev siit0 &&
	wrong 1 '"2001:db8:1::1/120": IPv6 prefix has bits set beyond its length (Invalid argument)' \
		eam add 198.51.100.0/24 2001:db8:1::1/120 dev siit0 &&
	wrong 1 '"192.0.2.0/28": a row with this IPv4 prefix exists (File exists)' \
		eam add 192.0.2.0/28 2001:db8::/124 dev siit0 &&
	wrong 1 '"192.0.2.0/28": a row with this IPv4 prefix exists' \
		eam add 192.0.2.0/28 2001:db8:1::/124 dev siit0 &&
	wrong 1 '"2001:db8::/124": a row with this IPv6 prefix exists' \
		eam add 198.51.100.0/28 2001:db8::/124 dev siit0 &&
	wrong 1 '"192.0.2.1": no row with this IPv4 prefix (No such file or directory)' \
		eam del 192.0.2.1 dev siit0 &&
	wrong 1 '"192.0.2.0/27": no row with this IPv4 prefix' \
		eam del 192.0.2.0/27 2001:db8::/124 dev siit0 &&
	wrong 1 '"2001:db8::/125": no row with this IPv6 prefix' \
		eam del 2001:db8::/125 dev siit0 &&
	wrong 1 '"2001:db8::20/124": the two prefixes are in different rows' \
		eam del 192.0.2.0/28 2001:db8::20/124 dev siit0 &&
	wrong 1 '"192.0.2.1/28": IPv4 prefix has bits set' \
		eam del 192.0.2.1/28 dev siit0 && unchanged
}

# Every object says the same of a device that is missing, or of another kind.
t_wrong_device()
{
	local command

	for command in 'eam add 192.0.2.1 2001:db8::1' 'eam del 192.0.2.1' \
		       'eam show' 'eam flush' 'pool6 add 64:ff9b::/96' \
		       'pool6 del 64:ff9b::/96' 'pool6 show' 'pool6 flush' \
		       'rfc6791 add 192.0.2.1' 'rfc6791 del 192.0.2.1' \
		       'rfc6791 show' 'rfc6791 flush' 'deny4 add 192.0.2.1' \
		       'deny4 del 192.0.2.1' 'deny4 show' 'deny4 flush' \
		       'query 192.0.2.1' 'stats' 'save'; do
		# shellcheck disable=SC2086
		wrong 1 '"lo": not a siit device (Operation not supported)' \
			$command dev lo || return
	done
	wrong 1 'eam add: there is no device "none"' \
		eam add 192.0.2.1 2001:db8::1 dev none &&
	wrong 1 'pool6 show: there is no device "none"' pool6 show dev none &&
	wrong 1 'query: there is no device "none"' \
		query 192.0.2.1 dev none &&
	unchanged
}

t_pool6_refused()
{
	local len

	siitctl -b - <<-END && snapshot || return
		pool6 add 64:ff9b::/96 dev siit0
		pool6 add 2001:db8:aaaa::/96 translatable 192.168.1.0/24 dev siit0
	END
	for len in 0 31 33 65 95 97 128; do
		wrong 1 "\"::/$len\": an RFC 6052 prefix has length 32, 40, 48, 56, 64 or 96" \
			pool6 add ::/$len dev siit0 || return
	done
	wrong 1 '"64:ff9b::1/96": IPv6 prefix has bits set beyond its length' \
		pool6 add 64:ff9b::1/96 dev siit0 &&
	wrong 1 '"64:ff9b::/96": this prefix is in pool6 already (File exists)' \
		pool6 add 64:ff9b::/96 dev siit0 &&
	wrong 1 '"2001:db8:aaaa::/96": this prefix is in pool6 already' \
		pool6 add 2001:db8:aaaa::/96 translatable 192.168.1.0/24 \
		dev siit0 &&
	wrong 1 '"192.168.1.1/24": IPv4 prefix has bits set beyond its length' \
		pool6 add 2001:db8::/96 translatable 192.168.1.1/24 dev siit0 &&
	wrong 1 '"2001:db8::/96": pool6 has no such plain prefix (No such file or directory)' \
		pool6 del 2001:db8::/96 dev siit0 &&
	wrong 1 '"64:ff9b::/96": pool6 has no such translatable prefix' \
		pool6 del 64:ff9b::/96 translatable 192.168.1.0/24 dev siit0 &&
	wrong 1 '"2001:db8:aaaa::/96": pool6 has no such plain prefix' \
		pool6 del 2001:db8:aaaa::/96 dev siit0 &&
	wrong 1 '"ff00::/64"' pool6 add ff00::/64 dev siit0 &&
	wrong 1 '"fe80::/64"' pool6 add fe80::/64 dev siit0 &&
	wrong 1 '"2001:db8:0:0:100::/96"' \
		pool6 add 2001:db8:0:0:100::/96 dev siit0 && unchanged &&
	# Done, with a warning: the message is no refusal.
	siitctl pool6 add 64:ff9b::/96 translatable 198.51.100.0/24 dev siit0 \
		2> "$WORK/stderr" &&
	[[ $(< "$WORK/stderr") = 'siitctl: pool6 add: warning: '*'RFC 6052'* ]]
}

t_rfc6791_refused()
{
	wrong 1 '"127.0.0.0/8": has addresses that cannot be a source' \
		rfc6791 add 127.0.0.0/8 dev siit0 &&
	wrong 1 '"0.0.0.0/0": has addresses that cannot be a source' \
		rfc6791 add 0.0.0.0/0 dev siit0 && unchanged
}

t_hook_refused()
{
	ip link add v0 type veth peer name v1 &&
	siitctl hook add v0 dev siit0 && snapshot || return
	wrong 1 '"v0": there is such a hook already (File exists)' \
		hook add v0 dev siit0 &&
	wrong 1 '"lo": nothing arrives on loopback' hook add lo dev siit0 &&
	wrong 1 '"siit0": a siit device is no place for a hook' \
		hook add siit0 dev siit0 &&
	wrong 1 'there is no device "none"' hook add none dev siit0 &&
	wrong 1 '"v1": no such hook (No such file or directory)' \
		hook del v1 dev siit0 && unchanged &&
	ip link del v0
}

without()
{
	setpriv --bounding-set=-net_admin --inh-caps=-net_admin "$@"
}

t_privilege()
{
	local command line
	local -a commands=('eam add 192.0.2.2 2001:db8::2 dev siit0'
		'eam del 192.0.2.1 dev siit0' 'eam flush'
		'pool6 add 2001:db8::/32 dev siit0'
		'pool6 del 64:ff9b::/96 dev siit0' 'pool6 flush'
		'rfc6791 add 192.0.2.1 dev siit0' 'rfc6791 flush'
		'deny4 add 192.0.2.1 dev siit0' 'deny4 flush'
		'dev set siit0 role er' 'dev add a0' 'dev del siit0'
		'dev add a0 role clat')

	siitctl -b - <<-END && snapshot || return
		eam add 192.0.2.1 2001:db8::1 dev siit0
		pool6 add 64:ff9b::/96 dev siit0
	END
	# Each gives one line: status and message.
	# shellcheck disable=SC2016 # for the other shell
	without bash -c 'for command; do
			message=$(siitctl $command 2>&1)
			echo "$? $message"
		done' bash "${commands[@]}" > "$WORK/refusals"
	for command in "${commands[@]}"; do
		read -r line
		[[ $line = '1 siitctl: '*'needs CAP_NET_ADMIN (Operation not permitted)' ]] &&
			continue
		echo "# $command: $line"
		return 1
	done < "$WORK/refusals"
	unchanged &&
	# Reading is open to all.
	is "192.0.2.1 2001:db8::1 dev siit0
$STATE" without siitctl -b - <<-END &&
		eam show
		save
	END
	without siitctl -b - > "$WORK/shown" <<-END
		query 192.0.2.1 dev siit0
		stats
	END
}

t_usage()
{
	local where='siitctl: eam add:'

	wrong 1 "$where \"192.0.2.300\" is not an IPv4 address" \
		eam add 192.0.2.300 2001:db8::1 dev siit0 &&
	wrong 1 "$where \"192.0.2\" is not an IPv4 address" \
		eam add 192.0.2 2001:db8::1 dev siit0 &&
	wrong 1 "$where \"192.0.02.1\" is not an IPv4 address" \
		eam add 192.0.02.1 2001:db8::1 dev siit0 &&
	wrong 1 "$where \"2001:db8::g\" is not an IPv6 address" \
		eam add 192.0.2.1 2001:db8::g dev siit0 &&
	wrong 1 "$where \"2001:db8:::1/128\" is not an IPv6 prefix" \
		eam add 192.0.2.1 2001:db8:::1/128 dev siit0 &&
	wrong 1 '"192.0.2.0/33": prefix length 33 is out of range: IPv4 has 0 to 32' \
		eam add 192.0.2.0/33 2001:db8::/64 dev siit0 &&
	wrong 1 '"2001:db8::/129": prefix length 129 is out of range: IPv6 has 0 to 128' \
		eam add 192.0.2.0/24 2001:db8::/129 dev siit0 &&
	wrong 1 'prefix length 4294967320 is out of range' \
		eam add 192.0.2.0/4294967320 2001:db8::/64 dev siit0 &&
	wrong 1 '"192.0.2.0/+8": "+8" is not a prefix length' \
		eam add 192.0.2.0/+8 2001:db8::/64 dev siit0 &&
	wrong 1 '"192.0.2.0/": "" is not a prefix length' \
		eam add 192.0.2.0/ 2001:db8::/64 dev siit0 &&
	wrong 1 "$where \"\" is not an IPv4 address" \
		eam add '' 2001:db8::1 dev siit0 &&
	wrong 2 'unknown word "via": expected V4[/L], V6[/L] or dev NAME' \
		eam add 192.0.2.1 2001:db8::1 via siit0 &&
	wrong 2 'missing IPv4 prefix V4[/L] after "add"' eam add &&
	wrong 2 'missing IPv6 prefix V6[/L] after "192.0.2.1"' \
		eam add 192.0.2.1 &&
	wrong 2 'missing "dev NAME" after "2001:db8::1"' \
		eam add 192.0.2.1 2001:db8::1 &&
	wrong 2 'missing NAME after "dev"' eam add 192.0.2.1 2001:db8::1 dev &&
	wrong 2 'duplicate argument: "192.0.2.2" after "192.0.2.1"' \
		eam add 192.0.2.1 192.0.2.2 2001:db8::1 dev siit0 &&
	wrong 2 'duplicate argument: "dev a0" after "dev siit0"' \
		eam add 192.0.2.1 2001:db8::1 dev siit0 dev a0 &&
	wrong 1 '"a/b" is not a device name' eam show dev a/b &&
	wrong 1 'is longer than 15 characters' \
		eam show dev aaaaaaaaaaaaaaaa &&
	unchanged
}

t_usage_objects()
{
	wrong 2 'unknown object "eamm"' eamm show &&
	wrong 2 'unknown object "hooks"' hooks show &&
	wrong 2 'unknown object ""' '' &&
	wrong 2 'siitctl: eam: unknown command "shwo": expected show, add, del, flush, help' \
		eam shwo &&
	wrong 2 'unknown word "-j": options go before the object' \
		eam show -j &&
	wrong 2 '"64:ff9b::" lacks its length: /32, /40, /48, /56, /64 or /96' \
		pool6 add 64:ff9b:: dev siit0 &&
	wrong 1 '"192.0.2.0/24" is not an IPv6 prefix' \
		pool6 add 192.0.2.0/24 dev siit0 &&
	wrong 1 '"2001:db8::/32" is not an IPv4 prefix' \
		deny4 add 2001:db8::/32 dev siit0 &&
	wrong 2 'missing V4/L after "translatable"' \
		pool6 add dev siit0 64:ff9b::/96 translatable &&
	wrong 2 'role: unknown value "bra": expected br, er or clat' \
		dev add a0 role bra &&
	wrong 2 'duplicate argument: "role er" after "role br"' \
		dev add a0 role br role er &&
	wrong 1 'lowest-ipv6-mtu: 1279 is out of range: expected 1280 to 65535' \
		dev set siit0 lowest-ipv6-mtu 1279 &&
	wrong 1 'lowest-ipv6-mtu: "1e9" is not a number' \
		dev set siit0 lowest-ipv6-mtu 1e9 &&
	wrong 1 'tos: 256 is out of range: expected 0 to 255' \
		dev set siit0 tos 256 &&
	wrong 2 'missing the value after "hairpin"' dev set siit0 hairpin &&
	wrong 2 'nothing to set after "siit0"' dev set siit0 &&
	wrong 2 'missing NAME after "add"' dev add &&
	wrong 2 'are not of one family' \
		query 192.0.2.1 2001:db8::1 dev siit0 &&
	wrong 1 '"192.0.2.1/32" is not an IPv4 address' \
		query 192.0.2.1/32 dev siit0 &&
	wrong 2 'there is no JSON of it' -j save &&
	unchanged
}

t_batch()
{
	local head='siitctl: -:4: eam add:'

	wrong 1 "$head \"192.0.2.1\": a row with this IPv4 prefix exists" -b - << EOF
# A note, and an empty line

eam add 192.0.2.1 2001:db8::1 dev siit0
eam add 192.0.2.1 2001:db8::2 dev siit0
eam add 192.0.2.3 2001:db8::3 dev siit0
EOF
	# Until one fails.
	is '192.0.2.1 2001:db8::1 dev siit0' siitctl eam show && snapshot &&
	wrong 1 'siitctl: -:1: eam add: "192.0.2" is not an IPv4 address' \
		-b - <<< 'eam add 192.0.2 2001:db8::1 dev siit0' &&
	wrong 2 'cannot open "/none": No such file' -b /none &&
	wrong 2 'cannot read "/": Is a directory' -b / &&
	wrong 2 'unknown word "eam"' -b /dev/null eam show &&
	unchanged
}

# A reader that stops, a disk that is full.
t_output()
{
	local err i rc closed

	for i in {1..20}; do
		echo "eam add 192.0.2.$i 2001:db8::$i dev siit0"
	done | siitctl -b - || return
	is 1 wc -l <<< "$(siitctl eam show | head -n 1)" || return
	err=$(siitctl eam show 2>&1 > /dev/full)
	rc=$?
	[[ $err = *'cannot write the output: No space left'* ]] &&
		[ $rc = 1 ] || return
	# Where SIGPIPE is ignored, the end of the pipe must be noticed.
	exec {closed}> >(:)
	wait $!
	(trap '' PIPE; siitctl -j eam show >&$closed)
	rc=$?
	exec {closed}>&-
	[ $rc = 1 ] && return
	echo "# into a closed pipe: status $rc"
	return 1
}

# A name may be almost anything; JSON has to stay JSON.
t_odd_names()
{
	local name
	local -a names=('a"b\c' $'a\033[1mb' $'a\377b' 'ä€' dev)

	for name in "${names[@]}"; do
		printf '%s\n' "dev add $name" \
			"eam add 192.0.2.1 2001:db8::1 dev $name" \
			"eam show dev $name" "dev del $name"
	done | siitctl -j -b - > "$WORK/odd" &&
	iconv -f UTF-8 -t UTF-8 "$WORK/odd" > "$WORK/utf8" &&
	is "$(printf '"192.0.2.1/32"\n%.0s' "${names[@]}")" \
		jq -c '.[0].prefix4' "$WORK/odd" &&
	siitctl dev add 'a"b\c' &&
		json '["a\"b\\c"]' 'map(.dev)' stats dev 'a"b\c'
}

run_fresh \
	'dev: refused'				t_dev_refused \
	'eam: refused'				t_eam_refused \
	'pool6: refused'			t_pool6_refused \
	'rfc6791: refused'			t_rfc6791_refused \
	'hook: refused'				t_hook_refused \
	'missing device, device of another kind'	t_wrong_device \
	'without CAP_NET_ADMIN'			t_privilege \
	'usage: words'				t_usage \
	'usage: objects and settings'		t_usage_objects \
	'batch'					t_batch \
	'output that cannot be written'		t_output \
	'odd device names'			t_odd_names

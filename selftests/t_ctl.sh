#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# TIMEOUT: 300
#
# siitctl and the netlink family behind it: what is set is what is shown.

# shellcheck source=selftests/ctl.sh
. "$(dirname "$0")/ctl.sh"
isolate "$@"
need jq

t_dev()
{
	siitctl dev add a0 && siitctl dev add b0 role er &&
		siitctl dev add c0 role clat || return
	is '[{"dev":"a0","role":"br","lowest_ipv6_mtu":1280,"hairpin":"intrinsic","udp_zero_csum":"drop","tos":"copy","traffic_class":"copy","icmp_source":"pool","icmp_errors":true,"wkp_private":"drop","ingress_filter":false,"row_counters":false,"max_rows":4194304,"given":[],"eam_count":0}]' \
		siitctl -j dev show a0 &&
	json '["er","off","dummy","drop",["role"]]' \
		'.[0] | [.role,.hairpin,.icmp_source,.wkp_private,.given]' \
		dev show b0 &&
	json '["clat","off","dummy","allow"]' \
		'.[0] | [.role,.hairpin,.icmp_source,.wkp_private]' \
		dev show c0 &&
	json '["siit0","a0","b0","c0"]' 'map(.dev)' dev show &&
	is 'b0 role er lowest-ipv6-mtu 1280 hairpin off udp-zero-csum drop
    tos copy traffic-class copy icmp-source dummy icmp-errors on
    wkp-private drop ingress-filter on row-counters off max-rows 4194304
    0 eam rows' siitctl dev show b0 &&
	siitctl dev del a0 && siitctl -b - <<< $'dev del b0\ndev del c0' &&
	json '["siit0"]' 'map(.dev)' dev &&
	is '' ip -o link show type siit up &&
	is "$(siitctl -j dev show | jq .)" jq . <<< "$(siitctl -j -p dev show)"
}

t_dev_settings()
{
	local word key shown n=0
	local -a words=('role br' 'lowest-ipv6-mtu 1280' 'hairpin off'
		'hairpin intrinsic' 'udp-zero-csum drop' 'udp-zero-csum compute'
		'tos 255' 'tos copy' 'traffic-class copy' 'icmp-source dummy'
		'icmp-source pool' 'icmp-errors on' 'wkp-private drop'
		'ingress-filter on' 'row-counters on' 'role er' 'role clat')

	siitctl dev add a0 wkp-private allow icmp-errors off icmp-source drop \
		traffic-class zero tos 0 udp-zero-csum forward hairpin simple \
		lowest-ipv6-mtu 65535 role br || return
	json '["br",65535,"simple","forward","0","zero","drop",false,"allow",9]' \
		'.[0] | [.role,.lowest_ipv6_mtu,.hairpin,.udp_zero_csum,.tos,.traffic_class,.icmp_source,.icmp_errors,.wkp_private,(.given|length)]' \
		dev show a0 || return
	# One line for each change: all keys and values.
	printf 'dev set a0 %s\ndev show a0\n' "${words[@]}" |
		siitctl -j -b - > "$WORK/shown"
	while read -r shown; do
		word=${words[n++]}
		word=${word/errors on/errors true}
		word=${word/filter on/filter true}
		word=${word/counters on/counters true}
		key=${word% *}
		[[ ${shown//\"} = *",${key//-/_}:${word#* },"* ]] && continue
		echo "# $word is not shown: $shown"
		return 1
	done < "$WORK/shown"
	[ $n = ${#words[@]} ]
}

# What is not set follows the role; what is set stays.
t_dev_role_change()
{
	siitctl dev set siit0 role clat &&
	json '["off","allow"]' '.[0] | [.hairpin,.wkp_private]' dev show siit0 &&
	siitctl -b - <<-END &&
		dev set siit0 wkp-private drop
		dev set siit0 role br
	END
	json '["intrinsic","drop","pool",["role","wkp_private"]]' \
		'.[0] | [.hairpin,.wkp_private,.icmp_source,.given]' \
		dev show siit0
}

t_ip_link()
{
	ip link add a0 up type siit &&
	siitctl eam add 192.0.2.1 2001:db8::1 dev a0 &&
	json '["a0","br"]' '.[0] | [.dev,.role]' dev show a0 &&
	ip link set a0 down && ip link set a0 name b0 &&
	is '192.0.2.1 2001:db8::1 dev b0' siitctl eam show dev b0 &&
	ip link del b0 &&
	wrong 1 'there is no device "b0"' eam show dev b0 &&
	is '' siitctl eam show
}

t_eam()
{
	siitctl eam add 192.0.2.1 2001:db8::1 dev siit0 &&
	is '192.0.2.1 2001:db8::1 dev siit0' siitctl eam show &&
	is '[{"prefix4":"192.0.2.1/32","prefix6":"2001:db8::1/128","dev":"siit0"}]' \
		siitctl -j eam show dev siit0 &&
	# Arguments in another order, lengths equal to the defaults, capitals.
	siitctl eam add dev siit0 2001:DB8:1::/120 198.51.100.0/24 &&
	siitctl eam add 192.0.2.2/32 2001:db8::192.0.2.2/128 dev siit0 &&
	json '3' length eam show &&
	json '3' '.[0].eam_count' dev show siit0 &&
	json '[["192.0.2.1/32","2001:db8::1/128"],["192.0.2.2/32","2001:db8::c000:202/128"],["198.51.100.0/24","2001:db8:1::/120"]]' \
		'map([.prefix4,.prefix6]) | sort' eam &&
	siitctl eam del 192.0.2.1 2001:db8::1 dev siit0 &&
	siitctl eam del 192.0.2.2 dev siit0 &&
	is '198.51.100.0/24 2001:db8:1::/120 dev siit0' siitctl eam show &&
	siitctl eam del dev siit0 2001:db8:1::/120 &&
	is '' siitctl eam show && is '[]' siitctl -j eam show
}

# Longest and shortest prefixes, suffixes of unequal length, nesting.
t_eam_lengths()
{
	siitctl -b - <<-END &&
		eam add 0.0.0.0/0 2001:db8:ff00::/40 dev siit0
		eam add 198.51.100.64 2001:db8::abcd dev siit0
		eam add 198.51.100.0/24 2001:db8:1::/64 dev siit0
		eam add 198.51.100.0/25 2001:db8:1::/121 dev siit0
		eam add 198.51.100.0/26 2001:db8:1::/122 dev siit0
		eam add 198.51.100.0 2001:db8:1:: dev siit0
	END
	json 6 length eam show &&
	siitctl -b - <<-END &&
		eam del 198.51.100.0/25 dev siit0
		eam del 2001:db8:1::/122 dev siit0
	END
	json '["0.0.0.0/0","198.51.100.0/24","198.51.100.0/32","198.51.100.64/32"]' \
		'map(.prefix4) | sort' eam show
}

t_eam_text_is_input()
{
	local rows

	siitctl -b - <<-END || return
		eam add 192.0.2.1 2001:db8::1 dev siit0
		eam add 198.51.100.0/24 2001:db8:1::/64 dev siit0
		dev add a0
	END
	rows=$(siitctl eam show dev siit0) &&
	[[ $rows = *' dev siit0'$'\n'*' dev siit0' ]] || return
	rows=$'\n'$rows
	rows=${rows//$'\n'/$'\n'eam add }
	siitctl -b - <<< "${rows//siit0/a0}" &&
	json '[4,true]' '[length, (map(select(.dev == "a0").prefix6) ==
		map(select(.dev == "siit0").prefix6))]' eam show
}

t_pool6()
{
	printf 'pool6 add %s dev siit0\n' 2001:db8::/32 2001:db8:100::/40 \
		2001:db8:122::/48 2001:db8:122:300::/56 2001:db8:122:344::/64 \
		2001:db8:122:344::/96 64:ff9b::/96 | siitctl -b - &&
	siitctl pool6 add translatable 192.168.1.0/24 dev siit0 \
		2001:db8:aaaa::/96 &&
	# In the order in which they were added, which is that of precedence.
	is '2001:db8::/32 dev siit0
2001:db8:100::/40 dev siit0
2001:db8:122::/48 dev siit0
2001:db8:122:300::/56 dev siit0
2001:db8:122:344::/64 dev siit0
2001:db8:122:344::/96 dev siit0
64:ff9b::/96 dev siit0
2001:db8:aaaa::/96 translatable 192.168.1.0/24 dev siit0' \
		siitctl pool6 show &&
	json '[{"prefix6":"64:ff9b::/96","method":"converted","dev":"siit0"},{"prefix6":"2001:db8:aaaa::/96","method":"translatable","prefix4":"192.168.1.0/24","dev":"siit0"}]' \
		'.[6:]' pool6 show dev siit0 &&
	siitctl pool6 del 2001:db8::/32 dev siit0 &&
	siitctl pool6 del 2001:db8:aaaa::/96 translatable 192.168.1.0/24 \
		dev siit0 &&
	json 6 length pool6 &&
	siitctl pool6 flush dev siit0 && is '' siitctl pool6 show
}

# The two pools of IPv4 prefixes.
prefix4_pool()
{
	local pool=$1

	siitctl "$pool" add 198.51.100.0/28 dev siit0 &&
	siitctl "$pool" add dev siit0 203.0.113.1 &&
	is '198.51.100.0/28 dev siit0
203.0.113.1 dev siit0' siitctl "$pool" show && snapshot &&
	is '[{"prefix4":"198.51.100.0/28","dev":"siit0"},{"prefix4":"203.0.113.1/32","dev":"siit0"}]' \
		siitctl -j "$pool" show dev siit0 &&
	wrong 1 '"198.51.100.0/28": this prefix is there already (File exists)' \
		"$pool" add 198.51.100.0/28 dev siit0 &&
	wrong 1 '"203.0.113.1/24": IPv4 prefix has bits set beyond its length' \
		"$pool" add 203.0.113.1/24 dev siit0 &&
	wrong 1 '"203.0.113.2": no such prefix (No such file or directory)' \
		"$pool" del 203.0.113.2 dev siit0 && unchanged &&
	siitctl "$pool" del 198.51.100.0/28 dev siit0 &&
	is '203.0.113.1 dev siit0' siitctl "$pool" &&
	siitctl "$pool" flush dev siit0 && is '' siitctl "$pool" show
}

t_rfc6791() { prefix4_pool rfc6791; }
t_deny4() { prefix4_pool deny4; }

# tables EXPECTED: the devices that have rows, for every table
tables()
{
	local table line dev shown=

	for table in eam pool6 rfc6791 deny4; do
		echo "$table show"
	done | siitctl -j -b - > "$WORK/tables" || return
	while read -r line; do
		for dev in siit0 a0; do
			[[ $line != *"\"dev\":\"$dev\""* ]] || shown+=" $dev"
		done
		shown+=,
	done < "$WORK/tables"
	[ "$shown" = "$1," ] && return
	echo "# eam, pool6, rfc6791, deny4 have rows of '$shown', not '$1,'"
	return 1
}

t_flush()
{
	local dev both=' siit0 a0' one=' siit0'

	for dev in siit0 a0; do
		echo "eam add 192.0.2.1 2001:db8::1 dev $dev
			pool6 add 64:ff9b::/96 dev $dev
			rfc6791 add 198.51.100.0/24 dev $dev
			deny4 add 10.0.0.0/8 dev $dev"
	done > "$WORK/rows"
	siitctl dev add a0 && siitctl -b "$WORK/rows" &&
	tables "$both,$both,$both,$both" &&
	siitctl eam flush dev a0 && siitctl pool6 flush dev a0 &&
	tables "$one,$one,$both,$both" &&
	siitctl rfc6791 flush dev a0 && siitctl deny4 flush dev a0 &&
	tables "$one,$one,$one,$one" &&
	siitctl -b - <<-END && tables ',,,'
		eam flush
		pool6 flush
		rfc6791 flush
		deny4 flush
		deny4 flush
	END
}

t_query()
{
	siitctl -b - <<-END || return
		eam add 192.0.2.0/24 2001:db8:1::/64 dev siit0
		pool6 add 2001:db8:64::/96 dev siit0
		pool6 add 2001:db8:aaaa::/96 translatable 203.0.113.0/24 dev siit0
	END
	is '192.0.2.33 -> 2001:db8:1:0:2100:: by eam 192.0.2.0/24 2001:db8:1::/64' \
		siitctl query 192.0.2.33 dev siit0 &&
	is '2001:db8:1:0:2100:: -> 192.0.2.33 by eam 192.0.2.0/24 2001:db8:1::/64' \
		siitctl query dev siit0 2001:DB8:1::2100:0:0:0 &&
	is '198.51.100.1 -> 2001:db8:64::c633:6401 by pool6 2001:db8:64::/96' \
		siitctl query 198.51.100.1 dev siit0 &&
	is '2001:db8:64::c633:6401 -> 198.51.100.1 by pool6 2001:db8:64::/96' \
		siitctl query 2001:db8:64::198.51.100.1 dev siit0 &&
	is '203.0.113.5 -> 2001:db8:aaaa::cb00:7105 by pool6 2001:db8:aaaa::/96 translatable 203.0.113.0/24' \
		siitctl query 203.0.113.5 dev siit0 &&
	is '[{"dev":"siit0","addr":{"addr4":"192.0.2.33","addr6":"2001:db8:1:0:2100::","method":"eam","prefix4":"192.0.2.0/24","prefix6":"2001:db8:1::/64"}}]' \
		siitctl -j query 192.0.2.33 dev siit0 &&
	json '["translatable","203.0.113.0/24"]' \
		'.[0].addr | [.method,.prefix4]' \
		query 2001:db8:aaaa::cb00:7105 dev siit0
}

# Rows in a prefix of pool6 or around one, whichever is there first; removed rows.
# A longer row elsewhere makes one look into the table too few.
t_query_rows_in_pool6()
{
	local row='192.0.2.0/31 2001:db8:64::/127'

	siitctl -b - <<-END || return
		eam add 198.18.0.1 2001:db8:ffff::1 dev siit0
		pool6 add 2001:db8:64::/96 dev siit0
		eam add $row dev siit0
		dev add a0
		eam add 198.18.0.1 2001:db8:ffff::1 dev a0
		eam add $row dev a0
		pool6 add 2001:db8:64::/96 dev a0
		dev add a1
		eam add 198.18.0.1 2001:db8:ffff::1 dev a1
		pool6 add 2001:db8:64::/96 dev a1
		eam add 192.0.2.0/24 2001:db8::/32 dev a1
	END
	is "2001:db8:64::1 -> 192.0.2.1 by eam $row" \
		siitctl query 2001:db8:64::1 dev siit0 &&
	is "2001:db8:64::1 -> 192.0.2.1 by eam $row" \
		siitctl query 2001:db8:64::1 dev a0 &&
	is '2001:db8:64::c633:6401 -> 192.0.2.0 by eam 192.0.2.0/24 2001:db8::/32' \
		siitctl query 2001:db8:64::198.51.100.1 dev a1 &&
	siitctl save dev a1 > "$WORK/saved" && siitctl eam flush dev a1 &&
	is '2001:db8:64::c633:6401 -> 198.51.100.1 by pool6 2001:db8:64::/96' \
		siitctl query 2001:db8:64::198.51.100.1 dev a1 &&
	siitctl restore --replace "$WORK/saved" &&
	is '2001:db8:64::c633:6401 -> 192.0.2.0 by eam 192.0.2.0/24 2001:db8::/32' \
		siitctl query 2001:db8:64::198.51.100.1 dev a1
}

# What tells at a look that no row is near, and rows of more than it tells apart
t_query_wide_rows()
{
	local row='8.0.0.0/5 2001:db8:8000::/37' addr

	siitctl -b - <<-END || return
		eam add $row dev siit0
		eam add 192.16.0.0/12 2001:db8:9000::/44 dev siit0
		eam add 192.48.255.255 2001:db8::1 dev siit0
		pool6 add 64:ff9b::/96 dev siit0
	END
	for addr in 8.0.0.0 15.255.255.255 192.31.255.255 192.48.255.255; do
		siitctl query $addr dev siit0 | grep -q ' by eam ' ||
			{ echo "# $addr"; return 1; }
	done
	for addr in 7.255.255.255 16.0.0.0 192.15.255.255 192.32.0.0 192.48.255.254; do
		siitctl query $addr dev siit0 | grep -q ' by pool6 ' ||
			{ echo "# $addr"; return 1; }
	done
	siitctl eam flush dev siit0 &&
	is '8.0.0.0 -> 64:ff9b::800:0 by pool6 64:ff9b::/96' \
		siitctl query 8.0.0.0 dev siit0
}

t_query_unmapped()
{
	siitctl pool6 add 2001:db8:64::/96 dev siit0 &&
	siitctl deny4 add 198.51.100.0/24 dev siit0 &&
	is '198.51.100.1 does not map: address-denied' \
		siitctl query 198.51.100.1 dev siit0 &&
	is '[{"dev":"siit0","addr":{"addr4":"198.51.100.1","method":"none","reason":"address-denied"}}]' \
		siitctl -j query 198.51.100.1 dev siit0 &&
	json '["2001:db8::1","none",null]' \
		'.[0].addr | [.addr6,.method,.addr4]' query 2001:db8::1 dev siit0
}

t_query_pair()
{
	siitctl eam add 192.0.2.1 2001:db8::1 dev siit0 &&
	siitctl pool6 add 2001:db8:64::/96 dev siit0 || return
	is 'source: 198.51.100.1 -> 2001:db8:64::c633:6401 by pool6 2001:db8:64::/96
destination: 192.0.2.1 -> 2001:db8::1 by eam 192.0.2.1 2001:db8::1
packet: 198.51.100.1 -> 192.0.2.1 becomes 2001:db8:64::c633:6401 -> 2001:db8::1
    in: proto tcp len 40 ttl 64 tos 0
    out: proto tcp len 60 hop-limit 63 traffic-class 0' \
		siitctl query 198.51.100.1 192.0.2.1 dev siit0 &&
	json '["192.0.2.1","198.51.100.1","eam","converted"]' \
		'.[0] | [.packet.src,.packet.dst,.src.method,.dst.method]' \
		query 2001:db8::1 2001:db8:64::c633:6401 dev siit0 &&
	json '[null,"none"]' '.[0] | [.packet,.src.method]' \
		query 2001:db8::2 2001:db8:64::c633:6401 dev siit0 &&
	siitctl query 2001:db8::2 2001:db8:64::c633:6401 dev siit0 |
		grep -q '^packet: .* is not translated: source-unmapped$'
}

t_stats()
{
	siitctl dev add a0 &&
	is 'siit0
    4 to 6: 0 packets 0 bytes
    6 to 4: 0 packets 0 bytes' siitctl stats dev siit0 &&
	json '["siit0","a0"]' 'map(.dev)' stats &&
	json '[0,0,0,0,0,true]' \
		'.[0] | [.packets46,.bytes46,.packets64,.bytes64,.drops["hop-limit"],(.drops|length>40)]' \
		stats show dev a0
}

# lines FILE COUNT
lines()
{
	local -a lines

	mapfile -t lines < "$1" && [ ${#lines[@]} -ge "$2" ]
}

t_stats_watch()
{
	local pid jpid rc=0

	siitctl dev add a0 || return
	siitctl stats dev siit0 --watch 0.2 > "$WORK/watch" &
	pid=$!
	siitctl -j stats --watch 0.2 > "$WORK/watch.json" &
	jpid=$!
	within 10 lines "$WORK/watch" 11 && within 10 lines "$WORK/watch.json" 2 || rc=1
	kill -INT $pid $jpid
	wait $pid || rc=1
	wait $jpid || rc=1
	is 'siit0
    4 to 6: 0 packets 0 bytes
    6 to 4: 0 packets 0 bytes

siit0
    4 to 6: 0 packets, 0.0/s, 0 bytes, 0.0/s
    6 to 4: 0 packets, 0.0/s, 0 bytes, 0.0/s' head -n 7 "$WORK/watch" || rc=1
	is 'true [["siit0",0,true],["a0",0,true]]' jq -r \
		'"\(.seconds >= 0.2) \(.stats | map([.dev,.bytes64_rate,(.drop_rates|length>40)]) | tojson)"' \
		<<< "$(head -n 1 "$WORK/watch.json")" || rc=1
	# Nobody reads on: it does not wait for the next time to notice. The pipe may
	# close while it is writing, which a signal tells it.
	timeout 10 siitctl stats --watch 1000 | read -r _
	[[ ${PIPESTATUS[*]} = @(0|141)\ 0 ]] || { echo "# the pipe"; rc=1; }
	wrong 2 'unknown word "fast"' stats --watch fast &&
	wrong 1 '--watch: 0 is out of range: expected 0.1 to 86400' stats --watch 0 &&
	wrong 1 '--watch: "1.2.3" is not a number' stats --watch 1.2.3 dev siit0 &&
	wrong 2 'duplicate argument: "--watch"' stats --watch --watch &&
	wrong 2 'expected dev NAME or --watch' stats --wacht &&
	wrong 1 'a1' stats dev a1 --watch || rc=1
	printf 'stats --watch\n' > "$WORK/batch"
	wrong 2 '--watch has no end' -b "$WORK/batch" && return $rc
}

t_thousand_rows()
{
	local i
	local -a rows

	for i in {0..999}; do
		echo "10.0.$((i / 256)).$((i % 256))" \
			"2001:db8::$((i / 256 + 1)):$((i % 256 + 1)) dev siit0"
	done > "$WORK/rows"
	mapfile -t rows < "$WORK/rows"
	printf 'eam add %s\n' "${rows[@]}" | siitctl -b - &&
	json '[1000,1000]' \
		'[(map(.prefix4) | unique | length),(map(.prefix6) | unique | length)]' \
		eam show &&
	json 1000 '.[0].eam_count' dev show siit0 &&
	is "$(sort "$WORK/rows")" sort <<< "$(siitctl eam show dev siit0)" &&
	is '' siitctl -b - <<< $'eam flush dev siit0\neam show'
}

t_hook()
{
	ip link add v0 type veth peer name v1 && siitctl dev add a0 &&
	is '[]' siitctl -j hook show &&
	siitctl hook add v1 dev siit0 && siitctl hook add v0 dev siit0 &&
	siitctl hook add v0 dev a0 &&
	is 'v0 dev siit0
v1 dev siit0
v0 dev a0' sort -k3r <<< "$(siitctl hook show)" &&
	json '[{"iface":"v0","dev":"a0"}]' . hook show dev a0 &&
	is 'dev add a0
hook add v0 dev a0' siitctl save dev a0 &&
	siitctl hook del v1 dev siit0 &&
	json '["v0"]' 'map(.iface)' hook show dev siit0 &&
	# An interface that goes takes its hooks along, at both ends.
	ip link del v0 && is '' siitctl hook show
}

t_save()
{
	siitctl -b - <<-END && siitctl save > "$WORK/saved" &&
		dev set siit0 lowest-ipv6-mtu 1480
		dev add a0 role clat tos 32 icmp-errors off
		pool6 add 64:ff9b::/96 dev a0
		pool6 add 2001:db8:aaaa::/96 translatable 192.168.1.0/24 dev a0
		rfc6791 add 198.51.100.0/24 dev siit0
		deny4 add 10.0.0.0/8 dev siit0
		eam add 192.0.2.0/24 2001:db8:1::/64 dev siit0
		eam add 192.0.2.1 2001:db8::1 dev siit0
	END
	is 'dev add a0 role clat tos 32 icmp-errors off
pool6 add 64:ff9b::/96 dev a0
pool6 add 2001:db8:aaaa::/96 translatable 192.168.1.0/24 dev a0' \
		siitctl save dev a0 &&
	siitctl -b - <<< $'dev del a0\ndev del siit0' && is '' siitctl &&
	siitctl -b "$WORK/saved" && snapshot &&
	# Rows of one table have no order of their own.
	is "$(sort "$WORK/saved")" sort <<< "$STATE" && is "$STATE" siitctl
}

t_netns()
{
	ip netns add lab && siitctl -n lab dev add b0 role er &&
	siitctl eam add 192.0.2.1 2001:db8::1 dev siit0 &&
	json '["b0"]' 'map(.dev)' -n lab dev show &&
	json '["b0"]' 'map(.dev)' --netns=/run/netns/lab dev show &&
	json '["siit0"]' 'map(.dev)' dev show &&
	is '' siitctl -netns lab eam show &&
	wrong 1 'there is no device "siit0"' -n lab eam show dev siit0 &&
	wrong 1 'cannot open the network namespace "none": No such file' \
		-n none dev show &&
	wrong 1 '"/etc/passwd": it is not a network namespace' \
		-n /etc/passwd dev show &&
	wrong 2 '".." is not the name of a network namespace' -n .. dev &&
	ip netns del lab
}

# In a network namespace of its own, a user namespace has all it takes.
t_user_namespace()
{
	is '192.0.2.1 2001:db8::1 dev a0' unshare --user --map-root-user --net \
		sh -c 'siitctl dev add a0 role clat &&
		       siitctl eam add 192.0.2.1 2001:db8::1 dev a0 &&
		       siitctl eam show'
}

t_abbreviations()
{
	siitctl e a 192.0.2.1 2001:db8::1 dev siit0 &&
	is '192.0.2.1 2001:db8::1 dev siit0' siitctl e s &&
	is '192.0.2.1 2001:db8::1 dev siit0' siitctl e list &&
	siitctl ea delete 192.0.2.1 dev siit0 &&
	siitctl p a 64:ff9b::/96 dev siit0 && siitctl p f &&
	siitctl r a 198.51.100.1 dev siit0 && siitctl r d 198.51.100.1 dev siit0 &&
	siitctl den a 10.0.0.0/8 dev siit0 && siitctl den fl dev siit0 &&
	is "$(siitctl dev show siit0)" siitctl d s siit0 &&
	is "$(siitctl stats)" siitctl s &&
	is "$(siitctl save)" siitctl sa
}

t_help()
{
	local object text
	local -a objects=(dev eam pool6 rfc6791 deny4 stats query monitor save
		restore)

	text=$(siitctl help) && is "$text" siitctl -h &&
	[[ $(siitctl -V) = 'siitctl '[0-9]* ]] || return
	for object in "${objects[@]}"; do
		[[ $text = *"    $object "* ]] || return
	done
	text=$(printf '%s help\n' "${objects[@]}" | siitctl -b -) &&
	is "$text" siitctl -b - < <(printf 'help %s\n' "${objects[@]}") || return
	for object in "${objects[@]}"; do
		[[ $'\n'$text = *$'\n'"siitctl $object "* ]] || return
	done
}

# heard FILE...: a change that was made to be heard is in them
heard()
{
	local file

	siitctl -b - <<-END
		dev set siit0 tos 1
		dev set siit0 tos copy
		dev add a0
		dev del a0
	END
	for file; do
		[ -s "$file" ] || return
	done
}

# ends_with FILE PATTERN: its last line
ends_with()
{
	local -a lines

	mapfile -t lines < "$1"
	# shellcheck disable=SC2053 # a pattern
	[[ ${lines[*]: -1} = $2 ]]
}

t_monitor()
{
	local pid jpid

	siitctl monitor > "$WORK/monitor" &
	pid=$!
	siitctl -j monitor dev a0 > "$WORK/monitor.json" &
	jpid=$!
	# A pair of changes shows that both are listening.
	siitctl dev add t0
	within 10 heard "$WORK/monitor" "$WORK/monitor.json"
	siitctl -b - <<-END
		dev del t0
		dev add a0 role er
		eam add 192.0.2.1 2001:db8::1 dev a0
	END
	siitctl eam add 192.0.2.1 2001:db8::2 dev a0 2> /dev/null
	siitctl -b - <<-END
		eam del 192.0.2.1 dev a0
		pool6 add 64:ff9b::/96 dev siit0
		pool6 flush
		deny4 add 10.0.0.0/8 dev siit0
	END
	ip -b - <<-END
		link add port0 type dummy
		link set a0 name b0
	END
	siitctl hook add port0 dev b0
	ip -b - <<-END
		link set port0 name port1
		link del port1
		link set b0 name a0
	END
	siitctl dev del a0
	within 5 ends_with "$WORK/monitor" 'dev del a0' &&
		within 5 ends_with "$WORK/monitor.json" '*"dev del"*'
	kill $pid $jpid
	is 'dev add a0
dev set a0 role er
eam add 192.0.2.1 2001:db8::1 dev a0
eam del 192.0.2.1 2001:db8::1 dev a0
pool6 add 64:ff9b::/96 dev siit0
pool6 flush dev siit0
deny4 add 10.0.0.0/8 dev siit0
dev set b0 role er
hook add port0 dev b0
hook del port1 dev b0
dev set a0 role er
dev del a0' sed '1,/^dev del t0/d' "$WORK/monitor" &&
	is '["dev add","a0",null]
["dev set","a0",null]
["eam add","a0","192.0.2.1/32"]
["eam del","a0","192.0.2.1/32"]
["dev set","a0",null]
["dev del","a0",null]' tail -n 6 <<< "$(jq -c '[.event,.dev,.prefix4]' \
		"$WORK/monitor.json")"
}

# However late it is told: the order is that of the changes.
t_monitor_order()
{
	local pid i batch="$WORK/batch"

	siitctl monitor > "$WORK/monitor" &
	pid=$!
	within 10 heard "$WORK/monitor" || return
	kill -STOP $pid
	for i in {1..20}; do
		printf '%s\n' 'dev add t0' 'eam add 192.0.2.1 2001:db8::1 dev t0' \
			'dev del t0'
	done > "$batch"
	siitctl dev add mark && siitctl -b "$batch"
	kill -CONT $pid
	siitctl dev del mark
	within 10 ends_with "$WORK/monitor" 'dev del mark'
	kill $pid
	is "$(<"$batch")
dev del mark" sed '1,/^dev add mark/d' "$WORK/monitor"
}

run_fresh \
	'dev: add, show, del, defaults by role'	t_dev \
	'dev: every setting'			t_dev_settings \
	'dev: what is not set follows the role'	t_dev_role_change \
	'dev: ip link add type siit'		t_ip_link \
	'eam: add, show, del'			t_eam \
	'eam: lengths and nesting'		t_eam_lengths \
	'eam: text is input'			t_eam_text_is_input \
	'eam: a thousand rows'			t_thousand_rows \
	'pool6: add, show, del, flush'		t_pool6 \
	'rfc6791: add, show, del, flush'	t_rfc6791 \
	'deny4: add, show, del, flush'		t_deny4 \
	'flush one device, and all'		t_flush \
	'hook: add, show, del'			t_hook \
	'query: one address'			t_query \
	'query: no mapping'			t_query_unmapped \
	'query: rows in a prefix of pool6'	t_query_rows_in_pool6 \
	'query: wide rows'			t_query_wide_rows \
	'query: source and destination'		t_query_pair \
	'stats'					t_stats \
	'stats --watch'				t_stats_watch \
	'save, and back'			t_save \
	'monitor'				t_monitor \
	'monitor: in order'			t_monitor_order \
	'another network namespace'		t_netns \
	'in a user namespace'			t_user_namespace \
	'abbreviations'				t_abbreviations \
	'help'					t_help

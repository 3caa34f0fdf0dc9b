# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Scene 1, SIIT-DC (RFC 7755): IPv4 users, an IPv6-only data centre, a border
# relay between them.

siit_dc_picture()
{
	cat <<-'END'
	      IPv4 Internet         :              IPv6-only data centre
	                            :
	 client ------- isp ------- br ------- core ======= rack ------- server
	 203.0.113.50          [ siit0 ]           MTU 1280     2001:db8:12:34::1
	                            :                         known in IPv4 as
	 sees 192.0.2.1             :                                192.0.2.1
	                            :          sees 2001:db8:46::203.0.113.50
	END
}

siit_dc_network()
{
	fabric hosts client isp br core rack server
	fabric routers isp br core rack
	fabric ipv4_only client isp
	fabric wire client isp
	fabric wire isp br
	fabric wire br core
	fabric wire core rack 1280
	fabric wire rack server
	fabric config client <<-END
		addr add 203.0.113.50/24 dev isp
		route add default via 203.0.113.1
	END
	fabric config isp <<-END
		addr add 203.0.113.1/24 dev client
		addr add 198.51.100.1/24 dev br
		route add 192.0.2.0/24 via 198.51.100.2
	END
	fabric config br <<-END
		addr add 198.51.100.2/24 dev isp
		addr add 2001:db8:12:1::2/64 dev core nodad
		route add default via 198.51.100.1
		route add 2001:db8:12::/48 via 2001:db8:12:1::1
	END
	fabric config core <<-END
		addr add 2001:db8:12:1::1/64 dev br nodad
		addr add 2001:db8:12:2::2/64 dev rack nodad
		route add default via 2001:db8:12:1::2
		route add 2001:db8:12:34::/64 via 2001:db8:12:2::1
	END
	fabric config rack <<-END
		addr add 2001:db8:12:2::1/64 dev core nodad
		addr add 2001:db8:12:34::ff/64 dev server nodad
		route add default via 2001:db8:12:2::2
	END
	fabric config server <<-END
		addr add 2001:db8:12:34::1/64 dev rack nodad
		route add default via 2001:db8:12:34::ff
	END
}

siit_dc_servers()
{
	fabric serve_http server 2001:db8:12:34::1
	spawn server "$LOGS/$SCENE-dns.log" dnsmasq --keep-in-foreground \
		--no-resolv --no-hosts --conf-file=/dev/null --user=root \
		--pid-file= --log-queries --log-facility=- \
		--listen-address=2001:db8:12:34::1 --bind-interfaces \
		--address=/www.example.net/192.0.2.1
	fabric wait_listen udp 53
}

siit_dc()
{
	local v4=192.0.2.1 v6=2001:db8:12:34::1
	local user4=203.0.113.50 user6=2001:db8:46::cb00:7132

	scene SIIT-DC 'Scene 1 of 3: SIIT-DC, RFC 7755' \
		siit_dc_picture
	siit_dc_network
	siit_dc_servers

	say 'The border relay: a prefix for the whole IPv4 Internet, one row for the' \
		'server.'
	run br siitctl dev add siit0 role br
	run br siitctl pool6 add 2001:db8:46::/96 dev siit0
	run br siitctl eam add $v4 $v6 dev siit0
	run br ip link set siit0 up
	run br ip route add 192.0.2.0/24 dev siit0
	run br ip -6 route add 2001:db8:46::/96 dev siit0

	say 'The client opens a TCP connection; its first packet, before and after:'
	fabric capture br siit0 2 'tcp port 80'
	check 'IPv4-only client, page of IPv6-only server' fetch client $v4
	packet br
	check 'that packet, translated as RFC 7755 says' \
		crossed $user4 $v4 $user6 $v6
	check "server's log: client inside the prefix" log_shows $user6
	check 'DNS query over UDP' resolve client $v4 www.example.net $v4
	check 'ping, client to server' pings client $v4
	check 'ping, server to client' pings server $user6
	check 'traceroute, client to server' traces client $v4 \
		"203.0.113.1 198.51.100.2 192.0.0.8 192.0.0.8 $v4"
	check 'traceroute, server to client' traces server $user6 \
		"2001:db8:12:34::ff 2001:db8:12:2::2 2001:db8:12:1::2 2001:db8:46::c633:6401 $user6"
	check 'bulk TCP, client to server' transfer client server $v4 push
	check 'path MTU that the client has learned' learned client $v4 1260
	check 'bulk TCP, server to client' transfer client server $v4 pull
	check 'path MTU that the server has learned' learned server $user6 1280
}

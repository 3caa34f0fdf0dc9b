# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Scene 2, edge relay (RFC 7756): the server knows IPv4 only, the data centre
# IPv6 only; a border relay and an edge relay undo each other's work.

edge_relay_picture()
{
	cat <<-'END'
	     IPv4 Internet       :     IPv6-only data centre      :   IPv4
	                         :                                :
	 client ----- isp ------ br ------ core ======= rack ---- er ------ server
	 203.0.113.50        [ siit0 ]         MTU 1280       [ siit0 ]  192.0.2.1
	                         :                                :
	                         :  on the wire: 2001:db8:e::1,   :
	                         :  2001:db8:46::203.0.113.50     :
	END
}

edge_relay_network()
{
	fabric hosts client isp br core rack er server
	fabric routers isp br core rack er
	fabric ipv4_only client isp server
	fabric wire client isp
	fabric wire isp br
	fabric wire br core
	fabric wire core rack 1280
	fabric wire rack er
	fabric wire er server
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
		route add 2001:db8:e::/48 via 2001:db8:12:1::1
		route add 2001:db8:12::/48 via 2001:db8:12:1::1
	END
	fabric config core <<-END
		addr add 2001:db8:12:1::1/64 dev br nodad
		addr add 2001:db8:12:2::2/64 dev rack nodad
		route add default via 2001:db8:12:1::2
		route add 2001:db8:e::/48 via 2001:db8:12:2::1
	END
	fabric config rack <<-END
		addr add 2001:db8:12:2::1/64 dev core nodad
		addr add 2001:db8:12:3::2/64 dev er nodad
		route add default via 2001:db8:12:2::2
		route add 2001:db8:e::/48 via 2001:db8:12:3::1
	END
	fabric config er <<-END
		addr add 2001:db8:12:3::1/64 dev rack nodad
		addr add 192.0.2.254/24 dev server
		route add default via 2001:db8:12:3::2
	END
	fabric config server <<-END
		addr add 192.0.2.1/24 dev er
		route add default via 192.0.2.254
	END
}

edge_relay()
{
	local v4=192.0.2.1 v6=2001:db8:e::1
	local user4=203.0.113.50 user6=2001:db8:46::cb00:7132

	scene edge-relay 'Scene 2 of 3: edge relay, RFC 7756' \
		edge_relay_picture
	edge_relay_network
	fabric serve_http server $v4

	say 'The border relay, as in scene 1:'
	run br siitctl dev add siit0 role br
	run br siitctl pool6 add 2001:db8:46::/96 dev siit0
	run br siitctl eam add $v4 $v6 dev siit0
	run br ip link set siit0 up
	run br ip route add 192.0.2.0/24 dev siit0
	run br ip -6 route add 2001:db8:46::/96 dev siit0
	say "The edge relay, with the same row, is the IPv4 server's router:"
	run er siitctl dev add siit0 role er
	run er siitctl pool6 add 2001:db8:46::/96 dev siit0
	run er siitctl eam add $v4 $v6 dev siit0
	run er ip link set siit0 up
	run er ip route add default dev siit0
	run er ip -6 route add $v6/128 dev siit0

	say 'The first packet of a connection at the edge relay, before and after:'
	fabric capture er siit0 2 'tcp port 80'
	check 'IPv4-only client, page of IPv4-only server' fetch client $v4
	packet er
	check 'that packet, as the client sent it' \
		crossed $user6 $v6 $user4 $v4
	check "server's log: the client's true address" log_shows $user4
	check 'ping, client to server' pings client $v4
	check 'ping, server to client' pings server $user4
	check 'traceroute, client to server' traces client $v4 \
		"203.0.113.1 198.51.100.2 192.0.0.8 192.0.0.8 192.0.0.8 $v4"
	check 'traceroute, server to client' traces server $user4 \
		"192.0.2.254 192.0.0.8 192.0.0.8 192.0.0.8 198.51.100.1 $user4"
	check 'bulk TCP, client to server' transfer client server $v4 push
	check 'path MTU that the client has learned' learned client $v4 1260
	check 'bulk TCP, server to client' transfer client server $v4 pull
	check 'path MTU that the server has learned' learned server $user4 1260
}

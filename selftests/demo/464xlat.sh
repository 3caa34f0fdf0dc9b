# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Scene 3, 464XLAT (RFC 6877): IPv4 programs behind an IPv6-only access
# network. The PLAT is a siit device plus the kernel's own NAT44.

xlat464_picture()
{
	cat <<-'END'
	 IPv4    :         IPv6-only access network         :       IPv4 Internet
	         :                                          :
	 pc --- home ------.                                :
	     [ siit0 ]     access ======= core ------------ plat ------ isp ------ server
	                   /     MTU 1280               [ siit0, nft ]       203.0.113.80
	 phone -----------'                                 :
	 [ siit0 ]                                          :
	         :                                          :
	 pc      192.168.1.10  2001:db8:a:464::192.168.1.10  100.64.1.10 \ 198.51.100.1
	 phone   192.0.0.1     2001:db8:b::464               100.64.2.1  / for both
	END
}

xlat464_network()
{
	fabric hosts pc home phone access core plat isp server
	fabric routers home phone access core plat isp
	fabric ipv4_only pc isp server
	fabric wire pc home
	fabric wire home access
	fabric wire phone access
	fabric wire access core 1280
	fabric wire core plat
	fabric wire plat isp
	fabric wire isp server
	fabric config pc <<-END
		addr add 192.168.1.10/24 dev home
		route add default via 192.168.1.1
	END
	fabric config home <<-END
		addr add 192.168.1.1/24 dev pc
		addr add 2001:db8:a::2/64 dev access nodad
		route add default via 2001:db8:a::1
	END
	fabric config access <<-END
		addr add 2001:db8:a::1/64 dev home nodad
		addr add 2001:db8:b::1/64 dev phone nodad
		addr add 2001:db8:c::2/64 dev core nodad
		route add default via 2001:db8:c::1
		route add 2001:db8:a:464::/64 via 2001:db8:a::2
		route add 2001:db8:b::464/128 via 2001:db8:b::2
	END
	fabric config phone <<-END
		addr add 2001:db8:b::2/64 dev access nodad
		route add default via 2001:db8:b::1
	END
	fabric config core <<-END
		addr add 2001:db8:c::1/64 dev access nodad
		addr add 2001:db8:d::2/64 dev plat nodad
		route add default via 2001:db8:d::1
		route add 2001:db8:a::/47 via 2001:db8:c::2
	END
	fabric config plat <<-END
		addr add 2001:db8:d::1/64 dev core nodad
		addr add 198.51.100.1/24 dev isp
		route add 2001:db8:a::/47 via 2001:db8:d::2
		route add default via 198.51.100.254
	END
	fabric config isp <<-END
		addr add 198.51.100.254/24 dev plat
		addr add 203.0.113.254/24 dev server
	END
	fabric config server <<-END
		addr add 203.0.113.80/24 dev isp
		route add default via 203.0.113.254
	END
}

xlat464()
{
	local v4=203.0.113.80 v6=2001:db8:64::cb00:7150

	scene 464XLAT 'Scene 3 of 3: 464XLAT, RFC 6877' \
		xlat464_picture
	xlat464_network
	fabric serve_http server $v4

	say 'The home router is the CLAT of the IPv4 hosts behind it:'
	run home siitctl dev add siit0 role clat
	run home siitctl pool6 add 2001:db8:64::/96 dev siit0
	run home siitctl pool6 add 2001:db8:a:464::/96 translatable \
		192.168.1.0/24 dev siit0
	run home ip link set siit0 up
	run home ip route add default dev siit0
	run home ip -6 route add 2001:db8:a:464::/96 dev siit0
	say 'The phone is the CLAT of its own programs (RFC 7335):'
	run phone siitctl dev add siit0 role clat
	run phone siitctl pool6 add 2001:db8:64::/96 dev siit0
	run phone siitctl eam add 192.0.0.1 2001:db8:b::464 dev siit0
	run phone ip addr add 192.0.0.1/32 dev siit0
	run phone ip link set siit0 up
	run phone ip route add default dev siit0 src 192.0.0.1
	run phone ip -6 route add 2001:db8:b::464/128 dev siit0
	say "The PLAT gives each a private address, and the kernel's NAT44 shares" \
		'one public:'
	run plat siitctl dev add siit0 role br
	run plat siitctl pool6 add 2001:db8:64::/96 dev siit0
	run plat siitctl eam add 100.64.1.0/24 2001:db8:a:464::c0a8:100/120 \
		dev siit0
	run plat siitctl eam add 100.64.2.1 2001:db8:b::464 dev siit0
	run plat ip link set siit0 up
	run plat ip route add 100.64.0.0/10 dev siit0
	run plat ip -6 route add 2001:db8:64::/96 dev siit0
	run plat nft add table ip nat
	run plat nft add chain ip nat post \
		'{ type nat hook postrouting priority srcnat; }'
	run plat nft add rule ip nat post oifname isp masquerade

	say 'The first packet of a connection at the CLAT, before and after:'
	fabric capture home siit0 2 'tcp port 80'
	check 'pc behind the CLAT, page of IPv4 server' fetch pc $v4
	packet home
	check 'that packet, translated as RFC 6877 says' \
		crossed 192.168.1.10 $v4 2001:db8:a:464::c0a8:10a $v6
	fabric capture plat siit0 2 'tcp port 80'
	check 'program on the phone itself, same page' fetch phone $v4
	packet plat
	check "that packet at the PLAT, before the NAT44" \
		crossed 2001:db8:b::464 $v6 100.64.2.1 $v4
	check "server's log: one address for both" log_shows 198.51.100.1
	check 'ping, pc to server' pings pc $v4
	check 'ping, phone to server' pings phone $v4
	check 'traceroute, pc to server' traces pc $v4 \
		"192.168.1.1 192.0.0.8 192.0.0.8 192.0.0.8 198.51.100.254 $v4"
	check 'bulk TCP, pc to server' transfer pc server $v4 push
	check 'path MTU that the pc has learned' learned pc $v4 1260
	check 'bulk TCP, server to pc' transfer pc server $v4 pull
	check 'path MTU that the server has learned' learned server \
		198.51.100.1 1260
	check 'bulk TCP, phone to server' transfer phone server $v4 push
	check 'bulk TCP, server to phone' transfer phone server $v4 pull
}

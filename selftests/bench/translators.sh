# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# What the benchmark compares. A translator is a pair of functions, up_NAME and
# down_NAME, that put it into r and take it away; both are called with NAME.

# routes DEV: what a translator with a device is sent, the last of it on the
# way back to a client of bulk()
routes() {
	ip -n r link set "$1" up
	ip -n r route add 198.51.100.0/24 dev "$1"
	ip -n r route add 64:ff9b::/96 dev "$1"
	ip -n r route add 10.0.0.101 dev "$1"
}

# Each route that a router has makes the search for the others longer, some 20
# instructions here. That is no translator's doing, so there are as many without one.
up_none() {
	ip -n r link add dummy0 mtu "$MTU" type dummy
	routes dummy0
}

down_none() { ip -n r link del dummy0; }

# device NAME: one without rows
device() {
	modprobe siit
	echo "@ version $1 $(modinfo -F version siit)"
	ip -n r link add siit0 mtu "$MTU" type siit
	siitctl -n r dev set siit0 wkp-private allow lowest-ipv6-mtu "$MTU"
	siitctl -n r pool6 add 64:ff9b::/96 dev siit0
}

# hooks add|del: packets no longer take the routes to the device, which stay for
# what r itself sends
hooks() {
	siitctl -n r hook "$1" r0 dev siit0
	siitctl -n r hook "$1" r1 dev siit0
}

up_device() {
	device "$1"
	siitctl -n r eam add 10.0.0.0/24 2001:db8:c::/120 dev siit0
	siitctl -n r eam add 198.51.100.0/24 2001:db8:5e::/120 dev siit0
	routes siit0
}

down_device() {
	ip -n r link del siit0
	rmmod siit
}

up_hook() {
	up_device "$1"
	hooks add
}

down_hook() { down_device; }

jool() { on r "$JOOL/jool_siit" "$@"; }

up_jool() {
	modprobe -a nf_defrag_ipv4 nf_defrag_ipv6 x_tables
	insmod "$JOOL/jool_common.ko"
	insmod "$JOOL/jool_siit.ko"
	echo "@ version $1 $(<"$JOOL/version")"
	jool instance add bench --netfilter --pool6 64:ff9b::/96
	jool -i bench global update lowest-ipv6-mtu "$MTU"
	jool -i bench eamt add 10.0.0.0/24 2001:db8:c::/120
	jool -i bench eamt add 198.51.100.0/24 2001:db8:5e::/120
}

down_jool() {
	jool instance remove bench
	rmmod jool_siit jool_common
}


/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The hosts of most cases: an IPv6 node A that IPv4 sees as A4, IPv4 hosts B
 * and C, an IPv4 router R and an IPv6 router that has no IPv4 address.
 *
 * Prefix 2001:db8:100::/40 (RFC 7915 appendix A): not checksum neutral, and
 * the octet "u" is inside the IPv4 address.
 */
#ifndef ADDRS_H
#define ADDRS_H

#define A4 "192.0.2.33"
#define A6 "2001:db8:1c0:2:21::"
#define B4 "198.51.100.2"
#define B6 "2001:db8:1c6:3364:2::"
#define R4 "203.0.113.1"
#define R6 "2001:db8:1cb:71:1::"
#define ROUTER6 "2001:db8::1234"

/* A packet from A to B as it comes in, and as it leaves */
#define IN4 "ip4 src=" A4 " dst=" B4 " "
#define OUT6 "ip6 hlim=63 src=" A6 " dst=" B6 " "
/* A packet from B to A */
#define IN6 "ip6 src=" B6 " dst=" A6 " "
#define OUT4 "ip4 ttl=63 src=" B4 " dst=" A4 " "

/* The same on siit0, half way, as ICMP errors quote it */
#define MID4 IN4 "ttl=63 "
#define MID6 IN6 "hlim=63 "

/* ICMP errors that the box itself sends to A, to B */
#define SELF4 "ip4 anyhdr src=" PORT4_ADDR " dst=" A4 " / "
#define SELF6 "ip6 anyhdr src=" PORT6_ADDR " dst=" B6 " / "

/* An ICMPv4 error from R to A about a packet from A to B, and translated */
#define ERR4 "ip4 src=" R4 " dst=" A4 " / "
#define ERR6 "ip6 hlim=63 src=" R6 " dst=" A6 " / "
#define INNER4 "ip4 src=" A4 " dst=" B4 " ttl=5 "
#define INNER6 "ip6 src=" A6 " dst=" B6 " hlim=5 "

/* An ICMPv6 error from the node C to B about a packet from B to A */
#define C4 "192.0.2.44"
#define C6 "2001:db8:1c0:2:2c::"
#define FROM6 "ip6 src=" C6 " dst=" B6 " / "
#define TO4 "ip4 ttl=63 id=* src=" C4 " dst=" B4 " / "
#define QUOTE6 "ip6 src=" B6 " dst=" A6 " hlim=5 "
#define QUOTE4 "ip4 src=" B4 " dst=" A4 " ttl=5 id=* "

#endif /* ADDRS_H */

// SPDX-License-Identifier: GPL-2.0
/*
 * Lengths and checksums, verified from the definitions in the RFCs and not
 * with any code of the translator.
 */
#include <string.h>

#include "check.h"

uint16_t sum16(const uint8_t *p, size_t len, uint32_t sum)
{
	size_t i;

	for (i = 0; i + 1 < len; i += 2)
		sum += p[i] << 8 | p[i + 1];
	if (len & 1)
		sum += p[len - 1] << 8;
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return sum;
}

uint16_t l4_sum(int family, const uint8_t *src, const uint8_t *dst, int proto,
		const uint8_t *p, size_t len)
{
	size_t alen = family == 4 ? 4 : 16;
	uint32_t sum = 0;

	if (family) {
		sum = sum16(src, alen, proto);
		sum = sum16(dst, alen, sum);
		sum += (len >> 16) + (len & 0xffff);
	}
	/* Big datagrams overflow 32 bits no sooner than after 64K words. */
	return sum16(p, len, sum);
}

static unsigned int be16(const uint8_t *p)
{
	return p[0] << 8 | p[1];
}

static const char *check_extension(const uint8_t *p, size_t len)
{
	size_t at;

	if (len < 4)
		return "extension header cut off";
	if (p[0] >> 4 != 2)
		return "extension version is not 2";
	if (be16(p + 2) && sum16(p, len, 0) != 0xffff)
		return "extension checksum";
	for (at = 4; at < len; at += be16(p + at)) {
		if (len - at < 4 || be16(p + at) < 4 ||
		    be16(p + at) > len - at || be16(p + at) % 4)
			return "extension object length";
	}
	return NULL;
}

static const char *check_quote4(const uint8_t *p, size_t len)
{
	size_t hlen;

	if (len < 20)
		return "quoted IPv4 header cut off";
	hlen = (p[0] & 15) * 4;
	if (p[0] >> 4 != 4 || hlen < 20 || hlen > len)
		return "quoted packet is not IPv4";
	if (sum16(p, hlen, 0) != 0xffff)
		return "quoted IPv4 header checksum";
	return NULL;
}

static const char *check_icmp4(const uint8_t *p, size_t len)
{
	size_t quote = len - 8, words = p[5];
	const char *bad;

	if (p[0] != 3 && p[0] != 11 && p[0] != 12)
		return NULL;
	if (words) {
		if (words * 4 < 128 || words * 4 > len - 8)
			return "ICMPv4 length attribute";
		quote = words * 4;
		bad = check_extension(p + 8 + quote, len - 8 - quote);
		if (bad)
			return bad;
	}
	return check_quote4(p + 8, quote);
}

static const char *check_icmp6(const uint8_t *p, size_t len)
{
	size_t quote;

	if (p[0] >= 128)
		return NULL;
	if ((p[0] == 1 || p[0] == 3) && p[4]) {
		quote = p[4] * 8;
		if (quote < 128 || quote > len - 8)
			return "ICMPv6 length attribute";
		return check_extension(p + 8 + quote, len - 8 - quote);
	}
	if (len >= 8 + 1 && p[8] >> 4 != 6)
		return "quoted packet is not IPv6";
	return NULL;
}

static const char *check_l4(int family, const uint8_t *src, const uint8_t *dst,
			    int proto, const uint8_t *p, size_t len)
{
	switch (proto) {
	case 1:
		if (len < 8)
			return "ICMPv4 message cut off";
		if (l4_sum(0, src, dst, 0, p, len) != 0xffff)
			return "ICMPv4 checksum";
		return check_icmp4(p, len);
	case 58:
		if (len < 8)
			return "ICMPv6 message cut off";
		if (l4_sum(family, src, dst, proto, p, len) != 0xffff)
			return "ICMPv6 checksum";
		return check_icmp6(p, len);
	case 6:
		if (len < 20)
			return "TCP header cut off";
		if (l4_sum(family, src, dst, proto, p, len) != 0xffff)
			return "TCP checksum";
		return NULL;
	case 17:
		if (len < 8)
			return "UDP header cut off";
		if (!be16(p + 6))
			return family == 4 ? NULL : "UDP over IPv6 checksum 0";
		if (l4_sum(family, src, dst, proto, p, len) != 0xffff)
			return "UDP checksum";
		return NULL;
	}
	return NULL;
}

static const char *check4(const uint8_t *p, size_t len)
{
	size_t hlen = (p[0] & 15) * 4;

	if (len < 20 || hlen != 20)
		return "IPv4 header length";
	if (be16(p + 2) != len)
		return "IPv4 Total Length";
	if (sum16(p, hlen, 0) != 0xffff)
		return "IPv4 header checksum";
	if (be16(p + 6) & 0x3fff)
		return NULL;
	return check_l4(4, p + 12, p + 16, p[9], p + hlen, len - hlen);
}

static const char *check6(const uint8_t *p, size_t len)
{
	size_t at = 40;
	int next = p[6];

	if (len < 40)
		return "IPv6 header cut off";
	if (be16(p + 4) != len - 40)
		return "IPv6 Payload Length";
	if (next == 44) {
		if (len < 48)
			return "Fragment Header cut off";
		if (be16(p + 42) & 0xfff9)
			return NULL;
		next = p[40];
		at = 48;
	}
	return check_l4(6, p + 8, p + 24, next, p + at, len - at);
}

const char *check_packet(const uint8_t *p, size_t len)
{
	if (!len)
		return "empty";
	switch (p[0] >> 4) {
	case 4:
		return check4(p, len);
	case 6:
		return check6(p, len);
	}
	return "version is neither 4 nor 6";
}

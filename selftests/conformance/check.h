/* SPDX-License-Identifier: GPL-2.0 */
#ifndef CHECK_H
#define CHECK_H

#include <stddef.h>
#include <stdint.h>

/**
 * sum16() - one's complement sum of 16-bit words (RFC 1071)
 * @p: octets; an odd one at the end is padded with 0
 * @len: number of octets
 * @sum: to start with
 *
 * Return: the sum folded to 16 bits, not complemented.
 */
uint16_t sum16(const uint8_t *p, size_t len, uint32_t sum);

/**
 * l4_sum() - the sum that a receiver computes over an upper-layer packet
 * @family: 4 or 6; 0 for no pseudo-header
 * @src: address, 4 or 16 octets
 * @dst: address
 * @proto: protocol number
 * @p: upper-layer packet
 * @len: length of it
 *
 * Return: 0xffff if the checksum in it is right.
 */
uint16_t l4_sum(int family, const uint8_t *src, const uint8_t *dst, int proto,
		const uint8_t *p, size_t len);

/**
 * check_packet() - do the lengths and checksums of a packet hold?
 * @p: octets from the network header on
 * @len: number of them
 *
 * Whole packets have their upper-layer checksum verified, ICMP errors the
 * quoted IPv4 header and the extension structure too.
 *
 * Return: NULL, or what is wrong.
 */
const char *check_packet(const uint8_t *p, size_t len);

#endif /* CHECK_H */

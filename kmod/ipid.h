/* SPDX-License-Identifier: GPL-2.0 */
/*
 * IPv4 identifications for packets that come from IPv6 (RFC 7915 5.1).
 *
 * A packet that may be fragmented on its way needs an identification that its
 * source, destination and protocol have not used for a while (RFC 6864). One
 * shared counter for these three would be written to by every CPU for every
 * packet. So each CPU takes blocks of identifications from the shared counter
 * and hands them out alone: unique as before, and the shared line is touched
 * once in IPID_BLOCK packets.
 */
#ifndef _SIIT_IPID_H
#define _SIIT_IPID_H

#include <linux/atomic.h>
#include <linux/bits.h>
#include <linux/ip.h>
#include <linux/percpu.h>

#define IPID_BUCKET_BITS	10
#define IPID_BUCKETS		BIT(IPID_BUCKET_BITS)
#define IPID_BLOCK		32

/* @next up to @end, modulo 2^16, are this CPU's. Equal: none left. */
struct ipid_block {
	u16 next;
	u16 end;
};

struct ipid_cpu {
	struct ipid_block block[IPID_BUCKETS];
};

/**
 * struct siit_ipid - a generator
 * @cpu: blocks in use
 * @secret: keeps the bucket of a flow, and so its counter, unpredictable
 * @shared: where the next block starts
 */
struct siit_ipid {
	struct ipid_cpu __percpu *cpu;
	u64 secret;
	atomic_t shared[IPID_BUCKETS];
};

struct siit_ipid *siit_ipid_alloc(void);
void siit_ipid_free(struct siit_ipid *ipid);

/**
 * siit_ipid_get() - identifications for a packet
 * @ipid: the generator; NULL: none is to be used up, as for a packet that is
 *	never sent
 * @ip: source, destination and protocol of the packet
 * @count: how many in a row; a GSO packet needs one for each segment
 *
 * RFC 7915 5.1, RFC 6864 4.3.
 *
 * Context: BH.
 * Return: the first one, host order; 0 without a generator.
 */
static inline u16 siit_ipid_get(struct siit_ipid *ipid,
				const struct iphdr *ip, unsigned int count)
{
	u64 pair = (u64)(__force u32)ip->saddr << 32 | (__force u32)ip->daddr;
	struct ipid_block *b;
	u64 key;
	u32 i;
	u16 id;

	if (unlikely(!ipid))
		return 0;
	key = (pair ^ ipid->secret) * 0x9e3779b97f4a7c15ULL + ip->protocol;
	i = (key * ipid->secret) >> (64 - IPID_BUCKET_BITS);
	b = &this_cpu_ptr(ipid->cpu)->block[i];
	if (unlikely((u16)(b->end - b->next) < count)) {
		unsigned int take = max_t(unsigned int, count, IPID_BLOCK);

		b->next = atomic_fetch_add(take, &ipid->shared[i]);
		b->end = b->next + take;
	}
	id = b->next;
	b->next += count;
	return id;
}

#endif /* _SIIT_IPID_H */

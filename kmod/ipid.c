// SPDX-License-Identifier: GPL-2.0
/*
 * IPv4 identifications: the generator of a device.
 */
#include <linux/mm.h>
#include <linux/percpu.h>
#include <linux/random.h>
#include <linux/slab.h>

#include "ipid.h"

/**
 * siit_ipid_alloc() - make a generator
 *
 * Context: process.
 * Return: the generator, or NULL without memory.
 */
struct siit_ipid *siit_ipid_alloc(void)
{
	struct siit_ipid *ipid;
	unsigned int i;

	ipid = kvmalloc(sizeof(*ipid), GFP_KERNEL_ACCOUNT);
	if (!ipid)
		return NULL;
	ipid->cpu = alloc_percpu_gfp(struct ipid_cpu, GFP_KERNEL_ACCOUNT);
	if (!ipid->cpu) {
		kvfree(ipid);
		return NULL;
	}
	ipid->secret = get_random_u64() | 1;
	for (i = 0; i < IPID_BUCKETS; i++)
		atomic_set(&ipid->shared[i], get_random_u32());
	return ipid;
}

/**
 * siit_ipid_free() - free a generator
 * @ipid: the generator, or NULL
 *
 * Context: process.
 */
void siit_ipid_free(struct siit_ipid *ipid)
{
	if (!ipid)
		return;
	free_percpu(ipid->cpu);
	kvfree(ipid);
}

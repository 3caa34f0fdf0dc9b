/* SPDX-License-Identifier: GPL-2.0 */
/* Numbers that depend on a seed and nothing else (splitmix64). */
#ifndef RNG_H
#define RNG_H

#include <stdbool.h>
#include <stdint.h>

struct rng {
	uint64_t state;
};

static inline uint64_t rng_mix(uint64_t z)
{
	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
	return z ^ (z >> 31);
}

/* A stream of its own for part NUMBER of the run with SEED. */
static inline struct rng rng_make(uint64_t seed, uint64_t number)
{
	return (struct rng){ rng_mix(rng_mix(seed) + number) };
}

static inline uint32_t rnd(struct rng *r)
{
	r->state += 0x9e3779b97f4a7c15ULL;
	return rng_mix(r->state) >> 32;
}

/* 0 to n - 1 */
static inline uint32_t below(struct rng *r, uint32_t n)
{
	return ((uint64_t)rnd(r) * n) >> 32;
}

static inline uint32_t between(struct rng *r, uint32_t from, uint32_t to)
{
	return from + below(r, to - from + 1);
}

static inline bool percent(struct rng *r, unsigned int n)
{
	return below(r, 100) < n;
}

static inline bool permille(struct rng *r, unsigned int n)
{
	return below(r, 1000) < n;
}

#define PICK(r, list) ((list)[below((r), sizeof(list) / sizeof(*(list)))])

#endif /* RNG_H */

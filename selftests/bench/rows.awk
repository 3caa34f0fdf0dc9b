# SPDX-License-Identifier: GPL-2.0
#
# A table for "siitctl restore": rows of so many prefix lengths, 32 and below. The
# shorter ones have an equal share each, 4096 at most; none is within another.
# "-v where=LENGTH" prints how many there are of a length, and the first address as
# a number, instead.

function place(len, count, first,   i, addr)
{
	if (where == len)
		print count, first
	if (where)
		return
	for (i = 0; i < count; i++) {
		addr = first + i * 2 ^ (32 - len)
		printf "eam add %d.%d.%d.%d/%d 2001:db8:5e::%x:%x/%d dev siit0\n",
			int(addr / 16777216), int(addr / 65536) % 256,
			int(addr / 256) % 256, addr % 256, len,
			int(addr / 65536), addr % 65536, len + 96
	}
}

BEGIN {
	share = int(rows / lengths)
	if (share > 4096)
		share = 4096
	first = 20 * 16777216		# 20.0.0.0
	for (len = 33 - lengths; len < 32; len++) {
		place(len, share, first)
		first += share * 2 ^ (32 - len)
	}
	place(32, rows - (lengths - 1) * share, 40 * 16777216)
}

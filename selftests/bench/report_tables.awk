# SPDX-License-Identifier: GPL-2.0
#
# From the lines of tables.sh to a table, and to tables.csv and memory.csv in dir.

BEGIN {
	split("device hook", name)
	split("4to6 6to4", path)
	split("longest shortest", hit)
	arrow["4to6"] = "4->6"
	arrow["6to4"] = "6->4"
}

$2 == "load" {
	order[++count] = $3 " " $4
	took[$3, $4] = $5
	octets[$3, $4] = $6
}

$2 == "table" {
	if (!smallest[$3, $7])
		smallest[$3, $7] = $9
	size = $8
	cost[$3, $4, $5, $6, $7] = $9
	least[$3, $4, $5, $6, $7] = $10
	most[$3, $4, $5, $6, $7] = $11
}

function cell(name, rows, lengths, hit, path,   c, top)
{
	if (!((name, rows, lengths, hit, path) in cost)) {
		printf " %11s", ""
		return
	}
	c = cost[name, rows, lengths, hit, path]
	top = c - smallest[name, path]
	if (rows " " lengths != order[1])
		printf " %+11d", top
	else
		printf " %11d", c
	printf "%s,%s,%d,%d,%s,%s,%d,%d,%d,%d,%d\n", release, name, rows, lengths, hit,
		path, size, c, least[name, rows, lengths, hit, path],
		most[name, rows, lengths, hit, path], top >tables
}

function row(rows, lengths,   h, n, p)
{
	for (h = 1; h <= (lengths == 1 ? 1 : 2); h++) {
		printf "%8d %7d  %-9s", rows, lengths, lengths == 1 ? "" : hit[h]
		for (n = 1; n <= 2; n++)
			for (p = 1; p <= 2; p++)
				cell(name[n], rows, lengths, hit[h], path[p])
		printf "\n"
	}
}

END {
	if (!count)
		exit
	tables = dir "/tables.csv"
	memory = dir "/memory.csv"
	printf "kernel,translator,rows,lengths,hit,path,octets,instructions,least,most,over_smallest\n" >tables
	printf "kernel,rows,lengths,octets_per_row,load_instructions_per_row\n" >memory
	printf "\nInstructions per packet with an EAM table; +: on top of the smallest;\n"
	printf "frames of %d octets, %s. Found: by the longest prefix length in use,\n", size, release
	printf "or by the shortest. The other address of the packet is in no row.\n\n"
	printf "%8s %7s  %-9s", "rows", "lengths", "found by"
	for (n = 1; n <= 2; n++)
		for (p = 1; p <= 2; p++)
			printf " %11s", name[n] " " arrow[path[p]]
	printf "\n"
	for (i = 1; i <= count; i++) {
		split(order[i], t, " ")
		row(t[1], t[2])
	}
	printf "\n%8s %7s  %15s %28s\n", "rows", "lengths", "octets per row", "instructions to load a row"
	for (i = 1; i <= count; i++) {
		split(order[i], t, " ")
		if (t[1] < 100000)
			continue	# less than what else happens meanwhile
		printf "%8d %7d  %15d %28d\n", t[1], t[2], octets[t[1], t[2]] / t[1],
			took[t[1], t[2]] / t[1]
		printf "%s,%d,%d,%d,%d\n", release, t[1], t[2], octets[t[1], t[2]] / t[1],
			took[t[1], t[2]] / t[1] >memory
	}
}

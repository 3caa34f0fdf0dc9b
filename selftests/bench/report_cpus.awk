# SPDX-License-Identifier: GPL-2.0
#
# From the lines of cpus.sh to a table, and to cpus.csv in dir.

BEGIN {
	label["forward4"] = "IPv4, forwarded"
	label["forward6"] = "IPv6, forwarded"
	label["4to6"] = "4 -> 6"
	label["6to4"] = "6 -> 4"
}

$2 == "host" {
	host = $3
}

$2 == "cpus" {
	lines[++count] = $0
	ratio[$3, $4] = $7
	if ($9 - $8 > spread * $7)
		spread = ($9 - $8) / $7
}

# What plain forwarding gains, in the families that a path has
function plain(path)
{
	if (path ~ /^forward/)
		return ratio["none", path]
	return (ratio["none", "forward4"] + ratio["none", "forward6"]) / 2
}

END {
	if (!count)
		exit
	cpus = dir "/cpus.csv"
	printf "kernel,host_cpus,translator,path,one,two,ratio,least,most,of_plain\n" >cpus
	printf "\nPackets in a second with one CPU and with two, %s\n\n", release
	printf "%-8s %-16s %8s %8s %7s %13s %9s\n", "", "", "one", "two", "ratio",
		"least, most", "of plain"
	for (i = 1; i <= count; i++) {
		split(lines[i], f, " ")
		part = f[7] / plain(f[4])
		printf "%-8s %-16s %8d %8d %7.2f   %5.2f %5.2f %8.0f%%\n", f[3], label[f[4]],
			f[5], f[6], f[7], f[8], f[9], part * 100
		printf "%s,%d,%s,%s,%d,%d,%.4f,%.4f,%.4f,%.4f\n", release, host, f[3], f[4],
			f[5], f[6], f[7], f[8], f[9], part >cpus
	}
	printf "\nReal time in an emulated machine with two CPUs, on a host with %d; medians of\n", host
	printf "turns. The rates say how fast the emulator is, and plain forwarding without\n"
	printf "a translator what it makes of a second CPU: \"of plain\" is a ratio compared\n"
	printf "with that one, of the same family, or the mean of both.\n"
	if (spread > 0.5)
		printf "The ratios of turns differ by up to %.0f %%: the host was busy, and these\n" \
			"are no measurements.\n", spread * 100
}

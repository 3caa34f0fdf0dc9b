# SPDX-License-Identifier: GPL-2.0
#
# From the lines of packets.sh to tables, and to packets.csv and bulk.csv in dir.

BEGIN {
	label["arrival4"] = "IPv4, dropped on arrival"
	label["arrival6"] = "IPv6, dropped on arrival"
	label["forward4"] = "IPv4, forwarded"
	label["forward6"] = "IPv6, forwarded"
	label["4to6"] = "4 -> 6"
	label["6to4"] = "6 -> 4"
	label["to-device4"] = "4 -> 6, as far as the device"
	label["from-device6"] = "4 -> 6, received from it"
	label["to-device6"] = "6 -> 4, as far as the device"
	label["from-device4"] = "6 -> 4, received from it"
	label["4up"] = "IPv4, to the server"
	label["4down"] = "IPv4, from the server"
	label["6up"] = "IPv6, to the server"
	label["6down"] = "IPv6, from the server"
	label["4to6up"] = "4 -> 6, to the server"
	label["4to6down"] = "4 -> 6, from the server"
	label["6to4up"] = "6 -> 4, to the server"
	label["6to4down"] = "6 -> 4, from the server"
}

$2 == "packet" {
	remember("translator", $3)
	remember("path", $5)
	remember("size", $6)
	eams[$3, $5, $6] = $4
	cost[$3, $5, $6] = $7
	least[$3, $5, $6] = $8
	most[$3, $5, $6] = $9
	if ($9 - $8 > spread * $7)
		spread = ($9 - $8) / $7
}

$2 == "bulk" {
	remember("translator", $3)
	remember("transfer", $4)
	rate[$3, $4] = $5
}

# What a packet should cost; 0: there is nothing to compare it with
function ideal(path, size)
{
	if (path ~ /^forward/)
		return cost["none", path, size]
	if (path == "4to6")
		return crossing("arrival4", "forward6", "arrival6", size)
	if (path == "6to4")
		return crossing("arrival6", "forward4", "arrival4", size)
	return 0
}

function crossing(arrival, forward, less, size)
{
	return cost["none", arrival, size] + \
	       cost["none", forward, size] - cost["none", less, size]
}

# The slower family of plain forwarding in the same direction
function plain(path,   four, six)
{
	sub(/^(4to6|6to4|4|6)/, "", path)
	four = rate["none", "4" path]
	six = rate["none", "6" path]
	return four < six ? four : six
}

function heading(text,   t, name)
{
	printf "\n%-30s", text
	for (t = 1; t <= listed["translator"]; t++) {
		name = order["translator", t]
		printf " %18s", named(name)
	}
	printf "\n"
}

function packet_table(size,   p, t, name, path, want, over)
{
	heading("UDP, frames of " size " octets")
	for (p = 1; p <= listed["path"]; p++) {
		path = order["path", p]
		want = ideal(path, size)
		printf "%-30s", label[path]
		for (t = 1; t <= listed["translator"]; t++) {
			name = order["translator", t]
			if (!((name, path, size) in cost)) {
				printf " %18s", ""
				continue
			}
			over = want ? cost[name, path, size] - want : ""
			printf " %11d %6s", cost[name, path, size], \
				name == "none" || !want ? "" : sprintf("%+d", over)
			printf "%s,%s,%s,%d,%s,%d,%d,%d,%d,%s,%s\n", release, name, \
				version[name], eams[name, path, size], path, size, \
				cost[name, path, size], least[name, path, size], \
				most[name, path, size], want ? want : "", over >packets
		}
		printf "\n"
	}
}

function bulk_table(   p, t, name, path, ratio)
{
	heading("TCP, Gbit in 10^9 instructions")
	for (p = 1; p <= listed["transfer"]; p++) {
		path = order["transfer", p]
		printf "%-30s", label[path]
		for (t = 1; t <= listed["translator"]; t++) {
			name = order["translator", t]
			if (!((name, path) in rate)) {
				printf " %18s", ""
				continue
			}
			ratio = rate[name, path] / plain(path)
			printf " %11.3f %6s", rate[name, path] / 1e9, \
				name == "none" ? "" : sprintf("%.1f%%", 100 * ratio)
			printf "%s,%s,%s,%s,%d,%.4f\n", release, name, version[name], path, \
				rate[name, path], ratio >bulk
		}
		printf "\n"
	}
}

END {
	if (!listed["path"])
		exit
	packets = dir "/packets.csv"
	bulk = dir "/bulk.csv"
	printf "kernel,translator,version,eams,path,octets,instructions,least,most,ideal,over\n" >packets
	printf "Instructions per packet in Linux %s. +: over the ideal.\n", release
	printf "Frames with IPv6 are 20 octets longer.\n"
	for (s = 1; s <= listed["size"]; s++)
		packet_table(order["size", s])
	printf "\nRounds differ by %.2f %% at most.\n", 100 * spread
	if (listed["transfer"]) {
		printf "kernel,translator,version,path,bits,ratio\n" >bulk
		bulk_table()
		printf "%%: of plain forwarding in the slower family, same direction\n"
	}
}

# SPDX-License-Identifier: GPL-2.0
#
# From the lines of all parts of the benchmark to one picture, in SVG.

BEGIN {
	LEFT = 260		# of the bars, and their greatest length, in pixels
	LENGTH = 530
	BAR = 13
	colour["none"] = "#9aa0a6"
	colour["device"] = "#1a73e8"
	colour["hook"] = "#188038"
	colour["jool"] = "#e8710a"
	label["forward4"] = "IPv4, forwarded"
	label["forward6"] = "IPv6, forwarded"
	label["4to6"] = "IPv4 to IPv6"
	label["6to4"] = "IPv6 to IPv4"
	label["4to6up"] = "IPv4 to IPv6, to the server"
	label["4to6down"] = "IPv4 to IPv6, from the server"
	label["6to4up"] = "IPv6 to IPv4, to the server"
	label["6to4down"] = "IPv6 to IPv4, from the server"
	y = 40
}

$2 == "packet" {
	remember("translator", $3)
	remember("size", $6)
	packet[$3, $5, $6] = $7
}

$2 == "bulk" {
	remember("translator", $3)
	if ($4 ~ /to[46]/)
		remember("transfer", $4)
	rate[$3, $4] = $5
}

$2 == "table" {
	if (!smallest[$3, $7])
		smallest[$3, $7] = $9
	remember("table", $4 " " $5 " " $6)
	remember("crossing", $3 " " $7)
	top[$4 " " $5 " " $6, $3 " " $7] = $9 - smallest[$3, $7]
}

$2 == "cpus" {
	remember("cpu-path", $4)
	remember("cpu-translator", $3)
	ratio[$3, $4] = $7
}

$2 == "host" {
	host = $3
}

function escaped(text)
{
	gsub(/&/, "\\&amp;", text)
	gsub(/</, "\\&lt;", text)
	gsub(/>/, "\\&gt;", text)
	return text
}

function write_text(x, class, text)
{
	body = body sprintf("<text x=\"%d\" y=\"%d\" class=\"%s\">%s</text>\n", x, y, class,
		escaped(text))
}

# A heading, what the bars mean, and the value of the longest
function panel(text, unit, greatest)
{
	y += 34
	write_text(20, "heading", text)
	y += 18
	write_text(20, "unit", unit)
	y += 10
	scale = LENGTH / (greatest > 0 ? greatest : 1)
}

# The label belongs to the bars that follow
function group(text)
{
	y += 20
	write_text(LEFT - 8, "label", text)
	y -= BAR - 2
}

function bar(value, fill, opacity, text)
{
	body = body sprintf("<rect x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"%d\"" \
		" fill=\"%s\" fill-opacity=\"%s\"/>\n", LEFT, y, value > 0 ? value * scale : 0,
		BAR - 2, fill, opacity)
	y += BAR - 3
	write_text(LEFT + (value > 0 ? value * scale : 0) + 5, "value", text)
	y += 3
}

# A dashed line across the last n bars
function mark(value, n)
{
	body = body sprintf("<path d=\"M%.1f %dV%d\" class=\"mark\"/>\n",
		LEFT + value * scale, y - n * BAR - 3, y + 1)
}

function crossing(arrival, forward, less, size)
{
	return packet["none", arrival, size] + packet["none", forward, size] - \
		packet["none", less, size]
}

function packet_panel(size,   p, n, t, i, f, name, value, path, most, want)
{
	n = split("forward4 forward6 4to6 6to4", path, " ")
	most = 0
	for (i in packet) {
		split(i, f, SUBSEP)
		if (f[3] == size && packet[i] > most)
			most = packet[i]
	}
	want["4to6"] = crossing("arrival4", "forward6", "arrival6", size)
	want["6to4"] = crossing("arrival6", "forward4", "arrival4", size)
	panel("UDP, frames of " size " octets", "instructions per packet; dashed: the ideal, " \
		"arrival in one family and forwarding in the other", most)
	for (p = 1; p <= n; p++) {
		group(label[path[p]])
		i = 0
		for (t = 1; t <= listed["translator"]; t++) {
			name = order["translator", t]
			if (!((name, path[p], size) in packet))
				continue
			value = packet[name, path[p], size]
			bar(value, colour[name], 1, value " " named(name))
			i++
		}
		if (path[p] in want)
			mark(want[path[p]], i)
	}
}

function table_panel(   i, c, f, key, value, most)
{
	most = 0
	for (i in top)
		if (top[i] > most)
			most = top[i]
	panel("EAM tables", "instructions per packet on top of a table of one row; " \
		"light: IPv4 to IPv6, dark: IPv6 to IPv4", most)
	for (i = 1; i <= listed["table"]; i++) {
		key = order["table", i]
		split(key, f, " ")
		if (f[1] == 1)
			continue
		group(f[1] " rows, " f[2] (f[2] == 1 ? " length" : \
			" lengths, found " (f[3] == "longest" ? "first" : "last")))
		for (c = 1; c <= listed["crossing"]; c++) {
			if (!((key, order["crossing", c]) in top))
				continue
			split(order["crossing", c], f, " ")
			value = top[key, order["crossing", c]]
			bar(value, colour[f[1]], f[2] == "4to6" ? 0.55 : 1,
				sprintf("%+d %s", value, title[f[1]]))
		}
	}
}

# The slower family of plain forwarding in the same direction
function plain(path,   four, six)
{
	sub(/^(4to6|6to4)/, "", path)
	four = rate["none", "4" path]
	six = rate["none", "6" path]
	return four < six ? four : six
}

function bulk_panel(   p, t, name, path, value)
{
	panel("TCP", "bits per instruction, % of plain forwarding in the slower family", 105)
	for (p = 1; p <= listed["transfer"]; p++) {
		path = order["transfer", p]
		group(label[path])
		for (t = 1; t <= listed["translator"]; t++) {
			name = order["translator", t]
			if (!((name, path) in rate))
				continue
			value = 100 * rate[name, path] / plain(path)
			bar(value, colour[name], 1, sprintf("%.1f %% %s", value, named(name)))
		}
	}
}

function cpu_panel(   p, t, name, path)
{
	panel("Two CPUs", "packets in a second, ratio to one CPU: real time in an emulated " \
		"machine, on a host with " host " CPUs", 2)
	for (p = 1; p <= listed["cpu-path"]; p++) {
		path = order["cpu-path", p]
		group(label[path])
		for (t = 1; t <= listed["cpu-translator"]; t++) {
			name = order["cpu-translator", t]
			if ((name, path) in ratio)
				bar(ratio[name, path], colour[name], 1,
					sprintf("%.2f %s", ratio[name, path], title[name]))
		}
	}
}

END {
	for (s = 1; s <= listed["size"]; s++)
		packet_panel(order["size", s])
	if (listed["transfer"])
		bulk_panel()
	if (listed["table"])
		table_panel()
	if (listed["cpu-path"])
		cpu_panel()
	text = "siit " (version["device"] ? version["device"] : version["hook"]) \
		" in Linux " release
	printf "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
	printf "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"960\" height=\"%d\"" \
		" viewBox=\"0 0 960 %d\">\n", y + 30, y + 30
	printf "<title>%s</title>\n<style>\n", escaped(text)
	printf "text { font-family: sans-serif; font-size: 12px; fill: #202124 }\n"
	printf ".title { font-size: 20px }\n.heading { font-size: 15px; font-weight: bold }\n"
	printf ".unit { fill: #5f6368 }\n.label { text-anchor: end }\n.value { font-size: 11px }\n"
	printf ".mark { stroke: #202124; stroke-dasharray: 3 2 }\n</style>\n"
	printf "<rect width=\"100%%\" height=\"100%%\" fill=\"#ffffff\"/>\n"
	printf "<text x=\"20\" y=\"36\" class=\"title\">%s</text>\n", escaped(text)
	printf "%s</svg>\n", body
}

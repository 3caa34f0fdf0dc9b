# SPDX-License-Identifier: GPL-2.0
#
# What the reports have in common: awk reads this first.

BEGIN {
	title["none"] = "no translator"
	title["device"] = "siit device"
	title["hook"] = "siit hook"
	title["jool"] = "Jool"
}

# Adds a name to a list of those seen, in order.
function remember(list, name)
{
	if (!((list, name) in seen)) {
		seen[list, name] = 1
		order[list, ++listed[list]] = name
	}
}

$2 == "version" {
	version[$3] = $4
}

# A translator and its version
function named(name)
{
	return title[name] (version[name] ? " " version[name] : "")
}

# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# What the demo checks in each scene. A check logs to stdout and leaves what
# is worth telling in DETAIL.
# shellcheck disable=SC2034 # DETAIL is read by check()

BULK_KBYTES=4096

# serve_http HOST ADDRESS: a page, and a log of who asks for it
serve_http()
{
	local listen

	listen=$(socat_host "$2"):80
	mkdir -p "$WORK/www"
	echo "<p>Hello from $1, $2</p>" > "$WORK/www/index.html"
	spawn "$1" "$LOGS/$SCENE-httpd.log" \
		busybox httpd -f -vv -p "$listen" -h "$WORK/www"
	wait_listen tcp 80
}

# fetch HOST ADDRESS: the page, by a program that knows one family only
fetch()
{
	local page

	page=$(on "$1" curl -sS -m 20 "http://$2/") || return
	echo "$page"
	[[ $page = *Hello* ]] || return
	page=${page#<p>}
	DETAIL="curl got \"${page%</p>}\""
}

# log_shows ADDRESS: the web server's log has seen a client of this address,
# and of no other
log_shows()
{
	local seen

	cat "$LOGS/$SCENE-httpd.log"
	seen=$(sed -n 's/^\[*\([^]]*\)\]*:[0-9]*: response:200$/\1/p' \
		"$LOGS/$SCENE-httpd.log" | sort -u)
	DETAIL=$seen
	[ "$seen" = "$1" ]
}

# resolve HOST SERVER NAME WANTED
resolve()
{
	local answer

	answer=$(on "$1" dig +short +tries=2 +time=5 "@$2" "$3" A) || return
	DETAIL="dig @$2 $3 answers $answer"
	[ "$answer" = "$4" ]
}

# transfer FROM TO ADDRESS push|pull: by hosts that know nothing of the path
transfer()
{
	local kbytes=$BULK_KBYTES

	forget "$1" "$2"
	bulk "$1" "$2" "$3" "$4" "$kbytes" || return
	DETAIL="$((kbytes / 1024)) MiB, sha256 ${BULK_SHA::16}... at both ends"
}

# pings HOST ADDRESS
pings()
{
	on "$1" ping -n -c 3 -i 0.2 -W 5 "$2" || return
	DETAIL="$2 answers 3 of 3"
}

# traces HOST ADDRESS WANTED: the hops in order
traces()
{
	local seen

	seen=$(hops "$1" "$2")
	DETAIL=${seen// / > }
	echo "$seen (wanted: $3)"
	[ "$seen" = "$3" ]
}

# learned HOST ADDRESS MTU: the transfer before has taught the host the path
# MTU, and with DF set a packet of that size arrives
learned()
{
	local mtu head=28

	[[ $2 = *:* ]] && head=48
	mtu=$(pmtu "$1" "$2")
	DETAIL="$1 knows $mtu to $2"
	[ "$mtu" = "$3" ] || return
	on "$1" ping -n -c 1 -W 5 -M "do" -s "$((mtu - head))" "$2"
}

# packet HOST: the two lines of a capture at a translator, before and after
packet()
{
	[ -z "$BROKEN" ] || return
	captured
	cat "$WORK/capture" >> "$LOG"
	PACKET=$(sed 's/, seq .*, length/, length/; s/, options .*, length/, length/' \
		<<< "$CAPTURED")
	printf '    %s%s#%s tcpdump -n -i siit0\n' "$BOLD" "$1" "$PLAIN"
	printf '%s\n' "$PACKET" | sed 's/^/      /' | tee -a "$LOG"
}

# crossed A B C D: the packet went in from A to B and came out from C to D
crossed()
{
	local in out

	echo "$PACKET"
	in=$(sed -n 1p <<< "$PACKET") out=$(sed -n 2p <<< "$PACKET")
	[[ $in =~ ^IP6?\ $1(\.[0-9]+)?\ \>\ $2(\.[0-9]+)?: ]] &&
	[[ $out =~ ^IP6?\ $3(\.[0-9]+)?\ \>\ $4(\.[0-9]+)?: ]]
}

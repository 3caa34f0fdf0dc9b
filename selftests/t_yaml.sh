#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# TIMEOUT: 300
# ONCE
#
# include/netlink/siit.yaml: it says what the header and the kernel say, and a
# program that knows nothing else, the kernel's own ynl, can work with it.

# shellcheck source=selftests/ctl.sh
. "$(dirname "$0")/ctl.sh"
isolate "$@"
need jq python3
TREE=$(cd "$(dirname "$0")/.." && pwd)
SPEC=include/netlink/siit.yaml
HEADER=include/uapi/linux/siit.h
LINUX=$KSFT/../../..
SCHEMA=$LINUX/Documentation/netlink/genetlink-legacy.yaml
V4=c0000201
V6=20010db8000000000000000000000001

has()
{
	python3 -c "import $1" 2> /dev/null
}

# To read the specification takes a minute of an emulated machine, unless it is done
# by the loader that ynl does not ask for. So that is put in its place, and all but
# one of the tests have one process with ynl's library do their work. Nothing may
# be written where ynl is.
export PYTHONDONTWRITEBYTECODE=1
FAST='import yaml
if hasattr(yaml, "CSafeLoader"):
    yaml.safe_load = lambda stream: yaml.load(stream, yaml.CSafeLoader)
'

# ynl_cli WORDS...: JSON out of the kernel's command line
ynl_cli()
{
	python3 -c "$FAST"'
import runpy, sys
sys.path.insert(0, sys.argv[1])
sys.argv = ["cli.py"] + sys.argv[2:]
runpy.run_path(sys.path[0] + "/cli.py", run_name="__main__")' \
		"$LINUX/tools/net/ynl" --spec "$TREE/$SPEC" --output-json "$@"
}

# Where 64 bits are aligned, 6.12's ynl takes the padding for something unknown.
ynl_start()
{
	coproc YNL { python3 -u -c "$FAST"'
import json, sys
sys.path.insert(0, sys.argv[1])
from lib import YnlFamily, NlError
family = YnlFamily(sys.argv[2], "", True)
call = {"ask": family.do, "dump": family.dump}
for line in sys.stdin:
    mode, op, attrs = line.split(" ", 2)
    try:
        print(json.dumps(call[mode](op, json.loads(attrs)), default=bytes.hex))
    except NlError as error:
        print(" ".join(str(error).split()))
' "$LINUX/tools/net/ynl" "$TREE/$SPEC" 2>&1; }
	# A subshell has not got those of a coprocess.
	exec {YNL_OUT}<&"${YNL[0]}" {YNL_IN}>&"${YNL[1]}"
}

# ynl ask|dump OPERATION ATTRIBUTES: one line, JSON or an error
ynl()
{
	local line

	echo "$1 $2 {$3}" >&"$YNL_IN" &&
		read -r -t 60 line <&"$YNL_OUT" && echo "$line"
}

spec()
{
	python3 "$TREE/selftests/spec.py" "${1:-$TREE}/$SPEC" \
		"${2:-$TREE}/$HEADER" "$TREE/kmod/netlink.c"
}

t_agree()
{
	is '' spec
}

# differs EXPECTED FILE SED: a copy with a change is noticed
differs()
{
	local out

	rm -rf "$WORK/copy"
	mkdir "$WORK/copy" && cp -r "$TREE/include" "$WORK/copy/" &&
		sed -i "$3" "$WORK/copy/$2" || return
	! out=$(spec "$WORK/copy" "$WORK/copy") && [[ $out = *"$1"* ]] && return
	printf '# not noticed: %s\n# %s\n' "$3" "$out"
	return 1
}

t_differ()
{
	differs 'SIIT_HOOK_A_NEW is in the header alone' $HEADER \
		's/^	SIIT_HOOK_A_PORT_NAME,.*/&\n	SIIT_HOOK_A_NEW,	\/* u8 *\//' &&
	differs 'SIIT_EAM_A_NEW is in the specification alone' $SPEC \
		'/name-prefix: siit-eam-a-/,/attributes:/s/attributes:/&\n      -\n        name: new\n        type: u8/' &&
	differs 'SIIT_DEV_A_TOS: u16' $SPEC 's/max: tos-copy/max: 255/' &&
	differs 'SIIT_POOL6_MAX_COUNT: 64' $HEADER \
		's/\(SIIT_POOL6_MAX_COUNT\t\).*/\165/'
}

# The form that the kernel asks for, if there is what can check it.
t_cli()
{
	local schema=(--no-schema)

	if has jsonschema; then schema=(--schema "$SCHEMA"); fi
	fresh && is '[["siit0","br",1280]]' \
		jq -c 'map([.ifname, .role, ."lowest-mtu6"])' \
		<<< "$(ynl_cli "${schema[@]}" --dump dev-get)" || return
	has jsonschema || return "$KSFT_SKIP"
}

index()
{
	ip -j link show "$1" | jq '"\"ifindex\": \(.[0].ifindex)"' -r
}

t_dump()
{
	fresh && siitctl dev add a0 role clat || return
	is '["siit0","a0"]' jq -c 'map(.ifname)' <<< "$(ynl dump dev-get)" &&
	is '["clat","off","dummy",256]' \
		jq -c '[.role, .hairpin, ."icmp-source", .tos]' \
		<<< "$(ynl ask dev-get "$(index a0)")" &&
	is '[0,true]' jq -c \
		'.[0] | [.packets46, (.drop | map(.reason) | contains(["hop-limit"]))]' \
		<<< "$(ynl dump stats-get)"
}

t_eam()
{
	local dev row

	fresh && dev=$(index siit0) || return
	row="$dev, \"prefix4\": \"$V4\", \"prefix6\": \"$V6\""
	is null ynl ask eam-add "$row" &&
	is '192.0.2.1 2001:db8::1 dev siit0' siitctl eam show &&
	is '[["192.0.2.1",32,"2001:db8::1",128]]' \
		jq -c 'map([.prefix4, .len4, .prefix6, .len6])' \
		<<< "$(ynl dump eam-get)" &&
	is null ynl ask dev-set "$dev, \"hairpin\": \"simple\"" &&
	json '"simple"' '.[0].hairpin' dev show siit0 &&
	says 'File exists.*a row with this IPv4 prefix exists.*\.prefix4' \
		eam-add "$row" &&
	is null ynl ask eam-del "$row" && is '' siitctl eam show
}

t_query()
{
	local packet

	fresh &&
	packet="$(index siit0), \"packet\": {\"src4\": \"$V4\", \"dst4\": \"c6336401\"" &&
	siitctl eam add 192.0.2.1 2001:db8::1 dev siit0 &&
	siitctl pool6 add 2001:db8:64::/96 dev siit0 || return
	is '["2001:db8:64::c633:6401",48,58,63,0,1]' jq -c \
		'[.result | .dst6, .len, .proto, .ttl, ."frag-hdr"] + [.fragments]' \
		<<< "$(ynl ask query "$packet, \"proto\": 1}")" &&
	is '["hop-limit",11,0,1]' jq -c \
		'[.reason, ."icmp-type", ."icmp-code", ."icmp-sent"]' \
		<<< "$(ynl ask query "$packet, \"ttl\": 1}")"
}

# says PATTERN OPERATION ATTRIBUTES: refused, and why
says()
{
	local said

	said=$(ynl ask "$2" "$3")
	[[ $said =~ ^Netlink\ error.*$1 ]] && return
	printf '# %s\n# says: %s\n# not: %s\n' "$3" "$said" "$1"
	return 1
}

t_query_refused()
{
	local v4="\"src4\": \"$V4\", \"dst4\": \"$V4\""
	local v6="\"src6\": \"$V6\", \"dst6\": \"$V6\""
	local dev request text

	fresh && dev=$(index siit0) || return
	while IFS='#' read -r request text; do
		says "$text" query "$dev, $request" || return
	done << END
"packet": {$v4, "len": 19} #bad-attr.*packet.len
"packet": {$v4, "len": 4294967295} #bad-attr.*packet.len
"packet": {$v4, "len": 65536} #an IPv4 packet has 20 to 65535
"packet": {$v6, "len": 39} #an IPv6 packet has 40 to 65575
"packet": {$v6, "len": 65576} #bad-attr.*packet.len
"packet": {$v6, "df": 1} #only an IPv4 packet has DF
"packet": {$v4, "df": 2} #bad-attr.*packet.df
"packet": {$v4, $v6} #needs source and destination
"packet": {} #needs source and destination
"packet": {"src4": "$V4"} #needs source and destination
"packet": {"src4": "$V4", "dst6": "$V6"} #needs source and destination
"packet": {"src4": "c00002", "dst4": "$V4"} #bad-attr.*packet.src4
"packet": {$v4, "frag-hdr": 1} #(Unknown|Unsupported) attribute
"packet": {$v4}, "addr4": "$V4" #either an address or a packet
"addr4": "$V4", "addr6": "$V6" #only one address
"fragments": 1 #(Unknown|Unsupported) attribute
"method": 1 #(Unknown|Unsupported) attribute
END
}

ktap_print_header
has yaml || { ktap_skip_all 'python3-yaml is not installed'; exit "$KSFT_SKIP"; }
[ -r "$SCHEMA" ] || { ktap_skip_all "no ynl in $LINUX"; exit "$KSFT_SKIP"; }
ktap_set_plan 7
siit_load || ktap_exit_fail_msg 'the module does not load'
ynl_start
run_tests \
	'it says what header and kernel say'	t_agree \
	'a difference is noticed'		t_differ \
	'ynl: the command line, the schema'	t_cli \
	'ynl: dumps'				t_dump \
	'ynl: a row, and an error'		t_eam \
	'ynl: a packet'				t_query \
	'ynl: packets that are refused'		t_query_refused

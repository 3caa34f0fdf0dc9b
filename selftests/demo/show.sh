# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# How the demo speaks: commands as they are run, checks as they pass or fail,
# and the table at the end. What a command prints goes to $LOGS.

# shellcheck disable=SC2034 # BOLD... are used by the scenes
if [ -t 1 ]; then
	BOLD=$'\e[1m' GREEN=$'\e[32m' RED=$'\e[31m' PLAIN=$'\e[0m'
else
	BOLD='' GREEN='' RED='' PLAIN=''
fi
RESULTS=()
FAILED=0
DETAIL=

# scene NAME TITLE PICTURE
scene()
{
	SCENE=$1
	LOG=$LOGS/$1.log
	BROKEN=
	: > "$LOG"
	printf '\n%s%s%s\n%s\n\n' "$BOLD" "$2" "$PLAIN" "${2//?/=}"
	"$3"
}

say()
{
	printf '\n%s\n' "$*"
}

# fabric COMMAND...: a command that builds the network around the translators
fabric()
{
	[ -z "$BROKEN" ] || return
	echo "+ $*" >> "$LOG"
	"$@" >> "$LOG" 2>&1 || broken "$*"
}

# run HOST COMMAND...: a command that the reader should see
run()
{
	local host=$1 word line=

	shift
	[ -z "$BROKEN" ] || return
	for word; do
		case $word in
		*[\;\ ]*)	line+=" '$word'" ;;
		*)	line+=" $word" ;;
		esac
	done
	printf '    %s%s#%s%s\n' "$BOLD" "$host" "$PLAIN" "$line"
	echo "$host# $*" >> "$LOG"
	on "$host" "$@" >> "$LOG" 2>&1 || broken "$host# $*"
}

# The first command that fails ends the setting up of its scene.
broken()
{
	printf '    %sthis command failed:%s %s\n' "$RED" "$PLAIN" "$1"
	tail -n 1 "$LOG" | sed 's/^/    /'
	BROKEN=1
	RESULTS+=("$SCENE|setting up|FAILED|$1")
	FAILED=$((FAILED + 1))
}

# check WHAT COMMAND...: the command may leave a few words in DETAIL
check()
{
	local what=$1 word=ok color=$GREEN

	shift
	DETAIL=
	echo "? $*" >> "$LOG"
	if [ -n "$BROKEN" ] || ! "$@" >> "$LOG" 2>&1; then
		word=FAILED color=$RED
		FAILED=$((FAILED + 1))
	fi
	echo "? $word $DETAIL" >> "$LOG"
	printf '  %s%-6s%s  %s%s\n' "$color" "$word" "$PLAIN" "$what" \
		"${DETAIL:+: $DETAIL}"
	RESULTS+=("$SCENE|$what|$word|$DETAIL")
}

table()
{
	local row scene what word detail last=

	printf '\n%s%-10s  %-44s  %s%s\n' "$BOLD" scene checked result "$PLAIN"
	echo '----------  --------------------------------------------  ------'
	for row in "${RESULTS[@]}"; do
		IFS='|' read -r scene what word detail <<< "$row"
		[ "$scene" = "$last" ] || [ -z "$last" ] || echo
		[ "$scene" = "$last" ] && scene= || last=$scene
		printf '%-10s  %-44s  %s\n' "$scene" "$what" "$word"
	done
}

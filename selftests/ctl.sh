# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# What the tests of siitctl (t_ctl*.sh) share. Processes are dear in an emulated
# machine: the shell does what it can.

# shellcheck source=selftests/lib.sh
. "$(dirname "$0")/lib.sh"

# is EXPECTED COMMAND...: what it prints, and that it succeeds
is()
{
	local expected=$1 out

	shift
	out=$("$@") || { echo "# failed: $*"; return 1; }
	[ "$out" = "$expected" ] && return
	printf '# %s\n# printed:  %s\n# expected: %s\n' "$*" "$out" "$expected"
	return 1
}

# json EXPECTED FILTER WORDS...: what siitctl -j prints, through jq
json()
{
	local expected=$1 filter=$2 out

	shift 2
	out=$(siitctl -j "$@") && is "$expected" jq -c "$filter" <<< "$out"
}

# wrong STATUS TEXT WORDS...: exit status and the one message of siitctl, which
# prints nothing else
wrong()
{
	local status=$1 text=$2 out err rc

	shift 2
	out=$(siitctl "$@" 2> "$WORK/stderr")
	rc=$?
	err=$'\n'$(< "$WORK/stderr")
	[ $rc = "$status" ] && [ -z "$out" ] && [[ $err = *"$text"* ]] &&
		[[ $err = $'\nsiitctl: '* ]] &&
		[[ $err != *$'\nsiitctl: '*$'\nsiitctl: '* ]] && return
	printf '# siitctl %s\n# status %s, not %s; stdout: %s; stderr: %s\n' \
		"$*" $rc "$status" "$out" "$err"
	return 1
}

# All that siitctl knows, kept for unchanged.
snapshot()
{
	STATE=$(siitctl save)
}

unchanged()
{
	is "$STATE" siitctl save
}

# refused TEXT WORDS...: the kernel says no, and all is as it was at the last
# snapshot
refused()
{
	wrong 1 "$@" && unchanged
}

# Leave one device, siit0, as it is made. What is there is read to the end before
# anything of it goes.
fresh()
{
	snapshot &&
	sed -n 's/^dev add \([^ ]*\).*/dev del \1/p' <<< "$STATE" |
		siitctl -b - && siitctl dev add siit0 && snapshot
}

# run_fresh NAME FUNCTION...: as run_tests, each test with a fresh siit0
run_fresh()
{
	ktap_print_header
	ktap_set_plan $(($# / 2))
	siit_load || ktap_exit_fail_msg 'the module does not load'
	while [ $# -ge 2 ]; do
		if { fresh && "$2"; } > "$WORK/log" 2>&1; then
			ktap_test_pass "$1"
		else
			sed 's/^#* */# /' "$WORK/log"
			ktap_test_fail "$1"
		fi
		shift 2
	done
	ktap_finished
}

# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# What the tests of siitctl (t_ctl*.sh) share.

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

EXPECTED=() FILTERS=() ANSWERS=() ASKED=()

# json EXPECTED FILTER WORDS...: what siitctl -j prints, through jq. jq starts so
# slowly that one does for all answers to a test, after it: expect no more than
# success here.
json()
{
	local answer

	answer=$(siitctl -j "${@:3}") || { echo "# failed: siitctl -j ${*:3}"; return 1; }
	EXPECTED+=("$1") FILTERS+=("$2") ANSWERS+=("$answer") ASKED+=("${*:3}")
}

after_test()
{
	local i program='' rc=0
	local -a out

	[ ${#ASKED[@]} != 0 ] || return 0
	for i in "${!ASKED[@]}"; do
		program+="[input | ${FILTERS[i]}], "
	done
	# What jq says of an error is in the place of what is missing.
	mapfile -t out < <(printf '%s\n' "${ANSWERS[@]}" | jq -nc "${program}[inputs]" 2>&1)
	for i in "${!ASKED[@]}"; do
		[ "${out[i]}" = "[${EXPECTED[i]}]" ] && continue
		printf '# siitctl -j %s\n# printed:  %s\n# %s: %s\n# expected: [%s]\n' \
			"${ASKED[i]}" "${ANSWERS[i]}" "${FILTERS[i]}" "${out[i]}" \
			"${EXPECTED[i]}"
		rc=1
		break
	done
	[ $rc = 1 ] || [ "${out[*]: -1}" = '[]' ] || { echo "# ${out[*]: -1}"; rc=1; }
	EXPECTED=() FILTERS=() ANSWERS=() ASKED=()
	return $rc
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
	local object verb dev commands=

	# Of the test before, if it has failed.
	EXPECTED=() FILTERS=() ANSWERS=() ASKED=()
	snapshot || return
	while read -r object verb dev _; do
		[ "$object $verb" != "dev add" ] || commands+="dev del $dev"$'\n'
	done <<< "$STATE"
	STATE=$(siitctl -b - <<< "${commands}dev add siit0"$'\n'save)
}

# run_fresh NAME FUNCTION...: as run_tests, each test with a fresh siit0
run_fresh()
{
	ktap_print_header
	ktap_set_plan $(($# / 2))
	siit_load || ktap_exit_fail_msg 'the module does not load'
	before_test() { fresh; }
	run_tests "$@"
}

#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Everything that can be said about the sources without running them. Prints one
# line a check and, below those that failed, why; exit status 1 if any failed.
#
#   lint.sh [6.1|6.12|RELEASE...]   kernels to compile for (6.1 6.12)
set -u -o pipefail
. "$(dirname -- "$0")/vm/common.sh"
cd "$TREE" || exit "$EX_HARNESS"

[ $# -gt 0 ] || set -- 6.1 6.12
linux=$("$VM_DIR/ksft.sh") || exit "$EX_HARNESS"
mkdir -p "$SIIT_CACHE" || die "cannot write to the cache $SIIT_CACHE"
work=$(mktemp -d "$SIIT_CACHE/lint.XXXXXX") || exit "$EX_HARNESS"
trap 'rm -rf "$work"' EXIT
failed=0

# verdict STATUS NAME FILE: FILE has what is to be shown; anything in it is a failure
verdict() {
	if [ "$1" = 0 ] && [ ! -s "$3" ]; then
		echo "ok      $2"
		return
	fi
	failed=$((failed + 1))
	echo "FAILED  $2"
	sed "s#$work/[^/ ]*/##g; s/^/        /" "$3"
}

sources() { find "$@" -name '*.[ch]' | sort; }

scripts() {
	grep -lIE '^#!/bin/(ba)?sh' -r .ci selftests tools 2>/dev/null
	find selftests tools -name '*.sh' -o -name '*completion'
}

unset MAKEFLAGS MFLAGS MAKELEVEL MAKEOVERRIDES

# The warnings of the compiler and of sparse are those about our own files.
kernel_build() {
	local kdir rel out=$work/$1 log=$work/$1.log status=0

	kdir=$("$VM_DIR/kernel.sh" "$1") || exit "$EX_HARNESS"
	rel=${kdir##*/}
	make -s -j"$(nproc)" module O="$out" KDIR="$kdir/lib/modules/$rel/build" \
		CONFIG_DEBUG_INFO_BTF_MODULES= W=1 C=2 CF=-D__CHECK_ENDIAN__ \
		>"$log" 2>&1 || status=$?
	if [ $status = 0 ]; then
		grep -E "$out/.*(warning|error):" "$log" >"$log.ours"
		verdict 0 "W=1 and sparse, $rel" "$log.ours"
	else
		verdict $status "build for $rel" "$log"
	fi
}

tool_build() {
	make -s -j"$(nproc)" siitctl O="$work/tool" CFLAGS='-O2 -Werror' >"$work/tool.log" 2>&1
	verdict $? "siitctl with -Wall -Wextra" "$work/tool.log"
	gcc -O2 -Wall -Wextra -Werror -fsyntax-only selftests/vm/init.c >"$work/init.log" 2>&1
	verdict $? "selftests/vm/init.c with -Wall -Wextra" "$work/init.log"
}

# Rules that do not fit, and where. A list of X(...) is not an expression, and
# TRACE_EVENT() does not look like a function.
VERSIONS=LINUX_VERSION_CODE,CONSTANT_COMPARISON
EVENTS=COMPLEX_MACRO,MACRO_ARG_UNUSED,TRAILING_SEMICOLON,SPACING,PARENTHESIS_ALIGNMENT,OPEN_ENDED_LINE
LISTS=COMPLEX_MACRO,MACRO_ARG_REUSE,MACRO_ARG_UNUSED,BRACKET_SPACE
# u8, ARRAY_SIZE, __printf, strscpy, and __func__ in place of a program's name
USERSPACE=PREFER_KERNEL_TYPES,PREFER_DEFINED_ATTRIBUTE_MACRO,ARRAY_SIZE,STRCPY,EMBEDDED_FUNCTION_NAME
# Packets are tables, a row a line, and TEST_F() does not look like a function.
TABLES=LONG_LINE,LONG_LINE_STRING,LINE_SPACING

# checkpatch NAME IGNORED FILES...
checkpatch() {
	local name=$1 ignored=$2

	shift 2
	"$linux/scripts/checkpatch.pl" --no-tree --no-summary --strict --terse \
		--show-types --ignore "$ignored" -f "$@" >"$work/checkpatch" 2>&1
	verdict $? "checkpatch --strict, $name" "$work/checkpatch"
}

check_style() {
	local special=(kmod/compat.h kmod/stats.c kmod/stats.h kmod/trace.h) files

	mapfile -t files < <(sources kmod include |
		grep -vxF "$(printf '%s\n' "${special[@]}")")
	checkpatch "the module" NONE "${files[@]}"
	checkpatch "compat.h" $VERSIONS kmod/compat.h
	checkpatch "the lists of counters" $LISTS kmod/stats.[ch]
	checkpatch "the tracepoints" $EVENTS kmod/trace.h
	mapfile -t files < <(sources tools)
	checkpatch "siitctl" $USERSPACE "${files[@]}"
	mapfile -t files < <(sources selftests)
	checkpatch "the C tests" $USERSPACE,$TABLES,$LISTS "${files[@]}"
}

shell() {
	local files

	mapfile -t files < <(scripts | sort -u)
	shellcheck -s bash "${files[@]}" >"$work/shellcheck" 2>&1
	verdict $? "shellcheck, ${#files[@]} scripts" "$work/shellcheck"
}

man_page() {
	local page=$1

	{
		groff -t -ww -z -man -Tutf8 -Kutf8 "$page"
		LC_ALL=C.UTF-8 MANWIDTH=80 man --warnings -E UTF-8 -l "$page" >/dev/null
	} >"$work/man" 2>&1
	verdict $? "man page ${page##*/}" "$work/man"
}

netlink_spec() {
	python3 selftests/spec.py include/netlink/siit.yaml include/uapi/linux/siit.h \
		kmod/netlink.c >"$work/spec" 2>&1
	verdict $? "siit.yaml agrees with the header and the policies" "$work/spec"
}

# With a siitctl that is there, and without what PID 1 has to say.
unit() {
	command -v systemd-analyze >/dev/null || { echo "skipped systemd-analyze verify"; return; }
	sed "s#/usr/local/sbin/siitctl#$work/tool/siitctl#" tools/siit.service >"$work/siit.service"
	systemd-analyze verify --man=no "$work/siit.service" >"$work/unit" 2>&1
	verdict $? "systemd-analyze verify" "$work/unit"
}

# Rules that no tool knows.
rules() {
	grep -rnE 'LINUX_VERSION_CODE|KERNEL_VERSION' kmod include |
		grep -v '^kmod/compat.h:' >"$work/version"
	verdict 0 "kernel versions only in kmod/compat.h" "$work/version"
	find kmod tools include selftests .ci Kbuild Makefile -type f \
		! -path '*/corpus/*' ! -name '*.[od]' ! -name '*.ko' \
		! -name '*.mod*' ! -name '.*.cmd' -print0 |
		xargs -0 grep -L 'SPDX-License-Identifier: ' >"$work/spdx"
	verdict 0 "SPDX in every file" "$work/spdx"
}

for kernel; do
	kernel_build "$kernel"
done
tool_build
check_style
shell
man_page tools/siitctl.8
man_page tools/siit.4
netlink_spec
unit
rules
[ $failed = 0 ] || { echo "$failed checks failed"; exit 1; }

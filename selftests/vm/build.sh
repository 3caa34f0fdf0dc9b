#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Build siit.ko, siitctl and the C tests for a kernel, outside the tree, and
# print the directory that holds them ($SIIT_BUILD for the tests).
#
#   build.sh 6.1|6.12|RELEASE    for a kernel of kernel.sh
#   build.sh native              for the running kernel
#
# The directory's lib/modules/RELEASE has the kernel's modules and siit.ko, so
# that autoloading works in a machine started with vm.sh --modules.
set -eu -o pipefail
. "$(dirname -- "$0")/common.sh"

[ $# = 1 ] || die "usage: build.sh SERIES|RELEASE|native"
if [ "$1" = native ]; then
	release=$(uname -r)
	kdir=
	headers=/lib/modules/$release/build
	[ -e "$headers/Makefile" ] ||
		die "no headers of the running kernel: apt-get install linux-headers-$release"
else
	kdir=$("$VM_DIR/kernel.sh" "$1")
	release=${kdir##*/}
	headers=$kdir/lib/modules/$release/build
fi
ksft=$("$VM_DIR/ksft.sh" selftests)
tag=${TREE##*/}-$(sha256sum <<<"$TREE" | cut -c 1-8)
out=$SIIT_CACHE/build/$tag/$release
need make make gcc gcc pkg-config pkg-config
mkdir -p "$out"
lock "build-$tag-$release"

# make may be what runs this
unset MAKEFLAGS MFLAGS MAKELEVEL MAKEOVERRIDES

quiet() {
	"$@" >"$out/build.log" 2>&1 9>&- || {
		cat "$out/build.log" >&2
		die "failed for $release: $*"
	}
	# what a compiler has to say is said even when it went well
	grep -E 'warning:|error:' "$out/build.log" >&2 || true
}

# BTF of a module needs pahole and serves no test.
quiet make -s -C "$TREE" -j"$(nproc)" O="$out" KDIR="$headers" \
	CONFIG_DEBUG_INFO_BTF_MODULES= module siitctl
[ ! -e "$TREE/selftests/conformance/Makefile" ] ||
	quiet make -s -C "$TREE/selftests/conformance" -j"$(nproc)" \
		O="$out/conformance" KSFT="$ksft"
quiet make -s -C "$TREE/selftests/fuzz/control" -j"$(nproc)" O="$out"
# Where there is no compiler for 32 bits, its test says so.
rm -f "$out/client32"
if gcc -m32 -static -x c -o "$out/.m32" - <<<'int main(void) { return 0; }' 2>/dev/null; then
	quiet make -s -C "$TREE/selftests/client32" O="$out"
fi

mods=lib/modules/$release
if [ -n "$kdir" ] && ! cmp -s "$out/siit.ko" "$out/$mods/updates/siit.ko"; then
	new=$out/.root
	rm -rf "$new"
	mkdir -p "$new/$mods/updates"
	ln -s "$kdir/$mods/kernel" "$new/$mods/kernel"
	ln -s "$(realpath "$headers")" "$new/$mods/build"
	cp "$kdir/$mods"/modules.{order,builtin,builtin.modinfo} "$new/$mods/"
	cp "$out/siit.ko" "$new/$mods/updates/"
	depmod -b "$new" "$release" || die "depmod failed for $release"
	rm -rf "${out:?}/lib"
	mv "$new/lib" "$out/lib"
	rm -r "$new"
fi
echo "$out"

#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Build siit.ko for the debug kernel, siitctl and the C tests, outside the tree,
# and print the directory that holds them ($SIIT_BUILD for the tests). As
# vm/build.sh does for Debian's kernels.
set -eu -o pipefail
. "$(dirname -- "$0")/../vm/common.sh"

kdir=$("$TREE/selftests/debug/kernel.sh")
release=$(<"$kdir/release")
ksft=$("$VM_DIR/ksft.sh" selftests)
tag=${TREE##*/}-$(sha256sum <<<"$TREE" | cut -c 1-8)
out=$SIIT_CACHE/build/$tag/${kdir##*/}
mkdir -p "$out"
lock "build-$tag-debug"

# make may be what runs this
unset MAKEFLAGS MFLAGS MAKELEVEL MAKEOVERRIDES

quiet() {
	"$@" >"$out/build.log" 2>&1 9>&- || {
		cat "$out/build.log" >&2
		die "failed for the debug kernel: $*"
	}
	# what a compiler has to say is said even when it went well
	grep -E 'warning:|error:' "$out/build.log" >&2 || true
}

quiet make -s -C "$TREE" -j"$(nproc)" O="$out" siitctl
quiet make -s -C "$TREE" -j"$(nproc)" O="$out" KDIR="$kdir" ARCH=um module
quiet make -s -C "$TREE/selftests/conformance" -j"$(nproc)" \
	O="$out/conformance" KSFT="$ksft"
quiet make -s -C "$TREE/selftests/fuzz" -j"$(nproc)" O="$out/fuzz" \
	CONFORMANCE="$out/conformance" KSFT="$ksft"
quiet make -s -C "$TREE/selftests/fuzz/control" -j"$(nproc)" O="$out"

mods=$out/lib/modules/$release
mkdir -p "$mods/updates"
cp "$kdir"/modules.{builtin,builtin.modinfo} "$mods/"
: >"$mods/modules.order"
if ! cmp -s "$out/siit.ko" "$mods/updates/siit.ko"; then
	cp "$out/siit.ko" "$mods/updates/.siit.ko"
	mv "$mods/updates/.siit.ko" "$mods/updates/siit.ko"
	depmod -b "$out" "$release" || die "depmod failed for the debug kernel"
fi
echo "$out"

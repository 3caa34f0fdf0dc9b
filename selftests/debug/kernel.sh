#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Print the directory of the debug kernel, building it first if needed: a
# user-mode Linux of Debian's linux-source-6.12, with the configuration in the
# file "config" beside this script. It holds "linux", which is the kernel, and is
# what siit.ko is built against (ARCH=um, KDIR=). Takes ten minutes or more, once:
# the directory is named after the version of the source and the configuration.
set -eu -o pipefail
. "$(dirname -- "$0")/../vm/common.sh"

DEBUG_DIR=$(cd -- "$(dirname -- "$0")" && pwd)
PACKAGE=linux-source-6.12
KERNELS=$SIIT_CACHE/debug
# Raised on machines whose CPU keeps more floating-point state than 6.12 knows of
FP_SIZE=16384
# What a change of this script invalidates
RECIPE=1

need make make gcc gcc bc bc flex flex bison bison xz xz-utils tar tar flock util-linux \
	dpkg dpkg apt-get apt
[ "$(uname -m)" = x86_64 ] || die "user-mode Linux is for x86_64, this is $(uname -m)"

key() { cat "$DEBUG_DIR/config" <(echo "$RECIPE") | sha256sum | cut -c 1-12; }

newest_cached() {
	local dir

	for dir in "$KERNELS"/*-"$(key)"; do
		if [ -e "$dir/.complete" ]; then echo "$dir"; fi
	done | sort -V | tail -n 1
}

# The source archive: an installed package's, or downloaded. Sets version, archive.
find_source() {
	local new

	archive=/usr/src/$PACKAGE.tar.xz
	version=$(dpkg-query -W -f '${Version}' $PACKAGE 2>/dev/null) || true
	if [ -n "$version" ] && [ -e "$archive" ]; then return; fi
	apt_update || true
	version=$(apt-cache show $PACKAGE 2>/dev/null | sed -n 's/^Version: //p' |
		sort -rV | head -n 1)
	[ -n "$version" ] || die "the package archive has no $PACKAGE" \
		"(is the network up, and is bookworm-security in the apt sources?)"
	new=$KERNELS/.source
	rm -rf "$new"
	mkdir -p "$new"
	say "downloading $PACKAGE ($version)"
	(cd "$new" && apt_download "$PACKAGE=$version") ||
		die "download failed: $(grep -m 1 '^E:' "$new/apt.log" || true)"
	dpkg -x "$new"/*.deb "$new" || die "cannot unpack $PACKAGE"
	archive=$new/usr/src/$PACKAGE.tar.xz
}

# Unpacked whole or not at all, so that a build that was ended goes on here.
unpack() {
	local dir=$1

	[ ! -e "$dir/.unpacked" ] || return 0
	rm -rf "$dir"
	mkdir -p "$dir"
	say "unpacking $PACKAGE ($version)"
	tar -xJf "$archive" -C "$dir" --strip-components=1 ||
		die "cannot unpack $archive"
	sed -i "s/\b2696\b/$FP_SIZE/" "$dir/arch/x86/um/user-offsets.c"
	grep -q $FP_SIZE "$dir/arch/x86/um/user-offsets.c" ||
		die "cannot raise HOST_FP_SIZE"
	touch "$dir/.unpacked"
}

# Every line of ours must be in the result.
check_config() {
	local line bad=()

	while read -r line; do
		case $line in
		CONFIG_*=n) grep -q "^${line%=n}=" "$1/.config" && bad+=("$line") ;;
		CONFIG_*) grep -qxF -- "$line" "$1/.config" || bad+=("$line") ;;
		esac
	done <"$DEBUG_DIR/config"
	[ ${#bad[@]} = 0 ] || die "the kernel does not take: ${bad[*]}"
}

build() {
	local dir=$1 log=$1/build.log

	# make may be what runs this
	unset MAKEFLAGS MFLAGS MAKELEVEL MAKEOVERRIDES
	: >"$log"
	KCONFIG_ALLCONFIG=$DEBUG_DIR/config \
		make -s -C "$dir" ARCH=um allnoconfig >"$log" 2>&1 9>&- ||
		die "cannot configure: $(tail -n 3 "$log")"
	check_config "$dir"
	say "building the debug kernel; this takes a while, once (log: $log)"
	nice -n 5 make -s -C "$dir" -j"$(nproc)" ARCH=um linux modules >>"$log" 2>&1 9>&- ||
		die "the build failed: $(grep -m 5 -E 'error|Error' "$log" || tail -n 5 "$log")"
	# enough is left for building modules and reading reports
	find "$dir" -type f \( -name '*.o' -o -name '*.a' -o -name '.*.cmd' \) \
		-not -path '*/scripts/*' -not -path '*/tools/*' -delete
	rm -rf "${dir:?}"/{drivers,sound,fs,Documentation,samples,rust} "$dir/vmlinux.unstripped"
}

mkdir -p "$KERNELS" || die "cannot write to the cache $SIIT_CACHE"
lock debug-kernel
dir=$(newest_cached)
if [ -z "$dir" ]; then
	find_source
	dir=$KERNELS/$version-$(key)
	unpack "$dir"
	build "$dir"
	make -s -C "$dir" ARCH=um kernelrelease 2>/dev/null >"$dir/release"
	rm -rf "$KERNELS/.source"
	touch "$dir/.complete"
fi
echo "$dir"

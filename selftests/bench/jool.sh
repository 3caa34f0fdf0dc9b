#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Fetch Debian's Jool, the translator that the benchmark compares with, and
# build its module for a kernel of ../vm/kernel.sh. Prints the directory that
# holds jool_common.ko, jool_siit.ko, the command jool_siit and the file
# version. Nothing is installed; all of it is cached.
#
#   jool.sh [SERIES|RELEASE]
set -eu -o pipefail
. "$(dirname -- "$0")/../vm/common.sh"

[ $# -le 1 ] || die "usage: jool.sh [SERIES|RELEASE]"
need apt-get apt dpkg dpkg make make gcc-12 gcc-12 strip binutils
kernel=$("$VM_DIR/kernel.sh" "${1:-6.1}")
release=${kernel##*/}
headers=$kernel/lib/modules/$release/build
lock jool

# What the archive has today, or else what is here already.
# shellcheck disable=SC2119 # the script's own arguments are none of its
apt_update || true
version=$(apt-cache show jool-dkms 2>/dev/null |
	sed -n 's/^Version: //p' | sort -rV | head -n 1)
if [ -z "$version" ]; then
	version=$(cd "$SIIT_CACHE/jool" 2>/dev/null && printf '%s\n' */ |
		sort -rV | sed -n '1s#/##p') || true
	[ -n "$version" ] || die "no jool-dkms in the package archive"
fi
dir=$SIIT_CACHE/jool/$version/$release
if [ -e "$dir/version" ]; then
	echo "$dir"
	exit
fi

mkdir -p "$SIIT_CACHE/jool/$version"
new=$(mktemp -d "$SIIT_CACHE/jool/.new.XXXXXX")
trap 'rm -rf "$new"' EXIT
chmod 755 "$new"
say "building Jool $version for $release"
(cd "$new" && apt_download "jool-dkms=$version" "jool-tools=$version") ||
	die "cannot download Jool: $(grep -m 1 '^E:' "$new/apt.log" || true)"
for deb in "$new"/*.deb; do
	dpkg -x "$deb" "$new/deb"
done

src=$(echo "$new"/deb/usr/src/jool-*/src/mod)
for part in common siit; do
	make -s -C "$headers" -j"$(nproc)" M="$src/$part" CONFIG_DEBUG_INFO_BTF_MODULES= \
		modules >"$new/make.log" 2>&1 9>&- || {
		tail -n 20 "$new/make.log" >&2
		die "Jool $version does not build for $release"
	}
done
mkdir "$new/out"
cp "$src/common/jool_common.ko" "$src/siit/jool_siit.ko" \
	"$new/deb/usr/bin/jool_siit" "$new/out/"
strip -g "$new"/out/*.ko
echo "${version%-*}" >"$new/out/version"
mv -T "$new/out" "$dir"
echo "$dir"

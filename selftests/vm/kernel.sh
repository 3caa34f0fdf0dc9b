#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Print the directory of an unpacked Debian kernel, fetching it first if needed.
#
#   kernel.sh 6.1               the newest 6.1 of the archive
#   kernel.sh 6.1.0-55-amd64    exactly that release
#   kernel.sh --cached 6.12     the newest one that is here already
#
# The directory is named after the release (uname -r) and holds boot/,
# lib/modules/RELEASE/ and usr/src/; lib/modules/RELEASE/build works from there,
# nothing is installed. An image is taken only if the archive has the headers of
# the same ABI and version. The archive is asked once a day.
set -eu -o pipefail
. "$(dirname -- "$0")/common.sh"

KERNELS=$SIIT_CACHE/kernels
ARCH=amd64

# The best kernel of a series in the archive: "RELEASE IMAGE VERSION".
candidate() {
	local pattern=${1//./\\.} pkg rel ver

	case $1 in
	*-$ARCH) pattern=${pattern//+/\\+} ;;
	*) pattern+="\\..*-$ARCH" ;;
	esac
	apt-cache pkgnames "linux-image-$1" |
		grep -E "^linux-image-$pattern(-unsigned)?\$" |
		grep -vE -- '-(cloud|rt|dbg)-' | sort -rV |
		while read -r pkg; do
			rel=${pkg#linux-image-}
			rel=${rel%-unsigned}
			ver=$(versions "$pkg" | head -n 1)
			if versions "linux-headers-$rel" | grep -Fqx -- "$ver"; then
				echo "$rel $pkg $ver"
				break
			fi
		done || true
}

versions() { apt-cache show "$1" 2>/dev/null | sed -n 's/^Version: //p' | sort -rV; }

newest_cached() {
	local dir

	for dir in "$KERNELS/$1" "$KERNELS/$1".*"-$ARCH"; do
		if [ -e "$dir/.complete" ]; then echo "${dir##*/}"; fi
	done | sort -V | tail -n 1
}

# fetch RELEASE IMAGE VERSION
fetch() {
	local rel=$1 image=$2 ver=$3 headers=linux-headers-$1 depends common kbuild new dir

	depends=$(apt-cache show "$headers=$ver" | sed -n 's/^Depends: //p' | tr ',' '\n')
	common=$(grep -oE 'linux-headers-[^ ]*-common' <<<"$depends" | head -n 1)
	kbuild=$(grep -oE 'linux-kbuild-[^ ]+' <<<"$depends" | head -n 1)
	[ -n "$common" ] && [ -n "$kbuild" ] || return 1

	rm -rf "$KERNELS"/.new.*
	new=$(mktemp -d "$KERNELS/.new.XXXXXX")
	chmod 755 "$new"
	mkdir "$new/deb"
	say "downloading kernel $rel ($ver)"
	if ! (cd "$new/deb" && apt_download "$image=$ver" "$headers=$ver" \
		"$common=$ver" "$kbuild"); then
		say "download failed: $(grep -m 1 '^E:' "$new/deb/apt.log" || true)"
		rm -rf "$new"
		return 1
	fi
	for deb in "$new"/deb/*.deb; do
		dpkg -x "$deb" "$new" || die "cannot unpack ${deb##*/}"
	done
	rm -r "$new/deb" "${new:?}/usr/share"

	# The packages point at each other by absolute path.
	dir=$new/usr/src/$headers
	# shellcheck disable=SC2016
	sed -i "s#^include /usr/src/#include \$(dir \$(realpath \$(lastword \$(MAKEFILE_LIST))))../#" \
		"$dir/Makefile"
	ln -sfn "../../../usr/src/$headers" "$new/lib/modules/$rel/build"
	ln -sfn "../../../usr/src/$common" "$new/lib/modules/$rel/source"

	# xz costs a second a module in an emulated machine.
	find "$new/lib/modules/$rel/kernel/net" "$new/lib/modules/$rel/kernel/drivers/net" \
		"$new/lib/modules/$rel/kernel/fs/9p" "$new/lib/modules/$rel/kernel/fs/netfs" \
		"$new/lib/modules/$rel/kernel/fs/overlayfs" "$new/lib/modules/$rel/kernel/lib" \
		"$new/lib/modules/$rel/kernel/crypto" "$new/lib/modules/$rel/kernel/drivers/virtio" \
		"$new/lib/modules/$rel/kernel/drivers/char" \
		-name '*.ko.xz' -print0 2>/dev/null | xargs -0r xz -d
	depmod -b "$new" "$rel" 2>/dev/null || die "depmod failed for $rel"
	touch "$new/.complete"
	sync -f "$new"
	mv -T "$new" "$KERNELS/$rel"
}

# Sets release to what is to be used, having fetched it.
resolve() {
	local series=$1 line image ver stamp=$KERNELS/.asked-$1

	release=$(newest_cached "$series")
	if [ "$release" = "$series" ]; then
		return
	fi
	if [ -n "$release" ] && [ -n "$(find "$stamp" -mmin -1440 2>/dev/null)" ]; then
		return
	fi
	for attempt in 1 2; do
		if [ "$attempt" = 1 ]; then apt_update || true
		else apt_refresh || break; fi
		line=$(candidate "$series")
		[ -n "$line" ] || continue
		read -r rel image ver <<<"$line"
		if [ -e "$KERNELS/$rel/.complete" ] || fetch "$rel" "$image" "$ver"; then
			release=$rel
			touch "$stamp"
			return
		fi
	done
	[ -n "$release" ] || die "no kernel $series with headers in the package archive," \
		"and none in the cache $SIIT_CACHE (is the network up, and are" \
		"bookworm and bookworm-security in the apt sources?)"
	say "the package archive has no usable kernel $series now; using cached $release"
}

cached=
if [ "${1:-}" = --cached ]; then cached=1; shift; fi
[ $# = 1 ] || die "usage: kernel.sh [--cached] SERIES|RELEASE"
[[ $1 =~ ^[0-9]+\.[0-9]+[-+.a-z0-9]*$ ]] || die "not a kernel series or release: '$1'"
mkdir -p "$KERNELS" || die "cannot write to the cache $SIIT_CACHE"

if [ -n "$cached" ]; then
	release=$(newest_cached "$1")
	[ -n "$release" ] || die "no kernel $1 in the cache $SIIT_CACHE"
else
	need apt-get apt dpkg dpkg xz xz-utils depmod kmod flock util-linux
	lock kernels
	resolve "$1"
fi
echo "$KERNELS/$release"

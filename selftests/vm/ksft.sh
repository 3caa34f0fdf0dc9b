#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Print the directory of the kernel's selftest framework, taken from Debian's
# linux-source-6.12 package; tools/testing/selftests is below it, and so are
# scripts/checkpatch.pl, tools/net/ynl and the schemas that it reads.
#
#   ksft.sh            the top of the extracted tree
#   ksft.sh selftests  its tools/testing/selftests (what tests get as $KSFT)
set -eu -o pipefail
. "$(dirname -- "$0")/common.sh"

PACKAGE=linux-source-6.12
HAVE=$SIIT_CACHE/kselftest
WANT=(
	'tools/testing/selftests/kselftest*'
	tools/testing/selftests/lib.mk
	tools/testing/selftests/net/lib.sh
	tools/testing/selftests/net/lib
	tools/net/ynl
	'Documentation/netlink/genetlink*.yaml'
	scripts/checkpatch.pl
	scripts/spelling.txt
	scripts/const_structs.checkpatch
)

# Another list of files is another directory.
KEY=$(printf '%s\n' "${WANT[@]}" | sha256sum | cut -c 1-8)

newest_cached() {
	local dir

	for dir in "$HAVE"/*-"$KEY"; do
		if [ -e "$dir/.complete" ]; then echo "${dir##*/}"; fi
	done | sort -V | tail -n 1
}

fetch() {
	local new

	rm -rf "$HAVE"/.new.*
	new=$(mktemp -d "$HAVE/.new.XXXXXX")
	chmod 755 "$new"
	mkdir "$new/deb"
	say "downloading $PACKAGE ($1) for the selftest framework"
	if ! (cd "$new/deb" && apt_download "$PACKAGE=$1"); then
		say "download failed: $(grep -m 1 '^E:' "$new/deb/apt.log" || true)"
		rm -rf "$new"
		return 1
	fi
	dpkg --fsys-tarfile "$new"/deb/*.deb |
		tar -xO --wildcards '*/linux-source-*.tar.xz' | xz -dc -T0 |
		tar -x -C "$new" --strip-components=1 --wildcards \
			"${WANT[@]/#/$PACKAGE/}" ||
		die "cannot extract the selftest framework from $PACKAGE"
	rm -r "$new/deb"
	touch "$new/.complete"
	sync -f "$new"
	mv -T "$new" "$HAVE/$1-$KEY"
}

need apt-get apt dpkg dpkg xz xz-utils tar tar flock util-linux
mkdir -p "$HAVE" || die "cannot write to the cache $SIIT_CACHE"
lock kselftest
version=$(newest_cached)
# Any 6.12 will do: what is here is never looked for again.
if [ -z "$version" ]; then
	for attempt in 1 2; do
		if [ "$attempt" = 1 ]; then apt_update || true
		else apt_refresh || break; fi
		version=$(apt-cache show "$PACKAGE" 2>/dev/null |
			sed -n 's/^Version: //p' | sort -rV | head -n 1)
		if [ -n "$version" ] && fetch "$version"; then
			version+=-$KEY
			break
		fi
		version=
	done
	[ -n "$version" ] || die "cannot get $PACKAGE from the package archive" \
		"(is the network up, and is bookworm-security in the apt sources?)"
fi
case ${1:-} in
'') echo "$HAVE/$version" ;;
selftests) echo "$HAVE/$version/tools/testing/selftests" ;;
*) die "usage: ksft.sh [selftests]" ;;
esac

#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# dkms add, build, install and remove, then make install and uninstall, each with
# Debian's newest 6.1 and 6.12 headers: the module gets where modprobe finds it,
# and what is there at the end is what was there before. Root is needed.
#
#   dkms.sh [6.1|6.12|RELEASE...]
#
# All of it happens in a mount namespace in which /usr/src, /usr/local, /lib/modules
# and /var/lib/dkms are empty file systems: nothing of this machine is touched, and
# of the kernels there is only what the harness has unpacked.
# shellcheck disable=SC2317 # step calls them
set -u -o pipefail
. "$(dirname -- "$0")/vm/common.sh"
cd "$TREE" || exit "$EX_HARNESS"

VERSION=$(sed -n 's/^PACKAGE_VERSION="\(.*\)"$/\1/p' dkms.conf)
PLACES=(/usr/src /usr/local /lib/modules /var/lib/dkms)

# Here, inside: the test of one kernel.

release='' kdir='' work='' failed=0

# step NAME COMMAND...
step() {
	local name=$1

	shift
	if "$@" >"$work/log" 2>&1; then
		echo "ok      $release: $name"
		return
	fi
	failed=$((failed + 1))
	echo "FAILED  $release: $name"
	sed 's/^/        /' "$work/log"
	grep -q make.log "$work/log" && sed 's/^/        make.log: /' \
		"/var/lib/dkms/siit/$VERSION/build/make.log"
}

# A kernel as its package installs it, and /usr/local as Debian has it.
enter() {
	local place dir=/lib/modules/$release

	for place in "${PLACES[@]}"; do
		mkdir -p "$place" && mount -t tmpfs siit-dkms "$place" || return
	done
	mkdir -p /usr/local/{bin,etc,games,include,lib,sbin,share/man,src} "$dir" &&
		ln -s "$kdir$dir/kernel" "$dir/kernel" &&
		ln -s "$(realpath "$kdir$dir/build")" "$dir/build" &&
		cp "$kdir$dir"/modules.{order,builtin,builtin.modinfo} "$dir/" &&
		depmod "$release"
}

# All files with their contents, but for the key that dkms makes once for a machine
# and what is out of sight of everybody.
state() {
	find "${PLACES[@]}" /etc/systemd/system /etc/modprobe.d /etc/modules-load.d \
		-path '/lib/modules/*/kernel/*' -prune -o ! -name 'mok.*' \
		-printf '%y %m %p %l\n' 2>/dev/null | sort
	find /lib/modules -maxdepth 2 -name 'modules.*' ! -name '*.bin' -exec cksum {} + | sort
}

same() {
	state | diff "$work/before" -
}

sources() {
	make -s install DESTDIR="$work/stage" O="$work/tool" &&
		cp -r "$work/stage/usr/src/siit-$VERSION" /usr/src/
}

# Where modprobe looks, built for this kernel.
installed() {
	local file

	dkms status "siit/$VERSION" | grep "$release.*: installed" &&
		file=$(modinfo -k "$release" -n siit) &&
		[[ $file = /lib/modules/$release/updates/dkms/siit.ko* ]] &&
		[[ $(modinfo -k "$release" -F vermagic siit) = "$release "* ]] &&
		modprobe -S "$release" -n -v siit | grep siit.ko &&
		modprobe -S "$release" -R rtnl-link-siit | grep -x siit &&
		modprobe -S "$release" -R net-pf-16-proto-16-family-siit | grep -x siit
}

has_files() {
	local file

	for file in sbin/siitctl share/man/man8/siitctl.8 share/man/man4/siit.4 \
		include/linux/siit.h lib/systemd/system/siit.service \
		share/bash-completion/completions/siitctl; do
		[ -s "/usr/local/$file" ] || { echo "no $file"; return 1; }
	done
	[ "$(/usr/local/sbin/siitctl -V)" = "siitctl $VERSION" ]
}

inside() {
	enter || die "cannot make a place for dkms"
	state >"$work/before"
	step "sources" sources
	step "dkms add" dkms add "siit/$VERSION"
	step "dkms build" dkms build "siit/$VERSION" -k "$release"
	step "dkms install" dkms install "siit/$VERSION" -k "$release"
	step "modprobe finds it" installed
	step "dkms remove" dkms remove "siit/$VERSION" --all
	rm -rf "/usr/src/siit-$VERSION"
	step "nothing is left" same
	step "make install" make -s install KVER="$release" O="$work/tool"
	step "modprobe finds it" installed
	step "the other files are there" has_files
	step "make install, once more" make -s install KVER="$release" O="$work/tool"
	step "make uninstall" make -s uninstall KVER="$release" O="$work/tool"
	step "nothing is left" same
	[ $failed = 0 ]
}

if [ "${1:-}" = --inside ]; then
	release=$2 kdir=$3 work=$4
	inside
	exit
fi

[ "$(id -u)" = 0 ] || die "dkms installs: run it as root"
need dkms dkms unshare util-linux depmod kmod
unset MAKEFLAGS MFLAGS MAKELEVEL MAKEOVERRIDES
mkdir -p "$SIIT_CACHE" || die "cannot write to the cache $SIIT_CACHE"
top=$(mktemp -d "$SIIT_CACHE/dkms.XXXXXX") || exit "$EX_HARNESS"
trap 'rm -rf "$top"' EXIT
[ $# -gt 0 ] || set -- 6.1 6.12
status=0
for kernel; do
	kdir=$("$VM_DIR/kernel.sh" "$kernel") || exit "$EX_HARNESS"
	mkdir "$top/$kernel"
	unshare --mount "$0" --inside "${kdir##*/}" "$kdir" "$top/$kernel" || status=1
done
exit $status

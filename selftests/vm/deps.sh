#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Install by apt-get the packages that are missing for some of make's targets.
#
#   deps.sh build|test|lint|debug|dkms|bench...
set -eu -o pipefail
. "$(dirname -- "$0")/common.sh"

build=(make gcc libc6-dev pkg-config libnl-3-dev libnl-genl-3-dev)
# gcc-12 is what Debian 12's kernels are built with; libelf1 is their objtool's.
test=("${build[@]}" gcc-12 libelf1 kmod xz-utils zstd util-linux perl
	iproute2 iputils-ping tcpdump traceroute nftables ethtool jq curl socat dnsmasq-base
	bind9-dnsutils busybox python3 python3-yaml python3-jsonschema
	libc6-dev-i386 lib32gcc-12-dev)
lint=(sparse shellcheck groff man-db python3-yaml)
debug=(flex bison bc binutils)
bench=(iperf3)
# what the kernel packages depend on that a module is built with
dkms=(dkms pahole)
if [ -z "${NATIVE:-}" ]; then
	test+=(qemu-system-x86)
elif [ ! -e "/lib/modules/$(uname -r)/build" ]; then
	test+=("linux-headers-$(uname -r)")
fi

packages=()
for group; do
	case $group in
	build) packages+=("${build[@]}") ;;
	test) packages+=("${test[@]}") ;;
	lint) packages+=("${lint[@]}") ;;
	debug) packages+=("${debug[@]}") ;;
	dkms) packages+=("${dkms[@]}") ;;
	bench) packages+=("${bench[@]}") ;;
	*) die "no such group: '$group'" ;;
	esac
done

command -v dpkg-query >/dev/null || {
	say "not a Debian system; these Debian packages are needed: ${packages[*]}"
	exit 0
}
missing=()
for package in "${packages[@]}"; do
	dpkg-query -W -f '${Status}\n' "$package" 2>/dev/null | grep -q 'ok installed' && continue
	# the statically linked one does as well
	[ "$package" = busybox ] && command -v busybox >/dev/null && continue
	missing+=("$package")
done
[ ${#missing[@]} -gt 0 ] || exit 0
[ "$(id -u)" = 0 ] || die "missing packages; run as root: apt-get install ${missing[*]}"

say "installing: ${missing[*]}"
log=$(mktemp)
trap 'rm -f "$log"' EXIT
apt_install() {
	DEBIAN_FRONTEND=noninteractive timeout 1200 apt-get -qy \
		-o DPkg::Lock::Timeout=300 -o Acquire::Retries=3 \
		install --no-install-recommends "${missing[@]}" >"$log" 2>&1
}
mkdir -p "$SIIT_CACHE" || die "cannot write to the cache $SIIT_CACHE"
apt_update || true
apt_install || { apt_refresh && apt_install; } || {
	tail -n 15 "$log" >&2
	die "apt-get could not install: ${missing[*]}"
}

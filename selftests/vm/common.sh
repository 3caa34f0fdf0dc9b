# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034
# Shared by the scripts of selftests/vm/; sourced, not run.
#
# Everything that is downloaded or built for the tests lives outside the tree,
# under $SIIT_CACHE (default: /var/cache/siit for root, else ~/.cache/siit):
#   kernels/RELEASE/        an unpacked Debian kernel with its headers
#   kselftest/VERSION/      the kernel's selftest framework, checkpatch and ynl
#   boot/                   initramfs and uncompressed kernel for each release
#   build/TREE/RELEASE/     siit.ko, siitctl and C tests for each release
# It can be removed at any time.

VM_DIR=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
TREE=$(cd -- "$VM_DIR/../.." && pwd)

if [ -z "${SIIT_CACHE:-}" ]; then
	if [ "$(id -u)" = 0 ]; then
		SIIT_CACHE=/var/cache/siit
	else
		SIIT_CACHE=${XDG_CACHE_HOME:-$HOME/.cache}/siit
	fi
fi
case $SIIT_CACHE in
/*) ;;
*) SIIT_CACHE=$PWD/$SIIT_CACHE ;;
esac

# Statuses of the harness itself; any other one is the command's.
EX_TIMEOUT=124
EX_HARNESS=125
EX_PANIC=126

say() { echo "${0##*/}: $*" >&2; }
die() { say "$*"; exit $EX_HARNESS; }

# need COMMAND PACKAGE [COMMAND PACKAGE...]: all of them, or say what to install
need() {
	local missing=() packages=()

	while [ $# -gt 0 ]; do
		if ! command -v "$1" >/dev/null; then
			missing+=("$1")
			packages+=("$2")
		fi
		shift 2
	done
	[ ${#missing[@]} -eq 0 ] ||
		die "not found: ${missing[*]}; install with: apt-get install ${packages[*]}"
}

# needs_tmp: whether a machine must see this one's /tmp. An empty one is quicker.
needs_tmp() { [[ :$PWD/:$TREE/:$SIIT_CACHE/ = *:/tmp/* ]]; }

# lock NAME: held until the script ends; children must not inherit it
lock() {
	mkdir -p "$SIIT_CACHE/lock" || die "cannot write to the cache $SIIT_CACHE"
	exec 9>"$SIIT_CACHE/lock/$1" || die "cannot write to $SIIT_CACHE/lock"
	if ! flock -n 9; then
		say "waiting for another run to finish with $1"
		flock 9
	fi
}

unlock() { exec 9>&-; }

# apt_update: refresh the package lists when they are older than a day. Failing is
# not the end, because what is cached may do.
apt_update() {
	[ -n "$(find "$SIIT_CACHE/apt-updated" -mmin -1440 2>/dev/null)" ] || apt_refresh
}

apt_refresh() {
	[ "$(id -u)" = 0 ] || return 0
	say "apt-get update"
	timeout 300 apt-get -q -o DPkg::Lock::Timeout=300 -o Acquire::Retries=2 \
		-o Acquire::http::Timeout=20 update >/dev/null 2>&1 &&
		touch "$SIIT_CACHE/apt-updated"
}

# apt_download PACKAGE=VERSION...: into the current directory, checked by apt
apt_download() {
	timeout 1800 apt-get -q -o Acquire::Retries=3 -o Acquire::http::Timeout=30 \
		-o APT::Sandbox::User=root download "$@" >apt.log 2>&1 9>&-
}

#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The first process of the debug kernel. The host's root file system is its own,
# read-only; this puts a tmpfs over it, enters the result, runs the job that
# uml.sh left, and powers off. SIIT_CTL, on the kernel's command line, is the
# directory that both sides share.
set -u

power_off() {
	sync
	echo o >/proc/sysrq-trigger
	while :; do sleep 1; done
}

die() {
	echo "init.sh: $*" >/dev/kmsg
	power_off
}

attach() { mount -t "$@" || die "cannot mount: $*"; }

# The shell starts anew in the new root, with "inside".
if [ "${1:-}" != inside ]; then
	mount -t proc proc /proc || exit 1
	attach tmpfs -o mode=755 tmpfs /mnt
	mkdir /mnt/{upper,work,root}
	attach overlay -o lowerdir=/,upperdir=/mnt/upper,workdir=/mnt/work \
		overlay /mnt/root
	cd /mnt/root || die "no new root"
	mkdir -p "./$SIIT_CTL"
	attach hostfs -o "$SIIT_CTL" hostfs "./$SIIT_CTL"
	attach proc proc proc
	attach sysfs sysfs sys
	attach devtmpfs devtmpfs dev
	# in place of the old root, or user namespaces would be refused
	mount -n --move . / || die "cannot enter the new root"
	exec chroot . /bin/bash "$SIIT_CTL/init" inside
fi

export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
export HOME=/root LANG=C.UTF-8
attach tmpfs -o mode=755 tmpfs /run
[ -e "$SIIT_CTL/tmp" ] || attach tmpfs -o mode=1777 tmpfs /tmp
mkdir -p /dev/shm /dev/pts
attach tmpfs -o mode=1777 tmpfs /dev/shm
attach devpts -o ptmxmode=666 devpts /dev/pts
attach cgroup2 cgroup2 /sys/fs/cgroup
attach debugfs debugfs /sys/kernel/debug
attach tracefs tracefs /sys/kernel/tracing
ln -sf /proc/self/fd /dev/fd
ln -sf fd/0 /dev/stdin
ln -sf fd/1 /dev/stdout
ln -sf fd/2 /dev/stderr

# a terminal that changes nothing, and that is no one's controlling one
stty -F /dev/ttyS0 raw -echo -clocal 2>/dev/null
setsid -w bash "$SIIT_CTL/job" </dev/null >/dev/ttyS0 2>&1
status=$?
stty -F /dev/ttyS0 drain 2>/dev/null
echo $status >"$SIIT_CTL/status.new" && mv "$SIIT_CTL/status.new" "$SIIT_CTL/status"
power_off

#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# TIMEOUT: 200
# ONCE
#
# siit.service at work: a systemd of the test's own boots with nothing but it.

# shellcheck source=selftests/ctl.sh
. "$(dirname "$0")/ctl.sh"
TREE=$(cd "$(dirname "$0")/.." && pwd)
CGROUP=/sys/fs/cgroup/siit-boot

skip()
{
	ktap_print_header
	ktap_skip_all "$1"
	exit "$KSFT_SKIP"
}

# It is told of a container; but it is not to meet another systemd.
[ "${SIIT_VM:-}" = 1 ] || skip 'only in a virtual machine'
[ -x /lib/systemd/systemd ] || skip 'systemd is not installed'
[ -e /sys/fs/cgroup/cgroup.controllers ] || skip 'no cgroup2'
isolate "$@"
need jq nsenter systemctl

# The unit, with siitctl and the file where this test has them.
unit()
{
	mkdir -p "$1" && sed "s#/usr/local/sbin/siitctl#$SIIT_BUILD/siitctl#
		s#/etc/siit.conf#$WORK/siit.conf#" \
		"$TREE/tools/siit.service" > "$1/siit.service"
}

# With cgroups of its own, since it leaves some behind.
boot()
{
	mkdir "$CGROUP" || return
	(
		echo 0 > "$CGROUP/cgroup.procs"
		export -f unit
		export SIIT_BUILD WORK TREE container=siit
		exec unshare --mount --pid --cgroup --fork --kill-child \
			--mount-proc bash -c 'mount -t tmpfs siit-run /run &&
			mkdir /run/lock && unit /run/systemd/system &&
			exec /lib/systemd/systemd --system \
				--unit=siit.service --log-target=console'
	) > "$WORK/boot.log" 2>&1 &
	SYSTEMD=$!
	slowwait 60 inside is-active siit.service > "$WORK/wait" 2>&1
}

inside()
{
	local pid

	pid=$(pgrep -P "$SYSTEMD") && nsenter -t "$pid" -m -p systemctl "$@"
}

halt()
{
	# Of the others it takes no notice.
	kill -KILL "$SYSTEMD"
	wait "$SYSTEMD"
	slowwait 20 grep -q '^populated 0' "$CGROUP/cgroup.events" &&
		find "$CGROUP" -depth -type d -exec rmdir {} +
}

t_boot()
{
	siitctl dev add z0
	cat > "$WORK/siit.conf" << END
dev add a0 role er
pool6 add 2001:db8:64::/96 dev a0
eam add 192.0.2.1 2001:db8::1 dev a0
END
	if ! boot; then
		cat "$WORK/boot.log"
		return 1
	fi
	is "$(< "$WORK/siit.conf")" siitctl save dev a0 &&
	is 'dev add z0' siitctl save dev z0 &&
	is 'Result=success' inside show -p Result siit.service
}

t_reload()
{
	sed -i 's/2001:db8::1/2001:db8::2/' "$WORK/siit.conf" &&
	inside reload siit.service &&
	is "$(< "$WORK/siit.conf")" siitctl save dev a0
}

# All or nothing, and the failure is seen.
t_wrong()
{
	snapshot && echo 'dev add b0
eam add 192.0.2.300 2001:db8::1 dev b0' >> "$WORK/siit.conf" &&
	! inside restart siit.service && unchanged &&
	is 'Result=exit-code' inside show -p Result siit.service
}

t_no_file()
{
	snapshot && rm "$WORK/siit.conf" &&
	inside reset-failed siit.service && inside restart siit.service &&
	is 'ActiveState=inactive' inside show -p ActiveState siit.service &&
	unchanged
}

ktap_print_header
ktap_set_plan 5
siit_load || ktap_exit_fail_msg 'the module does not load'
run_tests \
	'translators are there after boot'	t_boot \
	'reload'				t_reload \
	'a file that is wrong changes nothing'	t_wrong \
	'no file, nothing to do'		t_no_file \
	'systemd ends'				halt

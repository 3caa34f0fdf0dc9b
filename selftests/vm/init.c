// SPDX-License-Identifier: GPL-2.0
/*
 * The first process of a test machine. It mounts the host's root file system
 * (9p, read-only) under a tmpfs overlay, runs the job that the host left in the
 * "ctl" share, copies its output to a virtio port, writes its exit status into
 * the share and powers off. The console stays the kernel's own.
 *
 * In the ctl share: "job" is a bash script; "tty", if there, asks for a terminal
 * on /dev/hvc0 instead of the port; "tmp" for the host's /tmp instead of an empty
 * one; "status" receives the exit status.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define CTL	"/run/vm"
#define PATH	"/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
#define P9	"trans=virtio,version=9p2000.L"

static void __attribute__((noreturn)) power_off(void)
{
	sync();
	reboot(RB_POWER_OFF);
	for (;;)
		pause();
}

static void __attribute__((noreturn, format(printf, 1, 2)))
die(const char *fmt, ...)
{
	char msg[256];
	int err = errno, fd;
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(msg, sizeof(msg), fmt, ap);
	va_end(ap);
	fd = open("/dev/kmsg", O_WRONLY);
	if (fd >= 0)
		dprintf(fd, "<2>siit-vm: %s: %s\n", msg, strerror(err));
	power_off();
}

static void attach(const char *what, const char *where, const char *type,
		   unsigned long flags, const char *options)
{
	mkdir(where, 0755);
	if (mount(what, where, type, flags, options))
		die("mount %s on %s", type, where);
}

/* "modules" lists the files in the order in which they depend on each other. */
static void load_modules(void)
{
	char path[256] = "/modules/";
	FILE *list = fopen("/modules/list", "r");
	size_t dir = strlen(path);

	if (!list)
		die("/modules/list");
	while (fgets(path + dir, sizeof(path) - dir, list)) {
		int fd;

		path[strcspn(path, "\n")] = 0;
		fd = open(path, O_RDONLY);
		if (fd < 0 || syscall(SYS_finit_module, fd, "", 0))
			die("load %s", path);
		close(fd);
	}
	fclose(list);
}

static void enter_root(void)
{
	static const char * const moved[] = { "/proc", "/sys", "/dev" };
	char to[32];
	size_t i;

	attach("host", "/host", "9p", MS_RDONLY, P9 ",cache=loose,msize=512000");
	attach("tmpfs", "/ovl", "tmpfs", 0, "mode=755");
	mkdir("/ovl/upper", 0755);
	mkdir("/ovl/work", 0755);
	attach("overlay", "/root", "overlay", 0,
	       "lowerdir=/host,upperdir=/ovl/upper,workdir=/ovl/work");
	for (i = 0; i < sizeof(moved) / sizeof(moved[0]); i++) {
		snprintf(to, sizeof(to), "/root%s", moved[i]);
		mkdir(to, 0755);
		if (mount(moved[i], to, NULL, MS_MOVE, NULL))
			die("move %s", moved[i]);
	}
	if (chdir("/root") || mount(".", "/", NULL, MS_MOVE, NULL) ||
	    chroot(".") || chdir("/"))
		die("enter the root file system");

	attach("tmpfs", "/run", "tmpfs", 0, "mode=755");
	attach("tmpfs", "/dev/shm", "tmpfs", 0, "mode=1777");
	attach("devpts", "/dev/pts", "devpts", 0, "ptmxmode=666");
	if (symlink("/proc/self/fd", "/dev/fd") ||
	    symlink("fd/0", "/dev/stdin") || symlink("fd/1", "/dev/stdout") ||
	    symlink("fd/2", "/dev/stderr"))
		die("make /dev/fd");
	attach("ctl", CTL, "9p", 0, P9 ",cache=none");
	if (access(CTL "/tmp", F_OK))
		attach("tmpfs", "/tmp", "tmpfs", 0, "mode=1777");
}

static pid_t start(int fd, int terminal)
{
	pid_t pid = fork();

	if (pid < 0)
		die("fork");
	if (pid)
		return pid;
	setsid();
	if (terminal)
		ioctl(fd, TIOCSCTTY, 0);
	dup2(terminal ? fd : open("/dev/null", O_RDONLY), 0);
	dup2(fd, 1);
	dup2(fd, 2);
	clearenv();
	setenv("PATH", PATH, 1);
	setenv("HOME", "/root", 1);
	setenv("LANG", "C.UTF-8", 1);
	execl("/bin/bash", "bash", CTL "/job", NULL);
	dprintf(2, "cannot run /bin/bash: %s\n", strerror(errno));
	_exit(127);
}

/* Copies what there is; returns 0 when the last writer has gone. */
static int copy(int from, int to)
{
	char buf[65536];
	ssize_t n, w, done = 0;

	n = read(from, buf, sizeof(buf));
	while (done < n) {
		w = write(to, buf + done, n - done);
		if (w < 0 && errno != EINTR)
			die("write to the output port");
		if (w > 0)
			done += w;
	}
	return n > 0 || (n < 0 && (errno == EINTR || errno == EAGAIN));
}

/*
 * Reaps orphans too, as pid 1 must. Daemons that the job left behind may hold
 * its output open: once it has ended, only what is in the pipe counts.
 */
static int wait_for(pid_t job, int out, int port)
{
	struct pollfd pfd = { .fd = out, .events = POLLIN };
	int status = -1, wstatus;
	pid_t pid;

	for (;;) {
		while ((pid = waitpid(-1, &wstatus, WNOHANG)) > 0)
			if (pid == job)
				status = wstatus;
		if (status >= 0 && out < 0)
			break;
		if (poll(&pfd, out >= 0, status >= 0 ? 0 : 50) > 0) {
			if (!copy(out, port)) {
				out = -1;
				pfd.fd = -1;
			}
		} else if (status >= 0) {
			break;
		}
	}
	if (WIFSIGNALED(status))
		return 128 + WTERMSIG(status);
	return WEXITSTATUS(status);
}

static void report(int status)
{
	FILE *f = fopen(CTL "/status.new", "w");

	if (!f || fprintf(f, "%d\n", status) < 0 || fclose(f) ||
	    rename(CTL "/status.new", CTL "/status"))
		die("write the exit status");
}

int main(void)
{
	int out[2], port, status;
	pid_t job;

	attach("proc", "/proc", "proc", 0, NULL);
	attach("sysfs", "/sys", "sysfs", 0, NULL);
	attach("devtmpfs", "/dev", "devtmpfs", 0, NULL);
	load_modules();
	enter_root();

	if (!access(CTL "/tty", F_OK)) {
		port = open("/dev/hvc0", O_RDWR | O_NOCTTY);
		if (port < 0)
			die("/dev/hvc0");
		job = start(port, 1);
		close(port);
		status = wait_for(job, -1, -1);
	} else {
		port = open("/dev/vport0p1", O_WRONLY | O_CLOEXEC);
		if (port < 0)
			die("/dev/vport0p1");
		if (pipe2(out, O_CLOEXEC))
			die("pipe");
		job = start(out[1], 0);
		close(out[1]);
		status = wait_for(job, out[0], port);
		close(port);
	}
	report(status);
	kill(-1, SIGKILL);
	power_off();
}

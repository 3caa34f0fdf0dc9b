// SPDX-License-Identifier: GPL-2.0
/*
 * Running siitctl.
 */
#include <fcntl.h>
#include <net/if.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <signal.h>
#include <unistd.h>

#include "run.h"
#include "wire.h"

#define LIMIT 20		/* seconds */

char said[1 << 16], complained[1 << 14];

static void read_back(int fd, char *text, size_t size)
{
	ssize_t n = pread(fd, text, size - 1, 0);

	text[n < 0 ? 0 : n] = 0;
	/* What a text has NUL in is read to its end. */
	while (n > 0 && --n)
		if (!text[n])
			text[n] = '@';
	close(fd);
}

static int scratch(void)
{
	return open(".", O_TMPFILE | O_RDWR, 0600);
}

int siitctl_words(const char *in, char **argv)
{
	const char *path = getenv("SIITCTL");
	int out = scratch(), err = scratch(), status = -1;
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (!pid) {
		int fd = open(in ? in : "/dev/null", O_RDONLY);

		prctl(PR_SET_PDEATHSIG, SIGKILL);
		alarm(LIMIT);
		dup2(fd, 0);
		dup2(out, 1);
		dup2(err, 2);
		execvp(path && *path ? path : "siitctl", argv);
		_exit(126);
	}
	waitpid(pid, &status, 0);
	read_back(out, said, sizeof(said));
	read_back(err, complained, sizeof(complained));
	return status;
}

int siitctl(const char *in, ...)
{
	char *argv[8] = { "siitctl" };
	unsigned int n = 1;
	va_list ap;

	va_start(ap, in);
	while (n < 7 && (argv[n] = va_arg(ap, char *)))
		n++;
	va_end(ap);
	return siitctl_words(in, argv);
}

static bool write_file(const char *path, const char *text)
{
	FILE *f = fopen(path, "w");

	return f && fputs(text, f) >= 0 && !fclose(f);
}

void check_restore(void)
{
	static char before[sizeof(said)];
	struct if_nameindex *all, *one;
	static struct state s;
	uint32_t group;
	uint16_t family;
	unsigned int i;
	int genl, links;

	if (siitctl(NULL, "save", NULL) || complained[0]) {
		fault(FAULT_RESTORE, "save: %s", complained);
		return;
	}
	strcpy(before, said);
	genl = wire_open(NETLINK_GENERIC);
	links = wire_open(NETLINK_ROUTE);
	family = wire_family(genl, &group);
	if (wire_state(genl, family, &s))
		for (i = 0; i < s.count; i++)
			wire_link_del(links, s.dev[i].ifindex);
	close(genl);
	close(links);
	all = if_nameindex();
	for (one = all; one && one->if_index; one++)
		for (i = 0; i < s.count; i++)
			if (!strcmp(one->if_name, s.dev[i].name))
				fault(FAULT_RESTORE, "\"%s\" is still there",
				      one->if_name);
	if_freenameindex(all);
	if (!write_file(SAVED, before) || siitctl(NULL, "restore", "--replace", SAVED, NULL))
		fault(FAULT_RESTORE, "restore: %s", complained);
	if (siitctl(NULL, "save", NULL) || strcmp(said, before))
		fault(FAULT_RESTORE, "what was saved did not come back: %s%s",
		      complained, before);
	run->restored++;
}

// SPDX-License-Identifier: GPL-2.0
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "ctl.h"

/* The answer tells that what came before has been done. */
#define ASK "dev show siit1\n"
#define ANSWER "siit1 "

static int to = -1, from = -1;
static char complaints[64];

/* stdbuf, so that the answer comes when it is due. */
static void run_siitctl(const char *build)
{
	char path[600];

	snprintf(path, sizeof(path), "%s%ssiitctl", build ? build : "",
		 build ? "/" : "");
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	execlp("stdbuf", "stdbuf", "-oL", path, "-b", "-", NULL);
	_exit(127);
}

bool ctl_open(void)
{
	int in[2], out[2], err;
	pid_t pid;

	signal(SIGPIPE, SIG_IGN);
	snprintf(complaints, sizeof(complaints), "/tmp/siit-fuzz.%d", getpid());
	err = open(complaints, O_RDWR | O_CREAT | O_TRUNC, 0600);
	if (err < 0 || pipe2(in, O_CLOEXEC) || pipe2(out, O_CLOEXEC))
		return false;
	fcntl(in[1], F_SETPIPE_SZ, 1 << 20);
	pid = fork();
	if (pid < 0)
		return false;
	if (!pid) {
		dup2(in[0], 0);
		dup2(out[1], 1);
		dup2(err, 2);
		run_siitctl(getenv("SIIT_BUILD"));
	}
	close(in[0]);
	close(out[1]);
	close(err);
	to = in[1];
	from = out[0];
	return true;
}

bool ctl_start(const char *commands)
{
	size_t len = strlen(commands);

	return write(to, commands, len) == (ssize_t)len;
}

/* Warnings are there too, and of no interest unless it has ended. */
static void complain(void)
{
	char line[300], last[300] = "";
	FILE *f = fopen(complaints, "r");

	while (f && fgets(line, sizeof(line), f))
		strcpy(last, line);
	if (f)
		fclose(f);
	printf("# siitctl has ended: %s\n", last);
	unlink(complaints);
}

bool ctl_wait(void)
{
	static char text[8192];
	static size_t have;
	ssize_t n;
	char *at;

	if (!ctl_start(ASK))
		n = -1;
	else
		n = 1;
	while (n > 0) {
		text[have] = 0;
		at = strstr(text, ANSWER);
		if (at) {
			have -= at - text + strlen(ANSWER);
			memmove(text, at + strlen(ANSWER), have);
			return true;
		}
		/* An answer may be in two halves. */
		if (have > sizeof(text) / 2) {
			memmove(text, text + have - 16, 16);
			have = 16;
		}
		n = read(from, text + have, sizeof(text) - 1 - have);
		if (n > 0)
			have += n;
	}
	complain();
	return false;
}

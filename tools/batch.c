// SPDX-License-Identifier: GPL-2.0
/*
 * siitctl -b FILE: commands from a file, one per line.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd.h"

#define BLANK " \t\r\n"
#define WORDS 64

/* Cut a line into words. Return: their number. */
static unsigned int split(char *line, char **words)
{
	unsigned int n = 0;
	char *word;

	for (word = strtok(line, BLANK); word; word = strtok(NULL, BLANK)) {
		if (n == WORDS)
			usage_error(NULL, "more than %d words", WORDS);
		words[n++] = word;
	}
	words[n] = NULL;
	return n;
}

static int run_line(char *line, size_t len, run_fn run)
{
	char *words[WORDS + 1];

	if (strlen(line) != len)
		usage_error(NULL, "the line has a NUL character");
	/* What "save" prints may be kept with notes. */
	if (!split(line, words) || words[0][0] == '#')
		return EXIT_DONE;
	return run(words);
}

/**
 * batch - carry out commands until one fails
 * @name: file, "-": standard input
 * @run: carries out one
 *
 * Return: an exit status.
 */
int batch(const char *name, run_fn run)
{
	FILE *file = strcmp(name, "-") ? fopen(name, "re") : stdin;
	unsigned int number = 0;
	int ret = EXIT_DONE;
	char *line = NULL;
	size_t size = 0;
	ssize_t len;

	if (!file) {
		complain(NULL, "cannot open \"%s\": %s", name, strerror(errno));
		return EXIT_USAGE;
	}
	errno = 0;
	while (!ret && (len = getline(&line, &size, file)) >= 0) {
		complain_about(name, ++number);
		ret = run_line(line, len, run);
		errno = 0;
	}
	complain_about(NULL, 0);
	if (!ret && errno) {
		complain(NULL, "cannot read \"%s\": %s", name, strerror(errno));
		ret = EXIT_USAGE;
	}
	free(line);
	if (file != stdin)
		fclose(file);
	return ret;
}

// SPDX-License-Identifier: GPL-2.0
/*
 * siitctl restore: the state that save has printed, all of it or nothing.
 */
#include <string.h>

#include "cmd.h"

#define WORDS "--dry-run, --merge, --replace or FILE"

static void parse_mode(struct args *a, const char *word, const char **mode)
{
	if (*mode && strcmp(*mode, word))
		usage_error(a, "\"%s\" contradicts \"%s\"", word, *mode);
	*mode = word;
}

static int restore(struct args *a)
{
	const char *mode = NULL, *file = NULL, *word;
	bool dry_run = false;
	int ret;

	while ((word = args_next(a))) {
		if (!strcmp(word, "--dry-run"))
			dry_run = true;
		else if (!strcmp(word, "--merge") || !strcmp(word, "--replace"))
			parse_mode(a, word, &mode);
		else if (file || (word[0] == '-' && word[1]))
			usage_error(a, "unknown word \"%s\": expected " WORDS, word);
		else
			file = word;
	}
	if (complain_line())
		usage_error(a, "stands alone: it is no command of a file");
	if (!file)
		file = "-";
	ret = txn_open(a, file, mode && !strcmp(mode, "--merge"));
	if (!ret)
		ret = batch(file, run_words);
	if (!ret)
		ret = txn_commit(a, dry_run);
	return ret;
}

const struct object object_restore = {
	.name = "restore",
	.run = restore,
	.help =
"siitctl restore [--dry-run] [--merge|--replace] [FILE]\n"
"\n"
"Reads what \"siitctl save\" prints, from FILE or standard input, and does all\n"
"of it at once, or nothing. Every device that a line names becomes what the file\n"
"says, and nothing else is left of it: settings that are not named follow the\n"
"role, rows that are not named are gone. With --merge the device keeps what it\n"
"has. Missing devices are made by \"dev add\"; devices that no line names are left\n"
"alone. --dry-run only checks.\n"
"\n"
"    siitctl save >siit.conf\n"
"    siitctl restore --dry-run siit.conf\n"
"    siitctl restore siit.conf\n",
};

// SPDX-License-Identifier: GPL-2.0
/*
 * siitctl - set up and watch IPv4/IPv6 translators
 */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd.h"

#ifndef SIIT_VERSION
#define SIIT_VERSION "unknown"
#endif

#define OBJECTS \
	"dev, eam, pool6, rfc6791, deny4, hook, stats, query, monitor, save or restore"

static const char usage[] =
"siitctl [-j] [-p] [-s] [-n NETNS] OBJECT COMMAND ...\n"
"siitctl [-j] [-p] [-s] [-n NETNS] -b FILE\n"
"\n"
"Objects\n"
"    dev      translators and their settings\n"
"    eam      explicit address mappings (RFC 7757)\n"
"    pool6    translation prefixes (RFC 6052)\n"
"    rfc6791  IPv4 sources for errors from nodes without IPv4 address\n"
"    deny4    IPv4 prefixes that pool6 never translates\n"
"    hook     devices whose incoming packets are translated\n"
"    stats    counters of packets translated and dropped\n"
"    query    how an address maps, and what becomes of a packet\n"
"    monitor  changes as they happen\n"
"    save     the commands that make the state what it is\n"
"    restore  that state, from a file, all of it or nothing\n"
"\n"
"Commands: add, del, show, flush; for dev also set. \"siitctl OBJECT help\" has\n"
"the grammar of each object. Without any word, siitctl does \"save\".\n"
"\n"
"Options\n"
"    -j, -json         JSON\n"
"    -p, -pretty       with line breaks\n"
"    -s, -stats        with rows of eam, what they have counted\n"
"    -n, -netns NETNS  in a network namespace, by name or path\n"
"    -b, -batch FILE   commands from a file, one per line, until one fails\n"
"    -V, -Version      print the version\n"
"    -h, -help         print this\n";

/* The order decides what an abbreviation stands for. */
static const struct object *const objects[] = {
	&object_dev,
	&object_eam,
	&object_pool6,
	&object_rfc6791,
	&object_deny4,
	&object_hook,
	&object_stats,
	&object_query,
	&object_monitor,
	&object_save,
	&object_restore,
};

static const struct option options[] = {
	{ "json", no_argument, NULL, 'j' },
	{ "pretty", no_argument, NULL, 'p' },
	{ "stats", no_argument, NULL, 's' },
	{ "netns", required_argument, NULL, 'n' },
	{ "batch", required_argument, NULL, 'b' },
	{ "Version", no_argument, NULL, 'V' },
	{ "version", no_argument, NULL, 'V' },
	{ "help", no_argument, NULL, 'h' },
	{}
};

static int print_help(const char *text)
{
	fputs(text, stdout);
	return EXIT_DONE;
}

static const struct object *find_object(const char *word)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(objects); i++)
		if (word_is_prefix_of(word, objects[i]->name))
			return objects[i];
	usage_error(NULL, "unknown object \"%s\": expected " OBJECTS, word);
}

static const struct command *find_command(const struct object *o,
					  const char *word)
{
	const struct command *c;

	for (c = o->commands; c && c->name; c++)
		if (word_is_prefix_of(word, c->name))
			return c;
	return NULL;
}

__noreturn
static void unknown_command(const struct args *a, const struct object *o,
			    const char *word)
{
	const struct command *c;
	char names[80] = "";

	for (c = o->commands; c->name; c++)
		if (strcmp(c->name, "list"))
			snprintf(names + strlen(names),
				 sizeof(names) - strlen(names), "%s, ",
				 strcmp(c->name, "delete") ? c->name : "del");
	usage_error(a, "unknown command \"%s\": expected %shelp", word, names);
}

/* In full: what messages begin with. */
static const char *full_name(const struct command *c)
{
	if (!strcmp(c->name, "delete"))
		return "del";
	return strcmp(c->name, "list") ? c->name : "show";
}

/* A file to restore says what is to be, and what is not to be. */
static void check_restorable(const struct args *a, const struct object *o,
			     const struct command *c)
{
	if (c && (!strcmp(c->name, "add") || !strcmp(c->name, "set") ||
		  (!strcmp(c->name, "delete") && o != &object_dev)))
		return;
	usage_error(a, "has no place in a file to restore: expected add, del or dev set");
}

static int run_object(const struct object *o, struct args *a)
{
	const struct command *c = NULL;
	const char *word = *a->word;

	a->object = o->name;
	if (word)
		c = find_command(o, word);
	if (word && !c && !strcmp(word, "help"))
		return print_help(o->help);
	if (c) {
		a->command = full_name(c);
		if (txn_active())
			check_restorable(a, o, c);
		args_next(a);
		return c->run(a);
	}
	/* "siitctl stats dev siit0", but not "siitctl eam shwo". */
	if (word && o->commands && strcmp(word, "dev") &&
	    (o != &object_stats || word[0] != '-'))
		unknown_command(a, o, word);
	if (txn_active())
		check_restorable(a, o, NULL);
	return o->run(a);
}

/**
 * run_words - carry out a command
 * @words: its words, ends with NULL
 *
 * Return: an exit status.
 */
int run_words(char **words)
{
	struct args a = { .word = words, .last = "siitctl" };
	const char *word = args_next(&a);

	if (!word)
		return run_object(&object_save, &a);
	if (!strcmp(word, "help")) {
		word = args_next(&a);
		return print_help(word ? find_object(word)->help : usage);
	}
	return run_object(find_object(word), &a);
}

int main(int argc, char **argv)
{
	const char *netns = NULL;
	const char *file = NULL;
	bool json = false;
	bool pretty = false;
	bool stats = false;
	int ret = 0;
	int c;

	while ((c = getopt_long_only(argc, argv, "+jpsn:b:Vh", options,
				     NULL)) != -1) {
		switch (c) {
		case 'j':
			json = true;
			break;
		case 'p':
			pretty = true;
			break;
		case 's':
			stats = true;
			break;
		case 'n':
			netns = optarg;
			break;
		case 'b':
			file = optarg;
			break;
		case 'V':
			printf("siitctl %s\n", SIIT_VERSION);
			return out_finish(EXIT_DONE);
		case 'h':
			return out_finish(print_help(usage));
		default:
			fputs("See: siitctl help\n", stderr);
			return EXIT_USAGE;
		}
	}
	if (file && optind < argc)
		usage_error(NULL, "unknown word \"%s\": commands are read from \"%s\"",
			    argv[optind], file);
	out_setup(json, pretty, stats);
	if (netns)
		ret = netns_enter(netns);
	if (!ret)
		ret = file ? batch(file, run_words) : run_words(argv + optind);
	return out_finish(ret);
}

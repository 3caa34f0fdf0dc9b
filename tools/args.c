// SPDX-License-Identifier: GPL-2.0
/*
 * Words of the command line. Whatever is typed wrong ends the program here,
 * with exit status 2 and a text that names the word.
 */
#include <arpa/inet.h>
#include <ctype.h>
#include <net/if.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "cmd.h"

/* The C locale's, whatever the user's is. */
#define DIGITS "0123456789"

/* The line of a batch that is carried out. */
static const char *batch_file;
static unsigned int batch_line;

/* There is a line on the terminal that the next one replaces. */
static bool progress_shown;

static void vcomplain(const struct args *a, const char *fmt, va_list ap)
{
	/* What was printed before the trouble comes before its text. */
	out_flush();
	progress(NULL);
	fputs("siitctl: ", stderr);
	if (batch_file && batch_line)
		fprintf(stderr, "%s:%u: ", batch_file, batch_line);
	else if (batch_file)
		fprintf(stderr, "%s: ", batch_file);
	if (a && a->object)
		fprintf(stderr, a->command ? "%s %s: " : "%s: ", a->object,
			a->command);
	vfprintf(stderr, fmt, ap);
	fputc('\n', stderr);
}

/**
 * complain_about - put a file and a line before all messages
 * @file: its name; NULL: no more
 * @line: number of the line
 */
void complain_about(const char *file, unsigned int line)
{
	batch_file = file;
	batch_line = line;
}

/**
 * complain_line - ask which line is carried out
 *
 * Return: its number, 0: none.
 */
unsigned int complain_line(void)
{
	return batch_line;
}

/**
 * progress - tell a person at a terminal how far it has come
 * @fmt: text without newline; NULL: wipe out the last one
 */
void progress(const char *fmt, ...)
{
	va_list ap;

	if (progress_shown)
		fputs("\r\033[K", stderr);
	progress_shown = fmt;
	if (!fmt)
		return;
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fflush(stderr);
}

/**
 * complain - say on stderr what is wrong
 * @a: the command, or NULL
 * @fmt: text without newline
 */
void complain(const struct args *a, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vcomplain(a, fmt, ap);
	va_end(ap);
}

/**
 * bad_value - say that a value can be none, and exit
 * @a: the command, or NULL
 * @fmt: text without newline
 *
 * The kernel would refuse it, too, if there was a way to send it.
 */
void bad_value(const struct args *a, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vcomplain(a, fmt, ap);
	va_end(ap);
	exit(EXIT_REFUSED);
}

/**
 * usage_error - say what was typed wrong, and exit
 * @a: the command, or NULL
 * @fmt: text without newline
 */
void usage_error(const struct args *a, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vcomplain(a, fmt, ap);
	va_end(ap);
	if (a && a->object)
		fprintf(stderr, "See: siitctl %s help\n", a->object);
	else
		fputs("See: siitctl help\n", stderr);
	exit(EXIT_USAGE);
}

/**
 * unknown_word - say that a word does not fit here, and exit
 * @a: the command
 * @word: the word
 * @expected: what would fit
 */
void unknown_word(const struct args *a, const char *word, const char *expected)
{
	if (word[0] == '-')
		usage_error(a, "unknown word \"%s\": options go before the object; expected %s",
			    word, expected);
	usage_error(a, "unknown word \"%s\": expected %s", word, expected);
}

/**
 * word_is_prefix_of - abbreviations
 * @word: as typed
 * @name: in full
 *
 * Return: whether @word stands for @name.
 */
bool word_is_prefix_of(const char *word, const char *name)
{
	return word[0] && !strncmp(word, name, strlen(word));
}

/**
 * args_next - read a word
 * @a: the command
 *
 * Return: the word, or NULL at the end.
 */
const char *args_next(struct args *a)
{
	if (!*a->word)
		return NULL;
	a->last = *a->word++;
	return a->last;
}

/**
 * args_need - read a word that must be there
 * @a: the command
 * @what: what it is, for the message
 *
 * Return: the word.
 */
const char *args_need(struct args *a, const char *what)
{
	const char *last = a->last;
	const char *word = args_next(a);

	if (!word)
		usage_error(a, "missing %s after \"%s\"", what, last);
	return word;
}

/**
 * args_end - nothing may follow
 * @a: the command
 */
void args_end(struct args *a)
{
	if (*a->word)
		unknown_word(a, *a->word, "no more");
}

/**
 * args_dev - read the NAME after "dev"
 * @a: the command
 * @dev: where it goes; NULL before
 */
void args_dev(struct args *a, const char **dev)
{
	const char *word = args_need(a, "NAME");

	if (*dev)
		usage_error(a, "duplicate argument: \"dev %s\" after \"dev %s\"",
			    word, *dev);
	parse_devname(a, word);
	*dev = word;
}

/**
 * args_need_dev - complain if the device is missing
 * @a: the command, read to its end
 * @dev: what args_dev() has read, or NULL
 */
void args_need_dev(struct args *a, const char *dev)
{
	if (!dev)
		usage_error(a, "missing \"dev NAME\" after \"%s\"", a->last);
}

/**
 * args_only_dev - read an optional "dev NAME", then the end
 * @a: the command
 *
 * Return: the name, or NULL.
 */
const char *args_only_dev(struct args *a)
{
	const char *dev = NULL;
	const char *word;

	while ((word = args_next(a))) {
		if (strcmp(word, "dev"))
			unknown_word(a, word, "dev NAME");
		args_dev(a, &dev);
	}
	return dev;
}

/**
 * word_family - which kind of address a word was meant to be
 * @word: the word
 *
 * Return: AF_INET, AF_INET6, or AF_UNSPEC if it looks like neither.
 */
int word_family(const char *word)
{
	if (strchr(word, ':'))
		return AF_INET6;
	if (isdigit((unsigned char)word[0]) || strchr("./", word[0]) ||
	    strchr(word, '.'))
		return AF_INET;
	return AF_UNSPEC;
}

/**
 * parse_addr4 - read an IPv4 address
 * @a: the command
 * @word: the word
 * @addr: the address
 */
void parse_addr4(struct args *a, const char *word, struct in_addr *addr)
{
	if (inet_pton(AF_INET, word, addr) != 1)
		bad_value(a, "\"%s\" is not an IPv4 address", word);
}

/**
 * parse_addr6 - read an IPv6 address
 * @a: the command
 * @word: the word
 * @addr: the address
 */
void parse_addr6(struct args *a, const char *word, struct in6_addr *addr)
{
	if (inet_pton(AF_INET6, word, addr) != 1)
		bad_value(a, "\"%s\" is not an IPv6 address", word);
}

/* Reads ADDR[/LEN]. Return: the length; @max if there is none. */
static uint8_t parse_prefix(struct args *a, int family, const char *word,
			    void *addr, unsigned int max)
{
	char part[INET6_ADDRSTRLEN];
	size_t len = strcspn(word, "/");
	const char *digits = word + len + 1;
	int version = family == AF_INET ? 4 : 6;
	unsigned long value;

	if (len < sizeof(part)) {
		memcpy(part, word, len);
		part[len] = '\0';
	}
	if (len >= sizeof(part) || inet_pton(family, part, addr) != 1)
		bad_value(a, "\"%s\" is not an IPv%d %s", word, version,
			  word[len] ? "prefix" : "address");
	if (!word[len])
		return max;
	if (!digits[0] || digits[strspn(digits, DIGITS)] ||
	    (digits[0] == '0' && digits[1]))
		bad_value(a, "\"%s\": \"%s\" is not a prefix length",
			  word, digits);
	value = strlen(digits) > 3 ? max + 1 : strtoul(digits, NULL, 10);
	if (value > max)
		bad_value(a, "\"%s\": prefix length %s is out of range: IPv%d has 0 to %u",
			  word, digits, version, max);
	return value;
}

/**
 * parse_prefix4 - read V4[/L]
 * @a: the command
 * @word: the word
 * @p: the prefix; must be empty
 */
void parse_prefix4(struct args *a, const char *word, struct prefix4 *p)
{
	if (p->word)
		usage_error(a, "duplicate argument: \"%s\" after \"%s\"",
			    word, p->word);
	p->len = parse_prefix(a, AF_INET, word, &p->addr, 32);
	p->word = word;
}

/**
 * parse_prefix6 - read V6[/L]
 * @a: the command
 * @word: the word
 * @p: the prefix; must be empty
 */
void parse_prefix6(struct args *a, const char *word, struct prefix6 *p)
{
	if (p->word)
		usage_error(a, "duplicate argument: \"%s\" after \"%s\"",
			    word, p->word);
	p->len = parse_prefix(a, AF_INET6, word, &p->addr, 128);
	p->word = word;
}

/**
 * parse_devname - check a device name
 * @a: the command
 * @word: the word
 */
void parse_devname(struct args *a, const char *word)
{
	const char *c;

	for (c = word; *c && *c != '/' && *c != ':' &&
	     !isspace((unsigned char)*c); c++)
		;
	if (*c || c == word || !strcmp(word, ".") || !strcmp(word, ".."))
		bad_value(a, "\"%s\" is not a device name", word);
	if (c - word >= IFNAMSIZ)
		bad_value(a, "device name \"%s\" is longer than %d characters",
			  word, IFNAMSIZ - 1);
}

/**
 * parse_number - read a decimal number
 * @a: the command
 * @what: the keyword before it
 * @word: the word
 * @min: smallest value
 * @max: largest value
 *
 * Return: the number.
 */
unsigned long parse_number(struct args *a, const char *what, const char *word,
			   unsigned long min, unsigned long max)
{
	unsigned long value;

	if (!word[0] || word[strspn(word, DIGITS)])
		bad_value(a, "%s: \"%s\" is not a number: expected %lu to %lu",
			  what, word, min, max);
	value = strlen(word) > 9 ? max + 1 : strtoul(word, NULL, 10);
	if (value < min || value > max)
		bad_value(a, "%s: %s is out of range: expected %lu to %lu",
			  what, word, min, max);
	return value;
}

// SPDX-License-Identifier: GPL-2.0
/*
 * Output: one call per value, text or JSON.
 *
 * A key without a format prints in JSON only, a format without a key in text
 * only; the key "" is that of an element of an array. Output is buffered;
 * nothing is kept in memory beyond the buffer.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "cmd.h"

#define DEPTH 8

static struct {
	bool json;
	bool pretty;
	bool stats;
	bool in_list;		/* out_list_begin() was called */
	bool list_open;		/* and its bracket is printed */
	unsigned int depth;
	char bracket[DEPTH];
	bool comma[DEPTH + 1];
} out;

/**
 * out_setup - choose the form of the output
 * @json: JSON
 * @pretty: JSON with line breaks
 * @stats: with counters
 */
void out_setup(bool json, bool pretty, bool stats)
{
	out.json = json;
	out.pretty = pretty;
	out.stats = stats;
}

/**
 * out_with_stats - ask whether counters are wanted
 *
 * Return: whether they are.
 */
bool out_with_stats(void)
{
	return out.stats;
}

/**
 * out_is_json - ask for the form of the output
 *
 * Return: whether it is JSON.
 */
bool out_is_json(void)
{
	return out.json;
}

/* Length of the UTF-8 character at @s, 0 if it is none. */
static unsigned int utf8_len(const unsigned char *s)
{
	static const unsigned int least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	unsigned int len = s[0] < 0xc2 ? 0 : s[0] < 0xe0 ? 2 :
			   s[0] < 0xf0 ? 3 : s[0] < 0xf5 ? 4 : 0;
	unsigned int code = s[0] & (0x7f >> len);
	unsigned int i;

	for (i = 1; i < len; i++) {
		if ((s[i] & 0xc0) != 0x80)
			return 0;
		code = code << 6 | (s[i] & 0x3f);
	}
	if (len && (code < least[len] || code > 0x10ffff ||
		    (code >= 0xd800 && code < 0xe000)))
		return 0;
	return len;
}

static void json_quote(const char *val)
{
	const unsigned char *s = (const unsigned char *)val;
	unsigned int len;

	putchar('"');
	for (; *s; s++) {
		if (*s == '"' || *s == '\\') {
			putchar('\\');
			putchar(*s);
			continue;
		}
		if (*s >= 0x20 && *s < 0x7f) {
			putchar(*s);
			continue;
		}
		len = utf8_len(s);
		fwrite(s, 1, len, stdout);
		/* A device name may be any octets. */
		if (!len)
			printf("\\u%04x", *s);
		else
			s += len - 1;
	}
	putchar('"');
}

static void json_newline(void)
{
	if (out.pretty)
		printf("\n%*s", 4 * (int)out.depth, "");
}

/* Comma, line break and key before a value. */
static void json_key(const char *key)
{
	if (out.comma[out.depth])
		putchar(',');
	out.comma[out.depth] = true;
	if (out.depth)
		json_newline();
	if (key && key[0]) {
		json_quote(key);
		fputs(out.pretty ? ": " : ":", stdout);
	}
}

/**
 * out_open - open a JSON object or array
 * @key: its key, NULL in an array or at the top
 * @bracket: '{' or '['
 */
void out_open(const char *key, char bracket)
{
	if (!out.json || out.depth == DEPTH)
		return;
	json_key(key);
	putchar(bracket);
	out.bracket[out.depth++] = bracket == '{' ? '}' : ']';
	out.comma[out.depth] = false;
}

/**
 * out_close - close what out_open() has opened last
 */
void out_close(void)
{
	bool empty = !out.comma[out.depth];

	if (!out.json || !out.depth)
		return;
	out.depth--;
	if (!empty)
		json_newline();
	putchar(out.bracket[out.depth]);
}

/**
 * out_list_begin - rows follow
 *
 * The bracket is printed with the first row, so that a command that is refused
 * prints nothing.
 */
void out_list_begin(void)
{
	out.in_list = true;
	out.list_open = false;
}

/**
 * out_list_end - no more rows
 * @status: exit status so far
 */
void out_list_end(int status)
{
	out.in_list = false;
	if (!out.json || (status != EXIT_DONE && !out.list_open))
		return;
	if (!out.list_open)
		out_open(NULL, '[');
	out_close();
	putchar('\n');
	out.comma[0] = false;
}

/**
 * out_row - a row begins
 */
void out_row(void)
{
	if (out.in_list && !out.list_open) {
		out_open(NULL, '[');
		out.list_open = true;
	}
	out_open(NULL, '{');
}

/**
 * out_row_end - a row is complete
 *
 * Ends the program when nobody reads on: the rest of a large table need not be
 * asked for.
 */
void out_row_end(void)
{
	out_close();
	if (!out.json || !out.depth) {
		putchar_unlocked('\n');
		out.comma[0] = false;
	}
	if (ferror_unlocked(stdout))
		exit(out_finish(EXIT_REFUSED));
}

/**
 * out_flush - let the reader see all that is complete
 */
void out_flush(void)
{
	fflush(stdout);
}

/**
 * out_finish - write what is buffered
 * @status: exit status so far
 *
 * Return: @status, or 1 if the output could not be written.
 */
int out_finish(int status)
{
	bool bad = ferror(stdout);
	int error = errno;

	if (fflush(stdout)) {
		bad = true;
		error = errno;
	}
	if (!bad)
		return status;
	/* A reader that has seen enough is no news. */
	if (error != EPIPE)
		fprintf(stderr, "siitctl: cannot write the output: %s\n",
			strerror(error));
	return status == EXIT_DONE ? EXIT_REFUSED : status;
}

/**
 * out_text - print a text, unless the output is JSON
 * @text: the text
 */
void out_text(const char *text)
{
	if (!out.json)
		fputs_unlocked(text, stdout);
}

/* printf() with one %s, or none, takes as long as all the rest of a row. */
static void put_text(const char *fmt, const char *val)
{
	size_t len = strcspn(fmt, "%");

	fwrite_unlocked(fmt, 1, len, stdout);
	if (!fmt[len])
		return;
	fputs_unlocked(val, stdout);
	fputs_unlocked(fmt + len + 2, stdout);
}

/**
 * out_str - print a string
 * @key: JSON key
 * @fmt: text format with one %s
 * @val: the string
 */
void out_str(const char *key, const char *fmt, const char *val)
{
	if (out.json && key) {
		json_key(key);
		json_quote(val);
	} else if (!out.json && fmt) {
		put_text(fmt, val);
	}
}

/**
 * out_uint - print a number
 * @key: JSON key
 * @fmt: text format with one %llu
 * @val: the number
 */
void out_uint(const char *key, const char *fmt, unsigned long long val)
{
	if (out.json && key) {
		json_key(key);
		printf("%llu", val);
	} else if (!out.json && fmt) {
		printf(fmt, val);
	}
}

/**
 * out_real - print a number with its decimals: three in JSON, one in text
 * @key: JSON key
 * @fmt: text format with one %s
 * @val: the number
 */
void out_real(const char *key, const char *fmt, double val)
{
	char text[32];

	if (out.json && key) {
		json_key(key);
		printf("%.3f", val);
	} else if (!out.json && fmt) {
		snprintf(text, sizeof(text), "%.1f", val);
		put_text(fmt, text);
	}
}

/**
 * out_bool - print true or false, in text on or off
 * @key: JSON key
 * @fmt: text format with one %s
 * @val: the value
 */
void out_bool(const char *key, const char *fmt, bool val)
{
	if (out.json && key) {
		json_key(key);
		fputs(val ? "true" : "false", stdout);
	} else if (!out.json && fmt) {
		printf(fmt, val ? "on" : "off");
	}
}

static char *put_number(char *to, unsigned int val)
{
	if (val >= 100)
		*to++ = '0' + val / 100;
	if (val >= 10)
		*to++ = '0' + val / 10 % 10;
	*to++ = '0' + val % 10;
	return to;
}

static char *put_addr4(char *to, const uint8_t *addr)
{
	unsigned int i;

	for (i = 0; i < 4; i++) {
		to = put_number(to, addr[i]);
		*to++ = '.';
	}
	return to - 1;
}

static char *put_hex(char *to, unsigned int val)
{
	static const char digits[] = "0123456789abcdef";
	int shift = val >= 0x1000 ? 12 : val >= 0x100 ? 8 : val >= 0x10 ? 4 : 0;

	for (; shift >= 0; shift -= 4)
		*to++ = digits[val >> shift & 15];
	return to;
}

/* The first of the longest runs of two groups or more that are 0. */
static unsigned int longest_zeros(const uint8_t *addr, unsigned int *count)
{
	unsigned int i, run = 0, begin = 8;

	*count = 1;
	for (i = 0; i < 8; i++) {
		run = addr[2 * i] || addr[2 * i + 1] ? 0 : run + 1;
		if (run > *count) {
			*count = run;
			begin = i + 1 - run;
		}
	}
	return begin;
}

/* RFC 5952, as inet_ntop() has it, but that takes a printf() a group. */
static char *put_addr6(char *to, const uint8_t *addr)
{
	unsigned int count, begin = longest_zeros(addr, &count), i;

	/* An IPv4 address may be at its end. */
	if (!begin && count >= 5) {
		inet_ntop(AF_INET6, addr, to, INET6_ADDRSTRLEN);
		return to + strlen(to);
	}
	for (i = 0; i < 8; i++) {
		if (i == begin) {
			*to++ = ':';
			i += count - 1;
			if (i == 7)
				*to++ = ':';
			continue;
		}
		if (i)
			*to++ = ':';
		to = put_hex(to, addr[2 * i] << 8 | addr[2 * i + 1]);
	}
	return to;
}

static void out_addr(const char *key, const char *fmt, int family,
		     const struct nlattr *addr, const struct nlattr *len)
{
	int full = family == AF_INET ? 32 : 128;
	char text[INET6_ADDRSTRLEN + sizeof("/128")];
	char *end;

	if (!addr)
		return;
	end = family == AF_INET ? put_addr4(text, nla_data(addr)) :
				  put_addr6(text, nla_data(addr));
	/* Text reads like what was typed, JSON is the same always. */
	if (len && (out.json || nla_get_u8(len) != full)) {
		*end++ = '/';
		end = put_number(end, nla_get_u8(len));
	}
	*end = '\0';
	out_str(key, fmt, text);
}

/**
 * out_addr4 - print an IPv4 address
 * @key: JSON key
 * @fmt: text format with one %s
 * @addr: attribute, or NULL: nothing is printed
 */
void out_addr4(const char *key, const char *fmt, const struct nlattr *addr)
{
	out_addr(key, fmt, AF_INET, addr, NULL);
}

/**
 * out_addr6 - print an IPv6 address
 * @key: JSON key
 * @fmt: text format with one %s
 * @addr: attribute, or NULL: nothing is printed
 */
void out_addr6(const char *key, const char *fmt, const struct nlattr *addr)
{
	out_addr(key, fmt, AF_INET6, addr, NULL);
}

/**
 * out_prefix4 - print an IPv4 prefix; in text, /32 is left out
 * @key: JSON key
 * @fmt: text format with one %s
 * @addr: attribute, or NULL: nothing is printed
 * @len: attribute
 */
void out_prefix4(const char *key, const char *fmt, const struct nlattr *addr,
		 const struct nlattr *len)
{
	out_addr(key, fmt, AF_INET, addr, len);
}

/**
 * out_prefix6 - print an IPv6 prefix; in text, /128 is left out
 * @key: JSON key
 * @fmt: text format with one %s
 * @addr: attribute, or NULL: nothing is printed
 * @len: attribute
 */
void out_prefix6(const char *key, const char *fmt, const struct nlattr *addr,
		 const struct nlattr *len)
{
	out_addr(key, fmt, AF_INET6, addr, len);
}

/**
 * out_dev - print the name of a device
 * @fmt: text format with one %s
 * @ifindex: attribute, or NULL: nothing is printed
 */
void out_dev(const char *fmt, const struct nlattr *ifindex)
{
	if (ifindex)
		out_str("dev", fmt, dev_name(nla_get_u32(ifindex)));
}

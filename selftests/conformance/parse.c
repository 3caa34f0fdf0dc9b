// SPDX-License-Identifier: GPL-2.0
/* The notation of packet.h: text to layers and fields. */
#include <arpa/inet.h>
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "parse.h"

void parse_die(const char *at, const char *why)
{
	fprintf(stderr, "packet text: %s at \"%.60s\"\n", why, at);
	printf("Bail out! packet text: %s at \"%.60s\"\n", why, at);
	exit(1);
}

static const char *skip_space(const char *p)
{
	while (isspace((unsigned char)*p))
		p++;
	return p;
}

static const char *skip_braces(const char *p)
{
	const char *start = p;
	int depth = 0;

	do {
		if (*p == '{')
			depth++;
		if (*p == '}')
			depth--;
		if (!*p)
			parse_die(start, "brace is not closed");
		p++;
	} while (depth);
	return p;
}

static const char *parse_word(const char *p, const char **word, size_t *len)
{
	*word = p;
	while (*p && !isspace((unsigned char)*p) && !strchr("={}/", *p))
		p++;
	*len = p - *word;
	if (!*len)
		parse_die(p, "a word is missing");
	return p;
}

static const char *parse_field(const char *p, struct field *f)
{
	p = parse_word(p, &f->key, &f->klen);
	if (*p != '=')
		return p;
	p++;
	f->val = p;
	while (*p && !isspace((unsigned char)*p) && *p != '}')
		p++;
	f->vlen = p - f->val;
	return p;
}

static const char *parse_layer(const char *p, struct layer *l)
{
	const char *word = p;

	memset(l, 0, sizeof(*l));
	/* A lone "hex=..." is a layer without a name. */
	p = parse_word(p, &l->name, &l->nlen);
	if (*p == '=') {
		l->nlen = 0;
		p = word;
	}
	for (;;) {
		p = skip_space(p);
		if (!*p || *p == '}' || *p == '/')
			return p;
		if (*p == '{') {
			l->body = p + 1;
			p = skip_braces(p);
			continue;
		}
		if (l->fields == FIELDS_MAX)
			parse_die(p, "too many fields");
		p = parse_field(p, &l->field[l->fields++]);
	}
}

int parse_layers(const char *text, struct layer *l)
{
	const char *p = skip_space(text);
	int n = 0;

	for (;;) {
		if (n == LAYERS_MAX)
			parse_die(p, "too many layers");
		p = parse_layer(p, &l[n++]);
		if (*p != '/')
			return n;
		p = skip_space(p + 1);
	}
}

int layer_is(const struct layer *l, const char *name)
{
	return strlen(name) == l->nlen && !strncmp(l->name, name, l->nlen);
}

const struct field *field_get(struct layer *l, const char *key)
{
	const struct field *found = NULL;
	int i;

	/* The last one wins, so that a case can override a macro. */
	for (i = 0; i < l->fields; i++) {
		struct field *f = &l->field[i];

		if (strlen(key) == f->klen && !strncmp(f->key, key, f->klen)) {
			f->used = 1;
			found = f;
		}
	}
	return found;
}

int field_any(struct layer *l, const char *key)
{
	const struct field *f = field_get(l, key);

	return f && f->val && f->vlen == 1 && *f->val == '*';
}

uint32_t field_num(struct layer *l, const char *key, uint32_t absent)
{
	const struct field *f = field_get(l, key);
	char *end;
	uint32_t v;

	if (!f || field_any(l, key))
		return absent;
	if (!f->val)
		return 1;
	v = strtoul(f->val, &end, 0);
	if (end != f->val + f->vlen || !f->vlen)
		parse_die(f->key, "not a number");
	return v;
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return -1;
}

size_t field_hex(struct layer *l, const char *key, uint8_t *out, size_t max)
{
	const struct field *f = field_get(l, key);
	size_t i;

	if (!f)
		return 0;
	if (!f->val || f->vlen % 2 || f->vlen / 2 > max)
		parse_die(f->key, "not octets in hexadecimal, or too many");
	for (i = 0; i < f->vlen / 2; i++) {
		int hi = hex_digit(f->val[2 * i]);
		int lo = hex_digit(f->val[2 * i + 1]);

		if (hi < 0 || lo < 0)
			parse_die(f->key, "not hexadecimal");
		out[i] = hi << 4 | lo;
	}
	return i;
}

void field_addr(struct layer *l, const char *key, int family, uint8_t *out)
{
	const struct field *f = field_get(l, key);
	char text[64];

	memset(out, 0, family == 4 ? 4 : 16);
	if (field_any(l, key))
		return;
	if (!f || !f->val || f->vlen >= sizeof(text))
		parse_die(l->name, "an address is missing");
	memcpy(text, f->val, f->vlen);
	text[f->vlen] = 0;
	if (inet_pton(family == 4 ? AF_INET : AF_INET6, text, out) != 1)
		parse_die(f->key, "not an address");
}

void layer_unused(const struct layer *l)
{
	int i;

	for (i = 0; i < l->fields; i++)
		if (!l->field[i].used)
			parse_die(l->field[i].key, "unknown field");
}

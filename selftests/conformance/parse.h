/* SPDX-License-Identifier: GPL-2.0 */
#ifndef PARSE_H
#define PARSE_H

#include <stddef.h>
#include <stdint.h>

#define FIELDS_MAX 20
#define LAYERS_MAX 24

/**
 * struct field - one "key=value", or a bare "key"
 * @key: not terminated
 * @klen: length of @key
 * @val: not terminated, NULL for a bare key
 * @vlen: length of @val
 * @used: something has asked for it
 */
struct field {
	const char *key;
	size_t klen;
	const char *val;
	size_t vlen;
	int used;
};

/**
 * struct layer - one layer of a packet, as written
 * @name: not terminated
 * @nlen: length of @name
 * @field: its fields
 * @fields: number of @field
 * @body: what is between its braces, or NULL
 * @at: first octet in the packet that is built
 */
struct layer {
	const char *name;
	size_t nlen;
	struct field field[FIELDS_MAX];
	int fields;
	const char *body;
	size_t at;
};

/* Split TEXT, up to its end or a closing brace. Returns the layers. */
int parse_layers(const char *text, struct layer *l);

/* End the program because of a mistake in the text of a packet. */
void parse_die(const char *at, const char *why) __attribute__((noreturn));

int layer_is(const struct layer *l, const char *name);
const struct field *field_get(struct layer *l, const char *key);
int field_any(struct layer *l, const char *key);
uint32_t field_num(struct layer *l, const char *key, uint32_t absent);
size_t field_hex(struct layer *l, const char *key, uint8_t *out, size_t max);
void field_addr(struct layer *l, const char *key, int family, uint8_t *out);

/* Complain about fields that nobody asked for. */
void layer_unused(const struct layer *l);

#endif /* PARSE_H */

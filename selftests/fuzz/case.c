// SPDX-License-Identifier: GPL-2.0
#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "case.h"
#include "packet.h"

static const char space[] = { ' ', '\n', 0 };

static int index_of(const char *word, const char *const *names, int n)
{
	int i;

	for (i = 0; i < n; i++)
		if (!strcmp(word, names[i]))
			return i;
	return -1;
}

#define INDEX(word, ...)						\
	index_of(word, (const char *const []){ __VA_ARGS__ },		\
		 sizeof((const char *const []){ __VA_ARGS__ }) / sizeof(char *))

/* The place of VALUE among the words of an enum, into N */
static bool word(const char *key, const char *value, int *n)
{
	if (!strcmp(key, "role"))
		*n = INDEX(value, "br", "er", "clat");
	else if (!strcmp(key, "hairpin"))
		*n = INDEX(value, "off", "simple", "intrinsic");
	else if (!strcmp(key, "udp-zero-csum"))
		*n = INDEX(value, "drop", "compute", "forward");
	else if (!strcmp(key, "icmp-source"))
		*n = INDEX(value, "dummy", "pool", "drop");
	else if (!strcmp(key, "traffic-class"))
		*n = INDEX(value, "copy", "zero");
	else if (!strcmp(key, "icmp-errors"))
		*n = INDEX(value, "off", "on");
	else if (!strcmp(key, "wkp-private"))
		*n = INDEX(value, "drop", "allow");
	else if (!strcmp(key, "tos") && !strcmp(value, "copy"))
		*n = TOS_COPY;
	else if (!strcmp(key, "tos") || !strcmp(key, "lowest-ipv6-mtu"))
		*n = atoi(value);
	else
		return false;
	return *n >= 0;
}

static bool read_setting(struct model *m, const char *key, const char *value)
{
	int n;

	if (!word(key, value, &n))
		return false;
	if (!strcmp(key, "role"))
		m->role = n;
	else if (!strcmp(key, "hairpin"))
		m->hairpin = n;
	else if (!strcmp(key, "udp-zero-csum"))
		m->udp_zero = n;
	else if (!strcmp(key, "icmp-source"))
		m->icmp_source = n;
	else if (!strcmp(key, "traffic-class"))
		m->tclass_zero = n;
	else if (!strcmp(key, "icmp-errors"))
		m->icmp_errors = n;
	else if (!strcmp(key, "wkp-private"))
		m->wkp_allow = n;
	else if (!strcmp(key, "tos"))
		m->tos = n;
	else
		m->lowest = n;
	return true;
}

static bool read_prefix(int family, char *text, void *addr, int *len)
{
	char *slash = strchr(text, '/');

	*len = family == AF_INET ? 32 : 128;
	if (slash) {
		*slash = 0;
		*len = atoi(slash + 1);
	}
	if (inet_pton(family, text, addr) != 1)
		return false;
	if (family == AF_INET)
		*(uint32_t *)addr = ntohl(*(uint32_t *)addr);
	return true;
}

static bool read_row(struct model *m, char **w, int n)
{
	if (n == 4 && !strcmp(w[0], "eam") && m->eams < MODEL_EAMS) {
		struct eam_row *e = &m->eam[m->eams++];

		return read_prefix(AF_INET, w[2], &e->v4, &e->len4) &&
		       read_prefix(AF_INET6, w[3], e->v6, &e->len6);
	}
	if ((n == 3 || n == 5) && !strcmp(w[0], "pool6") &&
	    m->pools < MODEL_POOLS) {
		struct pool_row *p = &m->pool[m->pools++];

		p->translatable = n == 5;
		return read_prefix(AF_INET6, w[2], p->v6, &p->len6) &&
		       (n == 3 ||
			read_prefix(AF_INET, w[4], &p->v4, &p->len4));
	}
	if (n == 3 && !strcmp(w[0], "deny4") && m->denies < MODEL_PREFIXES) {
		struct prefix4 *p = &m->deny[m->denies++];

		return read_prefix(AF_INET, w[2], &p->v4, &p->len);
	}
	if (n == 3 && !strcmp(w[0], "rfc6791") && m->sources < MODEL_PREFIXES) {
		struct prefix4 *p = &m->source[m->sources++];

		return read_prefix(AF_INET, w[2], &p->v4, &p->len);
	}
	return false;
}

static bool read_config(struct model *m, char *line)
{
	char *w[40];
	int n = 0, i;

	for (w[n] = strtok(line, space); w[n] && n < 39;)
		w[++n] = strtok(NULL, space);
	if (n >= 2 && !strcmp(w[0], "dev") && !strcmp(w[1], "set")) {
		for (i = 2; i + 1 < n; i += 2)
			if (!read_setting(m, w[i], w[i + 1]))
				return false;
		return i == n;
	}
	return read_row(m, w, n);
}

static bool read_hex(struct input *in, const char *p)
{
	unsigned int octet;

	while (sscanf(p, "%2x", &octet) == 1 && in->len < INPUT_MAX) {
		in->data[in->len++] = octet;
		p += 2;
	}
	return in->len > 0;
}

static bool read_text(struct input *in, const char *text)
{
	static struct packet p;

	packet_build(&p, text);
	in->len = p.len < INPUT_MAX ? p.len : INPUT_MAX;
	memcpy(in->data, p.data, in->len);
	return true;
}

static bool read_line(char *key, char *rest, struct model *m, struct input *in)
{
	struct offload *o = &in->o;
	int partial, odd, n;

	if (!strcmp(key, "config"))
		return read_config(m, rest);
	if (!strcmp(key, "hex"))
		return read_hex(in, rest);
	if (!strcmp(key, "packet"))
		return read_text(in, rest);
	if (!strcmp(key, "way")) {
		n = index_of(strtok(rest, space), way_names, WAYS);
		in->way = n;
		return n >= 0;
	}
	if (!strcmp(key, "ethertype"))
		return sscanf(rest, "%i", &in->ethertype) == 1;
	if (!strcmp(key, "fail"))
		return sscanf(rest, "%d", &in->fail) == 1;
	if (!strcmp(key, "plain"))
		return in->plain = true;
	if (!strcmp(key, "offload")) {
		n = sscanf(rest, "%d %d %d %d %d %d %d", &o->gso_type,
			   &o->gso_size, &o->hdr_len, &partial, &o->csum_start,
			   &o->csum_offset, &odd);
		o->partial = partial;
		in->odd = odd;
		return n == 7;
	}
	if (strcmp(key, "split"))
		return false;
	for (rest = strtok(rest, space); rest && in->splits < SPLITS_MAX;
	     rest = strtok(NULL, space))
		in->split[in->splits++] = atoi(rest);
	return in->splits;
}

/* What the kernel wants to be told. */
static bool complete(struct input *in)
{
	int i, sum = 0;

	if (!in->ethertype)
		in->ethertype = in->data[0] >> 4 == 6 ? 0x86dd : 0x0800;
	if (!way_in_pieces(in->way))
		return in->len;
	if (!in->splits)
		in->split[in->splits++] = in->len;
	for (i = 0; i < in->splits; i++) {
		sum += in->split[i];
		if (!in->split[i] || in->split[i] > 4096)
			return false;
	}
	return sum == (int)in->len;
}

bool case_read(const char *path, struct model *m, struct input *in)
{
	static char line[2 * INPUT_MAX + 64];
	FILE *f = fopen(path, "r");
	bool ok = f;
	int n = 0;

	memset(m, 0, sizeof(*m));
	memset(in, 0, sizeof(*in) - sizeof(in->data));
	m->tos = TOS_COPY;
	m->lowest = 1280;
	m->icmp_errors = true;
	while (ok && fgets(line, sizeof(line), f)) {
		char *rest = line + strcspn(line, space);

		n++;
		if (line[0] == '#' || line[0] == '\n')
			continue;
		if (*rest)
			*rest++ = 0;
		ok = read_line(line, rest, m, in);
	}
	if (f)
		fclose(f);
	if (!f)
		printf("# %s: %s\n", path, strerror(errno));
	else if (!ok)
		printf("# %s:%d: not a case\n", path, n);
	if (!ok)
		return false;
	ok = complete(in);
	if (!ok)
		printf("# %s: no packet, or pieces that do not make it up\n",
		       path);
	return ok;
}

bool case_write(const char *path, const char *comment, const struct model *m,
		const struct input *in)
{
	char commands[8192], *line, *save;
	FILE *f = fopen(path, "w");
	size_t i;

	if (!f) {
		printf("# %s: %s\n", path, strerror(errno));
		return false;
	}
	fprintf(f, "# %s\n", comment);
	model_commands(m, NULL, commands, sizeof(commands));
	for (line = strtok_r(commands, "\n", &save); line;
	     line = strtok_r(NULL, "\n", &save))
		fprintf(f, "config %s\n", line);
	fprintf(f, "way %s\nethertype %#06x\n", way_names[in->way],
		in->ethertype);
	if (in->splits) {
		fprintf(f, "split");
		for (i = 0; i < (size_t)in->splits; i++)
			fprintf(f, " %d", in->split[i]);
		fprintf(f, "\n");
	}
	if (in->o.partial || in->o.gso_type || in->odd)
		fprintf(f, "offload %d %d %d %d %d %d %d\n", in->o.gso_type,
			in->o.gso_size, in->o.hdr_len, in->o.partial,
			in->o.csum_start, in->o.csum_offset, in->odd);
	if (in->fail)
		fprintf(f, "fail %d\n", in->fail);
	if (in->plain)
		fprintf(f, "plain\n");
	for (i = 0; i < in->len; i++)
		fprintf(f, "%s%02x", i % 32 ? "" : i ? "\nhex " : "hex ",
			in->data[i]);
	fprintf(f, "\n");
	return !fclose(f);
}

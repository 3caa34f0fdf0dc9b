// SPDX-License-Identifier: GPL-2.0
/*
 * Command lines of siitctl, files for -b and files to restore: by its grammar,
 * and spoilt.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <signal.h>
#include <unistd.h>

#include "run.h"
#include "wire.h"

#define STEPS 20		/* in an epoch */
#define WORDS 40
#define FILE_LINES 20

/**
 * struct line - a command line in the making
 * @count: of @word
 * @word: without siitctl; each is allocated
 */
struct line {
	unsigned int count;
	char *word[WORDS + 1];
};

/* %x stands for a word of a kind, see value(). */
static const char *const changes[] = {
	"dev add %d %S", "dev add %d %S", "dev add %d %S %S", "dev add %d",
	"dev set %d %S", "dev set %d %S %S",
	"dev del %d", "eam add %4 %6 dev %d", "eam add %4 %6 dev %d",
	"eam add %6 %4 dev %d", "eam add %4 %6 dev %d", "eam del %4 dev %d",
	"eam del %6 dev %d", "eam del %4 %6 dev %d", "pool6 add %P dev %d",
	"pool6 add %P translatable %4 dev %d", "pool6 del %P dev %d",
	"rfc6791 add %4 dev %d", "rfc6791 del %4 dev %d", "deny4 add %4 dev %d",
	"deny4 del %4 dev %d", "hook add %i dev %d", "hook del %i dev %d",
	"eam flush dev %d", "deny4 flush dev %d", "pool6 flush dev %d",
	"rfc6791 flush",
};

/* What a file can have many of, and be right. */
static const char *const additions[] = {
	"dev set %D %S", "eam add %A %B dev %D", "eam add %A %B dev %D",
	"eam add %B %A dev %D", "pool6 add %P dev %D", "deny4 add %A dev %D",
	"rfc6791 add %A dev %D", "pool6 add %P translatable %A dev %D",
	"hook add %i dev %D",
};

static const char *const reads[] = {
	"", "dev", "dev show %d", "eam", "eam show dev %d", "-j eam", "pool6",
	"-j -p pool6 show", "rfc6791", "deny4 dev %d", "hook", "-j hook",
	"stats", "-j stats dev %d", "query %4 dev %d", "-j query %6 dev %d",
	"query %4 %4 dev %d proto %p len %n ttl %n tos %n df",
	"query %6 %6 dev %d proto %p --len %n", "save", "save dev %d", "help",
	"eam help", "-V", "-h", "-n %d dev", "-b %d", "restore %d", "-j save",
};

static const char *const dictionary[] = {
	"dev", "eam", "pool6", "add", "del", "show", "set", "flush", "siit0",
	"siit1", "role", "br", "er", "tos", "copy", "max-rows", "translatable",
	"192.0.2.1", "192.0.2.0/24", "2001:db8::/96", "2001:db8::1", "on",
	"hairpin", "simple", "len", "df", "proto", "-j", "-p", "-b", "-n", "--",
	"-", "help", "save", "restore", "--merge", "--replace", "--dry-run",
	"hook", "p0", "lo", "query", "stats", "list", "deny4", "rfc6791",
};

static const char *const garbage[] = {
	"", " ", "-1", "+1", "0x10", "1e3", "007", "256", "65536", "4294967295",
	"4294967296", "99999999999999999999999999", "18446744073709551615",
	"1280.", ".", "..", "/", "//", ":", "::", ":::", "1.2.3", "1.2.3.4.5",
	"1.2.3.256", "1.2.3.4/", "1.2.3.4/33", "1.2.3.4/-1", "1.2.3.4/032",
	"1.2.3.4/4294967297", "::/129", "::/ 1", "::1/128/128", "g::", "%d",
	"a%d", "%s%s%n", "$(id)", "`id`", "a b", "a\tb", "a\nb", "\"", "'", "\\",
	"\xc3", "\xe2\x82", "\xf0\x9f\x98", "\xff\xff", "\xed\xa0\x80",
	"\xc0\x80", "\x1b[31m", "\x7f", "\x01", "\xc2\xa0", "#", "1.2.3.4%lo",
	"fe80::1%lo", "::ffff:1.2.3.4", "--", "---", "-jp", "-x", "--xyz",
	"--batch", "--netns=", "-b=x", "all", "any", "default",
};

static char *setting(struct rng *r)
{
	static const char *const settings[] = {
		"role br", "role er", "role clat", "hairpin off",
		"hairpin simple", "hairpin intrinsic", "udp-zero-csum drop",
		"udp-zero-csum compute", "udp-zero-csum forward", "tos copy",
		"tos 184", "traffic-class copy", "traffic-class zero",
		"icmp-source dummy", "icmp-source pool", "icmp-source drop",
		"icmp-errors on", "icmp-errors off", "wkp-private allow",
		"wkp-private drop", "ingress-filter on", "ingress-filter off",
		"row-counters on", "row-counters off",
		"lowest-ipv6-mtu 1280", "lowest-ipv6-mtu 1500", "max-rows 3",
		"max-rows 100",
	};

	return strdup(PICK(r, settings));
}

/* A word, or several, of a kind. */
static char *value(char kind, struct rng *r)
{
	static const char *const devs[] = {
		"siit0", "siit0", "siit0", "siit1", "siit1", "n0", "n1",
		"nowhere", "p0", "lo", "\xff\xfe", "dev", "help", "-x", "a%d", "a%d",
	};
	static const char *const v4[] = {
		"192.0.2.1", "192.0.2.2", "192.0.2.0/24", "192.0.2.0/28",
		"198.51.100.7", "198.51.100.0/24", "203.0.113.1", "10.0.0.0/8",
		"0.0.0.0/0", "127.0.0.1", "192.0.2.1/24",
	};
	static const char *const v6[] = {
		"2001:db8::1", "2001:db8::2", "2001:db8:1::/96",
		"2001:db8:2::/104", "2001:db8:3::/120", "2001:DB8::0:3",
		"64:ff9b::192.0.2.1", "2001:db8::1/64", "::/96",
	};
	static const char *const pools[] = {
		"64:ff9b::/96", "2001:db8:46::/96", "2001:db8:64::/64",
		"2001:db8:100::/40", "2001:db8::/32", "fe80::/64", "::/96",
		"2001:db8::/33",
	};
	static const char *const ifaces[] = { "p0", "p1", "lo", "siit0", "no" };
	static const char *const protos[] = { "tcp", "udp", "icmp", "0", "255" };
	static const char *const numbers[] = {
		"0", "1", "64", "255", "20", "40", "1500", "65535", "65575",
	};

	char *text = NULL;

	switch (kind) {
	case 'A':
		return asprintf(&text, "198.51.%u.%u", below(r, 256),
				below(r, 256)) < 0 ? NULL : text;
	case 'B':
		return asprintf(&text, "2001:db8:5::%x", rnd(r) & 0xffff) < 0 ?
		       NULL : text;
	case 'D':
		return strdup(percent(r, 50) ? "siit0" : "siit1");
	case 'd':
		return strdup(PICK(r, devs));
	case '4':
		return strdup(PICK(r, v4));
	case '6':
		return strdup(PICK(r, v6));
	case 'P':
		return strdup(PICK(r, pools));
	case 'i':
		return strdup(PICK(r, ifaces));
	case 'p':
		return strdup(PICK(r, protos));
	case 'n':
		return strdup(PICK(r, numbers));
	default:
		return setting(r);
	}
}

static void line_put(struct line *l, const char *word, size_t len)
{
	if (l->count < WORDS)
		l->word[l->count++] = strndup(word, len);
	l->word[l->count] = NULL;
}

/* @text: words with one space between them */
static void line_put_all(struct line *l, const char *text)
{
	size_t len;

	for (; *text; text += len + (text[len] == ' ')) {
		len = strcspn(text, " ");
		line_put(l, text, len);
	}
}

static void line_make(struct line *l, const char *template, struct rng *r)
{
	size_t len;
	char *text;

	l->count = 0;
	l->word[0] = NULL;
	for (; *template; template += len + (template[len] == ' ')) {
		len = strcspn(template, " ");
		if (template[0] != '%') {
			line_put(l, template, len);
			continue;
		}
		text = value(template[1], r);
		line_put_all(l, text);
		free(text);
	}
}

static void line_free(struct line *l)
{
	while (l->count)
		free(l->word[--l->count]);
}

static char *long_word(struct rng *r)
{
	static const char *const parts[] = {
		"9", "0", ":", "1.", "a", "/", "\xc3", "-", "2001:db8:", "%",
	};
	const char *part = PICK(r, parts);
	size_t size = between(r, 10, percent(r, 50) ? 100 : 9000);
	char *word = malloc(size + 16);
	size_t len = 0;

	while (len < size)
		len += sprintf(word + len, "%s", part);
	return word;
}

static char *random_word(struct rng *r)
{
	size_t i, len = between(r, 1, 30);
	char *word = malloc(len + 1);

	for (i = 0; i < len; i++)
		word[i] = between(r, 1, 255);
	word[len] = 0;
	return word;
}

static char *bad_word(struct rng *r)
{
	switch (below(r, 8)) {
	case 0:
		return long_word(r);
	case 1:
		return random_word(r);
	case 2:
	case 3:
		return strdup(PICK(r, dictionary));
	default:
		return strdup(PICK(r, garbage));
	}
}

static void spoil_word(char **word, struct rng *r)
{
	size_t len = strlen(*word);
	char *bad;

	switch (below(r, 4)) {
	case 0:
		/* An abbreviation, perhaps */
		(*word)[len ? below(r, len) : 0] = 0;
		break;
	case 1:
		if (len)
			(*word)[below(r, len)] = between(r, 1, 255);
		break;
	case 2:
		if (asprintf(&bad, "%s%s", *word, PICK(r, garbage)) < 0)
			break;
		free(*word);
		*word = bad;
		break;
	default:
		free(*word);
		*word = bad_word(r);
	}
}

static void spoil_line(struct line *l, struct rng *r)
{
	unsigned int n = percent(r, 70) ? 1 : between(r, 2, 4), i;
	char *word;

	while (n--) {
		if (!l->count || percent(r, 15)) {
			word = bad_word(r);
			line_put(l, word, strlen(word));
			free(word);
			continue;
		}
		i = below(r, l->count);
		switch (below(r, 6)) {
		case 0:
			free(l->word[i]);
			memmove(&l->word[i], &l->word[i + 1],
				(l->count - i) * sizeof(*l->word));
			l->count--;
			break;
		case 1:
			line_put(l, l->word[i], strlen(l->word[i]));
			break;
		case 2:
			word = l->word[i];
			l->word[i] = l->word[l->count - 1];
			l->word[l->count - 1] = word;
			break;
		default:
			spoil_word(&l->word[i], r);
		}
	}
}

/*
 * What goes on until it is interrupted is no test. "m" may be one of its
 * abbreviations.
 */
static bool goes_on(const struct line *l)
{
	unsigned int i;

	for (i = 0; i < l->count; i++)
		if (l->word[i][0] == 'm' || strstr(l->word[i], "-w"))
			return true;
	return false;
}

/* judging */

static void tell(enum fault kind, const char *what, int status,
		 const struct line *l)
{
	char text[400] = "";
	unsigned int i;

	for (i = 0; l && i < l->count; i++)
		snprintf(text + strlen(text), sizeof(text) - strlen(text),
			 " '%.80s'", l->word[i]);
	fault(kind, "%s: status %#x:%s; it says: %.400s", what, status, text,
	      complained);
}

/* Exit status and texts. @in: name of a file that is to be told of, or NULL */
static void judge_words(int status, const char *in, const struct line *l)
{
	int code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
	size_t len = strlen(complained);

	if (strstr(complained, "runtime error:") ||
	    strstr(complained, "AddressSanitizer"))
		tell(FAULT_LINE, "a bug", status, l);
	if (code < 0 || code > 2)
		tell(FAULT_LINE, "no exit status of ours", status, l);
	if (!code) {
		if (len && !strstr(complained, "siitctl: ") &&
		    !strstr(complained, "warning: "))
			tell(FAULT_LINE, "a strange warning", status, l);
		return;
	}
	run->refused++;
	if (strncmp(complained, "siitctl: ", 9) || len < 20 ||
	    complained[len - 1] != '\n')
		tell(FAULT_LINE, "no text", status, l);
	if (code == 2 && !strstr(complained, "See: siitctl") &&
	    !strstr(complained, "cannot "))
		tell(FAULT_LINE, "no way to find out more", status, l);
	if (in && !strstr(complained, in) && !strstr(complained, "siit module"))
		tell(FAULT_LINE, "no file is named", status, l);
}

static bool state_read(struct state *s)
{
	int fd = wire_open(NETLINK_GENERIC);
	uint32_t group;
	uint16_t family = wire_family(fd, &group);
	bool ok = family && wire_state(fd, family, s);

	close(fd);
	state_sort(s);
	return ok;
}

static struct state before, after;

static void judge_unchanged(int status, const char *what, const struct line *l)
{
	char why[200];

	if (!state_read(&after))
		tell(FAULT_STATE, "the state cannot be read", status, l);
	else if (!state_same(&before, &after, why, sizeof(why)))
		tell(FAULT_STATE, what, status, l);
}

static void one_line(struct rng *r)
{
	struct line l;
	char *argv[WORDS + 2] = { "siitctl" };
	bool change = percent(r, 65);
	int status;

	line_make(&l, change ? PICK(r, changes) : PICK(r, reads), r);
	if (percent(r, 60))
		spoil_line(&l, r);
	if (!goes_on(&l) && state_read(&before)) {
		memcpy(argv + 1, l.word, (l.count + 1) * sizeof(*argv));
		status = siitctl_words(NULL, argv);
		run->lines++;
		judge_words(status, NULL, &l);
		if (status)
			judge_unchanged(status, "refused, but something has changed",
					&l);
	}
	line_free(&l);
}

/* files */

static void write_line(FILE *f, const struct line *l, struct rng *r)
{
	unsigned int i;

	for (i = 0; i < l->count; i++)
		fprintf(f, "%s%s", i ? percent(r, 95) ? " " : "\t  " : "",
			l->word[i]);
	if (permille(r, 2))
		putc(0, f);
	fprintf(f, percent(r, 97) ? "\n" : "\r\n");
}

/* Return: how many lines; 0: it cannot be written. */
static unsigned int write_input(struct rng *r, bool restore)
{
	unsigned int i, n = between(r, 1, FILE_LINES);
	unsigned int bad = percent(r, 50) ? below(r, n) : n;
	FILE *f = fopen(INPUT, "w");
	struct line l;

	if (!f)
		return 0;
	if (restore)
		fprintf(f, "dev add siit0 role br\n");
	for (i = 0; i < n; i++) {
		if (i != bad && percent(r, 97))
			line_make(&l, PICK(r, additions), r);
		else
			line_make(&l, PICK(r, changes), r);
		if (i == bad && percent(r, 60))
			spoil_line(&l, r);
		if (!goes_on(&l))
			write_line(f, &l, r);
		if (percent(r, 5))
			fprintf(f, "# a note\n\n");
		line_free(&l);
	}
	/* Octets of any kind may follow. */
	if (percent(r, 5)) {
		char *word = random_word(r);

		fprintf(f, "%s", word);
		free(word);
	}
	run->lines += n;
	return fclose(f) ? 0 : n;
}

/* The line that the last message is about. */
static unsigned int line_named(const char *file)
{
	const char *at = complained, *found = NULL;

	while ((at = strstr(at, file))) {
		at += strlen(file);
		if (*at == ':' && !strstr(at, "warning: "))
			found = at + 1;
	}
	return found ? strtoul(found, NULL, 10) : 0;
}

/* The lines before one, into a file of their own. */
static bool write_head(unsigned int lines)
{
	FILE *from = fopen(INPUT, "r"), *to = fopen(HEAD, "w");
	bool ok = from && to;
	int c;

	for (lines--; ok && lines && (c = getc(from)) != EOF; ) {
		putc(c, to);
		lines -= c == '\n';
	}
	if (from)
		fclose(from);
	return to && !fclose(to) && ok;
}

/* What the lines before the wrong one do is done, and nothing else. */
static bool one_batch(struct rng *r)
{
	bool pipe = percent(r, 30);
	unsigned int line;
	char why[200];
	int status;

	world_close();
	if (!world_open() || !write_input(r, false))
		return false;
	status = pipe ? siitctl(INPUT, "-b", "-", NULL) :
			siitctl(NULL, "-b", INPUT, NULL);
	judge_words(status, pipe ? "-" : INPUT, NULL);
	if (!status || !state_read(&before))
		return true;
	line = line_named(pipe ? "siitctl: -" : INPUT);
	if (!line) {
		tell(FAULT_LINE, "no line is named", status, NULL);
		return true;
	}
	world_close();
	if (!world_open() || !write_head(line))
		return false;
	status = siitctl(NULL, "-b", HEAD, NULL);
	if (status)
		tell(FAULT_LINE, "what was done is refused now", status, NULL);
	if (!state_read(&after) ||
	    !state_same(&before, &after, why, sizeof(why)))
		fault(FAULT_STATE, "a batch did more than its lines before the wrong one: %s",
		      why);
	return true;
}

static void one_restore(struct rng *r)
{
	static char *const modes[] = { "--replace", "--merge", "--dry-run" };
	char *mode = PICK(r, modes);
	int status;

	if (!write_input(r, true) || !state_read(&before))
		return;
	status = siitctl(NULL, "restore", mode, INPUT, NULL);
	judge_words(status, INPUT, NULL);
	if (status || !strcmp(mode, "--dry-run"))
		judge_unchanged(status, "nothing restored, but something has changed",
				NULL);
	else
		check_restore();
}

bool run_lines(uint64_t seed, unsigned int epoch)
{
	struct rng r = rng_make(seed, epoch);
	unsigned int i;

	if (!world_open())
		return false;
	for (i = 0; i < STEPS; i++) {
		snprintf(origin, sizeof(origin), "seed %llu epoch %u step %u",
			 (unsigned long long)seed, epoch, i);
		if (i % 10 == 9 && !one_batch(&r))
			return false;
		if (i % 10 == 4)
			one_restore(&r);
		one_line(&r);
	}
	check_restore();
	world_close();
	return true;
}

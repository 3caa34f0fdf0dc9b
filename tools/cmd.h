/* SPDX-License-Identifier: GPL-2.0 */
/*
 * siitctl: what its files share.
 *
 * A command reads all of its words first (args.c), so that a word typed wrong
 * is refused before anything is changed; then it sends one request (nl.c) and
 * prints the answers (print.c) as they come.
 */
#ifndef _SIITCTL_CMD_H
#define _SIITCTL_CMD_H

#include <net/if.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <linux/siit.h>
#include <netlink/attr.h>
#include <netlink/msg.h>

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

/* Exit status */
#define EXIT_DONE	0
#define EXIT_REFUSED	1
#define EXIT_USAGE	2

/**
 * struct args - the words of one command
 * @word: those not read yet, ends with NULL
 * @last: the one read last, for "missing ... after ..."
 * @object: the first word in full, or NULL; for messages
 * @command: the second word in full, or NULL
 */
struct args {
	char **word;
	const char *last;
	const char *object;
	const char *command;
};

/**
 * struct command - something to do with an object
 * @name: in full; any prefix is accepted, the first that matches is taken
 * @run: does it. Return: an exit status
 */
struct command {
	const char *name;
	int (*run)(struct args *a);
};

/**
 * struct object - first word of a command line
 * @name: as in struct command
 * @commands: ends with an entry without name; NULL if the object takes none
 * @run: what to do without a command
 * @help: text of "siitctl OBJECT help"
 */
struct object {
	const char *name;
	const struct command *commands;
	int (*run)(struct args *a);
	const char *help;
};

extern const struct object object_dev;
extern const struct object object_eam;
extern const struct object object_pool6;
extern const struct object object_rfc6791;
extern const struct object object_deny4;
extern const struct object object_hook;
extern const struct object object_stats;
extern const struct object object_query;
extern const struct object object_monitor;
extern const struct object object_save;
extern const struct object object_restore;

/* args.c */

/**
 * struct prefix4 - an IPv4 prefix as typed
 * @word: the word; NULL: not typed
 * @addr: address
 * @len: 0 to 32
 */
struct prefix4 {
	const char *word;
	struct in_addr addr;
	uint8_t len;
};

/**
 * struct prefix6 - an IPv6 prefix as typed
 * @word: the word; NULL: not typed
 * @addr: address
 * @len: 0 to 128
 */
struct prefix6 {
	const char *word;
	struct in6_addr addr;
	uint8_t len;
};

/* What the compiler cannot see by itself. */
#define attribute __attribute__
#define PRINTF(f, a) attribute((format(printf, f, a)))
#define __noreturn attribute((noreturn))

void complain_about(const char *file, unsigned int line);
unsigned int complain_line(void);
void progress(const char *fmt, ...) PRINTF(1, 2);
void complain(const struct args *a, const char *fmt, ...) PRINTF(2, 3);
void bad_value(const struct args *a, const char *fmt, ...)
	PRINTF(2, 3) __noreturn;
void usage_error(const struct args *a, const char *fmt, ...)
	PRINTF(2, 3) __noreturn;
void unknown_word(const struct args *a, const char *word,
		  const char *expected) __noreturn;
bool word_is_prefix_of(const char *word, const char *name);
const char *args_next(struct args *a);
const char *args_need(struct args *a, const char *what);
void args_end(struct args *a);
void args_dev(struct args *a, const char **dev);
void args_need_dev(struct args *a, const char *dev);
const char *args_only_dev(struct args *a);
int word_family(const char *word);
void parse_addr4(struct args *a, const char *word, struct in_addr *addr);
void parse_addr6(struct args *a, const char *word, struct in6_addr *addr);
void parse_prefix4(struct args *a, const char *word, struct prefix4 *p);
void parse_prefix6(struct args *a, const char *word, struct prefix6 *p);
void parse_devname(struct args *a, const char *word);
unsigned long parse_number(struct args *a, const char *what, const char *word,
			   unsigned long min, unsigned long max);

/* batch.c */

/* Carries out the words of one line. Return: an exit status. */
typedef int (*run_fn)(char **words);

int batch(const char *name, run_fn run);

/* main.c */

int run_words(char **words);

/* nl.c */

#define REQUEST_WORDS 16

/**
 * struct request - a netlink request that knows which word made which attribute
 * @msg: the message
 * @subject: word to name when the kernel names no attribute, or NULL
 * @words: entries used in @word
 * @word: attributes by their offset in @msg, in octets from its header
 */
struct request {
	struct nl_msg *msg;
	const char *subject;
	unsigned int words;
	struct {
		unsigned int offset;
		const char *text;
	} word[REQUEST_WORDS];
};

/* Takes one answer. Return: 0, or an exit status that ends the command. */
typedef int (*answer_fn)(struct nlmsghdr *nlh, void *arg);

/* Takes one message. Return: whether it wants more of what came with it. */
typedef bool (*message_fn)(struct nlmsghdr *nlh, void *arg);

/* Prints the values of one answer. Return: 0 or an exit status. */
typedef int (*print_fn)(struct nlmsghdr *nlh);

void request_put(struct request *req, int attr, const char *word,
		 const void *data, size_t len);
void request_free(struct request *req);
int siit_open(const struct args *a);
struct nl_sock *siit_socket(void);
struct nl_sock *siit_monitor_open(const struct args *a);
int siit_request(struct request *req, const struct args *a, uint8_t cmd,
		 int flags);
int siit_request_dev(struct request *req, const struct args *a, uint8_t cmd,
		     const char *dev);
int siit_dump(const struct args *a, uint8_t cmd, const char *dev,
	      answer_fn fn, void *arg);
int sock_receive(struct nl_sock *sk, message_fn fn, void *arg);
void report_reply(const struct args *a, const struct request *req,
		  struct nlmsghdr *nlh);
uint32_t report_cookie(struct nlmsghdr *nlh);
int siit_send(struct request *req, const struct args *a, answer_fn fn,
	      void *arg);
int rtnl_request(struct request *req, const struct args *a, uint16_t type,
		 int flags, const void *header, size_t len);
int rtnl_send(struct request *req, const struct args *a, answer_fn fn,
	      void *arg);

/* txn.c */

int txn_open(const struct args *a, const char *file, bool merge);
bool txn_active(void);
int txn_put(struct request *req, const struct args *a);
int txn_dev_add(const struct args *a, const char *name);
uint32_t txn_dev(const struct args *a, const char *name);
int txn_commit(const struct args *a, bool dry_run);

/* names.c */

int netns_enter(const char *name);
unsigned int dev_index(const struct args *a, const char *dev);
const char *dev_name(unsigned int ifindex);
void dev_name_learn(unsigned int ifindex, const char *name);
void dev_name_forget(unsigned int ifindex);

static inline void request_u8(struct request *req, int attr, const char *word,
			      uint8_t val)
{
	request_put(req, attr, word, &val, sizeof(val));
}

static inline void request_u16(struct request *req, int attr, const char *word,
			       uint16_t val)
{
	request_put(req, attr, word, &val, sizeof(val));
}

static inline void request_u32(struct request *req, int attr, const char *word,
			       uint32_t val)
{
	request_put(req, attr, word, &val, sizeof(val));
}

/* print.c */

void out_setup(bool json, bool pretty, bool stats);
bool out_with_stats(void);
bool out_is_json(void);
void out_list_begin(void);
void out_list_end(int status);
void out_open(const char *key, char bracket);
void out_close(void);
void out_row(void);
void out_row_end(void);
void out_flush(void);
int out_finish(int status);
void out_text(const char *text);
void out_str(const char *key, const char *fmt, const char *val);
void out_uint(const char *key, const char *fmt, unsigned long long val);
void out_real(const char *key, const char *fmt, double val);
void out_bool(const char *key, const char *fmt, bool val);
void out_addr4(const char *key, const char *fmt, const struct nlattr *addr);
void out_addr6(const char *key, const char *fmt, const struct nlattr *addr);
void out_prefix4(const char *key, const char *fmt, const struct nlattr *addr,
		 const struct nlattr *len);
void out_prefix6(const char *key, const char *fmt, const struct nlattr *addr,
		 const struct nlattr *len);
void out_dev(const char *fmt, const struct nlattr *ifindex);

/* packet.c */

/**
 * struct packet - a packet and what becomes of it
 * @word: the first word that describes it; NULL: none does
 * @family: AF_INET or AF_INET6
 * @saddr: source, in_addr or in6_addr
 * @daddr: destination
 * @proto: word of its protocol, or NULL
 * @len: word of its length, or NULL
 * @ttl: word of its TTL, or NULL
 * @tos: word of its TOS, or NULL
 * @df: word of "don't fragment", or NULL
 * @proto_value: the value of @proto
 * @len_value: the value of @len
 * @ttl_value: the value of @ttl
 * @tos_value: the value of @tos
 * @answer: the kernel's answer
 * @tb: attributes of @answer
 * @in: the packet as the kernel has made it
 * @out: the packet translated
 */
struct packet {
	const char *word;
	int family;
	const void *saddr;
	const void *daddr;
	const char *proto;
	const char *len;
	const char *ttl;
	const char *tos;
	const char *df;
	uint8_t proto_value;
	uint32_t len_value;
	uint8_t ttl_value;
	uint8_t tos_value;
	struct nl_msg *answer;
	struct nlattr *tb[SIIT_QUERY_A_MAX + 1];
	struct nlattr *in[SIIT_PACKET_A_MAX + 1];
	struct nlattr *out[SIIT_PACKET_A_MAX + 1];
};

bool packet_parse(struct args *a, struct packet *p);
void packet_check(struct args *a, struct packet *p);
int packet_ask(struct args *a, const char *dev, struct packet *p);
void packet_print(struct packet *p);

/* rows.c */

/**
 * struct dev_list - the siit devices of the namespace
 * @name: their names, to be freed
 * @count: how many
 */
struct dev_list {
	char (*name)[IFNAMSIZ];
	size_t count;
};

int dev_list_get(const struct args *a, struct dev_list *list);
int rows_show(struct args *a, uint8_t cmd, const char *dev, print_fn print);
int rows_flush(struct args *a, uint8_t cmd);

/*
 * The values of a row, as they are typed, without the end of the line.
 * Return: 0 or an exit status.
 */
int dev_print(struct nlmsghdr *nlh);
int eam_print(struct nlmsghdr *nlh);
int pool6_print(struct nlmsghdr *nlh);
int prefix4_print(struct nlmsghdr *nlh);
int hook_print(struct nlmsghdr *nlh);

#endif /* _SIITCTL_CMD_H */

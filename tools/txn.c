// SPDX-License-Identifier: GPL-2.0
/*
 * Transactions: requests are collected, sent many at a time, and done together
 * in the end, or not at all.
 *
 * A request is forgotten once the kernel has accepted it, so a file of any size
 * takes the same memory. Its sequence number tells its line: twice the line,
 * and one more but for TXN_BEGIN, which the line also makes if it is the first
 * one about a device.
 */
#include <errno.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <linux/genetlink.h>
#include <netlink/errno.h>
#include <netlink/genl/genl.h>
#include <netlink/netlink.h>

#include "cmd.h"

#define QUEUE_OCTETS 32768
#define QUEUE_REQUESTS 512
#define QUEUE_TEXT 65536
#define QUEUE_ACKS 64		/* that fit a receive buffer of any size */
#define PROGRESS_MS 200

/**
 * struct device - a device of the transaction
 * @name: its name
 * @number: its ifindex, or a number from SIIT_TXN_NEW on
 * @seq: of its TXN_BEGIN
 */
struct device {
	char name[IFNAMSIZ];
	uint32_t number;
	uint32_t seq;
};

/**
 * struct queued - what to say of a request if it is refused
 * @seq: its sequence number
 * @object: as in struct args
 * @command: likewise
 * @words: as in struct request, with @text in queue.text
 */
struct queued {
	uint32_t seq;
	const char *object;
	const char *command;
	unsigned int words;
	struct {
		unsigned int offset;
		unsigned int text;
	} word[REQUEST_WORDS];
};

static struct {
	bool active;
	bool merge;
	bool progress;
	bool failed;
	const char *file;
	struct device *dev;
	size_t devs, last;
	struct timespec shown;
} txn;

static struct {
	char octets[QUEUE_OCTETS];
	size_t len;
	struct nlmsghdr *newest;
	struct queued request[QUEUE_REQUESTS];
	unsigned int count;
	unsigned int acks;
	char text[QUEUE_TEXT];
	size_t text_len;
} queue;

/**
 * txn_open - from here on, requests that change something are collected
 * @a: the command
 * @file: name of the file that they come from, for messages
 * @merge: devices keep what they have
 *
 * Return: 0 or an exit status.
 */
int txn_open(const struct args *a, const char *file, bool merge)
{
	int ret = siit_open(a);

	txn.active = !ret;
	txn.file = file;
	txn.merge = merge;
	txn.progress = isatty(STDERR_FILENO);
	return ret;
}

/**
 * txn_active - ask whether requests are collected
 *
 * Return: whether txn_open() was called.
 */
bool txn_active(void)
{
	return txn.active;
}

static const struct queued *find_queued(uint32_t seq)
{
	unsigned int i;

	for (i = 0; i < queue.count; i++)
		if (queue.request[i].seq == seq)
			return &queue.request[i];
	return NULL;
}

static const struct device *find_begin(uint32_t seq)
{
	size_t i;

	for (i = 0; i < txn.devs; i++)
		if (txn.dev[i].seq == seq)
			return &txn.dev[i];
	return NULL;
}

/* The request with this number, as far as it is known still. */
static void recall(uint32_t seq, struct args *a, struct request *req)
{
	const struct queued *q = find_queued(seq);
	const struct device *dev = find_begin(seq);
	unsigned int i;

	memset(a, 0, sizeof(*a));
	memset(req, 0, sizeof(*req));
	if (dev)
		req->subject = dev->name;
	if (!q)
		return;
	a->object = q->object;
	a->command = q->command;
	for (i = 0; i < q->words; i++) {
		req->word[i].offset = q->word[i].offset;
		req->word[i].text = queue.text + q->word[i].text;
	}
	req->words = q->words;
}

static void report(struct nlmsghdr *nlh, bool commit)
{
	const struct nlmsgerr *err = nlmsg_data(nlh);
	uint32_t seq = err->msg.nlmsg_seq;
	struct request req;
	struct args a;

	if (commit)
		seq = report_cookie(nlh);
	recall(seq, &a, &req);
	complain_about(txn.file, seq / 2);
	report_reply(&a, &req, nlh);
}

/* The first refusal counts; what the kernel says after it is its consequence. */
static bool on_reply(struct nlmsghdr *nlh, void *arg)
{
	const struct nlmsgerr *err = nlmsg_data(nlh);

	if (nlh->nlmsg_type != NLMSG_ERROR)
		return true;
	report(nlh, err->error && *(bool *)arg);
	txn.failed = err->error;
	queue.acks--;
	return !txn.failed;
}

/* Wait for the acks. Return: 0 or an exit status. */
static int take_acks(const struct args *a, bool commit)
{
	int err = 0;

	while (err >= 0 && queue.acks && !txn.failed) {
		err = sock_receive(siit_socket(), on_reply, &commit);
		/* More refusals than fit, but the first one is there. */
		if (err == -NLE_NOMEM && errno == ENOBUFS)
			err = 0;
	}
	if (err < 0 && !txn.failed) {
		complain(a, "netlink: %s", nl_geterror(err));
		txn.failed = true;
	}
	return txn.failed ? EXIT_REFUSED : 0;
}

static void show_progress(void)
{
	struct timespec now;
	long ms;

	if (!txn.progress || clock_gettime(CLOCK_MONOTONIC, &now))
		return;
	ms = (now.tv_sec - txn.shown.tv_sec) * 1000 +
	     (now.tv_nsec - txn.shown.tv_nsec) / 1000000;
	if (txn.shown.tv_sec && ms < PROGRESS_MS)
		return;
	/* What is done in no time needs no progress. */
	if (txn.shown.tv_sec)
		progress("%u lines", complain_line());
	txn.shown = now;
}

/* Send what is queued. Return: 0 or an exit status. */
static int flush(const struct args *a, bool commit)
{
	unsigned int line = complain_line();
	int err, ret;

	if (!queue.len)
		return 0;
	if (!(queue.newest->nlmsg_flags & NLM_F_ACK)) {
		queue.newest->nlmsg_flags |= NLM_F_ACK;
		queue.acks++;
	}
	err = nl_sendto(siit_socket(), queue.octets, queue.len);
	if (err < 0) {
		complain(a, "netlink: %s", nl_geterror(err));
		return EXIT_REFUSED;
	}
	ret = take_acks(a, commit);
	queue.len = 0;
	queue.count = 0;
	queue.acks = 0;
	queue.text_len = 0;
	if (!ret) {
		complain_about(txn.file, line);
		show_progress();
	}
	return ret;
}

static unsigned int keep_text(const char *text)
{
	unsigned int at = queue.text_len;
	size_t len = strlen(text) + 1;

	memcpy(queue.text + at, text, len);
	queue.text_len += len;
	return at;
}

static void keep_words(const struct args *a, const struct request *req,
		       uint32_t seq)
{
	struct queued *q = &queue.request[queue.count];
	unsigned int i;

	q->seq = seq;
	q->words = req->words;
	q->object = a->object;
	q->command = a->command;
	for (i = 0; i < req->words; i++) {
		q->word[i].offset = req->word[i].offset;
		/* An address and its length come from one word. */
		if (i && req->word[i].text == req->word[i - 1].text)
			q->word[i].text = q->word[i - 1].text;
		else
			q->word[i].text = keep_text(req->word[i].text);
	}
	queue.count++;
}

static size_t text_size(const struct request *req)
{
	size_t size = 0;
	unsigned int i;

	for (i = 0; i < req->words; i++)
		size += strlen(req->word[i].text) + 1;
	return size;
}

static bool queue_is_full(const struct request *req)
{
	size_t len = NLMSG_ALIGN(nlmsg_hdr(req->msg)->nlmsg_len);

	return queue.len + len > sizeof(queue.octets) ||
	       queue.count == QUEUE_REQUESTS || queue.acks >= QUEUE_ACKS ||
	       queue.text_len + text_size(req) > sizeof(queue.text);
}

/* Rows are many and never have a warning; other requests may. */
static bool is_row(const struct nlmsghdr *nlh)
{
	const struct genlmsghdr *genl = nlmsg_data(nlh);

	return genl->cmd == SIIT_CMD_EAM_ADD || genl->cmd == SIIT_CMD_EAM_DEL;
}

static int put(struct request *req, const struct args *a, uint32_t seq,
	       bool commit)
{
	struct nlmsghdr *nlh = nlmsg_hdr(req->msg);
	int ret = 0;

	if (queue_is_full(req))
		ret = flush(a, false);
	if (!ret) {
		nlh->nlmsg_seq = seq;
		nlh->nlmsg_flags |= NLM_F_REQUEST;
		if (!is_row(nlh)) {
			nlh->nlmsg_flags |= NLM_F_ACK;
			queue.acks++;
		}
		queue.newest = (void *)(queue.octets + queue.len);
		memcpy(queue.newest, nlh, nlh->nlmsg_len);
		queue.len += NLMSG_ALIGN(nlh->nlmsg_len);
		keep_words(a, req, seq);
	}
	request_free(req);
	return ret || !commit ? ret : flush(a, true);
}

/**
 * txn_put - collect a request
 * @req: the request; is used up
 * @a: the command
 *
 * Return: 0 or an exit status.
 */
int txn_put(struct request *req, const struct args *a)
{
	return put(req, a, complain_line() * 2 + 1, false);
}

static struct device *find_dev(const char *name)
{
	size_t i;

	/* Rows come device by device. */
	if (txn.last < txn.devs && !strcmp(txn.dev[txn.last].name, name))
		return &txn.dev[txn.last];
	for (i = 0; i < txn.devs; i++) {
		if (!strcmp(txn.dev[i].name, name)) {
			txn.last = i;
			return &txn.dev[i];
		}
	}
	return NULL;
}

static int begin(const struct args *a, const char *name, unsigned int ifindex)
{
	struct device *dev;
	struct request req;
	int ret;

	dev = realloc(txn.dev, (txn.devs + 1) * sizeof(*dev));
	if (!dev) {
		complain(a, "out of memory");
		return EXIT_REFUSED;
	}
	txn.dev = dev;
	dev += txn.devs++;
	snprintf(dev->name, sizeof(dev->name), "%s", name);
	dev->number = ifindex ? ifindex : SIIT_TXN_NEW + txn.devs;
	dev->seq = complain_line() * 2;

	ret = siit_request(&req, a, SIIT_CMD_TXN_BEGIN, 0);
	if (ret)
		return ret;
	request_u32(&req, SIIT_TXN_A_IFINDEX, name, dev->number);
	request_u8(&req, SIIT_TXN_A_MODE, NULL,
		   txn.merge ? SIIT_TXN_MERGE : SIIT_TXN_REPLACE);
	if (!ifindex)
		request_put(&req, SIIT_TXN_A_NEW_NAME, name, name,
			    strlen(name) + 1);
	return put(&req, a, dev->seq, false);
}

/**
 * txn_dev_add - see that there will be a device
 * @a: the command
 * @name: its name
 *
 * Return: 0 or an exit status.
 */
int txn_dev_add(const struct args *a, const char *name)
{
	unsigned int ifindex;

	if (find_dev(name))
		return 0;
	ifindex = if_nametoindex(name);
	if (!ifindex && errno != ENODEV) {
		complain(a, "cannot find the device \"%s\": %s", name,
			 strerror(errno));
		return EXIT_REFUSED;
	}
	return begin(a, name, ifindex);
}

/**
 * txn_dev - make a device part of the transaction
 * @a: the command
 * @name: its name
 *
 * Return: its number in requests, or 0 after a message.
 */
uint32_t txn_dev(const struct args *a, const char *name)
{
	const struct device *dev = find_dev(name);
	unsigned int ifindex;

	if (dev)
		return dev->number;
	ifindex = dev_index(a, name);
	if (!ifindex || begin(a, name, ifindex))
		return 0;
	return ifindex;
}

/**
 * txn_commit - do all that was asked for, or nothing
 * @a: the command
 * @dry_run: only see whether it could be done
 *
 * Return: 0 or an exit status.
 */
int txn_commit(const struct args *a, bool dry_run)
{
	struct request req;
	int ret = flush(a, false);

	if (!ret && txn.devs) {
		ret = siit_request(&req, a, SIIT_CMD_TXN_COMMIT, 0);
		if (!ret && dry_run)
			request_put(&req, SIIT_TXN_A_DRY_RUN, NULL, NULL, 0);
		/* Of no line, and of no request before. */
		if (!ret)
			ret = put(&req, a, 1, true);
	}
	complain_about(NULL, 0);
	progress(NULL);
	txn.active = false;
	return ret;
}

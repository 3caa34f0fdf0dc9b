// SPDX-License-Identifier: GPL-2.0
/*
 * Netlink: sockets, requests, answers, and what the kernel says about them.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <linux/genetlink.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <netlink/errno.h>
#include <netlink/genl/ctrl.h>
#include <netlink/genl/genl.h>
#include <netlink/netlink.h>
#include <netlink/socket.h>

#include "cmd.h"

/* A dump fills what a reader offers, up to this. */
#define RECEIVE_BUFFER 32768

/* Room for any request */
#define REQUEST_OCTETS 1024

/* A burst of changes must fit, or the monitor misses some. */
#define MONITOR_BUFFER (4 << 20)

/* A file of requests needs one message after the other. */
static struct nl_msg *spare;

static struct nl_sock *genl_sock;
static struct nl_sock *rtnl_sock;
static int family;

/**
 * struct call - a request on its way
 * @a: the command
 * @req: the request
 * @fn: takes the answers, or NULL
 * @arg: for @fn
 * @done: the kernel has said its last word
 * @changed: the table changed during the dump
 * @status: exit status
 */
struct call {
	const struct args *a;
	const struct request *req;
	answer_fn fn;
	void *arg;
	bool done;
	bool changed;
	int status;
};

static struct nl_sock *open_socket(const struct args *a, int protocol)
{
	struct nl_sock *sk = nl_socket_alloc();
	int one = 1;
	int err;

	if (!sk) {
		complain(a, "out of memory");
		return NULL;
	}
	err = nl_connect(sk, protocol);
	if (err) {
		complain(a, "cannot open a netlink socket: %s",
			 nl_geterror(err));
		nl_socket_free(sk);
		return NULL;
	}
	nl_socket_disable_msg_peek(sk);
	nl_socket_set_msg_buf_size(sk, RECEIVE_BUFFER);
	/* Kernels older than an option do without it. */
	setsockopt(nl_socket_get_fd(sk), SOL_NETLINK, NETLINK_EXT_ACK, &one,
		   sizeof(one));
	setsockopt(nl_socket_get_fd(sk), SOL_NETLINK, NETLINK_CAP_ACK, &one,
		   sizeof(one));
	setsockopt(nl_socket_get_fd(sk), SOL_NETLINK, NETLINK_GET_STRICT_CHK,
		   &one, sizeof(one));
	return sk;
}

static void module_missing(const struct args *a)
{
	complain(a, "the siit module is not loaded\n"
		 "Load it with \"modprobe siit\", or see whether it is installed for this kernel.");
}

/**
 * siit_open - find the generic netlink family
 * @a: the command
 *
 * Return: 0 or an exit status.
 */
int siit_open(const struct args *a)
{
	int id;

	if (family)
		return 0;
	if (!genl_sock)
		genl_sock = open_socket(a, NETLINK_GENERIC);
	if (!genl_sock)
		return EXIT_REFUSED;
	id = genl_ctrl_resolve(genl_sock, SIIT_GENL_NAME);
	if (id < 0) {
		if (id == -NLE_OBJ_NOTFOUND)
			module_missing(a);
		else
			complain(a, "cannot reach the siit module: %s",
				 nl_geterror(id));
		return EXIT_REFUSED;
	}
	family = id;
	return 0;
}

/**
 * siit_socket - the socket of the family
 *
 * Return: the socket; siit_open() went well.
 */
struct nl_sock *siit_socket(void)
{
	return genl_sock;
}

/**
 * siit_monitor_open - listen to changes
 * @a: the command; siit_open() went well
 *
 * Return: a socket, or NULL after a message.
 */
struct nl_sock *siit_monitor_open(const struct args *a)
{
	int group = genl_ctrl_resolve_grp(genl_sock, SIIT_GENL_NAME,
					  SIIT_MCGRP_MONITOR);
	int size = MONITOR_BUFFER;
	struct nl_sock *sk;
	int err;

	if (group < 0) {
		complain(a, "the siit module has no group \"%s\": %s",
			 SIIT_MCGRP_MONITOR, nl_geterror(group));
		return NULL;
	}
	sk = open_socket(a, NETLINK_GENERIC);
	if (!sk)
		return NULL;
	/* The first needs privilege, the second stops at a limit. */
	if (setsockopt(nl_socket_get_fd(sk), SOL_SOCKET, SO_RCVBUFFORCE, &size,
		       sizeof(size)))
		setsockopt(nl_socket_get_fd(sk), SOL_SOCKET, SO_RCVBUF, &size,
			   sizeof(size));
	nl_socket_disable_seq_check(sk);
	err = nl_socket_add_membership(sk, group);
	if (err) {
		complain(a, "cannot listen: %s", nl_geterror(err));
		nl_socket_free(sk);
		return NULL;
	}
	return sk;
}

/**
 * request_put - add an attribute
 * @req: the request
 * @attr: its number
 * @word: the word that it was made from, or NULL
 * @data: payload
 * @len: octets
 */
void request_put(struct request *req, int attr, const char *word,
		 const void *data, size_t len)
{
	if (word && req->words < REQUEST_WORDS) {
		req->word[req->words].offset = nlmsg_hdr(req->msg)->nlmsg_len;
		req->word[req->words++].text = word;
	}
	/* All settings of a device are not half of it. */
	if (nla_put(req->msg, attr, len, data))
		abort();
}

static struct nl_msg *message_new(void)
{
	struct nl_msg *msg = spare;

	if (!msg)
		return nlmsg_alloc_size(REQUEST_OCTETS);
	spare = NULL;
	nlmsg_hdr(msg)->nlmsg_len = NLMSG_HDRLEN;
	return msg;
}

/**
 * request_free - forget a request
 * @req: the request
 */
void request_free(struct request *req)
{
	if (spare)
		nlmsg_free(req->msg);
	else
		spare = req->msg;
	req->msg = NULL;
}

/**
 * siit_request - begin a request to the family
 * @req: the request
 * @a: the command
 * @cmd: enum siit_cmd
 * @flags: NLM_F_DUMP or 0
 *
 * Return: 0 or an exit status.
 */
int siit_request(struct request *req, const struct args *a, uint8_t cmd,
		 int flags)
{
	int ret = siit_open(a);

	if (ret)
		return ret;
	req->subject = NULL;
	req->words = 0;
	req->msg = message_new();
	if (!req->msg || !genlmsg_put(req->msg, NL_AUTO_PORT, NL_AUTO_SEQ,
				      family, 0, flags, cmd,
				      SIIT_GENL_VERSION)) {
		complain(a, "out of memory");
		return EXIT_REFUSED;
	}
	return 0;
}

/**
 * siit_request_dev - begin a request about one device
 * @req: the request
 * @a: the command
 * @cmd: enum siit_cmd
 * @dev: name of the device
 *
 * Return: 0 or an exit status.
 */
int siit_request_dev(struct request *req, const struct args *a, uint8_t cmd,
		     const char *dev)
{
	unsigned int ifindex;
	int ret = siit_request(req, a, cmd, 0);

	if (ret)
		return ret;
	ifindex = txn_active() ? txn_dev(a, dev) : dev_index(a, dev);
	if (!ifindex) {
		request_free(req);
		return EXIT_REFUSED;
	}
	/* Attribute 1 of every set, by contract. */
	request_u32(req, SIIT_DEV_A_IFINDEX, dev, ifindex);
	return 0;
}

/**
 * rtnl_request - begin a request about links
 * @req: the request
 * @a: the command
 * @type: RTM_NEWLINK and so on
 * @flags: NLM_F_CREATE and so on
 * @header: family header
 * @len: its octets
 *
 * Return: 0 or an exit status.
 */
int rtnl_request(struct request *req, const struct args *a, uint16_t type,
		 int flags, const void *header, size_t len)
{
	if (!rtnl_sock)
		rtnl_sock = open_socket(a, NETLINK_ROUTE);
	if (!rtnl_sock)
		return EXIT_REFUSED;
	req->subject = NULL;
	req->words = 0;
	req->msg = message_new();
	if (!req->msg ||
	    !nlmsg_put(req->msg, NL_AUTO_PORT, NL_AUTO_SEQ, type, 0, flags) ||
	    nlmsg_append(req->msg, (void *)header, len, NLMSG_ALIGNTO)) {
		complain(a, "out of memory");
		return EXIT_REFUSED;
	}
	return 0;
}

/* What the kernel means when it gives no text; 6.1 has none for dumps. */
static const char *plain_text(int error, bool about_dev)
{
	switch (error) {
	case EPERM:
		return "this needs CAP_NET_ADMIN";
	case EEXIST:
		return "is there already";
	case ENOENT:
		return "is not there";
	case ENODEV:
		return "no such device";
	case EOPNOTSUPP:
		return about_dev ? "not a siit device" : NULL;
	default:
		return NULL;
	}
}

static const char *word_at(const struct request *req, unsigned int offset)
{
	unsigned int i;

	for (i = 0; offset && i < req->words; i++)
		if (req->word[i].offset == offset)
			return req->word[i].text;
	return req->subject;
}

/* Print what an error or a warning is about. @tb: extended ack. */
static void report(const struct args *a, const struct request *req, int error,
		   struct nlattr **tb)
{
	unsigned int offset = 0;
	const char *text = NULL;
	const char *word;

	if (tb[NLMSGERR_ATTR_OFFS])
		offset = nla_get_u32(tb[NLMSGERR_ATTR_OFFS]);
	if (tb[NLMSGERR_ATTR_MSG])
		text = nla_get_string(tb[NLMSGERR_ATTR_MSG]);
	if (!error) {
		if (text)
			complain(a, "warning: %s", text);
		return;
	}
	if (error == EOPNOTSUPP && req->msg &&
	    nlmsg_hdr(req->msg)->nlmsg_type == RTM_NEWLINK) {
		module_missing(a);
		return;
	}
	word = word_at(req, offset);
	if (!text)
		text = plain_text(error, req->subject);
	if (word && text)
		complain(a, "\"%s\": %s (%s)", word, text,
			 strerror(error));
	else if (text)
		complain(a, "%s (%s)", text, strerror(error));
	else if (word)
		complain(a, "\"%s\": %s", word, strerror(error));
	else
		complain(a, "%s", strerror(error));
}

/* The attributes after the @fixed octets of an acknowledgment. */
static void parse_ack(struct nlmsghdr *nlh, int fixed, struct nlattr **tb)
{
	static struct nla_policy policy[NLMSGERR_ATTR_MAX + 1] = {
		[NLMSGERR_ATTR_MSG] = { .type = NLA_STRING },
		[NLMSGERR_ATTR_OFFS] = { .type = NLA_U32 },
		[NLMSGERR_ATTR_COOKIE] = { .minlen = 4 },
	};

	memset(tb, 0, (NLMSGERR_ATTR_MAX + 1) * sizeof(*tb));
	if (nlh->nlmsg_flags & NLM_F_ACK_TLVS &&
	    nlmsg_datalen(nlh) > fixed)
		nla_parse(tb, NLMSGERR_ATTR_MAX,
			  (struct nlattr *)((char *)nlmsg_data(nlh) +
					    NLMSG_ALIGN(fixed)),
			  nlmsg_datalen(nlh) - NLMSG_ALIGN(fixed), policy);
}

static void report_ack(const struct call *call, int error,
		       struct nlmsghdr *nlh, int fixed)
{
	struct nlattr *tb[NLMSGERR_ATTR_MAX + 1];

	parse_ack(nlh, fixed, tb);
	report(call->a, call->req, error, tb);
}

static int ack_fixed(const struct nlmsghdr *nlh, const struct nlmsgerr *err)
{
	int fixed = sizeof(*err);

	if (!(nlh->nlmsg_flags & NLM_F_CAPPED))
		fixed += err->msg.nlmsg_len - sizeof(err->msg);
	return fixed;
}

/**
 * report_reply - print what the kernel has to say about a request
 * @a: the command
 * @req: what is known of the request
 * @nlh: NLMSG_ERROR; nothing is printed if it is plain success
 */
void report_reply(const struct args *a, const struct request *req,
		  struct nlmsghdr *nlh)
{
	const struct nlmsgerr *err = nlmsg_data(nlh);
	struct nlattr *tb[NLMSGERR_ATTR_MAX + 1];

	parse_ack(nlh, ack_fixed(nlh, err), tb);
	report(a, req, -err->error, tb);
}

/**
 * report_cookie - the request that a refused TXN_COMMIT puts the blame on
 * @nlh: NLMSG_ERROR
 *
 * Return: its sequence number, 0: none.
 */
uint32_t report_cookie(struct nlmsghdr *nlh)
{
	struct nlattr *tb[NLMSGERR_ATTR_MAX + 1];

	parse_ack(nlh, ack_fixed(nlh, nlmsg_data(nlh)), tb);
	return tb[NLMSGERR_ATTR_COOKIE] ?
	       nla_get_u32(tb[NLMSGERR_ATTR_COOKIE]) : 0;
}

/* The end of a request that went well, of a dump, or its refusal. */
static void take_last(struct call *call, struct nlmsghdr *nlh)
{
	const struct nlmsgerr *err = nlmsg_data(nlh);
	int fixed = nlh->nlmsg_type == NLMSG_DONE ? (int)sizeof(err->error) :
		    ack_fixed(nlh, err);
	int error = 0;

	call->done = true;
	if (nlmsg_datalen(nlh) >= (int)sizeof(error))
		memcpy(&error, nlmsg_data(nlh), sizeof(error));
	if (error < 0)
		call->status = EXIT_REFUSED;
	/* What ends a dump has no warnings. */
	if (error < 0 || nlh->nlmsg_type == NLMSG_ERROR)
		report_ack(call, -error, nlh, fixed);
}

static void take(struct call *call, struct nlmsghdr *nlh)
{
	int ret;

	if (nlh->nlmsg_flags & NLM_F_DUMP_INTR)
		call->changed = true;
	if (nlh->nlmsg_type == NLMSG_ERROR || nlh->nlmsg_type == NLMSG_DONE) {
		take_last(call, nlh);
		return;
	}
	ret = call->fn ? call->fn(nlh, call->arg) : 0;
	if (!ret)
		return;
	complain(call->a, "the kernel's answer is not understood");
	call->done = true;
	call->status = ret;
}

/**
 * sock_receive - read what is there
 * @sk: the socket
 * @fn: takes one message; may say that it has seen enough
 * @arg: for @fn
 *
 * Unlike nl_recvmsgs(), it makes no copy of each message.
 *
 * Return: 0 or more, or a negative number for nl_geterror().
 */
int sock_receive(struct nl_sock *sk, message_fn fn, void *arg)
{
	unsigned char *buf = NULL;
	struct sockaddr_nl from;
	struct nlmsghdr *nlh;
	int len, ret;

	len = nl_recv(sk, &from, &buf, NULL);
	ret = len;
	nlh = (struct nlmsghdr *)buf;
	while (len > 0 && nlmsg_ok(nlh, len)) {
		if (!fn(nlh, arg))
			break;
		nlh = nlmsg_next(nlh, &len);
	}
	if (ret > 0)
		free(buf);
	return ret;
}

static bool on_message(struct nlmsghdr *nlh, void *arg)
{
	struct call *call = arg;

	if (nlh->nlmsg_seq == nlmsg_hdr(call->req->msg)->nlmsg_seq)
		take(call, nlh);
	return !call->done;
}

static int transact(struct nl_sock *sk, struct call *call,
		    struct request *req)
{
	int err = nl_send_auto(sk, req->msg);

	while (!call->done && err >= 0)
		err = sock_receive(sk, on_message, call);
	if (!call->done) {
		complain(call->a, "netlink: %s", nl_geterror(err));
		call->status = EXIT_REFUSED;
	} else if (call->changed && !call->status) {
		complain(call->a, "the table changed while it was read: the list may lack rows");
		call->status = EXIT_REFUSED;
	}
	request_free(req);
	return call->status;
}

/**
 * siit_send - send a request to the family and take the answers
 * @req: the request; is used up
 * @a: the command
 * @fn: takes the answers, or NULL
 * @arg: for @fn
 *
 * In a transaction, a request is only collected: there are no answers.
 *
 * Return: 0 or an exit status.
 */
int siit_send(struct request *req, const struct args *a, answer_fn fn,
	      void *arg)
{
	struct call call = { .a = a, .req = req, .fn = fn, .arg = arg };

	return txn_active() ? txn_put(req, a) : transact(genl_sock, &call, req);
}

/**
 * rtnl_send - send a request about links and take the answers
 * @req: the request; is used up
 * @a: the command
 * @fn: takes the answers, or NULL
 * @arg: for @fn
 *
 * Return: 0 or an exit status.
 */
int rtnl_send(struct request *req, const struct args *a, answer_fn fn,
	      void *arg)
{
	struct call call = { .a = a, .req = req, .fn = fn, .arg = arg };

	return transact(rtnl_sock, &call, req);
}

/**
 * siit_dump - ask for the rows of one device or of all
 * @a: the command
 * @cmd: enum siit_cmd
 * @dev: name of the device, or NULL
 * @fn: takes the rows one by one
 * @arg: for @fn
 *
 * Return: 0 or an exit status.
 */
int siit_dump(const struct args *a, uint8_t cmd, const char *dev,
	      answer_fn fn, void *arg)
{
	struct request req;
	int ret;

	if (dev) {
		ret = siit_request_dev(&req, a, cmd, dev);
		req.subject = dev;
		if (!ret)
			nlmsg_hdr(req.msg)->nlmsg_flags |= NLM_F_DUMP;
	} else {
		ret = siit_request(&req, a, cmd, NLM_F_DUMP);
	}
	return ret ? ret : siit_send(&req, a, fn, arg);
}

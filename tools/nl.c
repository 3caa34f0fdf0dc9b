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

/* A burst of changes must fit, or the monitor misses some. */
#define MONITOR_BUFFER (4 << 20)

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

static struct nl_sock *monitor_socket(const struct args *a, int protocol,
				      int group)
{
	struct nl_sock *sk = open_socket(a, protocol);
	int size = MONITOR_BUFFER;
	int err;

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
 * siit_monitor_open - listen to changes of settings and tables
 * @a: the command; siit_open() went well
 *
 * Return: a socket, or NULL after a message.
 */
struct nl_sock *siit_monitor_open(const struct args *a)
{
	int group = genl_ctrl_resolve_grp(genl_sock, SIIT_GENL_NAME,
					  SIIT_MCGRP_MONITOR);

	if (group < 0) {
		complain(a, "the siit module has no group \"%s\": %s",
			 SIIT_MCGRP_MONITOR, nl_geterror(group));
		return NULL;
	}
	return monitor_socket(a, NETLINK_GENERIC, group);
}

/**
 * rtnl_monitor_open - listen to devices that come and go
 * @a: the command
 *
 * Return: a socket, or NULL after a message.
 */
struct nl_sock *rtnl_monitor_open(const struct args *a)
{
	return monitor_socket(a, NETLINK_ROUTE, RTNLGRP_LINK);
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
	/* The message has a page; nothing that fits in argv comes near it. */
	if (nla_put(req->msg, attr, len, data))
		abort();
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
	memset(req, 0, sizeof(*req));
	req->msg = nlmsg_alloc();
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
	ifindex = dev_index(a, dev);
	if (!ifindex) {
		nlmsg_free(req->msg);
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
	memset(req, 0, sizeof(*req));
	req->msg = nlmsg_alloc_simple(type, flags);
	if (!req->msg ||
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
static void report(const struct call *call, int error, struct nlattr **tb)
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
			complain(call->a, "warning: %s", text);
		return;
	}
	if (error == EOPNOTSUPP &&
	    nlmsg_hdr(call->req->msg)->nlmsg_type == RTM_NEWLINK) {
		module_missing(call->a);
		return;
	}
	word = word_at(call->req, offset);
	if (!text)
		text = plain_text(error, call->req->subject);
	if (word && text)
		complain(call->a, "\"%s\": %s (%s)", word, text,
			 strerror(error));
	else if (text)
		complain(call->a, "%s (%s)", text, strerror(error));
	else if (word)
		complain(call->a, "\"%s\": %s", word, strerror(error));
	else
		complain(call->a, "%s", strerror(error));
}

/* The attributes after the @fixed octets of an acknowledgment. */
static void report_ack(const struct call *call, int error,
		       struct nlmsghdr *nlh, int fixed)
{
	struct nlattr *tb[NLMSGERR_ATTR_MAX + 1] = {};
	static struct nla_policy policy[NLMSGERR_ATTR_MAX + 1] = {
		[NLMSGERR_ATTR_MSG] = { .type = NLA_STRING },
		[NLMSGERR_ATTR_OFFS] = { .type = NLA_U32 },
	};

	if (nlh->nlmsg_flags & NLM_F_ACK_TLVS &&
	    nlmsg_datalen(nlh) > fixed)
		nla_parse(tb, NLMSGERR_ATTR_MAX,
			  (struct nlattr *)((char *)nlmsg_data(nlh) +
					    NLMSG_ALIGN(fixed)),
			  nlmsg_datalen(nlh) - NLMSG_ALIGN(fixed), policy);
	report(call, error, tb);
}

static int ack_fixed(const struct nlmsghdr *nlh, const struct nlmsgerr *err)
{
	int fixed = sizeof(*err);

	if (!(nlh->nlmsg_flags & NLM_F_CAPPED))
		fixed += err->msg.nlmsg_len - sizeof(err->msg);
	return fixed;
}

static int on_error(struct sockaddr_nl *from, struct nlmsgerr *err, void *arg)
{
	struct nlmsghdr *nlh = (struct nlmsghdr *)err - 1;
	struct call *call = arg;

	(void)from;
	call->done = true;
	call->status = EXIT_REFUSED;
	report_ack(call, -err->error, nlh, ack_fixed(nlh, err));
	return NL_STOP;
}

static int on_ack(struct nl_msg *msg, void *arg)
{
	struct nlmsghdr *nlh = nlmsg_hdr(msg);
	struct call *call = arg;

	call->done = true;
	report_ack(call, 0, nlh, ack_fixed(nlh, nlmsg_data(nlh)));
	return NL_STOP;
}

static int on_finish(struct nl_msg *msg, void *arg)
{
	struct nlmsghdr *nlh = nlmsg_hdr(msg);
	struct call *call = arg;
	int error = 0;

	call->done = true;
	if (nlmsg_datalen(nlh) >= (int)sizeof(error))
		memcpy(&error, nlmsg_data(nlh), sizeof(error));
	if (error < 0) {
		call->status = EXIT_REFUSED;
		report_ack(call, -error, nlh, sizeof(error));
	}
	return NL_STOP;
}

static int on_interrupted(struct nl_msg *msg, void *arg)
{
	struct call *call = arg;

	(void)msg;
	call->changed = true;
	return NL_OK;
}

static int on_answer(struct nl_msg *msg, void *arg)
{
	struct call *call = arg;
	int ret = call->fn ? call->fn(nlmsg_hdr(msg), call->arg) : 0;

	if (!ret)
		return NL_OK;
	complain(call->a, "the kernel's answer is not understood");
	call->done = true;
	call->status = ret;
	return NL_STOP;
}

static int transact(struct nl_sock *sk, struct call *call)
{
	struct nl_cb *cb = nl_cb_alloc(NL_CB_DEFAULT);
	int err = cb ? 0 : -NLE_NOMEM;

	if (cb) {
		nl_cb_err(cb, NL_CB_CUSTOM, on_error, call);
		nl_cb_set(cb, NL_CB_ACK, NL_CB_CUSTOM, on_ack, call);
		nl_cb_set(cb, NL_CB_FINISH, NL_CB_CUSTOM, on_finish, call);
		nl_cb_set(cb, NL_CB_VALID, NL_CB_CUSTOM, on_answer, call);
		nl_cb_set(cb, NL_CB_DUMP_INTR, NL_CB_CUSTOM, on_interrupted,
			  call);
		err = nl_send_auto(sk, call->req->msg);
	}
	while (!call->done && err >= 0)
		err = nl_recvmsgs(sk, cb);
	if (!call->done) {
		complain(call->a, "netlink: %s", nl_geterror(err));
		call->status = EXIT_REFUSED;
	} else if (call->changed && !call->status) {
		complain(call->a, "the table changed while it was read: the list may lack rows");
		call->status = EXIT_REFUSED;
	}
	if (cb)
		nl_cb_put(cb);
	nlmsg_free(call->req->msg);
	return call->status;
}

/**
 * siit_send - send a request to the family and take the answers
 * @req: the request; is used up
 * @a: the command
 * @fn: takes the answers, or NULL
 * @arg: for @fn
 *
 * Return: 0 or an exit status.
 */
int siit_send(struct request *req, const struct args *a, answer_fn fn,
	      void *arg)
{
	struct call call = { .a = a, .req = req, .fn = fn, .arg = arg };

	return transact(genl_sock, &call);
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

	return transact(rtnl_sock, &call);
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

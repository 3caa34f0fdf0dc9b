// SPDX-License-Identifier: GPL-2.0
/* Packet sockets, rings and TAP devices around siit0 and siit1: see port.h. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <linux/if_tun.h>
#include <linux/virtio_net.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include "check.h"
#include "port.h"

#define FRAME_SIZE	(68 * 1024)
/*
 * More than a packet can make: its segments, as they go in, and each as it comes
 * out, where those of more than 1280 octets are two.
 */
#define FRAMES		(3 * GSO_PIECES + 12)

static const char *const devices[TAPS] = { "siit0", "siit1" };

static struct ring {
	int fd;
	uint8_t *map;
	unsigned int next;
	bool held;
} ring[TAPS];

static int direct[TAPS];	/* past the taps */
static int queued;		/* not so */
static int witness;		/* keeps clones of what goes into siit0 */
/* TAP devices: paged, mirrored, with a hook */
static const char *const tap_names[] = { "tap0", "tap1", "tap2" };
static int tap_fd[3];
static int ifindex[TAPS];
static bool outgoing_seen = true;

void offload_start(uint8_t *p, size_t len, const struct offload *o)
{
	int family = p[0] >> 4 == 4 ? 4 : 6;
	int proto = o->csum_offset == 16 ? 6 : 17;
	const uint8_t *src = p + (family == 4 ? 12 : 8);
	size_t at = o->csum_start + o->csum_offset, l4_len;
	uint16_t sum;

	if (at + 2 > len || len < 40)
		return;
	l4_len = len - o->csum_start;
	sum = l4_sum(family, src, src + (family == 4 ? 4 : 16), proto, p, 0);
	sum = sum16(p, 0, (uint32_t)sum + (l4_len >> 16) + (l4_len & 0xffff));
	p[at] = sum >> 8;
	p[at + 1] = sum;
}

void offload_finish(uint8_t *p, size_t len, const struct offload *o)
{
	size_t at = o->csum_start + o->csum_offset;
	uint16_t sum;

	if (at + 2 > len)
		return;
	sum = ~sum16(p + o->csum_start, len - o->csum_start, 0);
	if (!sum)
		sum = 0xffff;
	p[at] = sum >> 8;
	p[at + 1] = sum;
}

static bool set(int fd, int option, int value, const char *what)
{
	if (!setsockopt(fd, SOL_PACKET, option, &value, sizeof(value)))
		return true;
	printf("# %s: %s\n", what, strerror(errno));
	return false;
}

static int sender(bool bypass)
{
	int fd = socket(AF_PACKET, SOCK_RAW, 0), room = 4 << 20;

	if (fd < 0 || !set(fd, PACKET_VNET_HDR, 1, "PACKET_VNET_HDR") ||
	    (bypass && !set(fd, PACKET_QDISC_BYPASS, 1, "PACKET_QDISC_BYPASS")))
		return -1;
	setsockopt(fd, SOL_SOCKET, SO_SNDBUFFORCE, &room, sizeof(room));
	return fd;
}

static bool ring_open(struct ring *r, int ifindex)
{
	struct tpacket_req req = {
		.tp_block_size = FRAME_SIZE, .tp_block_nr = FRAMES,
		.tp_frame_size = FRAME_SIZE, .tp_frame_nr = FRAMES,
	};
	struct sockaddr_ll ll = {
		.sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_ALL),
		.sll_ifindex = ifindex,
	};
	int fd = socket(AF_PACKET, SOCK_RAW, 0);

	if (fd < 0 || !set(fd, PACKET_VERSION, TPACKET_V2, "PACKET_VERSION") ||
	    !set(fd, PACKET_VNET_HDR, 1, "PACKET_VNET_HDR"))
		return false;
	if (setsockopt(fd, SOL_PACKET, PACKET_RX_RING, &req, sizeof(req))) {
		printf("# PACKET_RX_RING: %s\n", strerror(errno));
		return false;
	}
	r->map = mmap(NULL, FRAMES * FRAME_SIZE, PROT_READ | PROT_WRITE,
		      MAP_SHARED, fd, 0);
	if (r->map == MAP_FAILED ||
	    madvise(r->map, FRAMES * FRAME_SIZE, MADV_DONTFORK) ||
	    bind(fd, (void *)&ll, sizeof(ll))) {
		printf("# ring: %s\n", strerror(errno));
		return false;
	}
	r->fd = fd;
	return true;
}

/* Not of what comes out. */
static int witness_open(int ifindex)
{
	struct sock_filter outgoing[] = {
		BPF_STMT(BPF_LD | BPF_B | BPF_ABS, SKF_AD_OFF + SKF_AD_PKTTYPE),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, PACKET_OUTGOING, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, 0xffffffff),
		BPF_STMT(BPF_RET | BPF_K, 0),
	};
	struct sock_fprog filter = { 4, outgoing };
	struct sockaddr_ll ll = {
		.sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_ALL),
		.sll_ifindex = ifindex,
	};
	int fd = socket(AF_PACKET, SOCK_RAW, 0), room = 4 << 20;

	if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &filter,
				 sizeof(filter)) ||
	    setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof(room)) ||
	    bind(fd, (void *)&ll, sizeof(ll))) {
		printf("# witness: %s\n", strerror(errno));
		return -1;
	}
	return fd;
}

static int tap_open(const char *name)
{
	struct ifreq ifr = {
		.ifr_flags = IFF_TAP | IFF_NO_PI | IFF_VNET_HDR | IFF_NAPI |
			     IFF_NAPI_FRAGS,
	};
	int fd = open("/dev/net/tun", O_RDWR | O_NONBLOCK);

	strcpy(ifr.ifr_name, name);
	if (fd < 0 || ioctl(fd, TUNSETIFF, &ifr)) {
		printf("# %s: %s\n", name, strerror(errno));
		return -1;
	}
	return fd;
}

static bool tc_setup(void)
{
	const char *const rules[] = {
		"siit0 action drop", "siit1 action drop",
		"tap0 action mirred egress redirect dev siit0",
		"tap1 action mirred egress mirror dev siit0 action drop",
	};
	size_t i;

	for (i = 0; i < sizeof(rules) / sizeof(*rules); i++) {
		int dev = strcspn(rules[i], " ");

		if (!rig_run("tc qdisc add dev %.*s ingress", dev, rules[i]) ||
		    !rig_run("tc filter add dev %.*s ingress matchall%s", dev,
			     rules[i], rules[i] + dev))
			return false;
	}
	return true;
}

/* The packets that come out are nobody's: not of this host, and not forwarded. */
static bool taps_open(void)
{
	int i;

	for (i = 0; i < 3; i++) {
		tap_fd[i] = tap_open(tap_names[i]);
		if (tap_fd[i] < 0 ||
		    !rig_run("ip link set %s addrgenmode none multicast off up",
			     tap_names[i]))
			return false;
	}
	return rig_run("ip link set tap2 address 02:00:00:00:00:01") &&
	       rig_run("sysctl -qw net.ipv4.conf.tap2.forwarding=0 net.ipv6.conf.tap2.forwarding=0") &&
	       rig_siitctl("hook add tap2 dev siit0", false);
}

bool port_open(void)
{
	int i;

	queued = sender(false);
	if (queued < 0 || !taps_open())
		return false;
	for (i = 0; i < TAPS; i++) {
		ifindex[i] = if_nametoindex(devices[i]);
		direct[i] = sender(true);
		if (!ifindex[i] || direct[i] < 0 ||
		    !ring_open(&ring[i], ifindex[i]))
			return false;
	}
	witness = witness_open(ifindex[TAP_SIIT0]);
	return witness >= 0 && tc_setup() &&
	       set(ring[TAP_SIIT1].fd, PACKET_IGNORE_OUTGOING, 1,
		   "PACKET_IGNORE_OUTGOING");
}

static struct virtio_net_hdr vnet(const struct offload *o)
{
	return (struct virtio_net_hdr){
		.flags = o->partial ? VIRTIO_NET_HDR_F_NEEDS_CSUM : 0,
		.gso_type = o->gso_type,
		.gso_size = o->gso_size,
		.hdr_len = o->hdr_len,
		.csum_start = o->csum_start,
		.csum_offset = o->csum_offset,
	};
}

static bool packet_send(int fd, int ifindex, int ethertype,
			const struct offload *o, const uint8_t *data,
			size_t len)
{
	struct virtio_net_hdr vh = vnet(o);
	struct iovec iov[] = {
		{ &vh, sizeof(vh) }, { (void *)data, len },
	};
	struct sockaddr_ll ll = {
		.sll_family = AF_PACKET, .sll_protocol = htons(ethertype),
		.sll_ifindex = ifindex,
	};
	struct msghdr msg = {
		.msg_name = &ll, .msg_namelen = sizeof(ll),
		.msg_iov = iov, .msg_iovlen = 2,
	};

	return sendmsg(fd, &msg, 0) > 0;
}

/* Its frames must be Ethernet's. */
static bool tap_send(int fd, const struct input *in, const uint8_t *data)
{
	uint8_t eth[ETH_HLEN] = { 2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2 };
	struct iovec iov[SPLITS_MAX + 1];
	struct offload o = in->o;
	struct virtio_net_hdr vh;
	uint8_t first[sizeof(vh) + ETH_HLEN + 4096];
	size_t at;
	int i;

	eth[12] = in->ethertype >> 8;
	eth[13] = in->ethertype;
	if (o.partial || o.gso_type) {
		o.csum_start += ETH_HLEN;
		o.hdr_len += ETH_HLEN;
	}
	vh = vnet(&o);
	/* The first piece behind the vnet header becomes the linear part. */
	memcpy(first, eth, ETH_HLEN);
	memcpy(first + ETH_HLEN, data, in->split[0]);
	iov[0] = (struct iovec){ &vh, sizeof(vh) };
	iov[1] = (struct iovec){ first, ETH_HLEN + in->split[0] };
	at = in->split[0];
	for (i = 1; i < in->splits; i++) {
		iov[i + 1] = (struct iovec){ (void *)(data + at), in->split[i] };
		at += in->split[i];
	}
	return writev(fd, iov, in->splits + 1) > 0;
}

/* The TAP devices read the family from the packet. */
static bool routed_send(const struct input *in)
{
	static struct packet p;
	int version = in->data[0] >> 4;

	if (in->odd || (version != 4 && version != 6))
		return false;
	p.family = version;
	p.len = in->len;
	memcpy(p.data, in->data, in->len);
	rig_forward(&p, &in->o);
	return true;
}

static void want_outgoing(bool on)
{
	if (on == outgoing_seen)
		return;
	set(ring[TAP_SIIT0].fd, PACKET_IGNORE_OUTGOING, !on,
	    "PACKET_IGNORE_OUTGOING");
	set(witness, PACKET_IGNORE_OUTGOING, !on, "PACKET_IGNORE_OUTGOING");
	outgoing_seen = on;
}

int port_send(const struct input *in)
{
	static uint8_t data[INPUT_MAX];

	if (in->way == WAY_ROUTED) {
		want_outgoing(true);
		return routed_send(in);
	}
	memcpy(data, in->data, in->len);
	if (in->o.partial && !in->odd)
		offload_start(data, in->len, &in->o);
	want_outgoing(in->way == WAY_CLONED || in->way == WAY_MIRRORED);
	switch (in->way) {
	case WAY_PRIVATE:
		return packet_send(direct[TAP_SIIT0], ifindex[TAP_SIIT0],
				   in->ethertype, &in->o, data, in->len);
	case WAY_CLONED:
		return packet_send(queued, ifindex[TAP_SIIT0], in->ethertype,
				   &in->o, data, in->len);
	case WAY_MIRRORED:
		return tap_send(tap_fd[1], in, data);
	case WAY_HOOK:
		return tap_send(tap_fd[2], in, data);
	default:
		return tap_send(tap_fd[0], in, data);
	}
}

bool port_send_back(const uint8_t *data, size_t len, int ethertype)
{
	static const struct offload none;

	return packet_send(direct[TAP_SIIT1], ifindex[TAP_SIIT1], ethertype,
			   &none, data, len);
}

bool port_receive(enum tap tap, struct frame *f)
{
	struct ring *r = &ring[tap];
	struct tpacket2_hdr *h = (void *)(r->map + r->next * FRAME_SIZE);
	const struct sockaddr_ll *ll;
	struct virtio_net_hdr vh;

	if (r->held) {
		__atomic_store_n(&h->tp_status, TP_STATUS_KERNEL,
				 __ATOMIC_RELEASE);
		r->next = (r->next + 1) % FRAMES;
		h = (void *)(r->map + r->next * FRAME_SIZE);
		r->held = false;
	}
	if (!(__atomic_load_n(&h->tp_status, __ATOMIC_ACQUIRE) &
	      TP_STATUS_USER))
		return false;
	r->held = true;
	ll = (const void *)((uint8_t *)h + TPACKET_ALIGN(sizeof(*h)));
	f->data = (uint8_t *)h + h->tp_mac;
	f->len = h->tp_snaplen;
	f->outgoing = ll->sll_pkttype == PACKET_OUTGOING;
	f->ethertype = ntohs(ll->sll_protocol);
	memcpy(&vh, f->data - sizeof(vh), sizeof(vh));
	f->o = (struct offload){
		.partial = vh.flags & VIRTIO_NET_HDR_F_NEEDS_CSUM,
		.gso_type = vh.gso_type,
		.gso_size = vh.gso_size,
		.hdr_len = vh.hdr_len,
		.csum_start = vh.csum_start,
		.csum_offset = vh.csum_offset,
	};
	return true;
}

size_t port_witness(uint8_t *p, size_t size)
{
	ssize_t n = recv(witness, p, size, MSG_DONTWAIT);

	return n > 0 ? n : 0;
}

bool port_lost(void)
{
	struct tpacket_stats st = { 0 };
	socklen_t len = sizeof(st);
	bool lost = false;
	enum tap tap;

	for (tap = 0; tap < TAPS; tap++) {
		getsockopt(ring[tap].fd, SOL_PACKET, PACKET_STATISTICS, &st,
			   &len);
		lost |= st.tp_drops;
	}
	return lost;
}

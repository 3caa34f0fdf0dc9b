// SPDX-License-Identifier: GPL-2.0
/* The rig of rig.h. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <linux/if_tun.h>
#include <linux/virtio_net.h>
#include <net/if.h>
#include <net/if_arp.h>
#include <poll.h>
#include <sched.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "check.h"
#include "link.h"
#include "rig.h"

#define MTU_SIIT_MAX 65507

/* What a TAP device has in front of a packet */
#define FRAME_HEAD (sizeof(struct virtio_net_hdr) + ETH_HLEN)
#define MAC { 2, 0, 0, 0, 0, 1 }

/* Since Linux 6.2 */
#ifndef TUN_F_USO4
#define TUN_F_USO4 0x20
#define TUN_F_USO6 0x40
#endif

static int tap[SIDES];
static int sniffer = -1;
static int injector = -1;
static bool has_uso;
static bool broadcast;

/* What rig_config() has set up */
static const struct config *current;
static enum entry attached;
static bool has_siit4;

static const char setup[] =
	"link set lo up\n"
	"link set tap4 multicast off arp off up\n"
	"link set tap6 multicast off arp off up\n"
	"addr add " PORT4_ADDR "/32 dev tap4\n"
	"route add default dev tap4\n"
	"route add default dev tap4 table 101\n"
	"rule add iif tap4 lookup 100\n"
	"rule add iif siit0 lookup 101\n"
	"rule add iif tap6 lookup 101\n"
	"addr add " PORT6_ADDR "/128 dev tap6 nodad\n"
	"route add ::/0 dev tap6\n"
	"route add ::/0 dev tap6 table 101\n";

static const char setup6[] =
	"rule add iif tap6 lookup 100\n"
	"rule add iif siit0 lookup 101\n"
	"rule add iif tap4 lookup 101\n";

static const char *const sysctls[][2] = {
	{ "net/ipv4/ip_forward", "1" },
	{ "net/ipv4/conf/all/rp_filter", "0" },
	{ "net/ipv4/conf/default/rp_filter", "0" },
	{ "net/ipv4/conf/all/accept_source_route", "1" },
	{ "net/ipv4/conf/default/accept_source_route", "1" },
	{ "net/ipv4/conf/all/send_redirects", "0" },
	{ "net/ipv4/conf/default/send_redirects", "0" },
	{ "net/ipv4/icmp_ratemask", "0" },
	{ "net/ipv4/icmp_ratelimit", "0" },
	{ "net/ipv6/conf/all/forwarding", "1" },
	{ "net/ipv6/conf/default/forwarding", "1" },
	{ "net/ipv6/conf/default/accept_dad", "0" },
	{ "net/ipv6/conf/default/addr_gen_mode", "1" },
	{ "net/ipv6/conf/default/router_solicitations", "0" },
	{ "net/ipv6/icmp/ratelimit", "0" },
};

bool rig_run(const char *fmt, ...)
{
	char cmd[4096];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(cmd, sizeof(cmd), fmt, ap);
	va_end(ap);
	if (!system(cmd))
		return true;
	printf("# failed: %s\n", cmd);
	return false;
}

static const char *program_path(void)
{
	static char path[512];
	const char *build = getenv("SIIT_BUILD");

	if (*path)
		return path;
	if (build)
		snprintf(path, sizeof(path), "%s/siitctl", build);
	if (!build || access(path, X_OK))
		strcpy(path, "siitctl");
	return path;
}

static bool ip_batch(int family, const char *commands)
{
	char *const ip4[] = { "ip", "-batch", "-", NULL };
	char *const ip6[] = { "ip", "-6", "-batch", "-", NULL };

	return feed(family == 4 ? ip4 : ip6, commands);
}

static bool siitctl_batch(const char *commands)
{
	char *const argv[] = { (char *)program_path(), "-b", "/dev/stdin",
			       NULL };

	return feed(argv, commands);
}

/* Append commands for siitctl, with "dev NAME" for every "$D". */
static void append(char *text, size_t size, const char *name,
		   const char *commands)
{
	size_t n = strlen(text);

	for (; *commands && n < size - IFNAMSIZ - 5; commands++) {
		if (!strncmp(commands, "$D", 2)) {
			n += sprintf(text + n, "dev %s", name);
			commands++;
		} else {
			text[n++] = *commands;
		}
	}
	text[n] = 0;
}

/*
 * The commands that make a node of every IPv4 address, and a packet to it one
 * that the hook of a border relay claims. They do not change how an address is
 * mapped: each plain prefix becomes a translatable one, too.
 */
static void claims46(const struct config *cfg, char *text, size_t size)
{
	const char *line = cfg->lines ?: "";
	size_t n = 0;

	*text = 0;
	/* With a second translator in it, the table says which are nodes. */
	if (!strstr(cfg->dev ?: "", "role br") || strstr(line, "dev add"))
		return;
	while ((line = strstr(line, "pool6 add ")) && n < size - 100) {
		char prefix[50];

		if (sscanf(line, "pool6 add %49s $D", prefix) == 1 &&
		    line[strlen("pool6 add  ") + strlen(prefix)] == '$')
			n += sprintf(text + n,
				     "pool6 add %s translatable 0.0.0.0/0 $D\n",
				     prefix);
		line++;
	}
}

static bool make_translators(const struct config *cfg, enum entry way)
{
	const char *dev = cfg->dev ?: "", *lines = cfg->lines ?: "";
	char text[4096], nodes[1024] = "";

	snprintf(text, sizeof(text), "dev add siit0 %s\n", dev);
	append(text, sizeof(text), "siit0", lines);
	has_siit4 = false;
	if (way == BY_HOOK) {
		claims46(cfg, nodes, sizeof(nodes));
		has_siit4 = *nodes;
		append(text, sizeof(text), "siit0", "hook add tap6 $D\n");
	}
	if (has_siit4) {
		append(text, sizeof(text), "", "dev add siit4 ");
		append(text, sizeof(text), "siit4", dev);
		append(text, sizeof(text), "siit4", "\n");
		append(text, sizeof(text), "siit4", lines);
		append(text, sizeof(text), "siit4", nodes);
	}
	if (way == BY_HOOK)
		append(text, sizeof(text), has_siit4 ? "siit4" : "siit0",
		       "hook add tap4 $D\n");
	return siitctl_batch(text);
}

static bool sysctl_set(const char *name, const char *value)
{
	char path[256];
	int fd, n;

	snprintf(path, sizeof(path), "/proc/sys/%s", name);
	fd = open(path, O_WRONLY);
	if (fd < 0)
		return false;
	n = write(fd, value, strlen(value));
	close(fd);
	return n > 0;
}

static int tap_open(const char *name)
{
	struct ifreq ifr = {
		.ifr_flags = IFF_TAP | IFF_NO_PI | IFF_VNET_HDR,
	};
	int fd = open("/dev/net/tun", O_RDWR | O_NONBLOCK);

	if (fd < 0) {
		printf("# /dev/net/tun: %s\n", strerror(errno));
		return -1;
	}
	strcpy(ifr.ifr_name, name);
	if (ioctl(fd, TUNSETIFF, &ifr) ||
	    ioctl(fd, TUNSETOFFLOAD, TUN_F_CSUM | TUN_F_TSO4 | TUN_F_TSO6 |
		  TUN_F_TSO_ECN)) {
		printf("# %s: %s\n", name, strerror(errno));
		close(fd);
		return -1;
	}
	ifr.ifr_hwaddr.sa_family = ARPHRD_ETHER;
	memcpy(ifr.ifr_hwaddr.sa_data, (uint8_t[ETH_ALEN])MAC, ETH_ALEN);
	if (ioctl(fd, SIOCSIFHWADDR, &ifr)) {
		printf("# address of %s: %s\n", name, strerror(errno));
		close(fd);
		return -1;
	}
	has_uso = !ioctl(fd, TUNSETOFFLOAD, TUN_F_CSUM | TUN_F_TSO4 |
			 TUN_F_TSO6 | TUN_F_TSO_ECN | TUN_F_USO4 | TUN_F_USO6);
	return fd;
}

bool rig_open(void)
{
	size_t i;

	if (access("/dev/net/tun", F_OK))
		rig_run("modprobe tun");
	/* These two are global on older kernels. */
	sysctl_set("net/ipv4/icmp_msgs_per_sec", "1000000");
	sysctl_set("net/ipv4/icmp_msgs_burst", "1000000");
	if (unshare(CLONE_NEWNET)) {
		printf("# unshare: %s\n", strerror(errno));
		return false;
	}
	sysctl_set("net/ipv4/icmp_msgs_per_sec", "1000000");
	sysctl_set("net/ipv4/icmp_msgs_burst", "1000000");
	/* Empties the mask: no ICMPv6 type is limited. */
	sysctl_set("net/ipv6/icmp/ratemask", "255");
	for (i = 0; i < sizeof(sysctls) / sizeof(*sysctls); i++) {
		if (!sysctl_set(sysctls[i][0], sysctls[i][1])) {
			printf("# cannot set %s\n", sysctls[i][0]);
			return false;
		}
	}
	tap[SIDE4] = tap_open("tap4");
	tap[SIDE6] = tap_open("tap6");
	if (tap[SIDE4] < 0 || tap[SIDE6] < 0)
		return false;
	injector = socket(AF_PACKET, SOCK_DGRAM, 0);
	return injector >= 0 && ip_batch(4, setup) && ip_batch(6, setup6);
}

bool rig_siitctl(const char *args, bool quiet)
{
	char cmd[1024];

	snprintf(cmd, sizeof(cmd), "%s %s%s", program_path(), args,
		 quiet ? " 2>/dev/null" : "");
	return !system(cmd);
}

bool rig_has_uso(void)
{
	return has_uso;
}

bool rig_config(const struct config *cfg, enum entry way)
{
	static const struct config *before;
	int mtu = cfg->mtu_siit ?: MTU_SIIT_MAX;

	if (cfg == current && way == attached)
		return true;
	current = NULL;
	if (before && before->undo && !ip_batch(4, before->undo))
		return false;
	before = cfg;
	attached = way;
	if (!link_del("siit1") || !link_del("siit4") || !link_del("siit0") ||
	    !make_translators(cfg, way) ||
	    !link_up("tap4", cfg->mtu4 ?: 1500) ||
	    !link_up("tap6", cfg->mtu6 ?: 1500) ||
	    !link_up("siit0", mtu) ||
	    (has_siit4 && !link_up("siit4", mtu)) ||
	    (way == BY_DEVICE && (!link_route(AF_INET, "siit0", 100) ||
				   !link_route(AF_INET6, "siit0", 100))) ||
	    (cfg->ip && !ip_batch(4, cfg->ip)))
		return false;
	current = cfg;
	return true;
}

const char *rig_device(int family)
{
	return family == 4 && has_siit4 ? "siit4" : "siit0";
}

bool rig_sniff(bool on)
{
	struct sockaddr_ll ll = {
		.sll_family = AF_PACKET,
		.sll_protocol = htons(ETH_P_ALL),
	};

	if (!on) {
		if (sniffer >= 0)
			close(sniffer);
		sniffer = -1;
		return true;
	}
	if (sniffer >= 0)
		return true;
	sniffer = socket(AF_PACKET, SOCK_RAW, 0);
	return sniffer >= 0 &&
	       !bind(sniffer, (struct sockaddr *)&ll, sizeof(ll));
}

/* Leave the sum of the pseudo-header, as a sender with offload does. */
static void make_partial(uint8_t *p, size_t len, const struct offload *o)
{
	int family = p[0] >> 4, proto = o->csum_offset == 16 ? 6 : 17;
	const uint8_t *src = p + (family == 4 ? 12 : 8);
	size_t l4_len = len - o->csum_start;
	uint16_t sum;

	sum = l4_sum(family, src, src + (family == 4 ? 4 : 16), proto, p, 0);
	sum = sum16(p, 0, (uint32_t)sum + (l4_len >> 16) + (l4_len & 0xffff));
	p[o->csum_start + o->csum_offset] = sum >> 8;
	p[o->csum_start + o->csum_offset + 1] = sum;
}

void rig_broadcast(bool on)
{
	broadcast = on;
}

void rig_forward(const struct packet *p, const struct offload *o)
{
	static uint8_t frame[FRAME_HEAD + PACKET_MAX];
	struct ethhdr eth = {
		.h_dest = MAC,
		.h_source = { 2, 0, 0, 0, 0, 2 },
		.h_proto = htons(p->family == 4 ? ETH_P_IP : ETH_P_IPV6),
	};
	struct virtio_net_hdr vh = { 0 };
	ssize_t len = FRAME_HEAD + p->len;

	if (o) {
		vh.gso_type = o->gso_type;
		vh.gso_size = o->gso_size;
		vh.hdr_len = o->hdr_len ? ETH_HLEN + o->hdr_len : 0;
		if (o->partial)
			vh.flags = VIRTIO_NET_HDR_F_NEEDS_CSUM;
		vh.csum_start = ETH_HLEN + o->csum_start;
		vh.csum_offset = o->csum_offset;
	}
	if (broadcast)
		memset(eth.h_dest, 0xff, ETH_ALEN);
	memcpy(frame, &vh, sizeof(vh));
	memcpy(frame + sizeof(vh), &eth, ETH_HLEN);
	memcpy(frame + FRAME_HEAD, p->data, p->len);
	if (o && o->partial)
		make_partial(frame + FRAME_HEAD, p->len, o);
	if (write(tap[p->family == 4 ? SIDE4 : SIDE6], frame, len) != len)
		printf("# write to tap%d: %s\n", p->family, strerror(errno));
}

void rig_inject(const struct packet *p)
{
	struct sockaddr_ll ll = {
		.sll_family = AF_PACKET,
		.sll_protocol = htons(p->family == 4 ? ETH_P_IP : ETH_P_IPV6),
		.sll_ifindex = if_nametoindex("siit0"),
	};

	if (attached == BY_HOOK) {
		rig_forward(p, NULL);
		return;
	}
	if (sendto(injector, p->data, p->len, 0, (struct sockaddr *)&ll,
		   sizeof(ll)) != (ssize_t)p->len)
		printf("# sendto siit0: %s\n", strerror(errno));
}

/* Do what a NIC does with CHECKSUM_PARTIAL. */
static void complete(struct packet *p, const struct offload *o)
{
	size_t at = o->csum_start + o->csum_offset;
	uint16_t sum;

	if (at + 2 > p->len)
		return;
	sum = ~sum16(p->data + o->csum_start, p->len - o->csum_start, 0);
	if (!sum && o->csum_offset == 6)
		sum = 0xffff;
	p->data[at] = sum >> 8;
	p->data[at + 1] = sum;
}

/* Reports and solicitations of the box itself */
static bool is_noise(const struct packet *p)
{
	return p->len >= 40 && p->data[0] >> 4 == 6 && p->data[24] == 0xff;
}

bool rig_receive(enum side side, struct packet *p, struct offload *o,
		 int timeout)
{
	static uint8_t frame[FRAME_HEAD + PACKET_MAX];
	struct pollfd pfd = { .fd = tap[side], .events = POLLIN };
	struct offload none;
	struct virtio_net_hdr vh;
	ssize_t len;

	for (;;) {
		if (poll(&pfd, 1, timeout) < 1)
			return false;
		len = read(tap[side], frame, sizeof(frame));
		if (len < (ssize_t)FRAME_HEAD)
			return false;
		memcpy(&vh, frame, sizeof(vh));
		p->len = len - FRAME_HEAD;
		p->family = side == SIDE4 ? 4 : 6;
		memcpy(p->data, frame + FRAME_HEAD, p->len);
		if (!is_noise(p))
			break;
	}
	if (!o)
		o = &none;
	o->gso_type = vh.gso_type & ~VIRTIO_NET_HDR_GSO_ECN;
	o->gso_size = vh.gso_size;
	o->partial = vh.flags & VIRTIO_NET_HDR_F_NEEDS_CSUM;
	o->csum_start = vh.csum_start - ETH_HLEN;
	o->csum_offset = vh.csum_offset;
	if (o->partial)
		complete(p, o);
	return true;
}

int rig_drain(void)
{
	static struct packet p;
	static uint8_t frame[2048];
	enum side s;
	int n = 0;

	for (s = SIDE4; s < SIDES; s++)
		while (rig_receive(s, &p, NULL, 0)) {
			packet_print("stray packet", &p);
			n++;
		}
	while (sniffer >= 0 &&
	       recv(sniffer, frame, sizeof(frame), MSG_DONTWAIT) > 0)
		;
	return n;
}

// SPDX-License-Identifier: GPL-2.0
/*
 * What ethtool shows of a siit device.
 */
#include <linux/ethtool.h>
#include <linux/netdevice.h>

#include "device.h"

static const char * const counters[] = {
	"packets46", "bytes46", "packets64", "bytes64",
	"rx_packets", "rx_bytes",
};

#define COUNTERS	ARRAY_SIZE(counters)
#define DROPS		(SIIT_REASON_COUNT - 1)

static void get_drvinfo(struct net_device *dev, struct ethtool_drvinfo *info)
{
	strscpy(info->driver, SIIT_LINK_KIND, sizeof(info->driver));
	strscpy(info->version, SIIT_VERSION, sizeof(info->version));
}

static int get_sset_count(struct net_device *dev, int set)
{
	return set == ETH_SS_STATS ? COUNTERS + DROPS : -EOPNOTSUPP;
}

static void get_strings(struct net_device *dev, u32 set, u8 *data)
{
	unsigned int i;

	if (set != ETH_SS_STATS)
		return;
	for (i = 0; i < COUNTERS; i++, data += ETH_GSTRING_LEN)
		strscpy(data, counters[i], ETH_GSTRING_LEN);
	for (i = SIIT_OK + 1; i < SIIT_REASON_COUNT; i++, data += ETH_GSTRING_LEN)
		strscpy(data, siit_reason_name(i), ETH_GSTRING_LEN);
}

static void get_ethtool_stats(struct net_device *dev,
			      struct ethtool_stats *stats, u64 *data)
{
	const struct siit_dev *priv = netdev_priv(dev);
	struct siit_totals sum;
	unsigned int i;

	siit_stats_sum(priv->stats, &sum);
	*data++ = sum.packets[SIIT_46];
	*data++ = sum.bytes[SIIT_46];
	*data++ = sum.packets[SIIT_64];
	*data++ = sum.bytes[SIIT_64];
	*data++ = sum.rx_packets;
	*data++ = sum.rx_bytes;
	for (i = SIIT_OK + 1; i < SIIT_REASON_COUNT; i++)
		*data++ = sum.drops[i];
}

const struct ethtool_ops siit_ethtool_ops = {
	.get_drvinfo		= get_drvinfo,
	.get_link		= ethtool_op_get_link,
	.get_sset_count		= get_sset_count,
	.get_strings		= get_strings,
	.get_ethtool_stats	= get_ethtool_stats,
};

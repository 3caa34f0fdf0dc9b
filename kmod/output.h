/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _SIIT_OUTPUT_H
#define _SIIT_OUTPUT_H

#include <linux/types.h>

struct net_device;
struct sk_buff;

bool siit_is_local(const struct sk_buff *skb);
void siit_cross(struct sk_buff *skb, struct net_device *dev);
int siit_receive(struct sk_buff *skb, struct net_device *dev);
int siit_output(struct sk_buff *skb, struct net_device *dev);

#endif /* _SIIT_OUTPUT_H */

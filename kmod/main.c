// SPDX-License-Identifier: GPL-2.0
/*
 * siit.ko: stateless IPv4/IPv6 translation (RFC 7915).
 */
#include <linux/module.h>
#include <net/rtnetlink.h>

#include "device.h"
#include "hook.h"
#include "nexthop.h"

static int __init siit_module_init(void)
{
	int err;

	err = siit_nexthop_init();
	if (err)
		return err;
	err = siit_hook_init();
	if (err)
		goto err_nexthop;
	err = siit_txn_init();
	if (err)
		goto err_hook;
	err = siit_netlink_init();
	if (err)
		goto err_txn;
	err = rtnl_link_register(&siit_link_ops);
	if (err)
		goto err_netlink;
	return 0;

err_netlink:
	siit_netlink_exit();
err_txn:
	siit_txn_exit();
err_hook:
	siit_hook_exit();
err_nexthop:
	siit_nexthop_exit();
	return err;
}

static void __exit siit_module_exit(void)
{
	siit_netlink_exit();
	siit_txn_exit();
	rtnl_link_unregister(&siit_link_ops);
	siit_hook_exit();
	siit_nexthop_exit();
	rcu_barrier();
}

module_init(siit_module_init);
module_exit(siit_module_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Stateless IPv4/IPv6 translator (RFC 7915)");
MODULE_VERSION(SIIT_VERSION);
MODULE_ALIAS_RTNL_LINK(SIIT_LINK_KIND);

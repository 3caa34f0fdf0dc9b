#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""What devices have counted when they go, a line each on stdout:

    NAME TX_PACKETS TX_DROPPED RX_PACKETS

The kernel's last word about a device has its counters in it, and comes when no
packet is in the device any more. Of all that the kernel says about links only
that is let through, so that none of it is lost.
"""
import ctypes
import socket
import struct

RTM_DELLINK = 17
RTMGRP_LINK = 1
IFLA_IFNAME, IFLA_STATS64 = 3, 23
RX_PACKETS, TX_PACKETS, TX_DROPPED = 0, 1, 7
SO_ATTACH_FILTER, SO_RCVBUFFORCE = 26, 33
AF_BRIDGE = 7

# The filter sees the type of the message in network order; family comes later.
BPF = [(0x28, 0, 0, 4),				# ldh [4]
       (0x15, 0, 1, RTM_DELLINK << 8),		# jeq
       (0x06, 0, 0, 0xffffffff),		# ret all
       (0x06, 0, 0, 0)]				# ret none


def attributes(data):
    """Attributes of a message as a dictionary."""
    found = {}
    while len(data) >= 4:
        length, kind = struct.unpack_from("=HH", data)
        if length < 4:
            break
        found[kind] = data[4:length]
        data = data[(length + 3) & ~3:]
    return found


def enter(sock):
    """Print what is told until the end of time."""
    while True:
        data = sock.recv(1 << 17)
        if data[16] == AF_BRIDGE:	# a port, not a device
            continue
        attrs = attributes(data[32:struct.unpack_from("=I", data)[0]])
        name = attrs[IFLA_IFNAME].rstrip(b"\0").decode()
        stats = struct.unpack_from("=8Q", attrs[IFLA_STATS64])
        print(name, stats[TX_PACKETS], stats[TX_DROPPED], stats[RX_PACKETS],
              flush=True)


def main():
    """Listen in the namespace that this runs in."""
    code = b"".join(struct.pack("=HBBI", *op) for op in BPF)
    code = ctypes.create_string_buffer(code)
    program = struct.pack("HL", len(BPF), ctypes.addressof(code))
    sock = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0)
    sock.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, 1 << 24)
    sock.setsockopt(socket.SOL_SOCKET, SO_ATTACH_FILTER, program)
    sock.bind((0, RTMGRP_LINK))
    print("listening", flush=True)
    enter(sock)


main()

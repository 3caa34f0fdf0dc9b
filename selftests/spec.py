#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Compare the netlink specification with the uapi header and the kernel's tables.

  spec.py SPEC HEADER FAMILY.c

Everything in one must be in the other: names, values, the types that the header
tells in its comments, the limits of the kernel's policies, and what each
command takes. Prints what differs; exit status 1 if anything does.
"""

import re
import sys

import yaml

# What the header calls a type, and what the specification does.
TYPES = {
    "u8": ("u8", {}),
    "u16": ("u16", {}),
    "u32": ("u32", {}),
    "u64": ("u64", {}),
    "string": ("string", {}),
    "flag": ("flag", {}),
    "nest": ("nest", {}),
    "struct in_addr": ("binary", {"exact-len": 4}),
    "struct in6_addr": ("binary", {"exact-len": 16}),
}
SIZES = {"in_addr": 4, "in6_addr": 16}
# Named in the head of the specification, not among its definitions.
IN_HEAD = {"SIIT_GENL_NAME", "SIIT_GENL_VERSION", "SIIT_MCGRP_MONITOR"}
KERNEL = {"INT_MAX": 2**31 - 1, "U32_MAX": 2**32 - 1, "IFNAMSIZ": 16}

faults = []


def fault(text):
    faults.append(text)


def constant(prefix, name):
    return (prefix + str(name)).upper().replace("-", "_")


class Header:
    """The enums and defines of the uapi header."""

    def __init__(self, text):
        self.value = {}
        self.define = {}
        self.enum = {}
        self.type = {}
        for name, word in re.findall(r"^#define (SIIT_\w+)[ \t]+(\S+)", text, re.M):
            self.define[name] = word
            if re.fullmatch(r"(0x[0-9a-fA-F]+|[0-9]+)U?", word):
                self.value[name] = int(word.rstrip("U"), 0)
        for name, body in re.findall(r"^enum (\w+) \{\n(.*?)^\};", text, re.M | re.S):
            self.enum[name] = self.members(body)

    def members(self, body):
        names, at = [], 0
        for name, value, comment in re.findall(
            r"^\t(\w+)(?: = ([^,\n]+))?,?[ \t]*(?:/\*(.*?)\*/)?[ \t]*$", body, re.M | re.S
        ):
            if value:
                continue
            self.value[name] = at
            at += 1
            if name.startswith("__"):
                self.value[name[2:]] = self.value[name] - 1
                continue
            names.append(name)
            word = re.match(r"\s*(struct \w+|\w+)", comment or "")
            self.type[name] = word.group(1) if word else None
        return names

    def number(self, word):
        word = str(word).strip()
        less = re.fullmatch(r"(\w+) - (\d+)", word)
        if less:
            return self.number(less.group(1)) - int(less.group(2))
        if word in self.value:
            return self.value[word]
        if word in KERNEL:
            return KERNEL[word]
        size = re.fullmatch(r"sizeof\(struct (\w+)\)", word)
        return SIZES[size.group(1)] if size else int(word, 0)


class Kernel:
    """The policies and the table of commands of the family."""

    def __init__(self, text, header):
        self.header = header
        self.macro = dict(re.findall(r"^#define (POLICY_\w+)\s+(NLA_.*)$", text, re.M))
        self.range = {}
        for name, low, high in re.findall(
            r"^static struct netlink_range_validation (\w+) = \{\s*"
            r"\.min = (\w+),\s*\.max = (\w+),", text, re.M
        ):
            self.range[name] = {"min": header.number(low), "max": header.number(high)}
        self.policy = {}
        for name, body in re.findall(
            r"^static const struct nla_policy (\w+)_policy\[.*?\] = \{\n(.*?)^\};",
            text, re.M | re.S
        ):
            self.policy[name] = {
                attr: self.rule(" ".join(rule.split()))
                for attr, rule in re.findall(
                    r"\[(SIIT_\w+)\]\s*=\s*(.*?),\n(?=\t\[|\Z)", body, re.S
                )
            }
        self.command = {}
        table = re.search(r"genl_ops siit_nl_ops\[\] = \{\n(.*?)^\};", text, re.M | re.S)
        for entry in re.findall(
            r"^\t(CHANGE\(.*?\)|DUMP\(.*?\)|\{\n.*?^\t\}),$", table.group(1), re.M | re.S
        ):
            self.add(" ".join(entry.split()))

    def rule(self, rule):
        """Return: type and limits of one entry of a policy."""
        rule = self.macro.get(rule, rule)
        plain = re.fullmatch(r"\{ \.type = NLA_(\w+)(?:, \.len = ([^,]+))?,? \}", rule)
        if plain:
            kind = plain.group(1).lower().replace("nul_string", "string")
            length = plain.group(2)
            return kind, {"max-len": self.header.number(length)} if length else {}
        word = re.fullmatch(r"NLA_POLICY_(\w+)\((.*)\)", rule)
        kind, args = word.group(1), [a.strip() for a in word.group(2).split(",")]
        if kind == "EXACT_LEN":
            return "binary", {"exact-len": self.header.number(args[0])}
        if kind == "NESTED":
            return "nest", {}
        base = args[0].replace("NLA_", "").lower()
        if kind == "FULL_RANGE":
            return base, self.limits(base, self.range[args[1].lstrip("&")])
        if kind == "RANGE":
            return base, {
                "min": self.header.number(args[1]), "max": self.header.number(args[2])
            }
        if kind in ("MAX", "MIN"):
            return base, {kind.lower(): self.header.number(args[1])}
        raise ValueError(f"policy not understood: {rule}")

    @staticmethod
    def limits(base, checks):
        """What the type itself does not say."""
        top = 2 ** int(base[1:]) - 1
        return {k: v for k, v in checks.items() if (k, v) not in (("min", 0), ("max", top))}

    def takes(self, policy, last):
        """Return: the attributes that a command takes, by their number too."""
        last = self.header.number(last.replace("SIIT_NL_IFINDEX", "1"))
        return {n for n in self.policy[policy]
                if n == "SIIT_NL_IFINDEX" or self.header.value[n] <= last}

    def add(self, entry):
        change = re.match(r"CHANGE\((\w+), (\w+), (\w+),", entry)
        dump = re.match(r"DUMP\((\w+),", entry)
        if change:
            name, policy, last = change.groups()
            self.command["SIIT_CMD_" + name] = (self.takes(policy, last), {"do"}, True)
        elif dump:
            takes = self.takes("device", "1")
            self.command["SIIT_CMD_" + dump.group(1)] = (takes, {"dump"}, False)
        else:
            name = re.search(r"\.cmd = (\w+)", entry).group(1)
            policy, last = re.search(r"POLICY\((\w+), (\w+)\)", entry).groups()
            modes = {m for m in ("do", "dump") if f".{m}it = " in entry}
            self.command[name] = (
                self.takes(policy, last), modes, "GENL_UNS_ADMIN_PERM" in entry
            )


def same_list(what, spec, header):
    for name in header:
        if name not in spec:
            fault(f"{what}: {name} is in the header alone")
    for name in spec:
        if name not in header:
            fault(f"{what}: {name} is in the specification alone")
    if set(spec) == set(header) and spec != header:
        fault(f"{what}: not in the same order")


class Spec:
    def __init__(self, tree, header, kernel):
        self.tree, self.header, self.kernel = tree, header, kernel
        self.consts = {}
        self.enums = {}
        self.attrs = {}
        self.met = set()

    def check(self):
        self.check_head()
        self.check_definitions()
        for space in self.tree["attribute-sets"]:
            self.check_space(space)
        self.check_policies()
        self.check_commands()
        for name in sorted(set(self.header.enum) - self.met):
            fault(f"enum {name} is in the header alone")

    def check_head(self):
        define = self.header.define
        for key, name, value in (
            ("name", "SIIT_GENL_NAME", f'"{self.tree["name"]}"'),
            ("version", "SIIT_GENL_VERSION", str(self.tree["version"])),
            ("mcast-groups", "SIIT_MCGRP_MONITOR",
             f'"{self.tree["mcast-groups"]["list"][0]["name"]}"'),
        ):
            if define[name] != value:
                fault(f"{key}: {value}, but {name} is {define[name]}")

    def check_definitions(self):
        for item in self.tree["definitions"]:
            if item["type"] == "const":
                name = constant("siit-", item["name"])
                self.consts[item["name"]] = item["value"]
                if self.header.value.get(name) != item["value"]:
                    fault(f"{name}: {item['value']}, not as in the header")
                continue
            self.enums[item["name"]] = len(item["entries"]) - 1
            self.check_names(item, [constant(item["name-prefix"], e["name"])
                                    for e in item["entries"]])
        there = {constant("siit-", name) for name in self.consts} | IN_HEAD
        for name in self.header.define:
            if not name.startswith("_") and name not in there:
                fault(f"{name} is in the header alone")

    def check_names(self, item, names):
        enum = item["enum-name"].replace("-", "_")
        self.met.add(enum)
        header = [n for n in self.header.enum.get(enum, []) if not n.endswith("_UNSPEC")]
        same_list(f"enum {enum}", names, header)

    def check_space(self, space):
        names = []
        for attr in space["attributes"]:
            name = constant(space["name-prefix"], attr["name"])
            names.append(name)
            self.attrs[name] = attr
            if attr["type"] == "pad":
                continue
            word = self.header.type.get(name)
            if word not in TYPES:
                fault(f"{name}: the header does not tell its type")
            elif not self.type_is(attr, *TYPES[word]):
                fault(f"{name}: {attr['type']}, but the header has {word}")
        self.check_names(space, names)

    def checks(self, attr):
        checks = {k: self.consts.get(v, v) for k, v in attr.get("checks", {}).items()}
        if "enum" in attr:
            checks["max"] = self.enums[attr["enum"]]
        return checks

    def type_is(self, attr, kind, checks):
        ours = self.checks(attr)
        return attr["type"] == kind and all(ours.get(k) == v for k, v in checks.items())

    def check_policies(self):
        for policy in self.kernel.policy.values():
            for name, (kind, checks) in policy.items():
                attr = self.attrs.get(name)
                # What all sets have in common, and what has been said already.
                if name == "SIIT_NL_IFINDEX" or not attr:
                    continue
                if attr["type"] != kind or self.checks(attr) != checks:
                    fault(f"{name}: {attr['type']} {self.checks(attr)}, "
                          f"but the kernel checks {kind} {checks}")

    def names(self, takes, space):
        prefix = next(constant(s["name-prefix"], "") for s in self.tree["attribute-sets"]
                      if s["name"] == space)
        names = {n.replace("SIIT_NL_", prefix) for n in takes}
        return {a["name"] for n, a in self.attrs.items()
                if n in names and n.startswith(prefix)}

    def check_commands(self):
        ops = self.tree["operations"]
        self.check_names(ops, [constant(ops["name-prefix"], o["name"]) for o in ops["list"]])
        for op in ops["list"]:
            name = constant(ops["name-prefix"], op["name"])
            if "event" in op:
                continue
            if name not in self.kernel.command:
                fault(f"{name}: the kernel has no such command")
                continue
            takes, modes, admin = self.kernel.command.pop(name)
            if modes != {m for m in ("do", "dump") if m in op}:
                fault(f"{name}: the kernel has {' and '.join(sorted(modes))}")
            if admin != ("uns-admin-perm" in op.get("flags", [])):
                fault(f"{name}: who may do it differs from the kernel")
            for mode in modes & set(op):
                names = self.names(takes, op["attribute-set"])
                says = set(op[mode]["request"]["attributes"])
                if names != says:
                    fault(f"{name}: the kernel differs in: "
                          f"{' '.join(sorted(names ^ says))}")
        for name in self.kernel.command:
            fault(f"{name} is in the kernel alone")


def read(path):
    with open(path, encoding="utf-8") as stream:
        return stream.read()


def main():
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    header = Header(read(sys.argv[2]))
    kernel = Kernel(read(sys.argv[3]), header)
    # Debian has the fast one.
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    Spec(yaml.load(read(sys.argv[1]), loader), header, kernel).check()
    for text in faults:
        print(text)
    sys.exit(bool(faults))


main()

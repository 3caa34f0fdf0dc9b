# SPDX-License-Identifier: GPL-2.0
#
# make                 siit.ko for the running kernel (or KDIR=) and siitctl
# make module|siitctl  one of them
# make demo            three scenes, shown and checked, in a virtual machine
# make check           the test suite on Debian's newest 6.1 and 6.12 kernels
#                      TESTS='t_ctl t_life*' selects some; KERNEL=6.12 one kernel
# make coverage        which test proves which requirement
# make check-debug     the suite in a kernel with KASAN, lockdep and kmemleak
# make check-dkms      dkms and make install, from nothing to nothing
# make fuzz            packets of every kind in that kernel; T=60 seconds, SEED=n
# make fuzz-ctl        requests and command lines, good and bad; N=100000, L=3000
# make churn           everything changes under load; T=60 seconds, KERNEL=debug|...
# make bench           instructions per packet; FULL=1 in all sizes, and TCP
# make lint            W=1, sparse, checkpatch, shellcheck, man pages, siit.yaml
# make vm              a shell in a virtual machine; CMD='...' runs a command
# make deps            installs by apt-get what these need (the others do it too)
# make install         the module by dkms, siitctl, man pages, completion, siit.service
# make uninstall clean
#
# KERNEL=6.1|6.12|RELEASE chooses the kernel of demo, churn and vm; NATIVE=1 makes demo
# and check use the running kernel instead of a machine. O=DIR builds there.

KVER ?= $(shell uname -r)
KDIR ?= /lib/modules/$(KVER)/build
O ?= .
KERNEL ?=
TESTS ?=
CMD ?=
DEMO_LOGS ?= /tmp/siit-demo
PREFIX ?= /usr/local
DESTDIR ?=

VERSION := $(shell sed -n 's/^PACKAGE_VERSION="\(.*\)"$$/\1/p' dkms.conf)
OUT := $(abspath $(O))
VM := selftests/vm
DKMS_SRC := /usr/src/siit-$(VERSION)
TO = $(DESTDIR)$(PREFIX)

export KERNEL TESTS CMD NATIVE T N L SEED EPOCH DEMO_LOGS

all: module siitctl

help:
	@sed -n '3,22s/^# \?//p' Makefile

# Another build directory gets links to the sources, so that kbuild works there
# and any number of kernels can be built at a time.
sources:
ifneq ($(OUT),$(CURDIR))
	@mkdir -p $(OUT)/kmod
	@find $(OUT)/kmod -xtype l -delete
	@ln -sfn $(CURDIR)/Kbuild $(CURDIR)/dkms.conf $(CURDIR)/include $(OUT)/
	@ln -sf $(CURDIR)/kmod/*.[ch] $(OUT)/kmod/
endif

module: sources
	@test -e $(KDIR)/Makefile || { \
		echo "no kernel headers in $(KDIR)"; \
		echo "install them (apt-get install linux-headers-$$(uname -r)), or name" \
			"others with KDIR=, or build only 'make siitctl'"; \
		exit 1; } >&2
	$(MAKE) -C $(KDIR) O= M=$(OUT) modules

# siitctl

CFLAGS ?= -O2 -g
TOOL_CFLAGS := -std=gnu11 -Wall -Wextra -Iinclude/uapi -D_GNU_SOURCE \
	-DSIIT_VERSION=\"$(VERSION)\"
TOOL_OBJS := $(patsubst %.c,$(OUT)/%.o,$(sort $(wildcard tools/*.c)))
NL := libnl-3.0 libnl-genl-3.0

siitctl: $(OUT)/siitctl

$(OUT)/siitctl: $(TOOL_OBJS)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $$(pkg-config --libs $(NL))

$(OUT)/tools/%.o: tools/%.c Makefile dkms.conf | libnl
	@mkdir -p $(@D)
	$(CC) $(TOOL_CFLAGS) $(CFLAGS) $$(pkg-config --cflags $(NL)) -MMD -MP -c -o $@ $<

-include $(TOOL_OBJS:.o=.d)

libnl:
	@pkg-config --exists $(NL) || { \
		echo "siitctl needs libnl: apt-get install pkg-config libnl-3-dev" \
			"libnl-genl-3-dev" >&2; \
		exit 1; }

# tests

demo:
	@$(VM)/deps.sh test
	@mkdir -p $(DEMO_LOGS)
	@SIIT_PASS=DEMO_LOGS $(VM)/tree.sh -t 1200 -s $(abspath $(DEMO_LOGS)) -- selftests/demo.sh

check:
	@$(VM)/deps.sh test
	@$(VM)/check.sh

check-debug:
	@$(VM)/deps.sh test debug
	@KERNEL=debug $(VM)/check.sh

check-dkms:
	@$(VM)/deps.sh test dkms
	@selftests/dkms.sh $(KERNEL)

fuzz:
	@$(VM)/deps.sh test debug
	@selftests/fuzz/run.sh

fuzz-ctl:
	@$(VM)/deps.sh test debug
	@selftests/fuzz/control/run.sh

churn:
	@$(VM)/deps.sh test $(filter debug,$(KERNEL))
	@KERNEL=$${KERNEL:-6.1} TESTS=churn $(VM)/check.sh

coverage:
	@$(VM)/deps.sh test
	@KSFT=$$($(VM)/ksft.sh selftests) selftests/coverage.sh

bench:
	@$(VM)/deps.sh test bench
	@selftests/bench/run.sh

lint:
	@$(VM)/deps.sh test lint
	@selftests/lint.sh $(KERNEL)

vm:
	@$(VM)/deps.sh test
	@if [ -n "$$CMD" ]; then $(VM)/tree.sh -- bash -c "$$CMD"; else $(VM)/tree.sh; fi

deps:
	@$(VM)/deps.sh build test lint bench

# installation

install: siitctl
	@command -v dkms >/dev/null || { \
		echo "the module is installed by dkms: apt-get install dkms" >&2; exit 1; }
	install -d $(DESTDIR)$(DKMS_SRC)
	rm -rf $(DESTDIR)$(DKMS_SRC)/*
	cp -r Kbuild dkms.conf COPYING kmod include $(DESTDIR)$(DKMS_SRC)/
	find $(DESTDIR)$(DKMS_SRC) -type f ! -name '*.[ch]' ! -name Kbuild \
		! -name dkms.conf ! -name COPYING ! -name '*.yaml' -delete
	install -D -m 755 $(OUT)/siitctl $(TO)/sbin/siitctl
	install -D -m 644 tools/siitctl.8 $(TO)/share/man/man8/siitctl.8
	install -D -m 644 tools/siit.4 $(TO)/share/man/man4/siit.4
	install -D -m 644 tools/siitctl.bash-completion \
		$(TO)/share/bash-completion/completions/siitctl
	install -D -m 644 include/uapi/linux/siit.h $(TO)/include/linux/siit.h
	install -d $(TO)/lib/systemd/system
	sed 's#/usr/local/#$(PREFIX)/#' tools/siit.service \
		>$(TO)/lib/systemd/system/siit.service
	chmod 644 $(TO)/lib/systemd/system/siit.service
ifeq ($(DESTDIR),)
	-test -z "$$(dkms status siit/$(VERSION))" || dkms remove siit/$(VERSION) --all
	env -u MAKEFLAGS -u MAKELEVEL dkms install siit/$(VERSION) -k $(KVER)
	-test ! -d /run/systemd/system || systemctl daemon-reload
endif

uninstall:
ifeq ($(DESTDIR),)
	-dkms remove siit/$(VERSION) --all
	-! command -v systemctl >/dev/null || systemctl --quiet disable siit.service
endif
	rm -rf $(DESTDIR)$(DKMS_SRC)
	rm -f $(TO)/sbin/siitctl $(TO)/share/man/man8/siitctl.8 \
		$(TO)/share/man/man4/siit.4 \
		$(TO)/share/bash-completion/completions/siitctl \
		$(TO)/include/linux/siit.h $(TO)/lib/systemd/system/siit.service
	@for dir in share/man/man4 share/man/man8 include/linux lib/systemd/system \
		lib/systemd share/bash-completion/completions share/bash-completion; do \
		rmdir --ignore-fail-on-non-empty $(TO)/$$dir 2>/dev/null || :; done

clean:
	rm -f $(OUT)/siitctl $(OUT)/tools/*.o $(OUT)/tools/*.d
	rm -f $(OUT)/kmod/*.o $(OUT)/kmod/.*.cmd $(OUT)/.*.cmd $(OUT)/siit.o $(OUT)/siit.ko \
		$(OUT)/siit.mod* $(OUT)/siit.mod.c $(OUT)/Module.symvers \
		$(OUT)/modules.order $(OUT)/.module-common.o
	rm -rf $(OUT)/.tmp_versions

.PHONY: all help sources module libnl siitctl demo check check-debug check-dkms fuzz \
	fuzz-ctl churn coverage lint bench vm deps install uninstall clean

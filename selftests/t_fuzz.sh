#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# TIMEOUT: 120
# ONCE
#
# The fuzzer of the control side (fuzz/control) for a moment, always the same:
# requests and command lines, right and wrong, with a model of what each does.

# shellcheck source=selftests/lib.sh
. "$(dirname "$0")/lib.sh"
isolate "$@"

ktap_print_header
ktap_set_plan 7
siit_load || ktap_exit_fail_msg 'the module does not load'
"$SIIT_BUILD/fuzz-ctl" -s 1 -n 600 -l 20

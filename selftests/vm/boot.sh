# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034
# What a release needs to boot, made once; sourced by vm.sh.

MODULES=(virtio_pci virtio_console 9pnet_virtio 9p overlay)

# newc NAME MODE [FILE]: one entry of an initramfs archive, on stdout
newc() {
	local name=$1 mode=$2 file=${3:-} size=0

	[ -z "$file" ] || size=$(stat -c %s "$file")
	printf '070701%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X' \
		0 "$mode" 0 0 1 0 "$size" 0 0 0 0 $((${#name} + 1)) 0
	printf '%s\0' "$name"
	head -c $(((4 - (110 + ${#name} + 1) % 4) % 4)) /dev/zero
	[ -n "$file" ] || return 0
	cat "$file"
	head -c $(((4 - size % 4) % 4)) /dev/zero
}

le32() { od -An -tu4 --endian=little -j "$2" -N 4 "$1" | tr -d ' '; }

# vmlinux BZIMAGE: the ELF kernel in it, on stdout. Entering that (PVH) spares an
# emulated machine the decompressor. The offsets are Documentation/arch/x86/boot.rst's.
vmlinux() {
	local sects start len

	sects=$(od -An -tu1 -j $((0x1f1)) -N 1 "$1" | tr -d ' ')
	start=$(((sects + 1) * 512 + $(le32 "$1" $((0x248)))))
	len=$(le32 "$1" $((0x24c)))
	tail -c +$((start + 1)) "$1" | head -c "$len" >"$2.z"
	case $(od -An -tx4 --endian=big -N 4 "$2.z" | tr -d ' ') in
	# the last four octets are the length, not the stream's
	fd377a58) head -c $((len - 4)) "$2.z" | xz -dc >"$2" ;;
	28b52ffd) head -c $((len - 4)) "$2.z" | zstd -dc >"$2" ;;
	1f8b*) gzip -dc <"$2.z" >"$2" ;;
	*) return 1 ;;
	esac
	rm "$2.z"
}

# boot_files KERNELDIR: sets initrd and vmlinux for it
boot_files() {
	local rel=${1##*/} dir sum tmp path name

	sum=$(cat "$VM_DIR/init.c" "$VM_DIR/boot.sh" | sha256sum | cut -c 1-12)
	dir=$SIIT_CACHE/boot/$rel-$sum
	initrd=$dir/initrd
	vmlinux=$dir/vmlinux
	if [ -e "$vmlinux" ]; then
		touch "$dir"
		return
	fi
	need gcc gcc modprobe kmod xz xz-utils zstd zstd
	lock "boot-$rel"
	if [ -e "$vmlinux" ]; then unlock; return; fi
	mkdir -p "$SIIT_CACHE/boot"
	# of another version of these files, and not in use
	find "$SIIT_CACHE/boot" -mindepth 1 -maxdepth 1 -mtime +2 -exec rm -rf {} +
	tmp=$(mktemp -d "$SIIT_CACHE/boot/.new.XXXXXX")
	chmod 755 "$tmp"
	gcc -O2 -Wall -static -s -o "$tmp/init" "$VM_DIR/init.c" ||
		die "cannot compile selftests/vm/init.c"
	for name in "${MODULES[@]}"; do
		modprobe -d "$1" -S "$rel" --show-depends "$name" |
			sed -n 's/^insmod \([^ ]*\).*/\1/p'
	done | awk '!seen[$0]++' >"$tmp/paths"
	{
		newc init $((0100755)) "$tmp/init"
		for name in dev proc sys host ovl root modules; do
			newc $name $((040755))
		done
		while read -r path; do
			name=${path##*/}
			name=${name%.xz}
			case $path in
			*.xz) xz -dc "$path" >"$tmp/$name" ;;
			*) cp "$path" "$tmp/$name" ;;
			esac
			echo "$name" >>"$tmp/list"
			newc "modules/$name" $((0100644)) "$tmp/$name"
		done <"$tmp/paths"
		newc modules/list $((0100644)) "$tmp/list"
		newc 'TRAILER!!!' 0
	} >"$tmp/initrd"
	vmlinux "$1/boot/vmlinuz-$rel" "$tmp/vmlinux" ||
		die "cannot unpack the kernel image of $rel"
	mkdir "$tmp/out"
	mv "$tmp/initrd" "$tmp/vmlinux" "$tmp/out"
	mv -T "$tmp/out" "$dir"
	rm -r "$tmp"
	unlock
}

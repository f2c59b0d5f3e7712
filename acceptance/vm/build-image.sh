#!/usr/bin/env bash
# Builds the guest of the acceptance tests from Debian packages: a cloud kernel with iscsi_tcp, st, ch and sg, and a root
# file system with the tools of a tape administrator. Output, in $1 (a cache that is never needed: it is built again):
#   vmlinux       the kernel, unpacked, so that no emulated processor has to decompress it
#   initrd.gz     busybox, the modules of the virtual disk, ../init
#   rootfs.ext4   the root file system, raw and sparse
#   stamp         a hash of what made it; run.ts compares it
# Needs root, for chroot and the packages of the host. Exit code 3: something is missing that it may not install.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
cache=${1:?usage: build-image.sh CACHE_FOLDER STAMP}
stamp=${2:?usage: build-image.sh CACHE_FOLDER STAMP}
suite=bookworm
host_packages=(qemu-system-x86 mmdebstrap e2fsprogs cpio lz4 xz-utils zstd binutils busybox-static)
# The first line is what makes it run, the others are what it tests with.
guest_packages=(
  mount kmod udev iproute2 procps
  open-iscsi lsscsi sg3-utils mt-st mtx
  tar cpio dar stenc
)

say() { echo "build-image: +${SECONDS}s $*"; }

missing=()
for package in "${host_packages[@]}"; do
  dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
done
if [ "$(id -u)" != 0 ]; then
  echo "build-image: the image is made as root (chroot). Once, on Debian or Ubuntu: sudo apt-get install --no-install-recommends ${host_packages[*]}; sudo $here/build-image.sh $cache $stamp"
  exit 3
fi
if [ ${#missing[@]} -gt 0 ]; then
  command -v apt-get >/dev/null || { echo "build-image: no apt-get here, and these are missing: ${missing[*]}"; exit 3; }
  say "installing on this machine: ${missing[*]}"
  export DEBIAN_FRONTEND=noninteractive
  install=(apt-get -qq -y --no-install-recommends install "${missing[@]}")
  "${install[@]}" >/dev/null 2>&1 || { apt-get -qq update >/dev/null 2>&1; "${install[@]}" >/dev/null; } ||
    { echo "build-image: apt-get could not install ${missing[*]}"; exit 3; }
fi

work=$(mktemp -d /var/tmp/reelhouse-image.XXXXXX)
trap 'rm -rf "$work"' EXIT
root=$work/root out=$work/out
mkdir -p "$out" "$work/kernel" "$work/initrd"

# The mirrors this machine is set up with, where it is a Debian of the same suite; Debian's own where not.
mirror() {
  apt-get indextargets --format '$(REPO_URI) $(CODENAME) $(COMPONENT)' 'Created-By: Packages' 2>/dev/null \
    | awk -v suite="$1" '$2 == suite && $3 == "main" { print $1; exit }'
}
main_mirror=$(mirror $suite) security_mirror=$(mirror $suite-security)
: "${main_mirror:=http://deb.debian.org/debian}" "${security_mirror:=http://deb.debian.org/debian-security}"

# Runs outside the chroot, with apt pointed into it. The kernel is unpacked and not installed: an installation would
# build an initramfs, which takes longer than everything else here.
cat > "$work/add-kernel.sh" <<'HOOK'
set -e
export APT_CONFIG=$MMDEBSTRAP_APT_CONFIG
name=$(apt-cache depends linux-image-cloud-amd64 | sed -n 's/.*Depends: \(linux-image-[0-9].*-cloud-amd64\)$/\1/p' | head -n 1)
cd "$work/kernel"
apt-get -qq download "$name"
dpkg-deb -x linux-image-*.deb .
version=${name#linux-image-}
modules=lib/modules/$version
mkdir -p "$1/usr/$modules"
cp "$modules"/modules.{builtin,builtin.modinfo,order} "$1/usr/$modules/"
# Only what a guest with a network and SCSI devices can need.
(cd "$modules" && find kernel/{arch,crypto,lib,net/core,net/ipv4,net/packet} kernel/drivers/{scsi,virtio,block,char,net/virtio_net.ko,net/net_failover.ko} -name '*.ko' 2>/dev/null |
  cpio -pdm --quiet "$1/usr/$modules/")
chroot "$1" depmod "$version"
rm -rf "$1"/usr/share/{man,info,locale,lintian,bug} "$1"/var/cache/apt/* "$1"/var/lib/apt/lists/*
echo "$version" > "$work/version"
HOOK

say "Debian $suite from $main_mirror"
export work
includes=$(IFS=,; echo "${guest_packages[*]}")
mmdebstrap --quiet --mode=root --variant=apt --format=directory \
  --aptopt='APT::Install-Recommends "false"' --aptopt='Acquire::Languages "none"' \
  --dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/locale/*' \
  --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-include=/usr/share/doc/*/copyright' \
  --include="$includes" --customize-hook="bash $work/add-kernel.sh \"\$1\"" \
  "$suite" "$root" "deb $main_mirror $suite main" "deb $security_mirror $suite-security main" \
  > "$work/mmdebstrap.log" 2>&1 || {
    tail -n 20 "$work/mmdebstrap.log"
    # Not ours to mend: a machine without a mirror, or a container that may not mount.
    reason=$(grep -m 1 -E 'Failed to fetch|Could not resolve|Unable to connect|CAP_SYS_ADMIN|cannot mount' "$work/mmdebstrap.log") || exit 1
    echo "build-image: mmdebstrap cannot work here: $reason"
    exit 3
  }
version=$(cat "$work/version")
cp "$here/guest-init" "$root/sbin/reelhouse-init"
chmod 755 "$root/sbin/reelhouse-init"
mkdir -p "$root/job"
echo "InitiatorName=iqn.2026-11.io.reelhouse:acceptance-guest" > "$root/etc/iscsi/initiatorname.iscsi"
printf '127.0.0.1 localhost guest\n' > "$root/etc/hosts"
say "kernel $version, $(du -sm "$root" | cut -f1) MiB"
# 1 GiB to write in: the tests unpack archives there.
mke2fs -q -t ext4 -O ^has_journal,^metadata_csum -E lazy_itable_init=1 -m 0 -d "$root" \
  "$out/rootfs.ext4" "$(($(du -sm "$root" | cut -f1) + 1024))M" > /dev/null

# A bzImage's header (Documentation/arch/x86/boot.rst) tells where the compressed kernel lies: setup_sects,
# payload_offset, payload_length. The last 4 bytes of the payload are its unpacked length.
image=$work/kernel/boot/vmlinuz-$version
field() { od -An -j "$1" -N "$2" -t "u$2" "$image" | tr -d ' '; }
start=$((($(field $((0x1f1)) 1) + 1) * 512 + $(field $((0x248)) 4)))
length=$(($(field $((0x24c)) 4) - 4))
payload() { dd if="$image" iflag=skip_bytes,count_bytes skip="$start" count="$length" bs=1M status=none; }
case $(od -An -j "$start" -N 4 -t x1 "$image" | tr -d ' ') in
  02214c18) payload | lz4 -dc > "$out/vmlinux" ;;
  fd377a58) payload | xz -dc --single-stream > "$out/vmlinux" ;;
  28b52ffd) payload | zstd -dc > "$out/vmlinux" ;;
  *) cp "$image" "$out/vmlinux" ;;
esac

initrd=$work/initrd
mkdir -p "$initrd"/{bin,dev,proc,sys,new,modules}
cp /bin/busybox "$initrd/bin/"
cp "$here/initrd-init" "$initrd/init"
chmod 755 "$initrd/init"
# virtio_ring before virtio: the other order fails.
for module in virtio/virtio_ring virtio/virtio virtio/virtio_mmio block/virtio_blk; do
  cp "$work/kernel/lib/modules/$version/kernel/drivers/$module.ko" "$initrd/modules/"
  echo "${module##*/}" >> "$initrd/modules/order"
done
(cd "$initrd" && find . | cpio -o -H newc -R 0:0 --quiet | gzip -1) > "$out/initrd.gz"

mkdir -p "$cache"
rm -f "$cache/stamp"
mv "$out"/* "$cache/"
echo "$stamp" > "$cache/stamp"
say "done, in $cache: $(du -shc "$cache"/* | tail -n 1 | cut -f1) on disk"

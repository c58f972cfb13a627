# Shared by build-discovery and build-os (sourced by bash; no program of its own).
# The caller sets NAME (how its lines begin) before the first call.

IMAGES_DIR=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
CACHE_DIR=${LAB_CACHE:-$(cd "$IMAGES_DIR/.." && pwd)/.cache}

# Every time stamp inside an image: the same input gives the same bytes.
EPOCH=${SOURCE_DATE_EPOCH:-1704067200}

# Without this bash goes on where the Ctrl-C comes just after the command it waits for has ended.
trap 'exit 130' INT

# mkfs.vfat, mke2fs and sgdisk live here; a plain user's PATH lacks it.
PATH=$PATH:/usr/sbin:/sbin

say() { printf '%s: %s\n' "$NAME" "$*"; }
die() { printf '%s: error: %s\n' "$NAME" "$*" >&2; exit 1; }
wrong() { printf '%s: %s\n' "$NAME" "$*" >&2; exit 2; }

# require_packages BUILDER: every package that lab/debian-packages lists for BUILDER is installed, or the missing are named.
require_packages() {
    local builder=$1 package rest missing=()
    while read -r package rest; do
        case $package in '' | '#'*) continue ;; esac
        case " ${rest%%:*} " in *" $builder "*) ;; *) continue ;; esac
        [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || missing+=("$package")
    done < "$IMAGES_DIR/../debian-packages"
    [ ${#missing[@]} -eq 0 ] ||
        die "missing Debian packages: ${missing[*]}; remedy: apt-get install --no-install-recommends ${missing[*]}"
}

# package_versions NAME...: one line each, part of the key that decides whether to build again.
package_versions() { dpkg-query -W -f '${Package} ${Version}\n' "$@"; }

# one_build_at_a_time: two builders share the cache folder; the second waits for the first.
one_build_at_a_time() {
    mkdir -p "$CACHE_DIR"
    exec 9> "$CACHE_DIR/lock"
    flock -n 9 || { say "waiting for another build to end"; flock 9; }
}

# find_kernel: sets KERNEL_PACKAGE and KERNEL_VERSION to what apt offers behind linux-image-cloud-amd64.
# apt is asked once for each state of its lists. Where it knows nothing (offline, no lists) the newest cached kernel serves.
find_kernel() {
    local lists offer=$CACHE_DIR/kernel-offer cached=
    lists=$({ stat -c '%n %Y' /var/lib/apt/lists /etc/apt/sources.list{,.d} /etc/apt/preferences.d 2>/dev/null || true; } |
        sha256sum | cut -c1-16)
    KERNEL_PACKAGE='' KERNEL_VERSION=''
    [ ! -f "$offer" ] || read -r cached KERNEL_PACKAGE KERNEL_VERSION < "$offer"
    [ "$cached" != "$lists" ] || [ -z "$KERNEL_VERSION" ] || return 0

    KERNEL_PACKAGE=$(apt-cache depends linux-image-cloud-amd64 2>/dev/null |
        sed -n 's/^ *Depends: *\(linux-image-[0-9][^ ]*\)$/\1/p' | head -n 1)
    KERNEL_VERSION=
    [ -z "$KERNEL_PACKAGE" ] || KERNEL_VERSION=$(apt-cache show --no-all-versions "$KERNEL_PACKAGE" 2>/dev/null |
        sed -n 's/^Version: //p' | head -n 1)
    if [ -n "$KERNEL_VERSION" ]; then
        echo "$lists $KERNEL_PACKAGE $KERNEL_VERSION" > "$offer"
        return 0
    fi
    cached=$(find "$CACHE_DIR" -maxdepth 2 -path '*/kernel-*/package' 2>/dev/null | sort -V | tail -n 1)
    [ -n "$cached" ] || die "apt knows no linux-image-cloud-amd64; remedy: apt-get update (Debian's main archive, amd64)"
    read -r KERNEL_PACKAGE KERNEL_VERSION < "$cached"
    say "apt knows no linux-image-cloud-amd64: taking the cached $KERNEL_PACKAGE $KERNEL_VERSION"
}

# unpack_kernel: sets KERNEL_DIR (the unpacked package) and KERNEL_RELEASE (what uname -r will say).
unpack_kernel() {
    KERNEL_DIR=$CACHE_DIR/kernel-$KERNEL_VERSION
    if [ ! -f "$KERNEL_DIR/package" ]; then
        local work=$CACHE_DIR/kernel.new
        rm -rf "$work" && mkdir -p "$work/deb"
        say "downloading $KERNEL_PACKAGE $KERNEL_VERSION"
        (cd "$work/deb" && apt-get -q -o APT::Sandbox::User=root download "$KERNEL_PACKAGE=$KERNEL_VERSION") > "$work/log" 2>&1 || {
            tail -n 3 "$work/log" >&2
            die "apt-get could not download $KERNEL_PACKAGE=$KERNEL_VERSION; remedy: apt-get update"
        }
        say "unpacking it (it is not installed on this system)"
        dpkg -x "$work"/deb/*.deb "$work"
        rm -rf "$work/deb" "$work/usr/share"
        printf '%s %s\n' "$KERNEL_PACKAGE" "$KERNEL_VERSION" > "$work/package"
        rm -rf "$KERNEL_DIR" && mv "$work" "$KERNEL_DIR"
    fi
    local modules
    modules=$(find "$KERNEL_DIR" -type d -path '*/lib/modules/*' -name kernel -prune | head -n 1)
    [ -n "$modules" ] || die "$KERNEL_PACKAGE has no lib/modules"
    MODULES_DIR=$(dirname "$modules")
    KERNEL_RELEASE=$(basename "$MODULES_DIR")
    VMLINUZ=$KERNEL_DIR/boot/vmlinuz-$KERNEL_RELEASE
    [ -f "$VMLINUZ" ] || die "$KERNEL_PACKAGE has no boot/vmlinuz-$KERNEL_RELEASE"
}

# module_file NAME: the path of a kernel module (- and _ are the same in module names); empty where there is none.
module_file() {
    local pattern=${1//[-_]/[-_]}
    find "$MODULES_DIR/kernel" \( -name "$pattern.ko" -o -name "$pattern.ko.xz" -o -name "$pattern.ko.zst" \) | head -n 1
}

# copy_modules ROOT NAME...: those modules and what they depend on, unpacked, with modules.dep beside them.
# A driver that this kernel has built in, or lacks, is left out: the lists name what is wanted "if there".
copy_modules() {
    local root=$1 target=$1/lib/modules/$KERNEL_RELEASE name file copy seen=' ' lacking=
    shift
    mkdir -p "$target"
    local queue=("$@")
    while [ ${#queue[@]} -gt 0 ]; do
        name=${queue[0]//-/_}
        queue=("${queue[@]:1}")
        case $seen in *" $name "*) continue ;; esac
        seen="$seen$name "
        file=$(module_file "$name")
        if [ -z "$file" ]; then
            grep -q "/${name//_/[-_]}\.ko" "$MODULES_DIR/modules.builtin" || lacking="$lacking $name"
            continue
        fi
        copy=$target/$(basename "$file")
        case $file in
            *.xz) copy=${copy%.xz}; xz -dc "$file" > "$copy" ;;
            *.zst) copy=${copy%.zst}; zstd -dcq "$file" > "$copy" ;;
            *) cp "$file" "$copy" ;;
        esac
        # shellcheck disable=SC2046 # one word a dependency
        queue+=($(tr '\0' '\n' < "$copy" | LC_ALL=C sed -n 's/^depends=//p' | tr ',' ' '))
    done
    [ -z "$lacking" ] || say "this kernel has no driver$lacking: left out"
    cp "$MODULES_DIR/modules.builtin" "$target/"
    busybox depmod -b "$root" "$KERNEL_RELEASE"
}

# busybox_tree ROOT: the folders of a small Unix with busybox and a link for each of its applets.
busybox_tree() {
    local root=$1 applet
    mkdir -p "$root"/{bin,dev,etc,proc,run,sys,tmp,root,usr,var,lib}
    ln -s bin "$root/sbin"
    cp "$(dpkg -L busybox-static | grep '/bin/busybox$' | head -n 1)" "$root/bin/busybox"
    for applet in $(busybox --list); do
        [ "$applet" = busybox ] || ln -s busybox "$root/bin/$applet"
    done
}

# pack_initramfs ROOT OUT: a compressed cpio that depends on nothing but names, modes and contents.
pack_initramfs() {
    local root=$1 out=$2
    find "$root" -exec touch -h -d "@$EPOCH" {} +
    (cd "$root" && find . -mindepth 1 -print0 | LC_ALL=C sort -z |
        cpio -0 -o -H newc --quiet --reproducible -R 0:0) | gzip -n -9 > "$out"
}

# human BYTES
human() { awk -v b="$1" 'BEGIN { printf "%.1f MB", b / 1000000 }'; }

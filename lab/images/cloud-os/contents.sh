# What is on the root partition of lab-cloud-os: Debian's systemd, udev, Python and cloud-init, from the packages that are
# installed here, and lab-cloud-os's own few files (sourced by build-os).
# shellcheck shell=bash disable=SC2154,SC2034 # root and work are build-os's, which reads the variables

ROOT_MIB=88

CLOUD_PACKAGES=(
    cloud-init systemd libsystemd-shared udev
    python3-minimal python3.11-minimal libpython3.11-minimal libpython3.11-stdlib
    python3-attr python3-certifi python3-chardet python3-configobj python3-idna python3-jinja2
    python3-json-pointer python3-jsonpatch python3-jsonschema python3-markupsafe python3-oauthlib python3-pyrsistent
    python3-requests python3-six python3-urllib3 python3-yaml
)
CLOUD_PROGRAMS=(bash blkid groupadd ip mount passwd ssh-keygen umount useradd usermod)

# What of these packages nothing in this image uses.
CLOUD_UNWANTED=(
    'etc/init.d' 'usr/lib/systemd'
    'lib/systemd/systemd-*crypt*' 'lib/systemd/systemd-*verity*' 'lib/systemd/systemd-*integrity*'
    'usr/lib/python3.11/pydoc_data' 'usr/lib/python3.11/test' 'usr/lib/python3.11/unittest' 'usr/lib/python3.11/asyncio'
    'usr/lib/python3.11/lib-dynload/_codecs_*' 'usr/lib/python3.11/lib-dynload/*curses*' 'usr/lib/python3.11/lib-dynload/*dbm*'
    'usr/lib/python3.11/lib-dynload/*sqlite3*' 'usr/lib/python3.11/lib-dynload/*readline*' 'usr/lib/python3.11/lib-dynload/*test*'
    'usr/lib/python3/dist-packages/*/tests'
)

# Of what systemd starts by itself, what this image needs: each unit left out is less to wait for under emulation.
CLOUD_UNITS=(
    systemd-journald.socket systemd-journald-dev-log.socket systemd-journald.service
    systemd-udevd-control.socket systemd-udevd-kernel.socket systemd-udevd.service systemd-udev-trigger.service
    systemd-tmpfiles-setup-dev.service systemd-tmpfiles-setup.service
)
CLOUD_GENERATORS=(cloud-init-generator)
CLOUD_RULES=(
    50-udev-default.rules 60-block.rules 60-persistent-storage.rules 75-net-description.rules 80-net-setup-link.rules 99-systemd.rules
)

# Its version stands in the builder's first line.
MAIN_PACKAGE=cloud-init

# The versions of what is copied, and the file of cloud-init that whoever runs this host may have changed.
contents_versions() {
    package_versions "${CLOUD_PACKAGES[@]}" base-passwd bash iproute2 libc6 libssl3 mount openssh-client passwd util-linux
    sha256sum /etc/cloud/cloud.cfg
}

# copy_packages NAME...: their files, without documentation
copy_packages() {
    local path unwanted='^/usr/share/(doc|man|locale|lintian|bash-completion|zsh|polkit-1|dbus-1|python|initramfs-tools|factory)/'
    dpkg -L "$@" | grep '^/.*/' | grep -vE "$unwanted|/hwdb\.d/" | LC_ALL=C sort -u | while IFS= read -r path; do
        [ -d "$path" ] && [ ! -L "$path" ] || printf '%s\0' "${path#/}"
    done > "$work/paths"
    tar -C / -c --no-recursion --null -T "$work/paths" | tar -C "$root" -x --no-same-owner
}

# keep_only FOLDER NAME...: nothing but these stays in it
keep_only() {
    local folder=$1 path
    shift
    for path in "$folder"/*; do
        case " $* " in *" ${path##*/} "*) ;; *) rm -rf "$path" ;; esac
    done
}

# add_libraries: what the programs and modules of the root need
add_libraries() {
    local library
    find "$root" -type f \( -perm /111 -o -name '*.so*' \) -exec grep -lPa -m 1 '^\x7fELF' {} + > "$work/programs"
    # shellcheck disable=SC2046 # a list of files
    for library in $(ldd $(cat "$work/programs") 2> /dev/null | grep -oE '(=> |^\s+)/[^ ]*' | grep -o '/.*' | sort -u); do
        [ -e "$root$library" ] || install -D -m 755 "$(readlink -f "$library")" "$root$library"
    done
}

# cloud_accounts: those of Debian and of its systemd
cloud_accounts() {
    sed 's/:\*:/:x:/' /usr/share/base-passwd/passwd.master > "$root/etc/passwd"
    sed 's/:\*:/:x:/' /usr/share/base-passwd/group.master > "$root/etc/group"
    sed 's/:.*/:*:19700:0:99999:7:::/' "$root/etc/passwd" > "$root/etc/shadow"
    sed 's/:.*/:*::/' "$root/etc/group" > "$root/etc/gshadow"
    SOURCE_DATE_EPOCH=$EPOCH systemd-sysusers --root="$root" > "$work/sysusers.log" 2>&1 || {
        cat "$work/sysusers.log" >&2
        die "systemd-sysusers failed"
    }
    rm -f "$root"/etc/*- "$root/etc/.pwd.lock"
}

fill_root() {
    local name program
    copy_packages "${CLOUD_PACKAGES[@]}"
    keep_only "$root/lib/systemd/system-generators" "${CLOUD_GENERATORS[@]}"
    keep_only "$root/lib/udev/rules.d" "${CLOUD_RULES[@]}"
    for name in "$root"/lib/systemd/system/*.wants; do keep_only "$name" "${CLOUD_UNITS[@]}"; done
    # shellcheck disable=SC2086 # patterns are wanted
    for name in "${CLOUD_UNWANTED[@]}"; do (cd "$root" && rm -rf $name); done

    for name in "${CLOUD_PROGRAMS[@]}"; do
        program=$(command -v "$name") || die "the program $name is missing"
        rm -f "$root/bin/$name"
        install -m 755 "$(readlink -f "$program")" "$root/bin/$name"
    done
    ln -sf /lib/systemd/systemd "$root/bin/init"
    add_libraries
    (cd "$IMAGES_DIR/os/root/etc" && cp --parents hosts nsswitch.conf login.defs shells default/useradd "$root/etc/")
    cp -r "$IMAGES_DIR/cloud-os/root/." "$root/"
    chmod 755 "$root"/usr/lib/lab-os/*
    cloud_accounts
    chmod 600 "$root"/etc/{shadow,gshadow}
    systemctl -q --root="$root" enable var-lib-cloud-seed-nocloud.mount systemd-networkd.service lab-cloud-report.service \
        cloud-init-local.service cloud-init.service cloud-config.service cloud-final.service
    systemctl -q --root="$root" set-default multi-user.target

    # Python then trusts what was compiled here, whatever times the files have. Its sources would be a fifth of the disk.
    find "$root/usr/lib" -name __pycache__ -prune -exec rm -rf {} +
    /usr/bin/python3 -m compileall -q -b --invalidation-mode unchecked-hash -s "$root" -p / "$root"/usr/lib/python3{.11,} > /dev/null
    find "$root"/usr/lib/python3* -name '*.py' -delete
}

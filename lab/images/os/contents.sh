# What is on the root partition of lab-os: Debian's real Ignition engine, the programs that it calls, and lab-os's own few
# scripts (sourced by build-os).
# shellcheck shell=bash disable=SC2154,SC2034 # root and work are build-os's, which reads the variables

ROOT_MIB=64
MAIN_PACKAGE=ignition

contents_versions() { package_versions ignition policycoreutils passwd libc-bin; }

# add_program FILE TARGET: the program and the libraries it needs
add_program() {
    local library
    install -D -m 755 "$1" "$root$2"
    for library in $(ldd "$1" | grep -o '/[^ ]*'); do
        [ -e "$root$library" ] || install -D -m 755 "$(readlink -f "$library")" "$root$library"
    done
}

fill_root() {
    local engine program path
    cp -r "$IMAGES_DIR/os/root/." "$root/"
    find "$root/etc" "$root/usr/lib" -type f -exec chmod 644 {} +
    chmod 755 "$root"/usr/lib/lab-os/*
    chmod 600 "$root"/etc/{shadow,gshadow}

    engine=$(dpkg -L ignition | grep '/ignition$' | while read -r path; do [ ! -f "$path" ] || echo "$path"; done | head -n 1)
    [ -n "$engine" ] || die "the package ignition contains no engine"
    add_program "$engine" /usr/lib/lab-os/ignition
    for program in useradd usermod groupadd setfiles; do
        path=$(command -v "$program") || die "the program $program is missing"
        add_program "$path" "/usr/sbin/$program"
    done

    # What a first boot that was cut short goes back to.
    mkdir -p "$root/usr/lib/lab-os/pristine"
    cp -a "$root/etc" "$root/usr/lib/lab-os/pristine/etc"
    : > "$root/usr/lib/lab-os/pristine/list"
    (cd "$root" && find . -mindepth 1 | LC_ALL=C sort) > "$work/pristine"
    cp "$work/pristine" "$root/usr/lib/lab-os/pristine/list"
}

#!/bin/sh
# The first-stage script: what a machine runs in the discovery system to become what Mayu decided.
#   connectivity -> facts, config -> install plan -> disk -> image -> config beside it -> "installed" -> reboot
#
# Plain POSIX shell; busybox is enough (wget, dd, gunzip, sha256sum, hexdump, losetup). Only the assignments below are
# rendered; each value arrives as one quoted shell word. Where all goes well it ends in the machine's reboot.
# Every failure goes through `fail STEP REASON`, which tells the console and Mayu.

URL={{ mayu.url | sh }}
SERIAL={{ machine.serial | sh }}
SERIAL_WORD={{ machine.serial | uri | sh }}

RUN=/run/mayu          # in RAM
OEM_LABEL=MAYU-OEM     # the partition that takes the config
MIB=1048576
CONNECT_TRIES=30       # a second apart
INSTALLED_TRIES=40     # 3 s apart
STALLED=90             # seconds without a byte for the disk that end a download

# ---------------------------------------------------------------- telling

say() { echo "first-stage: $*"; }

# Printable ASCII only, quotes and backslashes escaped: whatever the text is, the JSON around it stays JSON.
json_text() { printf %s "$1" | LC_ALL=C tr -c '\040-\176' ' ' | sed 's/[\\"]/\\&/g'; }

CALLBACKS=$URL/callbacks/$SERIAL_WORD

# http SECONDS NAME ARGS...: wget, ended after so many seconds (busybox's -T is missing or crashes in some builds);
# what went wrong stands in $RUN/NAME.err
http() {
    limit=$1 name=$2
    shift 2
    timeout "$limit" wget -q "$@" 2> "$RUN/$name.err"
    rc=$?
    case $rc in 124 | 137 | 143) echo "no complete answer within $limit s" > "$RUN/$name.err" ;; esac
    return "$rc"
}

# The boot token, by which Mayu knows this machine: in the initrd that Mayu made for this boot, else on the kernel line.
find_token() {
    TOKEN=$(cat /mayu/boot-token 2> /dev/null)
    [ -n "$TOKEN" ] || TOKEN=$(tr ' ' '\n' < /proc/cmdline | sed -n 's/^mayu\.token=\([0-9a-f]*\)$/\1/p' | head -n 1)
    [ -z "$TOKEN" ] || printf '%s\n' "$TOKEN" > "$RUN/boot-token"
}

# post WHAT BODY: one try
post() {
    http 10 post -O /dev/null --header 'Content-Type: application/json' ${TOKEN:+--header "Authorization: Bearer $TOKEN"} --post-data "$2" "$CALLBACKS/$1"
}

# stderr_line FILE: what a program left on stderr, as one line of at most 600 characters
stderr_line() { tr -s '\r\n\t' '   ' < "$1" | sed 's/^ *//; s/ *$//' | cut -c 1-600; }

REPORTER=
LOOP=
undo() {
    [ -z "$REPORTER" ] || kill "$REPORTER" 2> /dev/null
    REPORTER=
    umount "$RUN/oem" 2> /dev/null
    [ -z "$LOOP" ] || losetup -d "$LOOP" 2> /dev/null
    LOOP=
}

fail() {
    undo
    say "FAILED at $1: $2"
    tries=1
    until post failed "{\"step\":\"$(json_text "$1")\",\"reason\":\"$(json_text "$2")\"}"; do
        if [ "$tries" -ge 3 ]; then
            say "Mayu did not accept the failure report: $(stderr_line "$RUN/post.err")"
            exit 1
        fi
        tries=$((tries + 1))
        sleep 2
    done
    : > "$RUN/failure-reported"
    exit 1
}

megabytes() { echo "$(($1 / 1000000)) MB"; }

umask 077
mkdir -p "$RUN/oem"
rm -f "$RUN"/*.rc "$RUN"/*.err "$RUN/config" "$RUN/failure-reported"
find_token

# ---------------------------------------------------------------- connectivity

tries=0
until http 5 connect -O /dev/null "$URL/ipxebootscript"; do
    # An HTTP error is an answer too: Mayu is there.
    ! grep -q 'server returned error' "$RUN/connect.err" || break
    tries=$((tries + 1))
    [ "$tries" -lt "$CONNECT_TRIES" ] || fail connectivity "no answer from $URL after $tries tries: $(stderr_line "$RUN/connect.err")"
    say "waiting for $URL (try $tries of $CONNECT_TRIES: $(stderr_line "$RUN/connect.err"))"
    sleep 1
done

# ---------------------------------------------------------------- facts and config

INFOPUSHER=$(command -v infopusher) || {
    INFOPUSHER=$RUN/infopusher
    say "fetching infopusher from $URL/hostinfo-helper"
    http 120 helper -O "$INFOPUSHER" "$URL/hostinfo-helper" ||
        fail facts "infopusher could not be fetched from $URL/hostinfo-helper: $(stderr_line "$RUN/helper.err")"
    [ -s "$INFOPUSHER" ] || fail facts "infopusher from $URL/hostinfo-helper is empty"
    case $(head -c 4 "$INFOPUSHER" | hexdump -v -e '1/1 "%02x"') in
        7f454c46 | 2321*) ;;
        *) fail facts "what $URL/hostinfo-helper answers is not a program" ;;
    esac
    chmod 700 "$INFOPUSHER"
    [ -x "$INFOPUSHER" ] || fail facts "infopusher from $URL/hostinfo-helper cannot be executed"
}

say "collecting facts and asking $URL for the config"
rm -f "$RUN/serial"
"$INFOPUSHER" push --url "$URL/provisioning-config" --serial "$SERIAL" --output "$RUN/config" --serial-output "$RUN/serial" \
    ${TOKEN:+--token-file "$RUN/boot-token"} 2> "$RUN/facts.err"
rc=$?
[ ! -s "$RUN/facts.err" ] || cat "$RUN/facts.err"
if [ "$rc" != 0 ] && grep -q 'No valid boot token' "$RUN/facts.err"; then
    # It is too old, or Mayu does not know it any more. Another try would not help; another boot gets another one.
    say "Mayu does not accept the boot token: rebooting in 20 s to get a new one"
    sleep 20
    reboot -f 2> /dev/null || reboot
    sleep 60
fi
[ "$rc" = 0 ] || fail facts "infopusher ended with $rc: $(stderr_line "$RUN/facts.err")"
[ -s "$RUN/config" ] || fail config "the config from $URL/provisioning-config is empty"

# What Mayu calls this machine, now that it knows all of it; a boot loader tells less. It may have a percent sign of its own.
if [ -s "$RUN/serial" ] && [ "$(cat "$RUN/serial")" != "$SERIAL" ]; then
    SERIAL=$(cat "$RUN/serial")
    SERIAL_WORD=$(printf %s "$SERIAL" | hexdump -v -e '1/1 "%02x"' | sed 's/../%&/g')
    CALLBACKS=$URL/callbacks/$SERIAL_WORD
    say "Mayu calls this machine $SERIAL"
fi
say "config received: $(wc -c < "$RUN/config") bytes"

# ---------------------------------------------------------------- the plan

# Only now that Mayu has the facts has the machine a profile, and through it an image. Lines name=value: read, never
# evaluated.
http 30 plan -O "$RUN/plan" "$URL/install-plan/$SERIAL_WORD" || fail plan "no install plan from $URL: $(stderr_line "$RUN/plan.err")"
planned() { sed -n "s/^$1=//p" "$RUN/plan" | head -n 1; }
if [ "$(planned mode)" = live ]; then
    say "this machine's system runs from memory: rebooting into it"
    reboot -f 2> /dev/null || reboot
    sleep 60
    fail plan "the machine did not reboot"
fi
MACHINE_ID=$(planned machine_id)
CONFIG_FILE=$(planned config_file)
IMAGE_URL=$(planned image_url)
IMAGE_SHA256=$(planned image_sha256)
IMAGE_SIZE=$(planned image_size)
INSTALL_DISK=$(planned install_disk)
case $CONFIG_FILE in
    config.ign | config.yaml | config) ;;
    user-data)
        # cloud-init wants more than one file, each below the token's URL.
        [ -n "$TOKEN" ] || fail config "cloud-init's files need the boot token, and it is neither in /mayu/boot-token nor on the kernel line (mayu.token=)"
        for file in meta-data vendor-data network-config; do
            http 30 nocloud -O "$RUN/$file" "$URL/boot/$TOKEN/nocloud/$file" || fail config "$file could not be fetched from $URL: $(stderr_line "$RUN/nocloud.err")"
        done
        ;;
    *) fail plan "the install plan's config_file is none that this script knows: '$CONFIG_FILE'" ;;
esac
case $IMAGE_SIZE in
    '' | *[!0-9]*) fail plan "the install plan's image_size is not a number: '$IMAGE_SIZE'" ;;
esac
[ ${#MACHINE_ID} -eq 32 ] || fail plan "the install plan's machine_id does not have 32 digits: '$MACHINE_ID'"
[ ${#IMAGE_SHA256} -eq 64 ] || fail plan "the install plan's image_sha256 does not have 64 digits: '$IMAGE_SHA256'"
[ -n "$IMAGE_URL" ] || fail plan "the install plan has no image_url"

# ---------------------------------------------------------------- the disk

[ "$IMAGE_SIZE" -ge $((4 * MIB)) ] || fail disk "the image's size of $IMAGE_SIZE bytes is less than 4 MiB, so it is not a disk image"

sysfs() { cat "/sys/class/block/$1/$2" 2> /dev/null; }
disk_bytes() { echo $(($(sysfs "$1" size) * 512)); }

# describe DISK: name, size and model, for people
describe() {
    model=$(sysfs "$1" device/model | tr -s ' ' | sed 's/^ //; s/ $//')
    echo "/dev/$1 ($(megabytes "$(disk_bytes "$1")")${model:+, $model})"
}

# objection DISK: why this whole disk cannot take the image; nothing where it can
objection() {
    bytes=$(disk_bytes "$1")
    if [ "$(sysfs "$1" ro)" = 1 ]; then
        echo "is read-only"
    elif [ "$bytes" -lt "$IMAGE_SIZE" ]; then
        echo "is too small: it has $bytes bytes, the image needs $IMAGE_SIZE"
    elif [ "$(sysfs "$1" queue/logical_block_size)" != 512 ]; then
        echo "has sectors of $(sysfs "$1" queue/logical_block_size) bytes, the image is laid out for 512"
    elif grep -q "^/dev/$1[p0-9]* " /proc/mounts; then
        echo "is mounted on $(sed -n "s|^/dev/$1[p0-9]* \([^ ]*\) .*|\1|p" /proc/mounts | head -n 1)"
    fi
}

DISK=
if [ -n "$INSTALL_DISK" ]; then
    [ -e "$INSTALL_DISK" ] ||
        fail disk "install_disk is $INSTALL_DISK, but this machine has no such device; it has: $(ls /sys/block | grep -Ev '^(loop|ram|zram)' | tr '\n' ' ')"
    real=$(readlink -f "$INSTALL_DISK")
    DISK=${real#/dev/}
    [ -b "$real" ] && [ -d "/sys/class/block/$DISK" ] || fail disk "install_disk $INSTALL_DISK is not a disk"
    [ ! -e "/sys/class/block/$DISK/partition" ] ||
        fail disk "install_disk $INSTALL_DISK is a partition; Mayu writes whole disks: set install_disk to the disk that holds it"
    why=$(objection "$DISK")
    [ -z "$why" ] || fail disk "install_disk $(describe "$DISK") $why"
else
    found=0 names='' refused=''
    for path in /sys/block/*; do
        [ -e "$path" ] || continue
        name=${path##*/}
        case $name in
            loop* | ram* | zram* | dm-* | md* | nbd* | sr* | fd*) continue ;;
        esac
        [ "$(disk_bytes "$name")" -gt 0 ] || continue
        if [ "$(sysfs "$name" removable)" = 1 ]; then
            why="is removable"
        else
            why=$(objection "$name")
        fi
        if [ -n "$why" ]; then
            refused="$refused${refused:+; }$(describe "$name") $why"
            continue
        fi
        found=$((found + 1))
        DISK=$name
        names="$names${names:+, }$(describe "$name")"
    done
    case $found in
        1) ;;
        0) fail disk "no disk can take the image of $IMAGE_SIZE bytes: ${refused:-this machine has no disk}" ;;
        *) fail disk "$found disks could take the image: $names. Mayu does not guess which one to overwrite: set the profile's install_disk" ;;
    esac
fi
DEVICE=/dev/$DISK
say "installing on $(describe "$DISK")"

# ---------------------------------------------------------------- the image
#
# A power cut at any moment must leave a disk that either does not boot (so that the machine falls through to the
# network and installs again) or boots with its config beside it. Therefore:
#   1. nothing is touched before the image really arrives
#   2. the old partition table goes first: first and last MiB of the disk
#   3. all of the image is written but its first MiB (boot code, GPT) and its last (the GPT's copy, from which UEFI
#      firmware would restore the first): those two wait in RAM
#   4. the checksum is compared; a corrupt download ends here
#   5. the config is laid on its partition, found by the GPT in RAM, through a loop device
#   6. the last MiB, then the first without its first sector, and at the very end sector 0: without the boot signature
#      and the protective entry in it neither BIOS nor UEFI boots the disk

# to_disk ARGS...: dd onto the disk, synced before it returns
to_disk() { dd of="$DEVICE" conv=notrunc,fsync "$@" 2> "$RUN/dd.err"; }

# The kernel counts the sectors that really went out to the disk.
written() {
    # shellcheck disable=SC2046 # the fields of one line
    set -- $(sysfs "$DISK" stat)
    echo $((${7:-0} * 512))
}

progress() { post progress "{\"what\":\"writing the image\",\"done\":$1,\"total\":$IMAGE_SIZE}"; }

# report_progress START: tells Mayu once a second what has been written since START, and ends a download that stands
# still; until it is killed
report_progress() {
    before=-1 still=0
    while :; do
        now=$(($(written) - $1))
        [ "$now" -le "$IMAGE_SIZE" ] || now=$IMAGE_SIZE
        if [ "$now" != "$before" ]; then
            progress "$now"
            before=$now still=0
        elif [ "$still" -ge "$STALLED" ] && [ ! -e "$RUN/wget.rc" ]; then
            : > "$RUN/stalled"
            kill "$(cat "$RUN/wget.pid")"
            return
        fi
        still=$((still + 1))
        sleep 1
    done
}

middle_mib=$((IMAGE_SIZE / MIB - 2))
end_bytes=$((IMAGE_SIZE - (middle_mib + 1) * MIB))
disk_end_mib=$(($(disk_bytes "$DISK") / MIB - 1))

# take_apart: from the unpacked image on stdin the head goes to RAM, the middle to the disk, the end to RAM; what is
# too much is counted. It reads to the end in any case, so that the checksum sees the whole file.
take_apart() {
    dd bs=$MIB count=1 iflag=fullblock of="$RUN/head" 2> /dev/null
    if [ "$(wc -c < "$RUN/head")" -eq $MIB ]; then
        to_disk if=/dev/zero bs=$MIB count=1 &&
            to_disk if=/dev/zero bs=$MIB count=1 seek="$disk_end_mib" &&
            to_disk bs=$MIB count="$middle_mib" seek=1 iflag=fullblock
        echo $? > "$RUN/dd.rc"
    fi
    dd bs=$MIB count=2 iflag=fullblock of="$RUN/end" 2> /dev/null
    wc -c > "$RUN/surplus"
}

say "writing $IMAGE_URL ($(megabytes "$IMAGE_SIZE")) to $DEVICE"
rm -f "$RUN/fifo" "$RUN/stalled"
mkfifo "$RUN/fifo"
report_progress "$(written)" &
REPORTER=$!
sha256sum < "$RUN/fifo" > "$RUN/sum" &
summing=$!
{
    wget -q -O - "$IMAGE_URL" 2> "$RUN/wget.err" &
    echo $! > "$RUN/wget.pid"
    wait $!
    echo $? > "$RUN/wget.rc"
} |
    tee "$RUN/fifo" |
    { gunzip 2> "$RUN/gunzip.err"; echo $? > "$RUN/gunzip.rc"; cat > /dev/null; } |
    take_apart
wait "$summing"
kill "$REPORTER" 2> /dev/null
wait "$REPORTER" 2> /dev/null
REPORTER=

ended_well() { [ "$(cat "$RUN/$1.rc" 2> /dev/null)" = 0 ]; }
[ ! -e "$RUN/stalled" ] || fail image "downloading $IMAGE_URL failed: no byte of it reached the disk for $STALLED s"
ended_well wget || fail image "downloading $IMAGE_URL failed: $(stderr_line "$RUN/wget.err")"
read -r sum _ < "$RUN/sum"
[ "$sum" = "$IMAGE_SHA256" ] || fail image "wrong checksum of $IMAGE_URL: its sha256 is $sum, expected $IMAGE_SHA256"
ended_well gunzip || fail image "$IMAGE_URL is not a valid gzip file: $(stderr_line "$RUN/gunzip.err")"
if [ "$(wc -c < "$RUN/head")" -ne $MIB ] || [ "$(wc -c < "$RUN/end")" -ne "$end_bytes" ] || [ "$(cat "$RUN/surplus")" -ne 0 ]; then
    ended_well dd || fail image "writing to $DEVICE failed: $(stderr_line "$RUN/dd.err")"
    fail image "the unpacked image is not the $IMAGE_SIZE bytes that Mayu announced"
fi
ended_well dd || fail image "writing to $DEVICE failed: $(stderr_line "$RUN/dd.err")"
progress "$IMAGE_SIZE"
say "the image is on $DEVICE, its checksum is right"

# ---------------------------------------------------------------- the config beside it

# head_hex OFFSET LENGTH: bytes of the image's first MiB, in hex
head_hex() { hexdump -v -s "$1" -n "$2" -e '1/1 "%02x"' "$RUN/head"; }

# number HEX: a little-endian number
number() {
    todo=$1 digits=
    while [ -n "$todo" ]; do
        later=${todo#??}
        digits=${todo%"$later"}$digits
        todo=$later
    done
    echo $((0x$digits))
}

# A GPT (UEFI specification 5.3): header in sector 1; bytes 72 the entries' sector, 80 their count, 84 their size.
# In an entry: bytes 32 the first sector, 56 the name in UTF-16.
[ "$(head_hex 512 8)" = 4546492050415254 ] || fail config "the image has no GPT, so no partition $OEM_LABEL for the config"
entry=$(($(number "$(head_hex 584 8)") * 512))
entries=$(number "$(head_hex 592 4)")
entry_size=$(number "$(head_hex 596 4)")
wanted=$(printf %s "$OEM_LABEL" | hexdump -v -e '1/1 "%02x00"')0000
oem_sector=
while [ "$entries" -gt 0 ] && [ $((entry + entry_size)) -le $MIB ]; do
    case $(head_hex $((entry + 56)) 72) in
        "$wanted"*) oem_sector=$(number "$(head_hex $((entry + 32)) 8)"); break ;;
    esac
    entry=$((entry + entry_size))
    entries=$((entries - 1))
done
[ -n "$oem_sector" ] || fail config "the image has no partition $OEM_LABEL for the config"

[ -e /dev/loop-control ] || modprobe loop 2> /dev/null
free=$(losetup -f 2> "$RUN/oem.err") || fail config "no loop device for the partition $OEM_LABEL: $(stderr_line "$RUN/oem.err")"
losetup -o $((oem_sector * 512)) "$free" "$DEVICE" 2> "$RUN/oem.err" ||
    fail config "no loop device for the partition $OEM_LABEL: $(stderr_line "$RUN/oem.err")"
LOOP=$free
mount "$LOOP" "$RUN/oem" 2> "$RUN/oem.err" || fail config "the partition $OEM_LABEL cannot be mounted: $(stderr_line "$RUN/oem.err")"
{
    { [ "$CONFIG_FILE" != user-data ] || cp "$RUN/meta-data" "$RUN/vendor-data" "$RUN/network-config" "$RUN/oem/"; } &&
        cp "$RUN/config" "$RUN/oem/$CONFIG_FILE" &&
        printf '%s\n' "$MACHINE_ID" > "$RUN/oem/machine-id" &&
        printf '%s\n' "$SERIAL" > "$RUN/oem/serial" &&
        cmp "$RUN/config" "$RUN/oem/$CONFIG_FILE"
} > /dev/null 2> "$RUN/oem.err" || fail config "the config cannot be written to $OEM_LABEL: $(stderr_line "$RUN/oem.err")"
sync
umount "$RUN/oem" 2> "$RUN/oem.err" || fail config "$OEM_LABEL cannot be unmounted: $(stderr_line "$RUN/oem.err")"
losetup -d "$LOOP" 2> /dev/null
LOOP=
sync
say "config, machine-id and serial are on $OEM_LABEL"

# ---------------------------------------------------------------- from here on the disk boots

to_disk if="$RUN/end" bs=$MIB seek=$((middle_mib + 1)) &&
    to_disk if="$RUN/head" bs=512 skip=1 seek=1 &&
    to_disk if="$RUN/head" bs=512 count=1 ||
    fail image "writing to $DEVICE failed: $(stderr_line "$RUN/dd.err")"
sync
say "$DEVICE is bootable"

# Mayu must know before the reboot: it answers the next network boot by what it knows.
tries=0
until post installed ''; do
    tries=$((tries + 1))
    [ "$tries" -lt "$INSTALLED_TRIES" ] || fail installed "Mayu did not accept 'installed' after $tries tries: $(stderr_line "$RUN/post.err")"
    say "waiting for Mayu to accept 'installed' (try $tries of $INSTALLED_TRIES: $(stderr_line "$RUN/post.err"))"
    sleep 3
done

say "installed: rebooting from $DEVICE"
sync
reboot -f 2> /dev/null || reboot
sleep 60

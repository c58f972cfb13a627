#!/bin/sh
# Tells Mayu that this machine runs, and what runs on it. Exit 0: Mayu has written it down.
URL={{ mayu.url + "/callbacks/" + (machine.serial | uri) + "/boot_complete" | sh }}
INSTALL_ID={{ machine.install_id | sh }}

json() { printf '%s' "$1" | tr -d '\000-\037' | sed 's/[\\"]/\\&/g'; }
os=$(. /etc/os-release 2>/dev/null && printf '%s %s' "$NAME" "${VERSION_ID:-}")
body="{\"InstallId\":\"$(json "$INSTALL_ID")\",\"Versions\":{\"OS\":\"$(json "$os")\",\"Kernel\":\"$(json "$(uname -r)")\"}}"

if command -v curl >/dev/null 2>&1; then
    exec curl --fail --silent --show-error --max-time 20 --header 'Content-Type: application/json' --data "$body" "$URL"
fi
# busybox's own -T is missing or crashes in some builds.
exec timeout 20 wget -q -O /dev/null --header 'Content-Type: application/json' --post-data "$body" "$URL"

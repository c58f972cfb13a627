# Sourced by ./demo, ./test and lab/setup, which bring a `die`: what none of them can install.
# shellcheck shell=bash

# .NET puts a terminal's keypad into application mode (terminfo's smkx), for good. Without TERM it does not know how.
dotnet() { env -u TERM dotnet "$@"; }

need_dotnet() {
    # Where Microsoft's and the distributions' packages put it, and what a login shell may not have on its PATH.
    PATH=$PATH:${DOTNET_ROOT:-/usr/share/dotnet}:/usr/lib/dotnet:$HOME/.dotnet
    export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
    # The SDK wants ICU only for messages in other languages.
    /sbin/ldconfig -p | grep -q libicuuc || export DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1
    if ! dotnet --list-sdks 2> /dev/null | grep -q '^10\.'; then
        die "the .NET 10 SDK is missing (Debian does not package it); remedy: install the SDK for Linux x64 as https://dotnet.microsoft.com/download/dotnet/10.0 says, until \`dotnet --list-sdks\` shows a version 10"
    fi
    # Test programs start without the command dotnet and look for the runtime themselves.
    local folder
    folder=$(dirname "$(readlink -f "$(type -P dotnet)")")
    [ ! -d "$folder/shared" ] || export DOTNET_ROOT=${DOTNET_ROOT:-$folder}
}

# The SDK's build servers would stay for minutes after the command has ended.
leave_no_build_servers() { export MSBUILDDISABLENODEREUSE=1 UseSharedCompilation=false; }

need_rack() {
    [ -c /dev/net/tun ] || die "/dev/net/tun is missing; remedy: modprobe tun, or give the container the device (--device /dev/net/tun)"
    command -v apt-get > /dev/null || die "this is not Debian: apt-get is missing; remedy: a Debian 12 machine or container"
}

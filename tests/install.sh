#!/bin/sh
# Usage: install.sh WHAT…
# Installs the packages that packages.txt lists for each WHAT (build, example,
# test, bench) and that are missing. If none is missing, nothing is asked of apt.
set -eu
list=$(dirname "$0")/packages.txt

installed() {
    [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

missing=
for what in "$@"; do
    while read -r for package command; do
        [ "$for" = "$what" ] || continue
        if [ -n "$command" ] && command -v "$command" >/dev/null; then
            continue
        fi
        case " $missing " in *" $package "*) continue ;; esac
        installed "$package" || missing="$missing $package"
    done <"$list"
done
[ -n "$missing" ] || exit 0

if ! command -v apt-get >/dev/null; then
    echo "This system has no apt-get. Install what answers to these Debian packages:$missing" >&2
    exit 1
fi
as_root=
if [ "$(id -u)" -ne 0 ]; then
    if ! command -v sudo >/dev/null; then
        echo "Run this as root, there is no sudo: apt-get install$missing" >&2
        exit 1
    fi
    # Without a terminal nobody can answer sudo.
    if [ -t 0 ]; then as_root=sudo; else as_root='sudo -n'; fi
fi
echo "Installing:$missing"
log=$(mktemp)
trap 'rm -f "$log"' EXIT
for step in update "install -y --no-install-recommends$missing"; do
    # shellcheck disable=SC2086
    if ! $as_root env DEBIAN_FRONTEND=noninteractive apt-get -q $step </dev/null >"$log" 2>&1; then
        cat "$log" >&2
        echo "apt-get $step failed" >&2
        exit 1
    fi
done

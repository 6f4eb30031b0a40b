#!/bin/sh
# Usage: install.sh BUILD-DIR EMBED.C CC
# What `cmake --install` leaves is enough: an example is built against the
# installed quorate.pc, wherever that was moved, and the command, its workers and
# the manual are there.
set -eu
build=$1 example=$2 cc=$3
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cmake --install "$build" --prefix "$work/first" >"$work/log"
mv "$work/first" "$work/prefix"
pc=$(dirname "$(find "$work/prefix" -name quorate.pc)")
export PKG_CONFIG_PATH="$pc"
# shellcheck disable=SC2046
$cc -std=c17 -Wall -Wextra -Werror "$example" \
    $(pkg-config --cflags --libs --static quorate) -o "$work/embed"
"$work/embed"
for file in bin/quorate libexec/quorate/quorate-print libexec/quorate/quorate-scan \
    share/man/man1/quorate.1; do
    [ -s "$work/prefix/$file" ] || { echo "FAILED: $file is not installed"; exit 1; }
done
"$work/prefix/bin/quorate" --version

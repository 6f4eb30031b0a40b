#!/bin/sh
# Usage: install.sh BUILD-DIR EMBED.C CC
# What `cmake --install` leaves is enough: an example is built against the
# installed quorate.pc, wherever that was moved, and the command founds a vault there.
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
    libexec/quorate/quorate-spool \
    share/man/man1/quorate.1; do
    [ -s "$work/prefix/$file" ] || { echo "FAILED: $file is not installed"; exit 1; }
done

# A founding by the moved command: it finds its workers, and logs the digest of
# each program.
people='' groups=''
for who in operator-1:operator p1:custodian p2:custodian m1:custodian m2:custodian; do
    id=${who%:*}
    people="$people${people:+, }{\"id\": \"$id\", \"name\": \"Person $id\", \"roles\": [\"${who#*:}\"]}"
done
for group in password:p mfa:m; do
    id=${group#*:}
    groups="$groups${groups:+, }\"${group%:*}\": {\"threshold\": 2, \"custodians\": [\"${id}1\", \"${id}2\"]}"
done
cat >"$work/policy.json" <<END
{"vault": "example.com/install", "organization": "Example Org", "practice": true,
 "people": [$people], "groups": {$groups}}
END
cd "$work"
prefix/bin/quorate --vault vault --no-input --answers-fd 3 --secrets-fd 4 init \
    --policy policy.json --sheets sheets 3<<END 4>secrets.json >log 2>&1 || { cat log; exit 1; }
{"operator": "operator-1", "badges": {"operator-1": "a passphrase for practice"}}
END
[ "$(head -c 5 sheets/card-001.pdf)" = %PDF- ]
prefix/bin/quorate --vault vault --json log show >shown
for program in quorate quorate-print quorate-scan quorate-spool; do
    digest=$(sha256sum "$(find prefix -type f -name $program)" | cut -d' ' -f1)
    grep -q "\"$program $digest\"" shown ||
        { echo "FAILED: the log has no digest of $program"; exit 1; }
done

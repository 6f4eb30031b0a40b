#!/bin/sh
# Usage: sh examples/first-ceremony.sh
# Installs what is missing, builds, and runs a whole practice ceremony: founding,
# cards on paper and read back, an opening refused, an opening. Everything in it
# is made up, the secrets are random, and none stands in a file, an argument or
# the environment: they go through pipes.
set -eu
here=$(cd "$(dirname "$0")/.." && pwd)
sh "$here/tests/install.sh" build example

build=$here/build-practice
echo "Building…"
if ! {
    cmake -S "$here" -B "$build" -G Ninja -DQUORATE_TESTS=OFF && cmake --build "$build"
} </dev/null >"$here/build-practice.log" 2>&1; then
    cat "$here/build-practice.log" >&2
    exit 1
fi
rm -f "$here/build-practice.log"

umask 077
place=$(mktemp -d "${TMPDIR:-/tmp}/quorate-practice-XXXXXX")
cd "$place"
mkdir scans
account=123456789012

step() {
    printf '\n── %s\n' "$*"
}

# quorate ARGUMENTS…: with the operator's answers on descriptor 3, a pipe.
quorate() {
    "$build/bin/quorate" --vault vault --no-input --quiet --answers-fd 3 "$@" 3<<END
{"operator": "operator-1", "badges": {"operator-1": "$passphrase"}$more_answers}
END
}

# field NAME: the value of a name in the JSON on standard input.
field() {
    sed -n "s/.*\"$1\":\"\\([^\"]*\\)\".*/\\1/p"
}

cat >policy.json <<END
{"vault": "example.com/practice", "organization": "Example Org", "practice": true,
 "people": [
  {"id": "operator-1", "name": "Operator One", "roles": ["operator"]},
  {"id": "custodian-p1", "name": "Custodian P1", "roles": ["custodian"]},
  {"id": "custodian-p2", "name": "Custodian P2", "roles": ["custodian"]},
  {"id": "custodian-p3", "name": "Custodian P3", "roles": ["custodian"]},
  {"id": "custodian-p4", "name": "Custodian P4", "roles": ["custodian"]},
  {"id": "custodian-p5", "name": "Custodian P5", "roles": ["custodian"]},
  {"id": "custodian-m1", "name": "Custodian M1", "roles": ["custodian"]},
  {"id": "custodian-m2", "name": "Custodian M2", "roles": ["custodian"]},
  {"id": "custodian-m3", "name": "Custodian M3", "roles": ["custodian"]},
  {"id": "custodian-m4", "name": "Custodian M4", "roles": ["custodian"]}],
 "groups": {
  "password": {"threshold": 3, "custodians":
   ["custodian-p1", "custodian-p2", "custodian-p3", "custodian-p4", "custodian-p5"]},
  "mfa": {"threshold": 2, "custodians":
   ["custodian-m1", "custodian-m2", "custodian-m3", "custodian-m4"]}},
 "accounts": [{"id": "$account", "name": "Practice", "email": "root@example.com"}]}
END
passphrase=$(head -c 20 /dev/urandom | base32 -w0)
seed=$(head -c 40 /dev/urandom | base32 -w0)

step "1. Founding: any 3 of 5 password custodians and any 2 of 4 MFA custodians"
more_answers=", \"accounts\": {\"$account\": {\"password\": null, \"totp\": \"$seed\"}}"
secrets=$(quorate --secrets-fd 4 init --policy policy.json --sheets sheets 4>&1 >founding.txt)
sed '/^ *$/d' founding.txt
more_answers=
password=$(printf '%s\n' "$secrets" | field password)
unset secrets
echo "A password of ${#password} characters was generated, and an MFA seed sealed with it."

step "2. Paper: each card is rasterised as a scanner would, read back and proved"
for card in sheets/card-*.pdf; do
    pdftoppm -r 200 -gray -png -singlefile -f 1 -l 1 "$card" "scans/$(basename "$card" .pdf)"
done
quorate card prove scans/card-*.png
quorate card list

step "3. The password group alone, all five of it: this must not open"
status=0
quorate --secrets-fd 4 open $account --purpose close-account --show password,code \
    scans/card-00[1-5]*.png 4>nothing || status=$?
echo "Exit code $status, and $(wc -c <nothing | tr -d ' ') bytes were released."
[ $status -eq 3 ] && [ ! -s nothing ]
rm nothing

step "4. Three of the one group and two of the other: this opens"
released=$(quorate --secrets-fd 4 open $account --purpose close-account --show password,code \
    scans/card-00[245]*.png scans/card-00[68]*.png 4>&1 >opening.txt)
cat opening.txt
opened=$(printf '%s\n' "$released" | field password)
code=$(printf '%s\n' "$released" | field code)
next_code=$(printf '%s\n' "$released" | field next_code)
unset released
[ "$opened" = "$password" ]
echo "Through the pipe came the password that was sealed (${#opened} characters) and the code $code."
if command -v oathtool >/dev/null; then
    judge=$(printf '%s\n' "$seed" | oathtool --totp -b -)
    [ "$judge" = "$code" ] || [ "$judge" = "$next_code" ]
    echo "oathtool computes the same code from the seed."
fi

step "5. The log, from the opening on: who did what, and that nobody changed it"
quorate log show | awk '$3 == "intent" { shown = "" } { shown = shown $0 "\n" } END { printf "%s", shown }' |
    awk '{ printf "%6s  %s  %-15s %s  %s\n", $1, $2, $3, $4, $5 " " $6 " " $7 }' | grep -v checkpoint-key |
    cut -c1-96
quorate log verify

rm founding.txt opening.txt
cat <<END

── What happened
A practice vault was founded. Its key was split over two groups and then forgotten:
it exists only on nine cards. All nine were printed, read back and proved. Five cards
of one group opened nothing; three of it and two of the other opened the account.
Every step is in the signed log, and the log is whole.

The cards and labels, as PDF:  $place/sheets
The vault itself:              $place/vault
Look at a card before you delete the folder: nothing in it is of any worth.
END

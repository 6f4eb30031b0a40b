#!/bin/sh
# Usage: sh examples/ten-years.sh [QUORATE]
# What ten years bring to a practice vault, in a minute: founding, four drills, a
# damaged card, a lost one, somebody who leaves, a re-key, an opening, a review.
# Installs what is missing and builds, unless the command is given. Everything is
# made up; every sheet of paper is kept in a folder, to be looked at.
set -eu
here=$(cd "$(dirname "$0")/.." && pwd)
if [ $# -gt 0 ]; then
    program=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
else
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
    program=$build/bin/quorate
fi

umask 077
place=$(mktemp -d "${TMPDIR:-/tmp}/quorate-ten-years-XXXXXX")
cd "$place"
mkdir scans sheets
account=123456789012
vault=example.com/ten-years
passphrase=$(head -c 20 /dev/urandom | base32 -w0)
seed=$(head -c 40 /dev/urandom | base32 -w0)
# Who signs something below has a passphrase; all others have a wallet card.
badges="\"operator-1\": \"$passphrase 1\", \"operator-2\": \"$passphrase 2\",
 \"auditor-1\": \"$passphrase 3\", \"custodian-p2\": \"$passphrase 4\", \"custodian-m1\": \"$passphrase 5\""

step() {
    printf '\n── %s\n' "$*"
}

# quorate ARGUMENTS…: with the answers on descriptor 3, a pipe; $more is of one step.
more=
quorate() {
    "$program" --vault vault --no-input --quiet --answers-fd 3 "$@" 3<<END
{"operator": "operator-1", "badges": {$badges}, "confirm": "$vault"$more}
END
}

# field NAME: the value of a name in the JSON on standard input.
field() {
    sed -n "s/.*\"$1\":\"\\([^\"]*\\)\".*/\\1/p"
}

# scan FOLDER: rasterises its cards as a scanner would, to scans/card-NNN.png.
scan() {
    for card in sheets/"$1"/card-*.pdf; do
        pdftoppm -r 200 -gray -png -singlefile -f 1 -l 1 "$card" "scans/$(basename "$card" .pdf)"
    done
}

# cards SERIAL…: their files.
cards() {
    for serial; do
        printf 'scans/card-%03d.png\n' "$serial"
    done
}

# tersely ARGUMENTS…: the same, and the first line of what it says.
tersely() {
    if ! quorate "$@" >said.txt 2>next.txt; then
        cat next.txt >&2
        return 1
    fi
    sed 1q said.txt
}

# put_away GROUP SERIAL…: each into a new bag, in the safe of its group.
bag=1000
put_away() {
    group=$1
    shift
    for serial; do
        bag=$((bag + 1))
        tersely bag seal "AB-$bag" --card "$serial" --site "site-$group" --safe "safe-$group" \
            --witness auditor-1
    done
}

# destroy SERIAL…
destroy() {
    for serial; do
        tersely card destroy "$serial" --witness auditor-1
    done
}

# graded PERSON…: the answers of a drill to which these came, and did well.
graded() {
    present='"auditor-1"'
    grades='"operator-1": "ready", "auditor-1": "ready"'
    for person; do
        present="$present, \"$person\""
        grades="$grades, \"$person\": \"ready\""
    done
    more=", \"present\": [$present], \"grades\": {$grades}"
}

# policy ID: the policy, with that custodian as the third of the password group.
policy() {
    cat <<END
{"vault": "$vault", "organization": "Example Org", "practice": true,
 "people": [
  {"id": "operator-1", "name": "Operator One", "roles": ["operator"]},
  {"id": "operator-2", "name": "Operator Two", "roles": ["operator"]},
  {"id": "auditor-1", "name": "Auditor One", "roles": ["auditor", "witness"]},
  {"id": "custodian-p1", "name": "Custodian P1", "roles": ["custodian"]},
  {"id": "custodian-p2", "name": "Custodian P2", "roles": ["custodian"]},
  {"id": "$1", "name": "Custodian ${1#custodian-}", "roles": ["custodian"]},
  {"id": "custodian-p4", "name": "Custodian P4", "roles": ["custodian"]},
  {"id": "custodian-m1", "name": "Custodian M1", "roles": ["custodian"]},
  {"id": "custodian-m2", "name": "Custodian M2", "roles": ["custodian"]},
  {"id": "custodian-m3", "name": "Custodian M3", "roles": ["custodian"]}],
 "groups": {
  "password": {"threshold": 2, "custodians": ["custodian-p1", "custodian-p2", "$1", "custodian-p4"]},
  "mfa": {"threshold": 2, "custodians": ["custodian-m1", "custodian-m2", "custodian-m3"]}},
 "accounts": [{"id": "$account", "name": "Production", "email": "root@example.com"}]}
END
}

policy custodian-p3 >policy.json
step "Year 1. The founding: any 2 of 4 password custodians and any 2 of 3 MFA custodians"
more=", \"accounts\": {\"$account\": {\"password\": null, \"totp\": \"$seed\"}}"
password=$(quorate --secrets-fd 4 init --policy policy.json --sheets sheets/1-founding 4>&1 >founding.txt | field password)
sed '/^ *$/d' founding.txt
more=
scan 1-founding
quorate card prove scans/card-*.png
put_away password 1 2 3 4
put_away mfa 5 6 7

step "Year 2. The first drill, of the seals: a tour of the safes, no bag is opened"
graded
seals=
for serial in 1 2 3 4 5 6 7; do
    seals="$seals${seals:+, }{\"bag\": \"AB-$((1000 + serial))\", \"result\": \"whole\"}"
done
more="$more, \"seals\": [$seals]"
quorate drill seals

step "Year 3. The second drill, of the password group: its half is rebuilt, nothing is shown"
graded custodian-p1 custodian-p2 custodian-p3
more="$more, \"actions\": [{\"text\": \"Keep card 2 away from coffee\", \"owner\": \"operator-2\", \"due\": \"2040-02-28\"}]"
quorate drill group --group password $(cards 1 2 3)
more=
put_away password 1 3

step "Year 3. Coffee on card 2: the same share on a new card, the old one destroyed"
quorate card replace 2 --in-hand --reason "coffee was spilt on it" --sheets sheets/2-replaced $(cards 1 3)
scan 2-replaced
quorate card prove $(cards 8)
put_away password 1 3 8
destroy 2
quorate action close 1 --text "It lies in a bag again, and nobody drinks in the room"

step "Year 4. Card 6 is lost: it is void, and its group gets new shares"
quorate card void 6 --reason "lost on a journey"
quorate reissue --group mfa --reason "card 6 was lost" --sheets sheets/3-reissued $(cards 5 7)
scan 3-reissued
quorate card prove $(cards 9 10 11)
put_away mfa 9 10 11
destroy 5 7

step "Year 5. The third drill, of the MFA group; one brings the old card that was thought lost"
graded custodian-m1 custodian-m3
more=$(printf '%s' "$more" | sed 's/}$/, "custodian-m2": "helped"}/; s/"present": \[/&"custodian-m2", /')
quorate drill group --group mfa $(cards 9 6 11)
more=
put_away mfa 9 11
destroy 6

step "Year 6. A custodian leaves, and another comes: their group gets new shares"
quorate person leave custodian-p3 --reason "another employer"
quorate person add custodian-p5 --name "Custodian p5" --role custodian --sheets sheets/4-joined
policy custodian-p5 >policy.json
quorate reissue --group password --reason "custodian-p3 left" --policy policy.json --sheets sheets/5-reissued $(cards 1 8)
scan 5-reissued
quorate card prove $(cards 12 13 14 15)
put_away password 12 13 14 15
destroy 1 3 4 8

step "Year 7. Somebody may have copied a card: a new key for both groups, in a session with minutes"
graded custodian-p1 custodian-p2 custodian-m1 custodian-m3
quorate session open
quorate rekey --reason "a safe was found open" --sheets sheets/6-rekeyed $(cards 12 13 9 11)
scan 6-rekeyed
quorate card prove $(cards 16 17 18 19 20 21)
quorate card prove $(cards 22)
quorate session close
quorate session minutes --sheets sheets/7-reports
more=
put_away password 16 17 18 19
put_away mfa 20 21 22
destroy 9 10 11 12 13 14 15

step "Year 8. An opening with the new cards: the same password as on the first day"
released=$(quorate --secrets-fd 4 open $account --purpose close-account --show password,code \
    $(cards 19 17 20 22) 4>&1 >opening.txt)
cat opening.txt
[ "$(printf '%s\n' "$released" | field password)" = "$password" ]
if command -v oathtool >/dev/null; then
    judge=$(printf '%s\n' "$seed" | oathtool --totp -b -)
    [ "$judge" = "$(printf '%s\n' "$released" | field code)" ] ||
        [ "$judge" = "$(printf '%s\n' "$released" | field next_code)" ]
    echo "oathtool computes the same code from the seed."
fi
unset released
put_away password 17 19
put_away mfa 20 22

step "Year 9. The quarterly review: who still holds what"
more=', "review": {"custodian-p2": {"password-card": "yes"}, "custodian-m1": {"mfa-card": "yes"}}'
quorate review
more=

step "Year 10. The fourth drill, of both groups: the key is rebuilt, and nothing is decrypted"
graded custodian-p4 custodian-p5 custodian-m2 custodian-m3
quorate drill full $(cards 18 19 21 22)
more=
put_away password 18 19
put_away mfa 21 22

step "What there is on paper"
for number in 1 2 3 4; do
    quorate drill report "$number" --sheets sheets/7-reports
done
quorate receipt print --sheets sheets/7-reports
find sheets -name '*.pdf' | sort | sed 's/^/  /'

step "What is due now"
quorate status || [ $? -eq 6 ]

step "The cards, and the log: who did what, and that nobody changed it"
quorate card list
quorate log verify

rm ./*.txt
cat <<END

── What happened
Seven cards became twenty-two. One was damaged and copied, one lost, one custodian left, and
once nobody was sure: each time old cards were made worthless, and the password stayed.
The same quorums open the vault, and each step of it is in the signed log.

The sheets, as PDF:  $place/sheets
The vault itself:    $place/vault
END

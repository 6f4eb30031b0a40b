// verify_log verifies what `quorate log export` wrote, with Go's own libraries for
// checksum databases and none of Quorate's code: every checkpoint under the key that was
// announced for it, every cosignature that an actor owes, every entry's place and hash
// against the tiles, and that each checkpoint continues the one before.
//
//	verify_log EXPORT [PEOPLE]        an export; PEOPLE: verifier keys from paper, one a line
//	verify_log -proof FILE PEOPLE     what `quorate log prove` wrote
//
// It needs Go 1.19 and golang.org/x/mod/sumdb (Debian: golang-go, golang-golang-x-mod-dev):
//
//	GO111MODULE=off GOPATH=/usr/share/gocode go run verify_log.go EXPORT
//
// The forms are those of docs/formats/log.md, export.md and proof.md. What an entry may do
// (the rights) is not judged here; verify_log.py does that. Every fault is told. Exit
// status: 0 no fault, 1 faults, 2 it could not be run.
package main

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const (
	tileHeight = 8
	keyCosign  = 0x04
)

var faults int

func fault(format string, values ...interface{}) {
	faults++
	fmt.Printf("fault: "+format+"\n", values...)
}

func cannot(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "verify_log:", err)
		os.Exit(2)
	}
}

// ---- An entry, as far as its place goes ----

// entry holds the lines of one entry by their key, in order.
type entry struct {
	body []byte
	keys []string
	vals map[string][]string
}

func parseEntry(body []byte) (*entry, error) {
	text := string(body)
	if !strings.HasPrefix(text, "quorate/entry/v1\n") || !strings.HasSuffix(text, "\n") {
		return nil, fmt.Errorf("not an entry")
	}
	e := &entry{body: body, vals: map[string][]string{}}
	for _, line := range strings.Split(text[:len(text)-1], "\n")[1:] {
		key, value, ok := strings.Cut(line, " ")
		if !ok || value == "" {
			return nil, fmt.Errorf("a line without a value")
		}
		e.keys = append(e.keys, key)
		e.vals[key] = append(e.vals[key], value)
	}
	head := []string{"log", "index", "epoch", "time", "event", "actor"}
	for i, key := range head {
		if len(e.keys) <= i || e.keys[i] != key {
			return nil, fmt.Errorf("no line %q where it is due", key)
		}
	}
	if e.keys[len(e.keys)-1] != "salt" {
		return nil, fmt.Errorf("no salt at the end")
	}
	return e, nil
}

func (e *entry) get(key string) string {
	if e == nil || len(e.vals[key]) == 0 {
		return ""
	}
	return e.vals[key][0]
}

// ---- People's keys and cosignatures ----

// badge is a person's verifier key of type 0x04, which Go's note package does not know.
type badge struct {
	name   string
	id     uint32
	public ed25519.PublicKey
}

func parseBadge(vkey string) (*badge, error) {
	parts := strings.SplitN(vkey, "+", 3)
	if len(parts) != 3 {
		return nil, fmt.Errorf("not name+id+key: %q", vkey)
	}
	key, err := base64.StdEncoding.Strict().DecodeString(parts[2])
	if err != nil || len(key) != 1+ed25519.PublicKeySize || key[0] != keyCosign {
		return nil, fmt.Errorf("not a key of type 0x04: %q", vkey)
	}
	if !strings.Contains(parts[0], "/") {
		return nil, fmt.Errorf("not a log's name and a person's: %q", vkey)
	}
	hash := sha256.Sum256([]byte(parts[0] + "\n" + string(key)))
	b := &badge{parts[0], binary.BigEndian.Uint32(hash[:4]), key[1:]}
	if parts[1] != fmt.Sprintf("%08x", b.id) {
		return nil, fmt.Errorf("the id is not that of this name and key: %q", vkey)
	}
	return b, nil
}

// cosigned tells whether exactly one line of this badge stands under the note, and
// verifies: over `cosignature/v1`, its time, and the note's text.
func (b *badge) cosigned(message []byte) bool {
	at := bytes.Index(message, []byte("\n\n"))
	if at < 0 {
		return false
	}
	text := message[:at+1]
	var found []byte
	for _, line := range strings.Split(string(message[at+2:]), "\n") {
		parts := strings.Split(line, " ")
		if len(parts) != 3 || parts[0] != "\u2014" || parts[1] != b.name {
			continue
		}
		signature, err := base64.StdEncoding.Strict().DecodeString(parts[2])
		if err != nil || len(signature) < 4 || binary.BigEndian.Uint32(signature) != b.id {
			continue
		}
		if found != nil {
			return false
		}
		found = signature[4:]
	}
	if len(found) != 8+ed25519.SignatureSize {
		return false
	}
	seconds := binary.BigEndian.Uint64(found)
	signed := fmt.Sprintf("cosignature/v1\ntime %d\n%s", seconds, text)
	return seconds < 1<<63 && ed25519.Verify(b.public, []byte(signed), found[8:])
}

func readPeople(path string) []*badge {
	data, err := os.ReadFile(path)
	cannot(err)
	var people []*badge
	for _, line := range strings.Split(string(data), "\n") {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "#") {
			b, err := parseBadge(line)
			cannot(err)
			people = append(people, b)
		}
	}
	if people == nil {
		cannot(fmt.Errorf("%s: no key", path))
	}
	return people
}

func signers(message []byte, people []*badge) []string {
	var names []string
	seen := map[string]bool{}
	for _, b := range people {
		if b.cosigned(message) && !seen[b.name] {
			names = append(names, b.name)
			seen[b.name] = true
		}
	}
	sort.Strings(names)
	return names
}

// ---- Checkpoints ----

func parseCheckpoint(text string) (origin string, tree tlog.Tree, err error) {
	lines := strings.Split(text, "\n")
	if len(lines) != 4 || lines[3] != "" {
		return "", tree, fmt.Errorf("not the three lines of a checkpoint")
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil || size < 1 || lines[1] != fmt.Sprint(size) {
		return "", tree, fmt.Errorf("no size")
	}
	hash, err := tlog.ParseHash(lines[2])
	return lines[0], tlog.Tree{N: size, Hash: hash}, err
}

// textOf is what stands before the signatures, verified or not.
func textOf(message []byte) string {
	text, _, _ := strings.Cut(string(message), "\n\n")
	return text + "\n"
}

// openNote opens a checkpoint under the one key that may have signed it.
func openNote(message []byte, vkey string) (string, error) {
	verifier, err := note.NewVerifier(vkey)
	if err != nil {
		return "", err
	}
	opened, err := note.Open(message, note.VerifierList(verifier))
	if err != nil {
		return "", err
	}
	count := strings.Count(string(message), "\n\u2014 "+verifier.Name()+" ")
	if count != 1 {
		return "", fmt.Errorf("%d lines of the log's key", count)
	}
	return opened.Text, nil
}

// ---- The export's tiles ----

// tiles reads C2SP tlog-tiles, whose height is not in the path, for Go's tile reader.
type tiles struct{ dir string }

func (t tiles) Height() int { return tileHeight }

func (t tiles) SaveTiles([]tlog.Tile, [][]byte) {}

func (t tiles) path(tile tlog.Tile) string {
	path := strings.TrimPrefix(tile.Path(), "tile/8/")
	return filepath.Join(t.dir, "tile", strings.Replace(path, "data/", "entries/", 1))
}

// ReadTiles gives a tile, or the part of it that is asked for.
func (t tiles) ReadTiles(wanted []tlog.Tile) ([][]byte, error) {
	var all [][]byte
	for _, tile := range wanted {
		data, err := os.ReadFile(t.path(tile))
		if err != nil {
			return nil, err
		}
		all = append(all, data)
	}
	return all, nil
}

// entries reads the bundles: each entry behind its length.
func (t tiles) entries(size int64) [][]byte {
	var all [][]byte
	for first := int64(0); first < size; first += 1 << tileHeight {
		width := size - first
		if width > 1<<tileHeight {
			width = 1 << tileHeight
		}
		path := t.path(tlog.Tile{H: tileHeight, L: -1, N: first >> tileHeight, W: int(width)})
		data, err := os.ReadFile(path)
		if err != nil {
			fault("%v", err)
			return all
		}
		for n := int64(0); n < width; n++ {
			if len(data) < 2 || len(data) < 2+int(binary.BigEndian.Uint16(data)) {
				fault("entry %d: %s is cut short", len(all), path)
				return all
			}
			length := int(binary.BigEndian.Uint16(data))
			all = append(all, data[2:2+length])
			data = data[2+length:]
		}
		if len(data) != 0 {
			fault("entry %d: something stands behind the entries of %s", len(all), path)
		}
	}
	return all
}

// ---- The whole log ----

type verifier struct {
	dir     string
	origin  string
	nextKey string
	badges  map[string]*badge // in force, by person
	number  int               // of cosignatures that the policy asks for
	others  int               // the same, of a policy that came in this epoch; 0: none came
	people  []*badge          // under the names that they have in this log
	hashes  tlog.HashReader
	former  tlog.Tree

	vouched  int64 // how many entries are, from the first on
	vouchers []string
}

// agree takes a policy over that asks for another number of cosignatures: for more at
// once, for fewer only if two people, of whom we hold keys, cosigned it. This program
// does not check who may do what, and one badge must not make do with itself.
func (v *verifier) agree(message []byte) {
	if v.others > v.number || (v.others > 0 && len(signers(message, v.people)) >= 2) {
		v.number = v.others
	}
	v.others = 0
}

// announce takes the badges and keys that an entry names.
func (v *verifier) announce(index int, e *entry) {
	var named [][2]string
	switch e.get("event") {
	case "genesis":
		v.nextKey = e.get("first-key")
		v.number, _ = strconv.Atoi(e.get("cosignatures"))
		for _, line := range e.vals["person"] {
			if parts := strings.Split(line, " "); len(parts) == 3 && parts[2] != "-" {
				named = append(named, [2]string{parts[0], parts[2]})
			}
		}
	case "policy-changed":
		v.others, _ = strconv.Atoi(e.get("cosignatures"))
	case "log-taken-over":
		for _, line := range e.vals["operator"] {
			person, vkey, _ := strings.Cut(line, " ")
			named = append(named, [2]string{person, vkey})
		}
	}
	for _, pair := range named {
		b, err := parseBadge(pair[1])
		if err != nil || b.name != v.origin+"/"+pair[0] {
			fault("entry %d: the badge of %s: %v", index, pair[0], err)
			continue
		}
		v.badges[pair[0]] = b
	}
}

// epoch verifies one checkpoint and the entries that it added.
func (v *verifier) epoch(number int, entries []*entry, first int) {
	last := first + len(entries) - 1
	at := fmt.Sprintf("entry %d, epoch %d", last, number)
	actors := map[string]bool{}
	for i, e := range entries {
		if e == nil {
			continue
		}
		here := fmt.Sprintf("entry %d, epoch %d", first+i, number)
		if e.get("log") != v.origin || e.get("index") != fmt.Sprint(first+i) {
			fault("%s: it says %s, index %s", here, e.get("log"), e.get("index"))
		}
		if (e.get("event") == "checkpoint-key") != (first+i == last) {
			fault("%s: the last entry of an epoch, and no other, is checkpoint-key", here)
		}
		v.announce(first+i, e)
		actors[e.get("actor")] = true
	}
	message, err := os.ReadFile(filepath.Join(v.dir, "chain", fmt.Sprint(number)))
	if err != nil {
		fault("%s: %v", at, err)
		return
	}
	if _, err := openNote(message, v.nextKey); err != nil {
		fault("%s: not signed by the key announced for it: %v", at, err)
	}
	origin, tree, err := parseCheckpoint(textOf(message))
	if err != nil || origin != v.origin || tree.N != int64(last+1) {
		fault("%s: a checkpoint of another log or size: %v", at, err)
	} else {
		v.compare(at, tree)
	}
	for actor := range actors {
		if b := v.badges[actor]; b == nil || !b.cosigned(message) {
			fault("%s: it lacks the cosignature of %s, who acted", at, actor)
		}
	}
	v.agree(message)
	if names := signers(message, v.people); len(names) > 0 && len(names) >= v.number {
		v.vouched, v.vouchers = int64(last+1), names
	}
	if e := entries[len(entries)-1]; e.get("next-key") != "" {
		v.nextKey = e.get("next-key")
	}
}

// compare holds a checkpoint against the tiles, and proves that it continues the one before.
func (v *verifier) compare(at string, tree tlog.Tree) {
	hash, err := tlog.TreeHash(tree.N, v.hashes)
	if err != nil || hash != tree.Hash {
		fault("%s: the root is not that of the entries so far: %v", at, err)
		return
	}
	if v.former.N > 0 {
		proof, err := tlog.ProveTree(tree.N, v.former.N, v.hashes)
		if err == nil {
			err = tlog.CheckTree(proof, tree.N, tree.Hash, v.former.N, v.former.Hash)
		}
		if err != nil {
			fault("%s: it does not continue the checkpoint before: %v", at, err)
		}
	}
	v.former = tree
}

// outcome is what a log turned out to be.
type outcome struct {
	verifier
	head        string // origin, epochs, size and root, as a successor's genesis says them
	size        int64
	fingerprint tlog.Hash
	old         *outcome // the log that it continues
}

// ofLog gives the people's keys the names that they have in a log: one that continues
// another takes them over, and only names and ids change.
func ofLog(people []*badge, origin string) []*badge {
	var named []*badge
	for _, b := range people {
		name := origin + b.name[strings.LastIndex(b.name, "/"):]
		hash := sha256.Sum256([]byte(name + "\n\x04" + string(b.public)))
		same := false
		for _, other := range named {
			same = same || (other.name == name && other.public.Equal(b.public))
		}
		if !same {
			named = append(named, &badge{name, binary.BigEndian.Uint32(hash[:4]), b.public})
		}
	}
	return named
}

// ofChain refuses a key of a log that is none of these; of none at all, nothing.
func ofChain(people []*badge, origins []string) {
	for _, b := range people {
		known := len(origins) == 0
		for _, origin := range origins {
			known = known || b.name[:strings.LastIndex(b.name, "/")] == origin
		}
		if !known {
			cannot(fmt.Errorf("%s: a key of another log than %s", b.name, origins[0]))
		}
	}
}

// originsOf reads them from the checkpoints, which are verified later.
func originsOf(dir string) []string {
	var origins []string
	for at := dir; len(origins) < 24; at = filepath.Join(at, "predecessor") {
		message, err := os.ReadFile(filepath.Join(at, "checkpoint"))
		if err != nil {
			break
		}
		origin, _, _ := strings.Cut(string(message), "\n")
		origins = append(origins, origin)
	}
	return origins
}

// verifyExport verifies a log, and before it those that it continues.
func verifyExport(dir string, people []*badge) *outcome {
	message, err := os.ReadFile(filepath.Join(dir, "checkpoint"))
	cannot(err)
	origin, tree, err := parseCheckpoint(textOf(message))
	if err != nil {
		fault("checkpoint: %v", err)
		return nil
	}
	if people != nil {
		people = ofLog(people, origin)
	}
	t := tiles{dir}
	v := &verifier{dir: dir, origin: origin, badges: map[string]*badge{}, people: people, number: 1}
	v.hashes = tlog.TileHashReader(tree, t)
	bodies := t.entries(tree.N)
	entries := make([]*entry, len(bodies))
	epochs := [][]*entry{}
	for i, body := range bodies {
		checkLeaf(v.hashes, tree, i, body)
		e, err := parseEntry(body)
		if err != nil {
			fault("entry %d: %v", i, err)
		} else if said := e.get("epoch"); said != fmt.Sprint(len(epochs)-1) {
			if said != fmt.Sprint(len(epochs)) {
				fault("entry %d: it says epoch %s, and epoch %d is due", i, said, len(epochs))
			}
			epochs = append(epochs, nil)
		}
		entries[i] = e
		if len(epochs) > 0 {
			epochs[len(epochs)-1] = append(epochs[len(epochs)-1], e)
		}
	}
	if len(entries) == 0 || entries[0].get("event") != "genesis" {
		fault("entry 0: the log does not begin with its genesis")
		return nil
	}
	var old *outcome
	if said := entries[0].get("predecessor"); said != "" {
		if old = verifyExport(filepath.Join(dir, "predecessor"), people); old == nil || old.head != said {
			fault("entry 0: it continues %s, and another log is in predecessor/", said)
		}
	}
	first := 0
	for number, run := range epochs {
		v.epoch(number, run, first)
		first += len(run)
	}
	checkChain(dir, len(epochs), message)
	fmt.Printf("log %s, %d entries in %d epochs\n", origin, len(entries), len(epochs))
	found := &outcome{verifier: *v, size: tree.N, fingerprint: tlog.RecordHash(bodies[0]), old: old}
	found.head = fmt.Sprintf("%s %d %d %s", origin, len(epochs), tree.N, tree.Hash)
	return found
}

// tell says what to compare with which card, for a successor has another fingerprint
// than the log before it, and which entries the people vouch for.
func tell(found *outcome, people []*badge) {
	where := "a card"
	if found != nil && found.old != nil {
		where = "a card that was printed since it is " + found.origin
	}
	for log := found; log != nil; log = log.old {
		fmt.Printf("fingerprint %x: compare it with %s\n", log.fingerprint[:], where)
		if log.old != nil {
			where = "a card that was printed when it was " + log.old.origin
		}
	}
	if found == nil || people == nil {
		return
	}
	log := found
	for log != nil && log.vouched == 0 {
		log = log.old
	}
	if log == nil {
		fault("no checkpoint has %d cosignatures by these keys", found.number)
		return
	}
	names := strings.Join(log.vouchers, ", ")
	if log != found {
		names += fmt.Sprintf(", and the first %d of %s", log.vouched, log.origin)
	}
	fmt.Printf("%d of %d entries are vouched for by %s\n", found.vouched, found.size, names)
	if found.vouched < found.size {
		fmt.Printf("notice: entry %d: from here on the entries are not vouched for: a session that lasts "+
			"looks so, and so does what one badge wrote alone\n", found.vouched)
	}
}

// checkLeaf holds an entry against the tiles, and proves that it is in the tree.
func checkLeaf(hashes tlog.HashReader, tree tlog.Tree, index int, body []byte) {
	proof, err := tlog.ProveRecord(tree.N, int64(index), hashes)
	if err == nil {
		err = tlog.CheckRecord(proof, tree.N, tree.Hash, int64(index), tlog.RecordHash(body))
	}
	if err != nil {
		fault("entry %d: it is not in the tree of the checkpoint: %v", index, err)
	}
}

// checkChain sees to it that there is a checkpoint for every epoch and no other, and that
// the last is the export's.
func checkChain(dir string, epochs int, checkpoint []byte) {
	files, err := os.ReadDir(filepath.Join(dir, "chain"))
	cannot(err)
	for _, file := range files {
		number, err := strconv.Atoi(file.Name())
		if err != nil || fmt.Sprint(number) != file.Name() || number < 0 || number >= epochs {
			fault("chain/%s: there is no such epoch", file.Name())
		}
	}
	last, err := os.ReadFile(filepath.Join(dir, "chain", fmt.Sprint(epochs-1)))
	if err != nil || !bytes.Equal(last, checkpoint) {
		fault("checkpoint: it is not the last one of chain/")
	}
}

// ---- Proofs ----

func verifyProof(path string, people []*badge) {
	data, err := os.ReadFile(path)
	cannot(err)
	head, message, found := strings.Cut(string(data), "\n\n")
	lines := strings.Split(head, "\n")
	said := map[string]string{}
	for len(lines) > 1 && strings.Contains(lines[1], " ") {
		key, value, _ := strings.Cut(lines[1], " ")
		said[key] = value
		lines = append(lines[:1], lines[2:]...)
	}
	origin, tree, err := parseCheckpoint(textOf([]byte(message)))
	var proof []tlog.Hash
	for _, line := range lines[1:] {
		hash, bad := tlog.ParseHash(line)
		if bad != nil {
			err = bad
		}
		proof = append(proof, hash)
	}
	if err != nil || !found {
		fault("%s: %v", path, err)
		return
	}
	switch lines[0] {
	case "c2sp.org/tlog-proof@v1":
		index, bad := strconv.ParseInt(said["index"], 10, 64)
		body, worse := base64.StdEncoding.Strict().DecodeString(said["extra"])
		if bad != nil || worse != nil || len(body) == 0 {
			fault("%s: no index, or no entry", path)
			return
		}
		err = tlog.CheckRecord(tlog.RecordProof(proof), tree.N, tree.Hash, index, tlog.RecordHash(body))
	case "quorate/consistency/v1":
		size, root, _ := strings.Cut(said["old"], " ")
		old, bad := strconv.ParseInt(size, 10, 64)
		hash, worse := tlog.ParseHash(root)
		if bad != nil || worse != nil {
			fault("%s: no older log", path)
			return
		}
		err = tlog.CheckTree(tlog.TreeProof(proof), tree.N, tree.Hash, old, hash)
	default:
		err = fmt.Errorf("not a proof")
	}
	names := signers([]byte(message), ofLog(people, origin))
	if err == nil && len(names) == 0 {
		err = fmt.Errorf("none of these people has cosigned its checkpoint")
	}
	if err != nil {
		fault("%s: %v", path, err)
		return
	}
	fmt.Printf("proved, and vouched for by %s\n", strings.Join(names, ", "))
}

func main() {
	args := os.Args[1:]
	switch {
	case len(args) == 3 && args[0] == "-proof":
		verifyProof(args[1], readPeople(args[2]))
	case len(args) == 1 && !strings.HasPrefix(args[0], "-"):
		tell(verifyExport(args[0], nil), nil)
	case len(args) == 2 && !strings.HasPrefix(args[0], "-"):
		people := readPeople(args[1])
		ofChain(people, originsOf(args[0]))
		tell(verifyExport(args[0], people), people)
	default:
		cannot(fmt.Errorf("usage: verify_log EXPORT [PEOPLE] | -proof FILE PEOPLE"))
	}
	if faults > 0 {
		fmt.Printf("%d faults\n", faults)
		os.Exit(1)
	}
	fmt.Println("no faults")
}

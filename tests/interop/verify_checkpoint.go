// verify_checkpoint NOTE VKEY [ENTRIES]: opens a checkpoint with Go's note
// package under one verifier key of type 1, and, with a file of entries (one a
// line, in hex), compares size and root with those that Go's tlog computes.
// Prints the checkpoint's text. Exits 1 and says why if anything differs.
package main

import (
	"encoding/hex"
	"fmt"
	"os"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "verify_checkpoint:", err)
		os.Exit(1)
	}
}

// hashes is the list of stored hashes of a growing tree.
type hashes []tlog.Hash

func (h hashes) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	out := make([]tlog.Hash, len(indexes))
	for i, index := range indexes {
		out[i] = h[index]
	}
	return out, nil
}

func root(entries []string) tlog.Hash {
	var stored hashes
	for i, line := range entries {
		entry, err := hex.DecodeString(line)
		check(err)
		more, err := tlog.StoredHashes(int64(i), entry, stored)
		check(err)
		stored = append(stored, more...)
	}
	hash, err := tlog.TreeHash(int64(len(entries)), stored)
	check(err)
	return hash
}

func main() {
	if len(os.Args) != 3 && len(os.Args) != 4 {
		check(fmt.Errorf("usage: verify_checkpoint NOTE VKEY [ENTRIES]"))
	}
	message, err := os.ReadFile(os.Args[1])
	check(err)
	verifier, err := note.NewVerifier(os.Args[2])
	check(err)
	opened, err := note.Open(message, note.VerifierList(verifier))
	check(err)
	if len(opened.Sigs) != 1 || opened.Sigs[0].Name != verifier.Name() {
		check(fmt.Errorf("%d verified signatures instead of one", len(opened.Sigs)))
	}
	lines := strings.Split(opened.Text, "\n")
	if len(lines) != 4 || lines[0] != verifier.Name() {
		check(fmt.Errorf("not a checkpoint of %s", verifier.Name()))
	}
	if len(os.Args) == 4 {
		file, err := os.ReadFile(os.Args[3])
		check(err)
		entries := strings.Fields(string(file))
		if lines[1] != fmt.Sprint(len(entries)) {
			check(fmt.Errorf("size %s, but %d entries", lines[1], len(entries)))
		}
		if computed := root(entries).String(); lines[2] != computed {
			check(fmt.Errorf("root %s, but the entries make %s", lines[2], computed))
		}
	}
	fmt.Print(opened.Text)
}

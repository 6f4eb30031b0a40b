// sign_checkpoint NAME NOTE VKEY: Go's note package makes a key of that name,
// signs a checkpoint of one entry with it, and writes the note and the verifier
// key to two files.
package main

import (
	"crypto/rand"
	"fmt"
	"os"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "sign_checkpoint:", err)
		os.Exit(1)
	}
}

func main() {
	if len(os.Args) != 4 {
		check(fmt.Errorf("usage: sign_checkpoint NAME NOTE VKEY"))
	}
	name := os.Args[1]
	signingKey, verifierKey, err := note.GenerateKey(rand.Reader, name)
	check(err)
	signer, err := note.NewSigner(signingKey)
	check(err)
	root := tlog.RecordHash([]byte("an entry\n"))
	message, err := note.Sign(&note.Note{Text: fmt.Sprintf("%s\n1\n%s\n", name, root)}, signer)
	check(err)
	check(os.WriteFile(os.Args[2], message, 0o600))
	check(os.WriteFile(os.Args[3], []byte(verifierKey+"\n"), 0o600))
}

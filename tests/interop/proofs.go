// proofs SIZES: the lines of proof_tool.c, the proofs made and judged by Go's
// tlog.
package main

import (
	"bufio"
	"fmt"
	"os"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/tlog"
)

const numberBits = 9

type hashes []tlog.Hash

func (h hashes) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	out := make([]tlog.Hash, len(indexes))
	for i, index := range indexes {
		out[i] = h[index]
	}
	return out, nil
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "proofs:", err)
		os.Exit(1)
	}
}

type question struct {
	kind        byte
	proof       []tlog.Hash
	size, other int64
	start, root tlog.Hash
}

func (q *question) holds() bool {
	if q.kind == 'I' {
		return tlog.CheckRecord(q.proof, q.size, q.root, q.other, q.start) == nil
	}
	return tlog.CheckTree(q.proof, q.size, q.root, q.other, q.start) == nil
}

func flip(hash *tlog.Hash, bit int64) {
	hash[bit/8%tlog.HashSize] ^= 1 << (bit % 8)
}

func judge(q question) string {
	var verdicts strings.Builder
	put := func() {
		if q.holds() {
			verdicts.WriteByte('1')
		} else {
			verdicts.WriteByte('0')
		}
	}
	put()
	for k := range q.proof {
		bit := q.size*31 + q.other*7 + int64(k)*13
		flip(&q.proof[k], bit)
		put()
		flip(&q.proof[k], bit)
	}
	flip(&q.start, q.size+q.other)
	put()
	flip(&q.start, q.size+q.other)
	flip(&q.root, q.size+q.other+1)
	put()
	flip(&q.root, q.size+q.other+1)
	for bit := 0; bit < numberBits; bit++ {
		q.other ^= 1 << bit
		put()
		q.other ^= 1 << bit
	}
	for bit := 0; bit < numberBits; bit++ {
		q.size ^= 1 << bit
		put()
		q.size ^= 1 << bit
	}
	if whole := q.proof; len(whole) > 0 {
		q.proof = whole[:len(whole)-1]
		put()
		q.proof = append(append([]tlog.Hash{}, whole...), whole[0])
		put()
	}
	return verdicts.String()
}

func main() {
	sizes, err := strconv.ParseInt(os.Args[1], 10, 64)
	check(err)
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	var stored hashes
	var leaves, roots []tlog.Hash
	roots = append(roots, tlog.Hash{})
	write := func(q question) {
		var hex []string
		for _, hash := range q.proof {
			hex = append(hex, fmt.Sprintf("%x", hash[:]))
		}
		if len(hex) == 0 {
			hex = append(hex, "-")
		}
		fmt.Fprintf(out, "%c %d %d %s %s\n", q.kind, q.size, q.other, strings.Join(hex, ","), judge(q))
	}
	for size := int64(1); size <= sizes; size++ {
		entry := []byte(fmt.Sprintf("entry %d\n", size-1))
		more, err := tlog.StoredHashes(size-1, entry, stored)
		check(err)
		stored = append(stored, more...)
		leaves = append(leaves, tlog.RecordHash(entry))
		root, err := tlog.TreeHash(size, stored)
		check(err)
		roots = append(roots, root)
		for index := int64(0); index < size; index++ {
			proof, err := tlog.ProveRecord(size, index, stored)
			check(err)
			write(question{'I', proof, size, index, leaves[index], root})
		}
		for old := int64(1); old <= size; old++ {
			proof, err := tlog.ProveTree(size, old, stored)
			check(err)
			write(question{'C', proof, size, old, roots[old], root})
		}
	}
}

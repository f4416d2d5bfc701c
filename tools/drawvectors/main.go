// Drawvectors writes the test vectors of SDP/1, which every implementation of
// docs/design/draw.md runs: go run ./tools/drawvectors
//
// With "batches COUNT SEED" it writes that many random small draws to its output
// instead, which verify/differ.mjs does again.
package main

import (
	"encoding/json"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"strconv"
)

const dir = "internal/draw/testdata/vectors"

// A file is the vectors of one kind. A case is an object: a name, what goes in,
// and want, or error 1.
type file struct {
	Kind  string `json:"kind"`
	Cases []any  `json:"cases"`
}

func main() {
	log.SetFlags(0)
	if len(os.Args) == 4 && os.Args[1] == "batches" {
		batches(os.Stdout, must(strconv.Atoi(os.Args[2])), must(strconv.ParseUint(os.Args[3], 10, 64)))
		return
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		log.Fatal(err)
	}
	total := 0
	for _, f := range []file{
		{"canonical", canonicalCases()}, {"records", recordCases()}, {"merkle", merkleCases()}, {"quotas", quotaCases()},
		{"order", orderCases()}, {"events", eventCases()}, {"keys", keyCases()}, {"signatures", signatureCases()},
		{"substitutions", substitutionCases()}, {"ceremonies", ceremonyCases()}, {"proofs", proofCases()},
	} {
		text, err := json.MarshalIndent(f, "", " ")
		if err != nil {
			log.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, f.Kind+".json"), append(text, '\n'), 0o644); err != nil {
			log.Fatal(err)
		}
		total += len(f.Cases)
	}
	fmt.Println(total, "cases written to", dir)
}

// must is for what cannot fail on the inputs of this program.
func must[T any](v T, err error) T {
	if err != nil {
		log.Fatal(err)
	}
	return v
}

// failed is the "error" of a case.
func failed(err error) int {
	if err != nil {
		return 1
	}
	return 0
}

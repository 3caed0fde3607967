// Print Go's names for status codes: the constants of net/http, from the source of the toolchain
// that runs this program, and their reason phrases.
package main

import (
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
)

type entry struct {
	Name       string   `json:"name"`
	Aliases    []string `json:"aliases"`
	Deprecated []string `json:"deprecated"`
	Phrase     string   `json:"phrase"`
}

func main() {
	path := filepath.Join(runtime.GOROOT(), "src", "net", "http", "status.go")
	file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
	if err != nil {
		panic(err)
	}
	codes := map[string]*entry{}
	ast.Inspect(file, func(node ast.Node) bool {
		spec, ok := node.(*ast.ValueSpec)
		if !ok || len(spec.Values) != 1 || spec.Names[0].Name == "_" {
			return true
		}
		literal, ok := spec.Values[0].(*ast.BasicLit)
		if !ok || literal.Kind != token.INT {
			return true
		}
		name := "http." + spec.Names[0].Name
		if known, ok := codes[literal.Value]; ok {
			known.Aliases = append(known.Aliases, name)
			return true
		}
		number, _ := strconv.Atoi(literal.Value)
		codes[literal.Value] = &entry{name, []string{}, []string{}, http.StatusText(number)}
		return true
	})
	result := map[string]any{"version": strings.TrimPrefix(runtime.Version(), "go"), "codes": codes}
	if err := json.NewEncoder(os.Stdout).Encode(result); err != nil {
		panic(err)
	}
}

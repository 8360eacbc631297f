// Renders templates with Go's own text/template, so that the reader can be compared with it.
//
// In: a JSON list of {source, left, right, fields, environment} and all functions, by name, with what the reader says of
// their parameters and result (nothing: it does not know); out: a JSON list of {error, stage, output}. `secret` gives
// every path the same fields, in the envelope of KV version 2.
package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"reflect"
	"strings"
	"text/template"
)

type job struct {
	Source      string            `json:"source"`
	Left        string            `json:"left"`
	Right       string            `json:"right"`
	Fields      map[string]any    `json:"fields"`
	Environment map[string]string `json:"environment"`
}

type request struct {
	Functions map[string]string `json:"functions"`
	Jobs      []job             `json:"jobs"`
}

type answer struct {
	Error  string `json:"error"`
	Stage  string `json:"stage"`
	Output string `json:"output"`
}

var types = map[rune]reflect.Type{
	'a': reflect.TypeOf((*any)(nil)).Elem(),
	'b': reflect.TypeOf(false),
	'f': reflect.TypeOf(float64(0)),
	'i': reflect.TypeOf(int(0)),
	'I': reflect.TypeOf(int64(0)),
	'L': reflect.TypeOf([]string{}),
	'M': reflect.TypeOf(map[string]string{}),
	's': reflect.TypeOf(""),
	'u': reflect.TypeOf(uint64(0)),
}

// typed makes a function of this signature that returns nothing in particular.
func typed(signature string) any {
	parameters, result, _ := strings.Cut(signature, ">")
	fixed, repeated, variadic := strings.Cut(parameters, "*")
	var in []reflect.Type
	for _, letter := range fixed {
		in = append(in, types[letter])
	}
	if variadic {
		in = append(in, reflect.SliceOf(types[rune(repeated[0])]))
	}
	out := []reflect.Type{types[rune(result[0])]}
	function := reflect.FuncOf(in, out, variadic)
	return reflect.MakeFunc(function, func([]reflect.Value) []reflect.Value {
		return []reflect.Value{reflect.Zero(out[0])}
	}).Interface()
}

func functions(signatures map[string]string, work job) template.FuncMap {
	table := template.FuncMap{}
	for name, signature := range signatures {
		if signature == "" {
			signature = "*a>a"
		}
		table[name] = typed(signature)
	}
	table["secret"] = func(path string, arguments ...string) (any, error) {
		return map[string]any{"Data": map[string]any{"data": work.Fields}}, nil
	}
	table["env"] = func(name string) (string, error) { return work.Environment[name], nil }
	table["envOrDefault"] = func(name, otherwise string) (string, error) {
		if value := work.Environment[name]; value != "" {
			return value, nil
		}
		return otherwise, nil
	}
	table["toUpper"] = func(text string) (string, error) { return strings.ToUpper(text), nil }
	table["toLower"] = func(text string) (string, error) { return strings.ToLower(text), nil }
	table["toJSON"] = func(value any) (string, error) {
		data, err := json.Marshal(value)
		return string(data), err
	}
	return table
}

func render(signatures map[string]string, work job) answer {
	parsed, err := template.New("t").Delims(work.Left, work.Right).Funcs(functions(signatures, work)).Parse(work.Source)
	if err != nil {
		return answer{Error: err.Error(), Stage: "parse"}
	}
	var output bytes.Buffer
	if err := parsed.Execute(&output, work.Fields); err != nil {
		return answer{Error: err.Error(), Stage: "execute", Output: output.String()}
	}
	return answer{Output: output.String()}
}

func main() {
	var given request
	if err := json.NewDecoder(os.Stdin).Decode(&given); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	answers := make([]answer, 0, len(given.Jobs))
	for _, work := range given.Jobs {
		answers = append(answers, render(given.Functions, work))
	}
	if err := json.NewEncoder(os.Stdout).Encode(answers); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

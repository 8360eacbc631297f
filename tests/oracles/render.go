// Renders templates with Go's own text/template, so that the reader can be compared with it.
//
// In: a JSON list of {source, left, right, fields, environment} and the names of all functions; out: a JSON list of
// {error, stage, output}. `secret` gives every path the same fields, in the envelope of KV version 2.
package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
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
	Functions []string `json:"functions"`
	Jobs      []job    `json:"jobs"`
}

type answer struct {
	Error  string `json:"error"`
	Stage  string `json:"stage"`
	Output string `json:"output"`
}

func functions(names []string, work job) template.FuncMap {
	table := template.FuncMap{}
	for _, name := range names {
		table[name] = func(arguments ...any) (any, error) { return "", nil }
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

func render(names []string, work job) answer {
	parsed, err := template.New("t").Delims(work.Left, work.Right).Funcs(functions(names, work)).Parse(work.Source)
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

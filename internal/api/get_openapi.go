package api

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"net/http"
)

//go:embed openapi.json
var openAPI []byte

// getOpenAPI answers with the API's description.
func (a *api) getOpenAPI(w http.ResponseWriter, r *http.Request) error {
	d, err := a.description()
	if err != nil {
		return err
	}
	return respondTagged(w, r, d)
}

// describe returns the API's OpenAPI description, with or without the operations that
// only the local program has.
func describe(local bool) (any, error) {
	if local {
		return json.RawMessage(openAPI), nil
	}
	var d map[string]any
	if err := json.Unmarshal(openAPI, &d); err != nil {
		return nil, fmt.Errorf("read openapi.json: %w", err)
	}
	paths, _ := d["paths"].(map[string]any)
	for path, item := range paths {
		methods, _ := item.(map[string]any)
		for method, operation := range methods {
			if o, ok := operation.(map[string]any); ok && o["x-local-only"] == true {
				delete(methods, method)
			}
		}
		if _, shared := methods["parameters"]; len(methods) == 0 || len(methods) == 1 && shared {
			delete(paths, path)
		}
	}
	return d, nil
}

package asl

import "encoding/json"

func decode(data []byte) (any, error) { var v any; err := json.Unmarshal(data, &v); return v, err }

func encode(v any) []byte { data, _ := json.Marshal(v); return data }

func equal(a, b any) bool { return string(encode(a)) == string(encode(b)) }

func size(v any) int { return len(encode(v)) }

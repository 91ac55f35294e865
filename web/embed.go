// Package web embeds the page: plain files, served as they are.
package web

import "embed"

// Files are the page's files. In index.html the line {{workflow}} is where the
// drawing of the workflow goes.
//
//go:embed *.html *.css *.js *.svg
var Files embed.FS

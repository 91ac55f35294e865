package diagram

import (
	"bytes"
	_ "embed"
	"encoding/xml"
	"fmt"
	"strings"
	"unicode"
)

// standalone is the style of a drawing that is not part of a page.
//
//go:embed standalone.css
var standalone string

const bend = 8 // the radius of a line's corners

// drawing writes SVG. Writing to its buffer cannot fail.
type drawing struct {
	bytes.Buffer
	Options
}

func (d *drawing) put(format string, args ...any) { fmt.Fprintf(d, format, args...) }

func write(g *graph, o Options) []byte {
	d := &drawing{Options: o}
	w, h := g.w+2*margin, g.h+2*margin+startGap
	for _, e := range g.edges { // there may be lines to the right of the last lane
		for _, p := range e.points {
			w = max(w, p.x+margin)
		}
	}
	d.put(`<svg xmlns="http://www.w3.org/2000/svg" class="workflow" viewBox="0 0 %g %g" role="img"`, w, h)
	if o.Live {
		d.put(">\n")
	} else {
		d.put(` width="%g" height="%g">`+"\n<title>%s</title>\n<style>\n%s</style>\n", w, h, escape(o.Title), standalone)
		d.put(`<rect class="ground" x="0.5" y="0.5" width="%g" height="%g" rx="12"/>`+"\n", w-1, h-1)
	}
	top := g.start.top()
	d.put(`<g class="edge next"><circle cx="%g" cy="%g" r="4"/>`, top.x, top.y-startGap+4)
	d.line([]point{{top.x, top.y - startGap + 4}, top})
	d.put("</g>\n")
	d.graph(g)
	d.put("</svg>\n")
	return d.Bytes()
}

func (d *drawing) graph(g *graph) {
	for _, n := range g.nodes {
		d.node(n)
	}
	for _, e := range g.edges {
		class := "next"
		if e.catch {
			class = "catch"
		}
		if e.to.caught {
			class += " caught"
		}
		d.put(`<g class="edge %s" data-from="%s" data-to="%s">`, class, escape(e.from.name), escape(e.to.name))
		d.line(e.points)
		d.put("</g>\n")
	}
}

func (d *drawing) node(n *node) {
	class := "state " + n.kind
	if n.service != "" {
		class += " " + n.service
	}
	if n.caught {
		class += " caught"
	}
	// From here on, coordinates are relative to the state's corner.
	d.put(`<g class="%s" data-state="%s" transform="translate(%g %g)">`, escape(class), escape(n.name), n.x, n.y)
	if !d.Live {
		d.put(`<title>%s</title>`, escape(n.name))
	}
	radius := 8.0
	if n.kind == "Wait" {
		radius = n.h / 2
	}
	d.put(`<rect width="%g" height="%g" rx="%g"/>`, n.w, n.h, radius)
	if n.service == "sqs" { // an envelope's flap
		d.put(`<path class="flap" d="M3 3l%g 8 %g -8"/>`, n.w/2-3, n.w/2-3)
	}
	if len(n.branches) > 0 {
		d.text(n.w/2, 21, words(n.name))
	} else {
		d.name(n)
	}
	d.badge(n)
	d.put("</g>\n")
	for i, b := range n.branches {
		if i > 0 {
			x := b.x - branchGap/2
			d.put(`<path class="divider" d="M%g %gV%g"/>`+"\n", x, n.y+header, n.y+n.h-padding)
		}
		d.put(`<g data-branch-of="%s">`+"\n", escape(n.name))
		d.graph(b)
		d.put("</g>\n")
	}
}

// name writes a state's name inside its box, in as many lines as needed.
func (d *drawing) name(n *node) {
	const lineHeight = 14
	lines := wrap(words(n.name), 15)
	y := n.h/2 + 4.5 - lineHeight/2*float64(len(lines)-1)
	if n.service == "sqs" {
		y += 4
	}
	for _, line := range lines {
		d.text(n.w/2, y, line)
		y += lineHeight
	}
}

func (d *drawing) text(x, y float64, line string) {
	d.put(`<text x="%g" y="%g">%s</text>`, x, y, escape(line))
}

// badge writes the state's label at its upper right corner.
func (d *drawing) badge(n *node) {
	if label := d.Labels[n.name]; label != "" {
		width := 11 + 8*float64(len(label))
		d.put(`<g class="badge"><rect x="%g" y="-9.5" width="%g" height="19" rx="9.5"/><text x="%g" y="4.5">%s</text></g>`,
			n.w-width/2, width, n.w, escape(label))
	}
}

// line draws a line with rounded corners and an arrowhead.
func (d *drawing) line(p []point) {
	d.put(`<path d="M%g %g`, p[0].x, p[0].y)
	for i := 1; i < len(p)-1; i++ {
		in, out := toward(p[i], p[i-1]), toward(p[i], p[i+1])
		d.straight(p[i-1], in)
		d.put(`Q%g %g %g %g`, p[i].x, p[i].y, out.x, out.y)
	}
	end := p[len(p)-1]
	back := toward(end, p[len(p)-2])
	dx, dy := (back.x-end.x)/bend, (back.y-end.y)/bend
	d.straight(p[len(p)-2], point{end.x + dx*4, end.y + dy*4})
	d.put(`"/><path class="tip" d="M%g %gl%g %g`, end.x, end.y, dx*7+dy*4, dy*7+dx*4)
	if dx == 0 {
		d.put(`h%gz"/>`, -dy*8)
	} else {
		d.put(`v%gz"/>`, -dx*8)
	}
}

// straight continues a path with a vertical or horizontal line.
func (d *drawing) straight(from, to point) {
	if from.x == to.x {
		d.put(`V%g`, to.y)
	} else {
		d.put(`H%g`, to.x)
	}
}

// toward returns the point between p and q at a bend's radius from p.
func toward(p, q point) point {
	move := func(a, b float64) float64 {
		switch {
		case b > a:
			return a + min(bend, b-a)
		default:
			return a - min(bend, a-b)
		}
	}
	return point{move(p.x, q.x), move(p.y, q.y)}
}

// words inserts a space where a capital begins a word: "PayByCard" becomes "Pay By Card".
// Acronyms stay whole.
func words(name string) string {
	var b strings.Builder
	r := []rune(name)
	for i, c := range r {
		if i > 0 && unicode.IsUpper(c) && (!unicode.IsUpper(r[i-1]) || i+1 < len(r) && unicode.IsLower(r[i+1])) && r[i-1] != ' ' {
			b.WriteByte(' ')
		}
		b.WriteRune(c)
	}
	return b.String()
}

// wrap breaks a text into lines of at most limit characters. A longer word has its own
// line.
func wrap(text string, limit int) []string {
	var lines []string
	for word := range strings.FieldsSeq(text) {
		last := len(lines) - 1
		if last >= 0 && len([]rune(lines[last]))+1+len([]rune(word)) <= limit {
			lines[last] += " " + word
		} else {
			lines = append(lines, word)
		}
	}
	return lines
}

func escape(s string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(s)) // a Builder never fails
	return b.String()
}

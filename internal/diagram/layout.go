package diagram

// Lengths in the drawing's own unit, which is a pixel where it is not scaled.
const (
	nodeWidth  = 112
	nodeHeight = 44
	rowGap     = 26
	laneGap    = 32
	padding    = 13 // between a container's border and its branches
	header     = 34 // of a container, for its name
	branchGap  = 16
	margin     = 12
	startGap   = 28 // above the first state, for the dot that it starts from
)

// layout gives every state its lane, its row and its size, and the graph its
// size.
func (g *graph) layout() {
	for _, n := range g.nodes {
		n.w, n.h = nodeWidth, nodeHeight
		if len(n.branches) > 0 {
			n.w, n.h = padding, 0
			for _, b := range n.branches {
				b.layout()
				n.w += b.w + branchGap
				n.h = max(n.h, b.h)
			}
			n.w += padding - branchGap
			n.h += header + padding
		}
	}
	g.lanes()
	g.rows()
	g.spread()
	widths, heights := g.tracks()
	g.w = sum(widths, len(widths), laneGap) - laneGap
	g.h = sum(heights, len(heights), rowGap) - rowGap
}

// lanes puts each state as far to the right as the fewest transitions that lead
// aside take it.
func (g *graph) lanes() {
	for _, n := range g.nodes {
		n.lane = len(g.nodes)
	}
	g.start.lane = 0
	for range g.nodes {
		for _, e := range g.edges {
			lane := e.from.lane
			if e.aside {
				lane++
			}
			e.to.lane = min(e.to.lane, lane)
		}
	}
}

// rows puts each state below all that lead to it; one that stands in a lane
// further right may stand beside them. Transitions that close a loop lead
// upwards.
func (g *graph) rows() {
	loops := g.loops()
	for range g.nodes {
		for _, e := range g.edges {
			if loops[e] {
				continue
			}
			row := e.from.row
			if e.to.lane <= e.from.lane {
				row++
			}
			e.to.row = max(e.to.row, row)
		}
	}
}

// loops finds the transitions that lead back to a state on the way to them.
func (g *graph) loops() map[*edge]bool {
	loops := map[*edge]bool{}
	const open, closed = 1, 2
	mark := map[*node]int{}
	var visit func(*node)
	visit = func(n *node) {
		mark[n] = open
		for _, e := range g.edges {
			switch {
			case e.from != n:
			case mark[e.to] == open:
				loops[e] = true
			case mark[e.to] == 0:
				visit(e.to)
			}
		}
		mark[n] = closed
	}
	visit(g.start)
	return loops
}

// spread moves a state to the right as long as another has its place.
func (g *graph) spread() {
	taken := map[[2]int]bool{}
	for _, n := range g.nodes {
		for taken[[2]int{n.lane, n.row}] {
			n.lane++
		}
		taken[[2]int{n.lane, n.row}] = true
	}
}

// tracks are the widths of the lanes and the heights of the rows.
func (g *graph) tracks() (widths, heights []float64) {
	for _, n := range g.nodes {
		for len(widths) <= n.lane {
			widths = append(widths, 0)
		}
		for len(heights) <= n.row {
			heights = append(heights, 0)
		}
		widths[n.lane] = max(widths[n.lane], n.w)
		heights[n.row] = max(heights[n.row], n.h)
	}
	return widths, heights
}

// sum is the length of the first n tracks with the gap after each.
func sum(tracks []float64, n int, gap float64) float64 {
	var total float64
	for _, t := range tracks[:n] {
		total += t + gap
	}
	return total
}

// place gives every state its position, centred where its lane and row cross,
// and routes the transitions. The graph's corner is at x, y.
func (g *graph) place(x, y float64) {
	g.x, g.y = x, y
	widths, heights := g.tracks()
	for _, n := range g.nodes {
		n.x = x + sum(widths, n.lane, laneGap) + (widths[n.lane]-n.w)/2
		n.y = y + sum(heights, n.row, rowGap) + (heights[n.row]-n.h)/2
		left := n.x + padding
		for _, b := range n.branches {
			b.place(left, n.y+header)
			left += b.w + branchGap
		}
	}
	for _, e := range g.edges {
		e.points = g.route(e, widths)
	}
}

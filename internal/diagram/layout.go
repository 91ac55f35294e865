package diagram

// Lengths in the drawing's unit, which is a pixel unless the drawing is scaled.
const (
	nodeWidth  = 112
	nodeHeight = 44
	rowGap     = 26
	laneGap    = 32
	padding    = 13 // between a container's border and its branches
	header     = 34 // height of a container's name
	branchGap  = 16
	margin     = 12
	startGap   = 28 // above the first state, for the start dot
)

// layout sets the lane, row and size of every state, and the size of the graph.
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

// lanes sets each state's lane: the smallest number of transitions that leave a lane on
// the way to it.
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

// rows puts each state below all that lead to it, or beside them if it is in a lane
// further right. Transitions that close a loop lead upwards.
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

// spread moves a state to the right while another state has its place.
func (g *graph) spread() {
	taken := map[[2]int]bool{}
	for _, n := range g.nodes {
		for taken[[2]int{n.lane, n.row}] {
			n.lane++
		}
		taken[[2]int{n.lane, n.row}] = true
	}
}

// tracks returns the widths of the lanes and the heights of the rows.
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

// sum returns the length of the first n tracks, each with the gap after it.
func sum(tracks []float64, n int, gap float64) float64 {
	var total float64
	for _, t := range tracks[:n] {
		total += t + gap
	}
	return total
}

// place sets the position of every state, in the middle of its lane and row, and routes
// the transitions. The graph's corner is at x, y.
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

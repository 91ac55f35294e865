package diagram

func (b box) left() point   { return point{b.x, b.y + b.h/2} }
func (b box) right() point  { return point{b.x + b.w, b.y + b.h/2} }
func (b box) top() point    { return point{b.x + b.w/2, b.y} }
func (b box) bottom() point { return point{b.x + b.w/2, b.y + b.h} }

// route returns the points of a transition, which consists of horizontal and vertical
// lines. It is the shortest of a few shapes that cross no other state; the last resort is
// the gap between two lanes, which has no states.
func (g *graph) route(e *edge, widths []float64) []point {
	from, to := e.from, e.to
	gapRightOf := func(lane int) float64 {
		return g.x + sum(widths, lane+1, laneGap) - laneGap/2
	}
	switch {
	case from.lane == to.lane && from.row < to.row && g.free(from.lane, from.row+1, to.row-1):
		return []point{from.bottom(), to.top()}
	case from.row == to.row && from.lane < to.lane && g.freeRow(from.row, from.lane+1, to.lane-1):
		return []point{from.right(), to.left()}
	case from.lane < to.lane && from.row < to.row && g.freeRow(from.row, from.lane+1, to.lane) && g.free(to.lane, from.row, to.row-1):
		return []point{from.right(), {to.top().x, from.right().y}, to.top()}
	case from.lane > to.lane && from.row < to.row && g.free(from.lane, from.row+1, to.row) && g.freeRow(to.row, to.lane+1, from.lane):
		return []point{from.bottom(), {from.bottom().x, to.right().y}, to.right()}
	case from.lane < to.lane:
		x := gapRightOf(to.lane - 1)
		return []point{from.right(), {x, from.right().y}, {x, to.left().y}, to.left()}
	default:
		x := gapRightOf(from.lane)
		return []point{from.right(), {x, from.right().y}, {x, to.right().y}, to.right()}
	}
}

// free reports whether there is no state in the lane between two rows, including both;
// freeRow does the same for the row between two lanes.
func (g *graph) free(lane, first, last int) bool {
	for _, n := range g.nodes {
		if n.lane == lane && first <= n.row && n.row <= last {
			return false
		}
	}
	return true
}

func (g *graph) freeRow(row, first, last int) bool {
	for _, n := range g.nodes {
		if n.row == row && first <= n.lane && n.lane <= last {
			return false
		}
	}
	return true
}

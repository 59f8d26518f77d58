# SPDX-License-Identifier: GPL-3.0-or-later
"""Round numbers for the axes of a chart, and a curve of no more points than can be told apart."""

import math

#: Both axes share their grid, which has so many rows.
ROWS = 4
#: Steps that read well on an axis; and those that people count in.
FINE, ROUND = (1, 1.5, 2, 2.5, 3, 4, 5, 6, 8), (1, 2, 5)


def nice(size, factors=FINE):
    """The smallest of some factors times a power of ten that is not below `size` (above 0)."""
    power = 10.0 ** math.floor(math.log10(size))
    for factor in factors:
        if factor * power >= size * (1 - 1e-9):
            return factor * power
    return 10 * power


def axis(low, high, smallest, floor=0.0, ceiling=math.inf):
    """(first, step) of an axis of ROWS steps that shows all from `low` to `high`.

    smallest: no step is below it. floor, ceiling: what the axis never goes beyond, if it can.
    """
    step = nice(max((high - low) / ROWS, smallest))
    while True:
        first = max(math.floor(low / step + 1e-9) * step, floor)
        if first + ROWS * step > ceiling:
            first = max(ceiling - ROWS * step, floor)
        if first <= low + 1e-9 and first + ROWS * step >= high - 1e-9:
            return first, step
        step = nice(step * 1.01)


def ticks(last, most):
    """Round whole numbers from 0 to at most `last`, about `most` of them."""
    step = max(int(nice(max(last, 1) / most, ROUND)), 1)
    return list(range(0, last + 1, step))


def thinned(values, most):
    """At most about `most` of a sequence, evenly taken, the last one among them."""
    if len(values) <= most:
        return list(values)
    every = -(-len(values) // most)
    return [*values[:-1:every], values[-1]]

// The places of a window on a plane.
#pragma once

#include "CKernels.h"
#include "clones.h"

INLINED long least(long a, long b) { return a < b ? a : b; }

// The places 0 ≤ i < count of an axis at which the tap at `offset` lies on one of `extent` elements.
INLINED void range(long offset, long stride, long extent, long count, long *first, long *end) {
  *first = offset >= 0 ? 0 : (stride - 1 - offset) / stride;
  const long last = extent - 1 - offset;
  *end = last < 0 ? 0 : least(count, last / stride + 1);
  *first = least(*first, *end);
}

/** Counts what operator new gives out. */
#pragma once

#include <cstddef>

struct Allocations {
  std::size_t calls = 0;
  std::size_t bytes = 0;
};

/** Everything since the program began. */
Allocations AllocationsSoFar();

#include "Allocations.h"

#include <cstdlib>
#include <new>

namespace {

Allocations g_allocations;

void* Count(std::size_t size) {
  ++g_allocations.calls;
  g_allocations.bytes += size;
  void* const memory = std::malloc(size > 0 ? size : 1);
  if (!memory) std::abort();
  return memory;
}

}  // namespace

Allocations AllocationsSoFar() { return g_allocations; }

void* operator new(std::size_t size) { return Count(size); }
void* operator new[](std::size_t size) { return Count(size); }
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete[](void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::size_t) noexcept { std::free(memory); }

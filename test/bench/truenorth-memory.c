// What the memory alone takes of a tick of TrueNorth: 4096 cores, each with what the module of the chip reads and writes
// of it in a tick in which five axons are active and five neurons spike, and nothing computed.
// gcc -O2 -march=native test/bench/truenorth-memory.c -o /tmp/memory && /tmp/memory
#define _GNU_SOURCE
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>

enum { cores = 4096, active = 5, rounds = 50, megabyte = 1 << 20, huge = 2 * megabyte };

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return t.tv_sec + 1e-9 * t.tv_nsec;
}

static void least(double *best, double start, double end) {
  if (end - start < *best) *best = end - start;
}

int main(void) {
  static uint32_t chosen[cores * active];
  volatile uint64_t sink = 0;
  for (int pages = 0; pages < 2; pages++) {
    const size_t bytes = 48 * (size_t)megabyte;
    char *all = mmap(NULL, bytes + huge, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (all == MAP_FAILED) return 1;
    char *crossbars = (char *)(((uintptr_t)all + huge - 1) & ~(uintptr_t)(huge - 1));
    madvise(crossbars, bytes, pages == 0 ? MADV_NOHUGEPAGE : MADV_HUGEPAGE);
    memset(crossbars, 1, bytes);
    char *destinations = crossbars + 32 * megabyte;
    const uint64_t *weights = (const uint64_t *)(destinations + 4 * megabyte);
    uint64_t *potentials = (uint64_t *)(destinations + 8 * megabyte);
    double rows = 1, packets = 1, adding = 1, updating = 1, tick = 1;
    for (int round = 0; round < rounds; round++) {
      uint64_t sum = 0;
      for (int i = 0; i < cores * active; i++) chosen[i] = (uint32_t)rand() & 255;
      double t0 = now();
      for (int i = 0; i < cores * active; i++) sum += *(uint32_t *)(crossbars + i / active * 8192 + chosen[i] * 32);
      double t1 = now();
      for (int i = 0; i < cores * active; i++) *(uint32_t *)(destinations + i / active * 1024 + chosen[i] * 4) += 1u << 24;
      double t2 = now();
      for (int i = 0; i < 4 * megabyte / 8; i++) sum += weights[i];
      double t3 = now();
      for (int i = 0; i < 2 * megabyte / 8; i++) potentials[i] += 1;
      double t4 = now();
      sink += sum;
      least(&rows, t0, t1), least(&packets, t1, t2), least(&adding, t2, t3), least(&updating, t3, t4), least(&tick, t0, t4);
    }
    const double each = 1e9 / cores;
    printf("pages of %s: ns a core: rows %.0f, destinations %.0f, weights %.0f, potentials %.0f; a tick %.2f ms\n",
           pages == 0 ? "4 KB" : "2 MB", rows * each, packets * each, adding * each, updating * each, 1e3 * tick);
    munmap(all, bytes + huge);
  }
  return 0;
}

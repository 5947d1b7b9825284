/*
 * The networks of test/machine/recurrent.ts in plain C: recurrent-1024, every neuron onto all, and sparse-16k, lists of targets.
 * Without cores, packets or counters; left to the compiler to vectorise.
 *
 * usage: networks INPUT STEPS ROUNDS
 *
 * INPUT is a stream of little-endian 32-bit integers: the number of neurons, the synapses of each, or 0 for all to all; the
 * potentials; the targets, if they are listed; the weights. After as many steps as a round has, prints for each of ROUNDS + 1
 * rounds of STEPS steps, of which the first warms up: nanoseconds, spikes, and a hash of the potentials.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { BIAS = 64, THRESHOLD = 19 * 64 };

static int size, fan_out;
static int16_t *v;
static uint16_t *targets;
static int8_t *weights;
static int32_t *spikes;
static int spike_count;

static inline int clip(int x, int low, int high) { return x < low ? low : x > high ? high : x; }

/* v += w, saturating at 16 bits. The room for w is made first, so that 16 bits suffice. */
static inline int16_t add_weight(int16_t v, int8_t w) {
  int16_t low = INT16_MIN - (w < 0 ? w : 0);
  int16_t high = INT16_MAX - (w > 0 ? w : 0);
  v = v < low ? low : v;
  v = v > high ? high : v;
  return v + w;
}

static void integrate_all(int16_t *restrict v, const int8_t *restrict w) {
  for (int j = 0; j < size; j++) v[j] = add_weight(v[j], w[j]);
}

static void integrate_listed(int16_t *v, const uint16_t *to, const int8_t *w) {
  for (int s = 0; s < fan_out; s++) v[to[s]] = clip(v[to[s]] + w[s], INT16_MIN, INT16_MAX);
}

static int step(void) {
  for (int s = 0; s < spike_count; s++) {
    int from = spikes[s];
    if (fan_out == 0) integrate_all(v, weights + (size_t)from * size);
    else integrate_listed(v, targets + (size_t)from * fan_out, weights + (size_t)from * fan_out);
  }
  spike_count = 0;
  for (int j = 0; j < size; j++) {
    int x = v[j] + BIAS;
    int fires = x > THRESHOLD;
    v[j] = fires ? 0 : x > INT16_MAX ? INT16_MAX : x;
    spikes[spike_count] = j;
    spike_count += fires;
  }
  return spike_count;
}

static int32_t *read_words(const char *name) {
  FILE *file = fopen(name, "rb");
  if (file == NULL) exit(1);
  fseek(file, 0, SEEK_END);
  long bytes = ftell(file);
  rewind(file);
  int32_t *words = malloc(bytes);
  if (fread(words, 1, bytes, file) != (size_t)bytes) exit(1);
  fclose(file);
  return words;
}

static uint32_t hash(void) {
  uint32_t sum = 2166136261u;
  for (int j = 0; j < size; j++) sum = (sum ^ (uint16_t)v[j]) * 16777619u;
  return sum;
}

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * 1e9 + time.tv_nsec;
}

int main(int count, char **arguments) {
  if (count != 4) return 1;
  const int32_t *words = read_words(arguments[1]);
  int steps = atoi(arguments[2]), rounds = atoi(arguments[3]);
  size = *words++;
  fan_out = *words++;
  size_t synapses = (size_t)size * (fan_out == 0 ? size : fan_out);
  v = malloc(size * sizeof *v);
  spikes = malloc((size + 1) * sizeof *spikes);
  weights = malloc(synapses);
  for (int j = 0; j < size; j++) v[j] = *words++;
  if (fan_out > 0) {
    targets = malloc(synapses * sizeof *targets);
    for (size_t s = 0; s < synapses; s++) targets[s] = *words++;
  }
  for (size_t s = 0; s < synapses; s++) weights[s] = *words++;
  for (int round = 0; round <= rounds; round++) {
    long fired = 0;
    double start = now();
    for (int i = 0; i < steps; i++) fired += step();
    printf("%.0f %ld %u\n", now() - start, fired, hash());
  }
  return 0;
}

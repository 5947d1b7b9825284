/*
 * The kernels of the benchmarks in plain C, with the semantics of the microcode: gates, saturation, stochastic rounding
 * with one xorshift32 per lane, and the network 784-256-10 of mnist-snn at mp16-8 as a whole, step by step. Written
 * from the microcode alone, so that it is an independent check of the engines too; left to the compiler to vectorise.
 *
 * usage: kernels TASK INPUT OUTPUT REPETITIONS
 *
 * INPUT and OUTPUT are streams of little-endian 32-bit integers. INPUT: the items of the task's fields in the order of
 * its `fields`, the lanes' generators, then the samples: their number, the steps of each, and for each sample its
 * label and for each step the number of input spikes and their neurons. OUTPUT: fields and generators after the
 * samples. Every repetition starts from INPUT. Prints the nanoseconds of the processor that each takes.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* The network, and the parameters of programs/mnist-snn.yaml at mp16-8 in epoch 0. */
enum {
  INPUTS = 784,
  HIDDEN = 256,
  OUTPUTS = 10,
  LANES = 16,
  OUTPUTS_PADDED = LANES, /* to a tile, whose idle lanes draw too */
  THRESHOLD = 128,
  BOX_HALF_WIDTH = 64,
  ERROR_SHIFT = 3,
  SIGNAL_SHIFT = 5,
  HIDDEN_RATE = 8,
  OUTPUT_RATE = 9,
  ERROR_FROM = 3,
  SPIKE_TRACE = 64,
  VIEW_BITS = 8, /* dropped from a shadow weight to make an inference weight */
  NEURONS = 4096 /* of the programs for single kernels over neurons */
};

#define ALIGNED _Alignas(64)

/* The core's memory, and beside it what an event list needs. */
typedef struct {
  ALIGNED uint8_t input_trace[INPUTS];
  ALIGNED int16_t hidden_v[HIDDEN];
  ALIGNED uint8_t hidden_trace[HIDDEN];
  ALIGNED uint8_t hidden_box[HIDDEN];
  ALIGNED int16_t hidden_feedback[HIDDEN];
  ALIGNED int8_t hidden_signal[HIDDEN];
  ALIGNED int16_t output_v[OUTPUTS_PADDED];
  ALIGNED int8_t output_signal[OUTPUTS_PADDED];
  ALIGNED int16_t input_shadow[INPUTS][HIDDEN];
  ALIGNED int8_t input_weight[INPUTS][HIDDEN];
  ALIGNED int16_t output_shadow[HIDDEN][OUTPUTS_PADDED];
  ALIGNED int8_t output_weight[HIDDEN][OUTPUTS_PADDED];
  ALIGNED int16_t v[NEURONS];
  ALIGNED uint8_t trace[NEURONS];
  ALIGNED uint32_t lanes[LANES];
} Core;

typedef struct {
  int label;
  const int32_t *steps; /* for each step the number of spikes, then their neurons */
} Sample;

static Core core, initial;
static Sample *samples;
static int sample_count, step_count;

/* ---- kernels ------------------------------------------------------------------------------------------------------ */

static inline int clip(int x, int low, int high) { return x < low ? low : x > high ? high : x; }

/* integrate: v += w, saturating at 16 bits. The room for w is made first, so that 16 bits suffice. */
static inline int16_t add_weight(int16_t v, int8_t w) {
  int16_t low = INT16_MIN - (w < 0 ? w : 0);
  int16_t high = INT16_MAX - (w > 0 ? w : 0);
  v = v < low ? low : v;
  v = v > high ? high : v;
  return v + w;
}

/* A function of its own for each width: gcc jams the rows of two events into one loop else, which it cannot vectorise. */
#define DEFINE_INTEGRATE(name, columns)                                                                     \
  __attribute__((noinline)) static void name(int16_t *restrict v, const int8_t *restrict row) {             \
    for (int j = 0; j < columns; j++) v[j] = add_weight(v[j], row[j]);                                       \
  }

DEFINE_INTEGRATE(integrate_hidden, HIDDEN)
DEFINE_INTEGRATE(integrate_output, OUTPUTS_PADDED)

/* mark */
static inline void mark(uint8_t *trace, const int32_t *events, int count) {
  for (int e = 0; e < count; e++) {
    int marked = trace[events[e]] + SPIKE_TRACE;
    trace[events[e]] = marked > UINT8_MAX ? UINT8_MAX : marked;
  }
}

/* decay: rounding the loss up */
static inline void decay(uint8_t *restrict trace, int count, int shift) {
  uint8_t dropped = (1 << shift) - 1;
  for (int i = 0; i < count; i++) {
    uint8_t loss = (trace[i] >> shift) + ((trace[i] & dropped) != 0);
    trace[i] -= loss;
  }
}

/* leak. v - floor(v / 2^leak) fits wherever v does, since leak > 0. */
static inline void leak(int16_t *restrict v, int count, int shift) {
  for (int i = 0; i < count; i++) v[i] -= v[i] >> shift;
}

/* fire: returns the number of spikes; their neurons go into `spikes`. */
static inline int fire(int16_t *restrict v, int count, int shift, int32_t *restrict spikes) {
  ALIGNED uint8_t fired[NEURONS];
  for (int i = 0; i < count; i++) {
    int16_t is_over = v[i] >= THRESHOLD;
    int16_t left = is_over ? v[i] - THRESHOLD : v[i];
    v[i] = left - (left >> shift);
    fired[i] = is_over;
  }
  int number = 0;
  for (int i = 0; i < count; i += 8) {
    uint64_t group;
    memcpy(&group, fired + i, 8);
    for (; group != 0; group &= group - 1) spikes[number++] = i + __builtin_ctzll(group) / 8;
  }
  return number;
}

/* surrogate */
static inline void surrogate(const int16_t *restrict v, uint8_t *restrict box, int count) {
  for (int i = 0; i < count; i++) {
    int distance = v[i] - THRESHOLD;
    box[i] = (distance < 0 ? -distance : distance) < BOX_HALF_WIDTH;
  }
}

/* error; returns whether any is not zero. */
static inline int error(const int16_t *v, int8_t *signal, int label) {
  int any = 0;
  for (int i = 0; i < OUTPUTS; i++) {
    signal[i] = (i == label ? 127 : 0) - clip(v[i] >> ERROR_SHIFT, 0, 127);
    any |= signal[i];
  }
  return any;
}

/* feedback: the columns that the gate stops have no error and add nothing. */
static inline void feedback(Core *c) {
  for (int i = 0; i < HIDDEN; i++) {
    if (!c->hidden_box[i]) continue;
    int sum = 0;
    for (int j = 0; j < OUTPUTS_PADDED; j++) sum += c->output_signal[j] * c->output_weight[i][j];
    c->hidden_feedback[i] = clip(sum, INT16_MIN, INT16_MAX);
  }
}

/* signal */
static inline void signal_of(const int16_t *restrict from, const uint8_t *restrict box, int8_t *restrict signal) {
  for (int i = 0; i < HIDDEN; i++) {
    int16_t clipped = clip(from[i] >> SIGNAL_SHIFT, -127, 127);
    signal[i] = box[i] ? clipped : 0;
  }
}

/*
 * learn, one tile: shadow += trace x signal / 2^rate, rounded stochastically; the weight follows. An inactive column
 * has no signal, so that its update is zero whatever it draws. Values of 32 and of 16 bits have loops of their own, and
 * room for the update is made before it is added, so that 16 bits suffice: compilers then use whole vectors.
 */
static inline void learn_tile(int16_t *restrict shadow, int8_t *restrict weight, int16_t trace,
                              const int16_t *restrict signal, uint32_t *restrict lanes, int rate) {
  int16_t draws[LANES];
  for (int lane = 0; lane < LANES; lane++) {
    uint32_t s = lanes[lane];
    s ^= s << 13;
    s ^= s >> 17;
    s ^= s << 5;
    lanes[lane] = s;
    draws[lane] = s >> (32 - rate);
  }
  int16_t dropped = (1 << rate) - 1;
  for (int lane = 0; lane < LANES; lane++) {
    int16_t product = trace * signal[lane];
    int16_t carry = (int16_t)((product & dropped) + draws[lane]) >> rate;
    int16_t update = (int16_t)(product >> rate) + carry;
    int16_t low = -INT16_MAX - (update < 0 ? update : 0);
    int16_t high = INT16_MAX - (update > 0 ? update : 0);
    int16_t updated = shadow[lane];
    updated = updated < low ? low : updated;
    updated = updated > high ? high : updated;
    updated += update;
    shadow[lane] = updated;
    int16_t view = (updated >> VIEW_BITS) + ((updated >> (VIEW_BITS - 1)) & 1);
    weight[lane] = view > INT8_MAX ? INT8_MAX : view;
  }
}

/* learn, one row: the visited tiles. */
__attribute__((noinline)) static void learn_row(int16_t *restrict shadow, int8_t *restrict weight, int16_t trace,
                                                const int16_t *restrict signal, const int *restrict tiles, int count,
                                                uint32_t *restrict lanes, int rate) {
  for (int t = 0; t < count; t++) {
    int at = tiles[t];
    learn_tile(shadow + at, weight + at, trace, signal + at, lanes, rate);
  }
}

/* learn over the rows whose trace is not zero and the tiles with a signal; `columns` in whole tiles. */
static inline void learn(int16_t *restrict shadow, int8_t *restrict weight, int rows, int columns,
                         const uint8_t *restrict trace, const int8_t *restrict signal, uint32_t *restrict state,
                         int rate) {
  int tiles[HIDDEN / LANES], count = 0;
  for (int first = 0; first < columns; first += LANES) {
    int any = 0;
    for (int lane = 0; lane < LANES; lane++) any |= signal[first + lane];
    if (any) tiles[count++] = first;
  }
  if (count == 0) return;
  ALIGNED uint32_t lanes[LANES];
  ALIGNED int16_t signals[HIDDEN];
  memcpy(lanes, state, sizeof lanes);
  for (int j = 0; j < columns; j++) signals[j] = signal[j];
  for (int row = 0; row < rows; row++) {
    if (trace[row] == 0) continue;
    size_t start = (size_t)row * columns;
    learn_row(shadow + start, weight + start, trace[row], signals, tiles, count, lanes, rate);
  }
  memcpy(state, lanes, sizeof lanes);
}

/* ---- the network -------------------------------------------------------------------------------------------------- */

static void run_step(Core *c, const int32_t *events, int count, int step, int is_learning, int label) {
  int32_t spikes[HIDDEN];
  int learns = is_learning && step >= ERROR_FROM;
  leak(c->output_v, OUTPUTS_PADDED, 2);
  if (is_learning) {
    decay(c->input_trace, INPUTS, 1);
    decay(c->hidden_trace, HIDDEN, 2);
    mark(c->input_trace, events, count);
  }
  for (int e = 0; e < count; e++) integrate_hidden(c->hidden_v, c->input_weight[events[e]]);
  if (learns) surrogate(c->hidden_v, c->hidden_box, HIDDEN);
  int fired = fire(c->hidden_v, HIDDEN, 1, spikes);
  if (is_learning) mark(c->hidden_trace, spikes, fired);
  for (int e = 0; e < fired; e++) integrate_output(c->output_v, c->output_weight[spikes[e]]);
  if (!learns || !error(c->output_v, c->output_signal, label)) return;
  feedback(c);
  signal_of(c->hidden_feedback, c->hidden_box, c->hidden_signal);
  learn(&c->output_shadow[0][0], &c->output_weight[0][0], HIDDEN, OUTPUTS_PADDED, c->hidden_trace, c->output_signal,
        c->lanes, OUTPUT_RATE);
  learn(&c->input_shadow[0][0], &c->input_weight[0][0], INPUTS, HIDDEN, c->input_trace, c->hidden_signal, c->lanes,
        HIDDEN_RATE);
}

static void run_sample(Core *c, const Sample *sample, int is_learning) {
  memset(c->hidden_v, 0, sizeof c->hidden_v);
  memset(c->output_v, 0, sizeof c->output_v);
  if (is_learning) {
    memset(c->input_trace, 0, sizeof c->input_trace);
    memset(c->hidden_trace, 0, sizeof c->hidden_trace);
  }
  const int32_t *next = sample->steps;
  for (int step = 0; step < step_count; step++) {
    int count = *next++;
    run_step(c, next, count, step, is_learning, sample->label);
    next += count;
  }
}

/* ---- tasks -------------------------------------------------------------------------------------------------------- */

static void run_inference(void) {
  for (int i = 0; i < sample_count; i++) run_sample(&core, &samples[i], 0);
}

static void run_training(void) {
  for (int i = 0; i < sample_count; i++) run_sample(&core, &samples[i], 1);
}

static void run_rows(void) {
  for (int i = 0; i < sample_count; i++) {
    const int32_t *next = samples[i].steps;
    for (int step = 0; step < step_count; step++) {
      int count = *next++;
      for (int e = 0; e < count; e++) integrate_hidden(core.hidden_v, core.input_weight[next[e]]);
      next += count;
    }
  }
}

static void run_neurons(void) {
  int32_t spikes[NEURONS];
  for (int i = 0; i < sample_count * step_count; i++) fire(core.v, NEURONS, 8, spikes);
}

static void run_traces(void) {
  for (int i = 0; i < sample_count * step_count; i++) decay(core.trace, NEURONS, 5);
}

static void run_shadow(void) {
  for (int i = 0; i < sample_count * step_count; i++)
    learn(&core.input_shadow[0][0], &core.input_weight[0][0], INPUTS, HIDDEN, core.input_trace, core.hidden_signal,
          core.lanes, HIDDEN_RATE);
}

/* ---- fields, input, output ---------------------------------------------------------------------------------------- */

typedef enum { U8, I8, I16 } Element;

/* Rows of `length` items, `stride` elements apart. */
typedef struct {
  Element element;
  void *items;
  int rows, length, stride;
} Field;

#define ONE_ROW(element, name, length) {element, core.name, 1, length, length}
#define INPUT_SHADOW {I16, core.input_shadow, INPUTS, HIDDEN, HIDDEN}
#define INPUT_WEIGHT {I8, core.input_weight, INPUTS, HIDDEN, HIDDEN}
#define OUTPUT_SHADOW {I16, core.output_shadow, HIDDEN, OUTPUTS, OUTPUTS_PADDED}
#define OUTPUT_WEIGHT {I8, core.output_weight, HIDDEN, OUTPUTS, OUTPUTS_PADDED}
#define NETWORK                                                                                                   \
  ONE_ROW(U8, input_trace, INPUTS), ONE_ROW(I16, hidden_v, HIDDEN), ONE_ROW(U8, hidden_trace, HIDDEN),             \
      ONE_ROW(U8, hidden_box, HIDDEN), ONE_ROW(I16, hidden_feedback, HIDDEN), ONE_ROW(I8, hidden_signal, HIDDEN),  \
      ONE_ROW(I16, output_v, OUTPUTS), ONE_ROW(I8, output_signal, OUTPUTS), INPUT_SHADOW, INPUT_WEIGHT,            \
      OUTPUT_SHADOW, OUTPUT_WEIGHT

/* The name of a task, what it runs, and its fields in the order of the input. */
static const struct {
  const char *name;
  void (*run)(void);
  Field fields[13]; /* ends with one that has no rows */
} tasks[] = {
    {"rows", run_rows, {INPUT_WEIGHT, ONE_ROW(I16, hidden_v, HIDDEN)}},
    {"neurons", run_neurons, {ONE_ROW(I16, v, NEURONS)}},
    {"traces", run_traces, {ONE_ROW(U8, trace, NEURONS)}},
    {"shadow", run_shadow,
     {ONE_ROW(U8, input_trace, INPUTS), ONE_ROW(I8, hidden_signal, HIDDEN), INPUT_SHADOW, INPUT_WEIGHT}},
    {"inference", run_inference, {NETWORK}},
    {"training", run_training, {NETWORK}},
};

static int32_t get_item(const Field *field, int at) {
  switch (field->element) {
    case U8: return ((uint8_t *)field->items)[at];
    case I8: return ((int8_t *)field->items)[at];
    default: return ((int16_t *)field->items)[at];
  }
}

static void set_item(const Field *field, int at, int32_t value) {
  switch (field->element) {
    case U8: ((uint8_t *)field->items)[at] = value; break;
    case I8: ((int8_t *)field->items)[at] = value; break;
    default: ((int16_t *)field->items)[at] = value; break;
  }
}

static void fail(const char *what, const char *which) {
  fprintf(stderr, "%s: %s\n", what, which);
  exit(1);
}

static int32_t *read_file(const char *name) {
  FILE *file = fopen(name, "rb");
  if (file == NULL || fseek(file, 0, SEEK_END) != 0) fail("cannot be read", name);
  long size = ftell(file);
  rewind(file);
  int32_t *words = malloc(size);
  if (words == NULL || fread(words, 1, size, file) != (size_t)size) fail("cannot be read", name);
  fclose(file);
  return words;
}

static const int32_t *read_core(const Field *fields, const int32_t *next) {
  for (const Field *field = fields; field->rows > 0; field++)
    for (int row = 0; row < field->rows; row++)
      for (int i = 0; i < field->length; i++) set_item(field, row * field->stride + i, *next++);
  memcpy(core.lanes, next, sizeof core.lanes);
  return next + LANES;
}

static void read_samples(const int32_t *next) {
  sample_count = *next++;
  step_count = *next++;
  samples = malloc(sample_count * sizeof *samples);
  if (samples == NULL) fail("no memory", "samples");
  for (int i = 0; i < sample_count; i++) {
    samples[i].label = *next++;
    samples[i].steps = next;
    for (int step = 0; step < step_count; step++) next += 1 + *next;
  }
}

static void write_core(const Field *fields, const char *name) {
  FILE *file = fopen(name, "wb");
  if (file == NULL) fail("cannot be written", name);
  for (const Field *field = fields; field->rows > 0; field++)
    for (int row = 0; row < field->rows; row++)
      for (int i = 0; i < field->length; i++) {
        int32_t value = get_item(field, row * field->stride + i);
        fwrite(&value, sizeof value, 1, file);
      }
  fwrite(core.lanes, sizeof core.lanes, 1, file);
  if (fclose(file) != 0) fail("cannot be written", name);
}

int main(int count, char **arguments) {
  if (count != 5) fail("usage", "kernels TASK INPUT OUTPUT REPETITIONS");
  size_t task = 0, known = sizeof tasks / sizeof *tasks;
  while (task < known && strcmp(tasks[task].name, arguments[1]) != 0) task++;
  if (task == known) fail("there is no task", arguments[1]);
  read_samples(read_core(tasks[task].fields, read_file(arguments[2])));
  initial = core;
  for (int repetition = atoi(arguments[4]); repetition > 0; repetition--) {
    core = initial;
    struct timespec from, to;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &from);
    tasks[task].run();
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &to);
    printf("%lld\n", (to.tv_sec - from.tv_sec) * 1000000000LL + (to.tv_nsec - from.tv_nsec));
  }
  write_core(tasks[task].fields, arguments[3]);
  return 0;
}

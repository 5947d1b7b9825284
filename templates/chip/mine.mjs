/**
 * The chip `mine`: when which event happens, how a host teaches it, and the format of its recordings.
 *
 * A module that an hw-model names as its controller runs on this computer with all your rights, as any program does. Its
 * default export is a `Chip`, checked when it is loaded; all that it needs comes from `plasticore/chips`.
 */
import { fileURLToPath } from 'node:url';
import {
  array,
  at,
  coreImageOf,
  createCore,
  defineHost,
  fieldNamed,
  firstDifference,
  goldenFormat,
  list,
  literal,
  namesIn,
  neuronOf,
  oneOf,
  PlasticoreError,
  sampleValues,
  sizeNamed,
  strictObject,
  tuple,
  whole,
} from 'plasticore/chips';

const side = 7;
const inputs = side * side;
const neurons = 10;

/** The controller: it takes operations one by one, and knows the cycle of everything, as rtl/mine.v does. */
class Controller {
  cycle = 0;
  #countedFrom = 0;

  /** @param {import('plasticore/chips').Core} core */
  constructor(core) {
    const names = namesIn(core, 'mine');
    this.core = core;
    this.events = Object.fromEntries(operations.map((name) => [name, names.event(name)]));
    this.input = names.scalar('neuron');
    this.neuron = names.scalar('post');
    this.change = names.scalar('change');
    this.neurons = sizeNamed(core.image, 'neurons');
  }

  get cores() {
    return [this.core];
  }

  /** Does one operation. Returns its spikes, each as [cycle, neuron]. */
  run(operation, input = 0, neuron = 0, change = 0) {
    const { core } = this;
    core.event[this.input] = input;
    core.event[this.neuron] = neuron;
    core.event[this.change] = change;
    const count = core.trigger(this.events[operation]);
    // It is accepted in one cycle; then a neuron is served in each.
    const first = this.cycle + 1;
    this.cycle = first + { clear: 0, input: this.neurons, tick: this.neurons, learn: 1 }[operation];
    return Array.from({ length: count }, (_, index) => {
      const spiked = neuronOf(at(core.emitted, index));
      return [first + spiked, spiked];
    });
  }

  read(field) {
    return [...this.core.read(fieldNamed(this.core.image, field))];
  }

  counters() {
    return { ...this.core.counters(), cycles: this.cycle - this.#countedFrom };
  }

  resetCounters() {
    this.core.resetCounters();
    this.#countedFrom = this.cycle;
  }
}

const operations = /** @type {const} */ (['clear', 'input', 'tick', 'learn']);

// ------------------------------------------------------------------------------------------------ a host for digits

const digitSide = 28;

/** The inputs that a digit makes spike: squares of pixels that are bright on average. */
function brightSquares(pixels, bright) {
  const size = digitSide / side;
  return Array.from({ length: inputs }, (_, input) => input).filter((input) => {
    const [row, column] = [size * Math.floor(input / side), size * (input % side)];
    let sum = 0;
    for (let y = row; y < row + size; y++)
      for (let x = column; x < column + size; x++) sum += at(pixels, y * digitSide + x);
    return sum >= bright * size * size;
  });
}

/** Presents digits and teaches them: a wrong answer lowers its neuron's weights, and raises those of the label. */
function hostOf(core, { ticks, bright }, { train, test }) {
  const chip = new Controller(core);
  const present = (set, sample) => {
    const active = brightSquares(sampleValues(set, sample), bright);
    const spikes = new Array(neurons).fill(0);
    chip.run('clear');
    for (let tick = 0; tick < ticks; tick++) {
      for (const input of active) chip.run('input', input);
      for (const [, neuron] of chip.run('tick')) spikes[neuron] += 1;
    }
    const most = Math.max(...spikes);
    return { active, answer: most === 0 ? -1 : spikes.indexOf(most) };
  };
  return {
    learn(sample) {
      const { active, answer } = present(train, sample);
      const label = train.labels[sample];
      if (answer !== label)
        for (const input of active) {
          chip.run('learn', input, label, 1);
          if (answer >= 0) chip.run('learn', input, answer, -1);
        }
      return answer;
    },
    ask(sample, observe) {
      const { answer } = present(test, sample);
      observe?.();
      return answer;
    },
    counters: () => chip.counters(),
    resetCounters: () => chip.resetCounters(),
  };
}

const host = defineHost({
  description: 'How digits are presented to the chip',
  options: strictObject({
    ticks: whole('a number of ticks', 1, 16).default(4),
    bright: whole('the mean brightness from which a square spikes', 1, 255).default(96),
  }),
  registers: [],
  encodesSamples: true,
  hosting: (options) => ({
    describe: () => JSON.stringify({ mine: options }),
    check(_image, _encoding, { name, kind, inputs: pixels, classes }) {
      if (kind === 'features' && pixels === digitSide ** 2 && classes <= neurons) return;
      throw new PlasticoreError('data', `data set '${name}' has no digits of 28 x 28 pixels in ten classes`);
    },
    start: ({ cores }, _encoding, data) => hostOf(at(cores, 0), options, data),
  }),
});

// ------------------------------------------------------------------------------ recordings, as the test bench writes

const weights = list(list(whole('a weight', -32, 31), 'the weights of an input', neurons), 'weights', inputs);

const trace = strictObject({
  format: literal('mine-golden/1'),
  weights,
  /** An operation, its input, its neuron, and its change of a weight. */
  stimulus: array(
    tuple([
      oneOf('an operation', operations),
      whole('an input', 0, inputs - 1),
      whole('a neuron', 0, neurons - 1),
      whole('a change', -1, 1),
    ]),
  ),
  expected: strictObject({
    cycles: whole('the cycles of all operations', 0),
    spikes: array(tuple([whole('a cycle', 0), whole('a neuron', 0, neurons - 1)])),
    potentials: list(whole('a potential', -2048, 2047), 'potentials', neurons),
    weights,
  }),
});

/** Program and hw-model lie beside this file. */
const from = fileURLToPath(import.meta.url);

/** Replays a recording: the first difference, or that there is none. */
function replay({ weights: initial, stimulus, expected }, { engine, deploy, onCore }) {
  const image = deploy({ program: './program.yaml', hw: './core.yaml', from, precision: 'own', seed: 1 });
  const chip = new Controller(createCore(coreImageOf(image), { engine }));
  onCore?.(chip.core);
  chip.core.write(fieldNamed(chip.core.image, 'synapses.w'), initial.flat());
  const spikes = stimulus.flatMap((operation) => chip.run(...operation));
  const lists = {
    'spike, as cycle and neuron': [expected.spikes, spikes],
    'potential of neuron': [expected.potentials, chip.read('neurons.v')],
    'weight of row 10 x input + neuron,': [expected.weights.flat(), chip.read('synapses.w')],
    'number of cycles': [[expected.cycles], [chip.cycle]],
  };
  for (const [what, [want, have]] of Object.entries(lists)) {
    const difference = firstDifference(want, have);
    if (difference === undefined) continue;
    const [wanted, found] = [String(difference.want ?? 'none'), String(difference.have ?? 'none')];
    const when = `after ${stimulus.length} operations`;
    const divergence = { when, what: `${what} ${difference.at}`, expected: wanted, found, context: [] };
    return { agrees: false, divergence };
  }
  return {
    agrees: true,
    summary: `${stimulus.length} operations, ${spikes.length} spikes, ${chip.cycle} cycles`,
  };
}

/** @type {import('plasticore/chips').Chip} */
export default {
  name: 'mine',
  golden: () => [goldenFormat('mine-golden/1', trace, replay)],
  host,
};

/*
 * tinyODIN: a chip with a controller of its own, in a module. Its arithmetic is microcode (tinyodin.uc); here is the order of
 * operations, and the clock.
 *
 * Source: C. Frenkel, tinyODIN, documentation v1.0 and the behaviour of its RTL (github.com/ChFrenkel/tinyODIN, commit 1865653).
 */
import {
  coreImageOf,
  createCore,
  fieldNamed,
  firstParting,
  flag,
  goldenFormat,
  hexDigits,
  list,
  literal,
  namesIn,
  neuronOf,
  oneOf,
  strictObject,
  text,
  tuple,
  whole,
  wholes,
} from 'plasticore/chips';

/** Cycles for which a spike occupies the output, and with it the controller, if the receiver acknowledges at once. */
const outputCycles = 6;
/** From a request until the controller sees it. */
const visibleAfter = 2;
/** From the acknowledge until the controller waits again. */
const handshakeCycles = 3;
/** A read-modify-write of a neuron. */
const accessCycles = 2;
/** An entry of the scheduler that was served for all neurons leaves in a cycle of its own. */
const popCycles = 1;
/** The address by which a time reference names all neurons. */
const all = 0xff;
const fates = { lost: 0, pushed: 1, openLoop: 2 };

/** The controller: a scheduler of entries {weight, neuron}, and the choice between it and what is requested. */
export class TinyOdinController {
  cycle = 0;
  /** [request, start, acknowledge, done, idle] of each event that was sent. */
  events = [];
  /** [start, kind, argument, cycles, stalls among them]. */
  operations = [];
  /** [cycle, neuron, fate]. */
  spikes = [];
  #core;
  #names;
  #isOpenLoop;
  #served;
  #entries = [];
  /** The last cycle in which the output is busy. */
  #busyUntil = -1;
  #countedFrom = 0;
  #counts = { pushes: 0, pops: 0, drops: 0 };

  constructor(core, { isOpenLoop, served }) {
    const names = namesIn(core, 'tinyodin');
    this.#core = core;
    this.#isOpenLoop = isOpenLoop;
    this.#served = served;
    this.#names = {
      popNeuron: names.event('popNeuron'),
      popVirtual: names.event('popVirtual'),
      timeReference: names.event('timeReference'),
      timeReferenceOne: names.event('timeReferenceOne'),
      neuron: names.scalar('neuron'),
      weight: names.scalar('w'),
    };
  }

  get cores() {
    return [this.#core];
  }

  counters() {
    return { ...this.#core.counters(), ...this.#counts, cycles: this.cycle - this.#countedFrom };
  }

  resetCounters() {
    this.#core.resetCounters();
    this.#counts = { pushes: 0, pops: 0, drops: 0 };
    this.#countedFrom = this.cycle;
  }

  /** Requests an event of ten bits in the current cycle, and runs until it is done or, if it drains, the chip is idle. */
  send(address, drains) {
    const request = this.cycle;
    const visible = request + visibleAfter;
    for (;;) {
      this.#waitForOutput();
      if (this.#entries.length === this.#core.image.core.fifoDepth) this.#pop();
      else if (this.cycle >= visible) break;
      else if (this.#entries.length > 0) this.#pop();
      else this.cycle = visible;
    }
    const start = this.cycle + 1;
    const acknowledge = this.#input(start, address);
    const done = acknowledge + handshakeCycles;
    this.cycle = done;
    if (drains) this.drain();
    this.events.push([request, start, acknowledge, done, this.cycle]);
  }

  /** Serves the scheduler until it is empty and the output is free. Activity that feeds itself never ends. */
  drain() {
    this.#waitForOutput();
    while (this.#entries.length > 0) {
      this.#pop();
      this.#waitForOutput();
    }
  }

  #waitForOutput() {
    if (this.cycle <= this.#busyUntil) this.cycle = this.#busyUntil + 1;
  }

  #input(start, address) {
    const low = address & 0xff;
    if ((address & 0x100) !== 0) {
      this.#core.event[this.#names.neuron] = low;
      return low === all
        ? this.#run(this.#names.timeReference, start, 'TREF', address, this.#served)
        : this.#run(this.#names.timeReferenceOne, start, 'TREF', address, 1);
    }
    const isVirtual = (address & 0x200) !== 0;
    this.#push(isVirtual ? ((low >> 4) << 8) | (low & 0xf) : low);
    this.operations.push([start, 'PUSH', address, 1, 0]);
    return start + 1;
  }

  /** Serves the head of the scheduler. It keeps its place until the last cycle; a weight of zero is a neuron's spike. */
  #pop() {
    const start = this.cycle + 1;
    const [entry] = this.#entries;
    const weight = entry >> 8;
    this.#core.event[this.#names.neuron] = entry & 0xff;
    if (weight === 0) this.cycle = this.#run(this.#names.popNeuron, start, 'POP_NEUR', entry, this.#served);
    else {
      this.#core.event[this.#names.weight] = weight < 8 ? weight : weight - 16;
      this.cycle = this.#run(this.#names.popVirtual, start, 'POP_VIRT', entry, 1);
    }
    this.#entries.shift();
    this.#counts.pops += 1;
  }

  /** Runs an operation on one neuron or on those that are served, and sends its spikes. */
  #run(list, start, kind, argument, neurons) {
    const count = this.#core.trigger(list);
    const { emitted } = this.#core;
    let stalls = 0;
    for (let i = 0; i < count; i++) {
      const neuron = neuronOf(emitted[i]);
      const position = neurons === 1 && kind !== 'POP_NEUR' ? 0 : neuron;
      // Earlier spikes of the operation have delayed it.
      const cycle = start + accessCycles * position + accessCycles - 1 + outputCycles * i;
      this.#busyUntil = cycle + outputCycles;
      // An entry of all neurons leaves after the last neuron's spike was sent; other operations end before.
      if (kind === 'POP_NEUR' || position < neurons - 1) stalls += outputCycles;
      this.#spike(cycle, neuron);
    }
    const cycles = accessCycles * neurons + stalls + (kind === 'POP_NEUR' ? popCycles : 0);
    this.operations.push([start, kind, argument, cycles, stalls]);
    return start + cycles;
  }

  #spike(cycle, neuron) {
    let fate = fates.openLoop;
    if (!this.#isOpenLoop) {
      const hasRoom = this.#entries.length < this.#core.image.core.fifoDepth;
      fate = hasRoom ? fates.pushed : fates.lost;
      if (hasRoom) this.#push(neuron);
      else this.#counts.drops += 1;
    }
    this.spikes.push([cycle, neuron, fate]);
  }

  #push(entry) {
    this.#entries.push(entry);
    this.#counts.pushes += 1;
  }
}

const neurons = 256;
const perNeuron = (bits) =>
  list(whole(`a number of ${bits} bits`, 0, 2 ** bits - 1), 'one for each neuron', neurons);

/** Recordings: neurons and synapses as their fields, numbers of the state and of weights in two's complement. */
const schema = strictObject({
  format: literal('tinyodin-golden/1'),
  name: text('a name'),
  description: text('a description'),
  seed: whole('the seed of configuration and stimulus', 0),
  config: strictObject({
    open_loop: flag('whether the loop is open'),
    max_neuron: whole('the last neuron that is served', 0, neurons - 1),
  }),
  neurons: strictObject({
    core: perNeuron(12),
    thr: perNeuron(12),
    leak_str: perNeuron(7),
    disable: perNeuron(1),
  }),
  synapses: list(
    hexDigits('the weights of a row, a digit each, by post', neurons),
    'one row for each pre',
    neurons,
  ),
  events: list(wholes('[mode, address]: mode 0 waits for idle, 1 for done', 2), 'events'),
  expected: strictObject({
    event_cycles: list(wholes('[request, start, acknowledge, done, idle]', 5), 'one for each event'),
    ops: list(
      tuple([
        whole('a cycle', 0),
        oneOf('an operation', ['PUSH', 'POP_NEUR', 'POP_VIRT', 'TREF']),
        whole('an address or an entry of the scheduler', 0, 2 ** 12 - 1),
        whole('a number of cycles', 1),
        whole('a number of cycles', 0),
      ]),
      'operations, [start, kind, argument, cycles, stalls]',
    ),
    spikes: list(wholes('[cycle, neuron, fate]: fate 0 lost, 1 pushed, 2 open loop', 3), 'spikes'),
    final_core: perNeuron(12),
  }),
});

/** What the chip does with the stimulus of a recording, in the form of its expectations. */
export function record({ config, neurons: fields, synapses, events }, core) {
  const write = (name, values) => core.write(fieldNamed(core.image, name), values);
  for (const [name, values] of Object.entries(fields))
    write(`neurons.${name}`, name === 'core' ? values.map((value) => signed(value, 12)) : values);
  write(
    'synapses.w',
    Array.from(synapses.join(''), (digit) => signed(Number.parseInt(digit, 16), 4)),
  );
  const chip = new TinyOdinController(core, {
    isOpenLoop: config.open_loop === 1,
    served: config.max_neuron + 1,
  });
  for (const [mode, address] of events) chip.send(address, mode === 0);
  return {
    event_cycles: chip.events,
    ops: chip.operations,
    spikes: chip.spikes,
    final_core: Array.from(core.read(fieldNamed(core.image, 'neurons.core')), (value) => value & 0xfff),
  };
}

function signed(value, bits) {
  return value < 2 ** (bits - 1) ? value : value - 2 ** bits;
}

/** Replays a recording; of what differs, the first in time is told. */
function replay(trace, { engine, deploy, file }) {
  const served = trace.config.max_neuron + 1;
  const image = deploy({
    program: './program.yaml',
    hw: './tinyodin.yaml',
    from: import.meta.filename,
    precision: 'own',
    seed: 1,
    settings: { program: [{ path: ['parameters', 'served'], value: served, place: { file } }] },
  });
  const found = record(trace, createCore(coreImageOf(image), { engine }));
  const { expected } = trace;
  const partings = ['event_cycles', 'ops', 'spikes']
    .map((what) => ({ what, parting: firstParting(expected[what], found[what]) }))
    .filter(({ parting }) => parting !== undefined)
    .map(({ what, parting }) => ({
      what,
      ...parting,
      cycle: Math.min(cycleOf(parting.want), cycleOf(parting.have)),
    }))
    .sort((a, b) => a.cycle - b.cycle);
  const state = firstParting(expected.final_core, found.final_core);
  if (state !== undefined) partings.push({ what: 'final_core', ...state, cycle: Number.POSITIVE_INFINITY });
  const [first] = partings;
  if (first === undefined) {
    const { events, spikes } = { events: trace.events, spikes: expected.spikes };
    return {
      agrees: true,
      summary: `${events.length} events, ${expected.ops.length} operations and ${spikes.length} spikes to the cycle, neurons`,
    };
  }
  const { what, at, want, have, cycle } = first;
  return {
    agrees: false,
    divergence: {
      when: Number.isFinite(cycle) ? `cycle ${cycle}` : 'at the end',
      what: `${names[what]} ${at}`,
      expected: want === undefined ? 'no further one' : String(want),
      found: have === undefined ? 'no further one' : String(have),
      context: [],
    },
  };
}

const names = { event_cycles: 'event', ops: 'operation', spikes: 'spike', final_core: 'state of neuron' };

/** The first number of a record, its cycle. */
function cycleOf(record) {
  return record === undefined ? Number.POSITIVE_INFINITY : record[0];
}

export default {
  name: 'tinyodin',
  golden: async () => [goldenFormat('tinyodin-golden/1', schema, replay)],
};

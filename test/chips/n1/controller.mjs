/** The chip: its cores, the sequencer that routes spikes between them, and the clock. */
import { addCounts, at, fieldNamed, sizeNamed } from 'plasticore/chips';
import { N1Core } from './core.mjs';

/** Clock cycles of a step around those of its slowest core. */
const cycles = {
  step: 7,
  core: 1,
  spike: 37,
  injection: 1,
  injections: 1,
  /** From the start of a step to the first cycle of its cores. */
  start: 5,
};

/** Parameters of neurons that the controller holds; all others are fields of the program. */
const tables = ['parent', 'root'];

/** N1's controller. A step runs all cores, then routes their spikes; what they carry arrives in the next one. */
export class N1Controller {
  #units;
  #routes;
  /** Currents on their way: core, neuron, current. */
  #waiting = [];
  #cycle = 0;
  #countedFrom = 0;

  /**
   * @param trace what the chip is loaded with
   * @param createCore makes a core of program `n1`
   */
  constructor({ config, cores, routes, global_routes }, createCore) {
    const all = [
      ...routes,
      ...global_routes.map(([core, neuron, slot, ...rest]) => [core, neuron, slot + 8, ...rest]),
    ];
    this.#routes = cores.map((_, core) =>
      all.filter(([source]) => source === core).sort((a, b) => a[1] - b[1] || a[2] - b[2]),
    );
    this.#units = cores.map((description, core) => {
      const made = createCore(core);
      load(made, description, this.#routes[core]);
      return new N1Core(made, description, {
        parents: description.neurons.parent,
        roots: description.neurons.root,
        // All ones of the width of an address.
        none: 2 ** config.neuron_bits - 1,
      });
    });
  }

  get cores() {
    return this.#units.map(({ core }) => core);
  }

  get units() {
    return this.#units;
  }

  get cycle() {
    return this.#cycle;
  }

  counters() {
    return {
      ...this.cores.map((core) => core.counters()).reduce(addCounts),
      cycles: this.#cycle - this.#countedFrom,
    };
  }

  resetCounters() {
    for (const core of this.cores) core.resetCounters();
    this.#countedFrom = this.#cycle;
  }

  /**
   * Runs a step.
   *
   * @param inject currents from outside: core, neuron, current
   * @returns its cycles, and its spikes: cycle, core, neuron, payload
   */
  step(inject, flags) {
    const injections =
      this.#waiting.length === 0 ? 0 : cycles.injection * this.#waiting.length + cycles.injections;
    for (const [core, neuron, current] of [...inject, ...this.#waiting])
      at(this.#units, core).inject(neuron, current);
    for (const unit of this.#units) unit.step(flags);
    this.#waiting = this.#units.flatMap((unit, core) => this.#sent(unit, core));
    const spikes = this.#units.flatMap(({ spikes: sent, spikeCycles }, core) =>
      sent.map(([neuron, payload], index) => [
        spikeCycles[index] + cycles.start + injections,
        core,
        neuron,
        payload,
      ]),
    );
    const taken =
      cycles.step +
      Math.max(...this.#units.map((unit) => unit.cycles)) +
      cycles.core * this.#units.length +
      cycles.spike * spikes.length +
      injections;
    this.#cycle += taken;
    return { cycles: taken, spikes: spikes.sort((a, b) => a[0] - b[0] || a[1] - b[1]) };
  }

  /** What the routes of a core carry, in the order in which they are sent. */
  #sent(unit, core) {
    return unit.spikes.flatMap(([neuron, payload]) =>
      [...this.#routes[core].entries()]
        .filter(([, [, source]]) => source === neuron)
        .map(([route, [, , , destination, target]]) => [destination, target, unit.routed(route, payload)]),
    );
  }
}

/** Writes the memories of a core. */
function load(core, { neurons, pool, reward_tau }, routes) {
  const write = (name, values) => {
    const field = fieldNamed(core.image, name);
    const size = sizeNamed(core.image, name.split('.')[0]);
    core.write(
      field,
      Array.from({ length: size }, (_, index) => values[index] ?? 0),
    );
  };
  for (const [name, values] of Object.entries(neurons))
    if (!tables.includes(name)) write(`neurons.${name}`, values);
  for (const [place, name] of [
    [2, 'weight'],
    [3, 'compartment'],
    [4, 'delay'],
  ])
    write(
      `pool.${name}`,
      pool.map((entry) => entry[place]),
    );
  write(
    'routes.weight',
    routes.map((route) => route[5]),
  );
  write('registers.reward_tau', [reward_tau]);
  core.resetCounters();
}

import { addAt, at, numberAt } from 'plasticore/chips';
import type { SanafeChip, UnitCost } from './chip.ts';
import { DetailedTime } from './network/detailed-time.ts';
import { networkEnergy } from './network/energy.ts';
import { shortestFlight } from './network/flight.ts';
import { simpleTime } from './network/simple-time.ts';
import { Traffic } from './network/traffic.ts';
import type { MappedNetwork } from './network.ts';
import { type Activity, fired, idle, Somas, updated } from './somas.ts';
import type { SynapseUnit } from './trace-parts.ts';

/** A step in the words of a recording. */
export interface StepRecord {
  /** Ascending. */
  readonly spikes: readonly number[];
  readonly fired: number;
  readonly updated: number;
  readonly packets: number;
  readonly hops: number;
  readonly synapse_events: number;
  readonly energy: {
    readonly synapse: number;
    readonly dendrite: number;
    readonly soma: number;
    readonly network: number;
    readonly total: number;
  };
  readonly simple: number;
  readonly detailed: number;
}

const units: readonly SynapseUnit[] = ['loihi_dense_synapse', 'loihi_sparse_synapse', 'loihi_conv_synapse'];

/** The energy of equal events, one added after the other, as the recorded program does it. */
function addedUp(count: number, energy: number): number {
  let sum = 0;
  for (let i = 0; i < count; i++) sum += energy;
  return sum;
}

/** Runs a network on a chip, step by step, and counts what SANA-FE counts. */
export class Recorder {
  readonly somas: Somas;
  readonly #network: MappedNetwork;
  readonly #chip: SanafeChip;
  readonly #traffic: Traffic;
  readonly #detailed: DetailedTime;
  readonly #barrier: number;
  /** By packet: the neuron that fired, and the events. */
  #senders: number[] = [];
  #events: number[] = [];
  /** By core: energies of its units. */
  readonly #somaEnergy: Float64Array;
  readonly #synapseEnergy: Readonly<Record<SynapseUnit, Float64Array>>;
  readonly #unitEnergy: Float64Array;

  constructor(network: MappedNetwork, chip: SanafeChip) {
    const { mesh, figures } = chip;
    this.#network = network;
    this.#chip = chip;
    this.somas = new Somas(network);
    this.#traffic = new Traffic(mesh, figures);
    this.#detailed = new DetailedTime(mesh, figures);
    const tiles = new Set(network.cores.map(({ core }) => mesh.tileOf[core]));
    this.#barrier = chip.barrierTime(tiles.size);
    const byCore = () => new Float64Array(mesh.cores);
    this.#somaEnergy = byCore();
    this.#synapseEnergy = {
      loihi_dense_synapse: byCore(),
      loihi_sparse_synapse: byCore(),
      loihi_conv_synapse: byCore(),
    };
    this.#unitEnergy = byCore();
  }

  /** @param inputs the inputs that fire */
  step(inputs: readonly number[]): StepRecord {
    const { neurons, cores } = this.#network;
    const firing = new Set(inputs);
    const spikes: number[] = [];
    let active = 0;
    this.#begin();
    for (const { core, neurons: own } of cores) {
      for (const neuron of own) {
        const isInput = neurons[neuron]?.lif === undefined;
        const activity: Activity = isInput ? (firing.has(neuron) ? fired : idle) : this.#update(core, neuron);
        if (activity !== idle) active += 1;
        if (activity !== fired) continue;
        spikes.push(neuron);
        this.#send(neuron);
      }
    }
    const { counters } = this.#traffic;
    const { packets, hops, events } = counters;
    return {
      spikes: spikes.sort((a, b) => a - b),
      fired: spikes.length,
      updated: active,
      packets,
      hops,
      synapse_events: events,
      energy: this.#energy(),
      simple: simpleTime(this.#traffic, this.#barrier).time,
      detailed: this.#detailed.time(this.#traffic, this.#barrier),
    };
  }

  /**
   * The messages of the step that has just run: packets in the order in which they were sent, then what cores computed
   * after theirs.
   */
  messages(): readonly (readonly number[])[] {
    const { mesh, figures } = this.#chip;
    const traffic = this.#traffic;
    const { sent, received, processed, flight, blocked, along } = this.#detailed.journeys;
    const packets = this.#senders.map((neuron, index) => {
      const source = numberAt(traffic.source, index);
      const destination = numberAt(traffic.destination, index);
      return [
        neuron,
        source,
        destination,
        numberAt(traffic.hops, index),
        at(this.#events, index),
        numberAt(traffic.delay, index),
        numberAt(traffic.processing, index),
        shortestFlight(mesh, figures, source, destination),
        numberAt(sent, index),
        numberAt(received, index),
        numberAt(processed, index),
        numberAt(flight, index),
        numberAt(blocked, index),
        numberAt(along, index),
      ];
    });
    const rests = this.#network.cores.flatMap(({ core, neurons }) => {
      const rest = numberAt(traffic.pending, core);
      return rest === 0
        ? []
        : [[neurons.at(-1) ?? 0, core, -1, 0, 0, rest, numberAt(this.#detailed.done, core)]];
    });
    return [...packets, ...rests];
  }

  #begin(): void {
    this.somas.begin();
    this.#traffic.begin();
    this.#senders = [];
    this.#events = [];
    this.#somaEnergy.fill(0);
    for (const unit of units) this.#synapseEnergy[unit].fill(0);
  }

  #update(core: number, neuron: number): Activity {
    const activity = this.somas.update(neuron);
    const { access, update, spike } = this.#chip.soma;
    let { latency, energy } = access;
    if (activity >= updated) ({ latency, energy } = sum(latency, energy, update));
    if (activity === fired) ({ latency, energy } = sum(latency, energy, spike));
    this.#traffic.work(core, latency);
    addAt(this.#somaEnergy, core, energy);
    return activity;
  }

  #send(neuron: number): void {
    const { neurons } = this.#network;
    const sender = at(neurons, neuron);
    for (const { core, targets, weights } of sender.fanouts) {
      let processing = this.#chip.figures.receiveTime;
      for (const [index, target] of targets.entries()) {
        const unit = at(neurons, target).synapse;
        if (unit === undefined) continue;
        const { latency, energy } = this.#chip.synapse[unit];
        processing += latency;
        addAt(this.#synapseEnergy[unit], core, energy);
        this.somas.receive(target, at(weights, index));
      }
      this.#senders.push(neuron);
      this.#events.push(targets.length);
      this.#traffic.send(sender.core, core, targets.length, processing);
    }
  }

  #energy(): StepRecord['energy'] {
    let soma = 0;
    let synapse = 0;
    for (let core = 0; core < this.#unitEnergy.length; core++) {
      let ofCore = 0;
      for (const unit of units) {
        const energy = this.#synapseEnergy[unit][core] ?? 0;
        synapse += energy;
        ofCore += energy;
      }
      soma += numberAt(this.#somaEnergy, core);
      this.#unitEnergy[core] = ofCore + numberAt(this.#somaEnergy, core);
    }
    const { total, withCores } = networkEnergy(this.#traffic.counters, this.#chip.figures, {
      cores: this.#unitEnergy,
      times: addedUp,
    });
    return { synapse, dendrite: 0, soma, network: total, total: withCores };
  }
}

function sum(latency: number, energy: number, cost: UnitCost): UnitCost {
  return { latency: latency + cost.latency, energy: energy + cost.energy };
}

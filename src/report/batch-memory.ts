/**
 * What a batch learnt online takes, as Gomez's thesis counts it (Maastricht 2025; Gomez and Tang, ICANN 2025, say
 * "over 60 %" of it): every sample of the batch has states and traces of its own, each synapse its trace and its
 * eligibility, and FP32 keeps both copies of the weights.
 */

/** A network of one hidden layer, and how it is taught. */
export interface BatchNetwork {
  readonly inputs: number;
  readonly hidden: number;
  readonly outputs: number;
  /** Whether hidden neurons hear each other through weights that are not learnt. */
  readonly isRecurrent: boolean;
  /** Samples whose updates are added up. */
  readonly batch: number;
  /** Time steps of a sample. */
  readonly steps: number;
}

/** Numbers of one kind. */
interface Elements {
  readonly name: string;
  readonly count: number;
  readonly bits: number;
  readonly fp32Bits: number;
}

/** A section of the thesis' table; whole bytes. */
interface MemorySection {
  readonly name: string;
  readonly bytes: number;
  readonly fp32Bytes: number;
}

/** A way to count the same learning. */
interface BatchBasis {
  readonly name: string;
  readonly bytes: number;
  /** Undefined where nobody counts FP32 so. */
  readonly fp32Bytes: number | undefined;
}

export interface BatchMemory {
  readonly network: BatchNetwork;
  /** The thesis' sections, in its order. */
  readonly sections: readonly MemorySection[];
  readonly bases: readonly BatchBasis[];
}

/** Counts the memory of a batch on each basis. */
export function batchMemory(network: BatchNetwork): BatchMemory {
  const sections = tableOf(network, {});
  const sum = (all: readonly MemorySection[], name: string): BatchBasis => ({
    name,
    bytes: all.reduce((total, { bytes }) => total + bytes, 0),
    fp32Bytes: all.reduce((total, { fp32Bytes }) => total + fp32Bytes, 0),
  });
  return {
    network,
    sections,
    bases: [
      sum(sections, 'a trace for each synapse, as printed'),
      sum(tableOf(network, { tracePer: 'input' }), 'a trace for each input: the same numbers'),
      sum(
        tableOf(network, { tracePer: 'input', fp32Copies: 1 }),
        'a trace for each input, one copy of FP32 weights',
      ),
      {
        name: 'histories of a neuron, samples one after the other',
        bytes: historyBytes(network),
        fp32Bytes: undefined,
      },
    ],
  };
}

interface Counted {
  /** Inputs are 0 or 1 in MNIST, and all synapses of an input share its trace. */
  readonly tracePer?: 'synapse' | 'input';
  readonly fp32Copies?: 1 | 2;
}

/** Bits of shadow weights, and of inference weights, as in the thesis' table. */
const shadowBits = 16;
const inferenceBits = 8;
const potentialBits = { hidden: 17, output: 16 };
const errorBits = { hidden: 18, output: 8 };
const updateBits = 9;
const countBits = 8;

function tableOf(network: BatchNetwork, { tracePer = 'synapse', fp32Copies = 2 }: Counted): MemorySection[] {
  const { inputs: I, hidden: H, outputs: O, batch: B } = network;
  const both = (name: string, count: number): Elements[] => [
    { name: `${name}, shadow`, count, bits: shadowBits, fp32Bits: 32 },
    { name: `${name}, inference`, count, bits: inferenceBits, fp32Bits: fp32Copies === 2 ? 32 : 0 },
  ];
  const one = (name: string, count: number, bits: number, fp32Bits = 32): Elements => ({
    ...{ name, count, bits, fp32Bits },
  });
  const limits = [one('threshold and window', 2, 16)];
  const ofHidden = tracePer === 'synapse' ? B * H * I : B * I;
  const ofOutput = tracePer === 'synapse' ? B * O * H : B * H;
  return [
    section('hidden layer, static', [
      ...both('weights', H * I),
      ...(network.isRecurrent ? both('recurrent weights', H * H) : []),
      ...limits,
    ]),
    section('output layer, static', [...both('weights', O * H), ...limits]),
    // Seven of 8, 6, 9, 13, 3, 12 and 12 bits; FP32 has five.
    section('scalars', [one('scalars', 1, 63, 5 * 32)]),
    section('hidden layer, forward', [
      one('input spikes', B * I, 8),
      one('potentials', B * H, potentialBits.hidden),
      one('boxes', B * H, 1, 1),
      one('spikes', B * H, 1, 1),
      one('traces', ofHidden, 8),
      one('eligibilities', B * H * I, 16),
    ]),
    section('output layer, forward', [
      one('input spikes', B * H, 1, 1),
      one('potentials', B * O, potentialBits.output),
      one('boxes', B * O, 1, 1),
      one('traces', ofOutput, 1, 1),
      one('eligibilities', B * O * H, 8),
      one('counts of spikes', B * O, countBits),
    ]),
    section('error', [one('errors', B * O, errorBits.output)]),
    section('output layer, update', [one('update and decay', 2 * O * H, updateBits)]),
    section('hidden layer, update', [
      one('errors', B * H, errorBits.hidden),
      one('update and decay', 2 * H * I, updateBits),
    ]),
  ];
}

function section(name: string, elements: readonly Elements[]): MemorySection {
  const bytes = (of: (elements: Elements) => number): number =>
    Math.ceil(elements.reduce((bits, each) => bits + each.count * of(each), 0) / 8);
  return { name, bytes: bytes(({ bits }) => bits), fp32Bytes: bytes(({ fp32Bits }) => fp32Bits) };
}

/** Bits of the sum over a batch, for each weight that is learnt. */
const sumBits = 32;

/**
 * The same integers without any memory for each synapse of a sample: an eligibility is rebuilt at the end of a
 * sample, from the steps in which the input spiked and those in which the neuron was in its box. Samples run one
 * after the other; each weight that is learnt has the sum of the batch.
 */
function historyBytes({ inputs: I, hidden: H, outputs: O, steps: T, isRecurrent }: BatchNetwork): number {
  const learnt = H * I + O * H;
  const inputHistoryBits = isRecurrent ? 8 * T : T;
  const bits = [
    learnt * (shadowBits + inferenceBits + sumBits),
    // Recurrent weights are not learnt: only the inference weights are kept.
    isRecurrent ? H * H * inferenceBits : 0,
    I * inputHistoryBits,
    // Steps with a spike, and in the box.
    2 * H * T,
    O * T,
    H * (potentialBits.hidden + errorBits.hidden),
    O * (potentialBits.output + errorBits.output + countBits),
    4 * 16 + 63,
  ];
  return Math.ceil(bits.reduce((sum, each) => sum + each, 0) / 8);
}

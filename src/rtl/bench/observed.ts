import type { SpikeTrain } from '../../data/index.ts';
import { type Core, neuronOf, populationOf, runSample } from '../../engine/index.ts';
import { type CoreImage, hexWord } from '../../image/index.ts';
import { at, PlasticoreError } from '../../text/index.ts';
import type { BenchSample } from './bench.ts';

/** The behaviour of a core in a sample. */
export interface ObservedSample {
  /**
   * Cycles of each step; those of the start of the sample count to the first one. Those of a second presentation
   * follow.
   */
  readonly cycles: readonly number[];
  /** By step, the spikes in the order of their emission: the neuron, with the value that it carries. */
  readonly spikes: readonly (readonly (readonly [population: number, neuron: number])[])[];
  /** The words of the banks after the sample, if the bench asked for them. */
  readonly banks: readonly Uint32Array[] | undefined;
}

/**
 * The expected observations of a bench, from the model: `sample` (`again` where it is presented again),
 * `spike POPULATION NEURON` (with the value that it carries above the neuron, as in an address), `step CYCLES` after
 * each step, and where the stimulus asks for the state, `word BANK ADDRESS BITS` and `generator INDEX BITS`, those of
 * the lanes first.
 *
 * @param core one that has just been created
 */
export function expectedText(
  core: Core,
  samples: readonly BenchSample[],
  states: (sample: number) => boolean,
): string {
  const { image } = core;
  const lines: string[] = [];
  let before = core.busyCycles();
  for (const [index, sample] of samples.entries()) {
    lines.push('sample');
    core.setEpoch(at(image.epochs, sample.interval));
    let presented = 0;
    const observe = (step: number, spikes: number): void => {
      if (step === 0 && presented++ > 0) lines.push('again');
      for (const address of core.emitted.subarray(0, spikes))
        lines.push(`spike ${populationOf(address)} ${neuronOf(address)}`);
      const now = core.busyCycles();
      lines.push(`step ${now - before}`);
      before = now;
    };
    runSample(core, sampleSpikes(sample), { ...sample, observe });
    // More words than a call takes arguments.
    if (states(index)) for (const line of stateLines(core)) lines.push(line);
  }
  return `${[...lines, 'end'].join('\n')}\n`;
}

/** The spikes of a sample as a machine takes them. */
export function sampleSpikes({ inputs }: BenchSample): SpikeTrain {
  const offsets = new Uint32Array(inputs.length + 1);
  for (const [step, spikes] of inputs.entries()) offsets[step + 1] = at(offsets, step) + spikes.length;
  return { steps: inputs.length, offsets, indices: Uint32Array.from(inputs.flat()) };
}

/** The words of the banks and the states of the generators. */
export function stateLines(core: Core): string[] {
  const { image } = core;
  const { banks, generators } = core.save();
  const words = image.banks.flatMap(({ usedWords, wordBits }, bank) =>
    Array.from(
      { length: usedWords },
      (_, word) => `word ${bank} ${word} ${hexWord(at(banks, bank), word * wordBits, wordBits)}`,
    ),
  );
  return [
    ...words,
    ...[...generators].map((state, index) => `generator ${index} ${state.toString(16).padStart(8, '0')}`),
  ];
}

/**
 * Reads what a bench has observed.
 *
 * @throws PlasticoreError `run` if the simulation did not come to its end, or a word has unknown bits
 */
export function readObserved(text: string, { banks }: CoreImage): ObservedSample[] {
  type Sample = { cycles: number[]; spikes: [number, number][][]; banks: Uint32Array[] | undefined };
  const samples: Sample[] = [];
  let steps: Sample | undefined;
  let pending: [number, number][] = [];
  let ended = false;
  const open = (): Sample => {
    const sample = { cycles: [], spikes: [], banks: undefined };
    samples.push(sample);
    return sample;
  };
  for (const line of text.split('\n')) {
    const [what, first = '', second = '', digits = ''] = line.split(' ');
    if (what === 'spike') pending.push([Number(first), Number(second)]);
    else if (what === 'step') {
      steps ??= open();
      steps.cycles.push(Number(first));
      steps.spikes.push(pending);
      pending = [];
    } else if (what === 'sample') steps = undefined;
    else if (what === 'word') {
      const sample = samples.at(-1) ?? open();
      sample.banks ??= banks.map(
        ({ usedWords, wordBits }) => new Uint32Array(Math.ceil((usedWords * wordBits) / 32)),
      );
      const bank = Number(first);
      setWord(at(sample.banks, bank), Number(second), at(banks, bank).wordBits, digits);
    } else if (what === 'unknown')
      throw new PlasticoreError('run', `after the reset, an unknown value reached ${line.slice(8)}`);
    else if (what === 'fault')
      throw new PlasticoreError(
        'run',
        'the FIFO was full while a kernel pushed spikes, and too many wait already',
        {
          hint: 'set hw.router.fifoDepth to the most spikes that a step emits',
        },
      );
    else if (what === 'end') ended = true;
  }
  if (!ended)
    throw new PlasticoreError('run', `the simulation ended in sample ${Math.max(0, samples.length - 1)}`);
  return samples;
}

function setWord(words: Uint32Array, address: number, wordBits: number, digits: string): void {
  if (/[^0-9a-f]/.test(digits))
    throw new PlasticoreError('run', `word ${address} of a bank has unknown bits: ${digits}`);
  const value = BigInt(`0x${digits}`);
  for (let bit = 0; bit < wordBits; bit++) {
    const to = address * wordBits + bit;
    if ((value >> BigInt(bit)) & 1n) words[to >>> 5] = at(words, to >>> 5) | (1 << (to & 31));
  }
}

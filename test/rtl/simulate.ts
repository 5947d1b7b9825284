import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { CoreTrace } from '../../src/trace/index.ts';

const here = (name: string) => fileURLToPath(new URL(name, import.meta.url));

export const coreText = (): string => readFileSync(here('lif8.v'), 'utf8');

/**
 * Simulates the core on the stimulus of a trace.
 *
 * @param folder has the memories, as `compile --memh` writes them; the simulation is made there
 * @param core the text of the core
 * @returns the trace with what the core does in place of what the model does
 */
export function simulate(trace: CoreTrace, folder: string, core: string): CoreTrace {
  writeFileSync(join(folder, 'core.v'), core);
  writeFileSync(join(folder, 'stimulus.memh'), stimulusText(trace));
  const steps = trace.samples.length * trace.steps;
  execFileSync('iverilog', ['-g2005', '-Wall', '-o', 'lif8', 'core.v', here('lif8_tb.v')], { cwd: folder });
  const output = execFileSync('vvp', ['-N', 'lif8', '+stimulus=stimulus.memh', `+steps=${steps}`], {
    cwd: folder,
    encoding: 'utf8',
  });
  return { ...trace, expected: expectedOf(trace, output.trim().split('\n')) };
}

/** A word a step: bit 8 in the first step of a sample, bits 7:0 for the inputs that spike. */
function stimulusText({ samples }: CoreTrace): string {
  const words = samples.flatMap(({ inputs }) =>
    inputs.map((spikes, step) => spikes.reduce((mask, input) => mask | (1 << input), step === 0 ? 0x100 : 0)),
  );
  return `${words.map((word) => word.toString(16).padStart(3, '0')).join('\n')}\n`;
}

/** What the testbench printed, a line a step: cycles, the mask of spikes, the word of membranes. */
function expectedOf(trace: CoreTrace, lines: readonly string[]): CoreTrace['expected'] {
  const steps = lines.map((line) => {
    const [cycles = '', mask = '', word = ''] = line.split(' ');
    return { cycles: Number(cycles), spikes: neuronsOf(mask), membranes: membranesOf(word) };
  });
  return {
    initial: trace.expected.initial,
    samples: trace.samples.map((_, index) => {
      const own = steps.slice(index * trace.steps, (index + 1) * trace.steps);
      return {
        spikes: { out: own.map(({ spikes }) => spikes) },
        cycles: own.map(({ cycles }) => cycles),
        steps: own.map(({ membranes }) => ({ 'out.v': membranes })),
        fields: {},
      };
    }),
  };
}

/** The mask's last digit is neuron 0. */
function neuronsOf(mask: string): number[] {
  return [...mask].reverse().flatMap((bit, neuron) => (bit === '1' ? [neuron] : []));
}

/** Eight numbers of 10 bits, neuron 0 in the lowest. */
function membranesOf(word: string): number[] {
  const bits = BigInt(`0x${word}`);
  return Array.from({ length: 8 }, (_, neuron) => Number(BigInt.asIntN(10, bits >> BigInt(10 * neuron))));
}

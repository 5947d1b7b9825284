import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compilerFlags } from './native.ts';

/** A network for `networks.c`. */
export interface NetworkData {
  readonly potentials: ArrayLike<number>;
  /** For each neuron, its targets; undefined where every neuron leads to all. */
  readonly targets: ArrayLike<number> | undefined;
  readonly weights: ArrayLike<number>;
}

/** A round of some steps. */
export interface NetworkRound {
  readonly ns: number;
  readonly spikes: number;
  /** See {@link hashOf}. */
  readonly hash: number;
}

/**
 * Runs a network in C, from its first step: a round that warms up, and then those that count; undefined without gcc.
 */
export function runNative(
  { potentials, targets, weights }: NetworkData,
  steps: number,
  rounds: number,
): NetworkRound[] | undefined {
  if (spawnSync('gcc', ['--version']).status !== 0) return undefined;
  const folder = mkdtempSync(join(tmpdir(), 'plasticore-bench-'));
  try {
    const [program, input] = [join(folder, 'networks'), join(folder, 'input')];
    const source = fileURLToPath(new URL('networks.c', import.meta.url));
    execFileSync('gcc', [...compilerFlags, '-o', program, source], { stdio: 'inherit' });
    const parts = [potentials, ...(targets === undefined ? [] : [targets]), weights];
    const words = new Int32Array(2 + parts.reduce((sum, { length }) => sum + length, 0));
    words[0] = potentials.length;
    words[1] = targets === undefined ? 0 : targets.length / potentials.length;
    let end = 2;
    for (const part of parts) {
      words.set(part, end);
      end += part.length;
    }
    writeFileSync(input, words);
    const printed = execFileSync(program, [input, `${steps}`, `${rounds}`], { encoding: 'utf8' });
    return printed
      .trim()
      .split('\n')
      .map((line) => {
        const [ns = 0, spikes = 0, hash = 0] = line.split(' ').map(Number);
        return { ns, spikes, hash };
      });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** A hash of potentials, as the C code prints it. */
export function hashOf(potentials: ArrayLike<number>): number {
  let hash = 2_166_136_261;
  for (let neuron = 0; neuron < potentials.length; neuron++)
    hash = Math.imul(hash ^ ((potentials[neuron] ?? 0) & 0xffff), 16_777_619);
  return hash >>> 0;
}

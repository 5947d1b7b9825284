import { runSample } from '../../src/engine/index.ts';
import type * as Plasticore from '../../src/internals.ts';

/** Texts by the name under which programs and hw-models refer to them. */
export type Texts = Readonly<Record<string, string>>;

/** An engine's results. */
export interface TenDigits {
  readonly precision: string;
  readonly engine: string;
  /** SHA-256 of all that `save()` gives, before the first digit and after the last. */
  readonly before: string;
  readonly after: string;
  readonly counters: Plasticore.Counters;
  readonly predictions: readonly number[];
}

/**
 * Compiles MNIST's program and trains it on the digits of a .npz file, at an integer precision and in float32, with
 * every engine. It imports nothing and so runs as it is in Node and in a page.
 */
export async function tenDigits(
  plasticore: typeof Plasticore,
  texts: Texts,
  npz: Uint8Array,
): Promise<TenDigits[]> {
  const find: Plasticore.Resolve = (name) => ({ text: texts[name] ?? '', file: name });
  const program = plasticore.loadProgram(find('mnist-snn', ''), { microcode: find });
  const { train } = plasticore.npzDataset(npz, 'digits.npz');
  const encoder = plasticore.createEncoder('bernoulli');
  const results: TenDigits[] = [];
  for (const [precision, chip] of [
    ['mp16-8', 'reference'],
    ['fp32', 'fp32'],
  ] as const) {
    const hw = plasticore.loadHwModel(find(chip, '').text, chip, find);
    const image = plasticore.compile(program, hw, { precision, seed: 1 });
    for (const name of plasticore.engineNames) {
      const engine = plasticore.createMachine(image, { engine: name });
      const before = await hashOf(engine.save());
      const predictions = Array.from({ length: train.count }, (_, sample) => {
        const context = { seed: image.seed, epoch: 0, sample };
        const spikes = encoder.encode(plasticore.sampleValues(train, sample), context, image.steps);
        runSample(engine, spikes, { label: train.labels[sample] ?? 0, learn: true });
        return plasticore.predict(engine);
      });
      const after = await hashOf(engine.save());
      results.push({ precision, engine: name, before, after, counters: engine.counters(), predictions });
    }
  }
  return results;
}

async function hashOf({ banks, generators }: Plasticore.CoreState): Promise<string> {
  const words = Uint32Array.from([...banks, generators].flatMap((part) => [part.length, ...part]));
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', words));
  return Array.from(hash, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

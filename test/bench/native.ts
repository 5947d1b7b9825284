import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Core } from '../../src/engine/index.ts';
import { timeSamples, type Workload } from './workload.ts';

/** Compiler flags: as fast as the compiler makes the code without hand tuning. */
export const compilerFlags = ['-O3', '-march=native'];

/** `kernels.c`, compiled; its files are in a temporary folder until `remove`. */
export class Native {
  readonly #folder: string;
  readonly #program: string;

  private constructor(folder: string, program: string) {
    this.#folder = folder;
    this.#program = program;
  }

  /** Compiles; undefined where there is no gcc. */
  static compile(): Native | undefined {
    if (spawnSync('gcc', ['--version']).status !== 0) return undefined;
    const folder = mkdtempSync(join(tmpdir(), 'plasticore-bench-'));
    const program = join(folder, 'kernels');
    const source = fileURLToPath(new URL('kernels.c', import.meta.url));
    execFileSync('gcc', [...compilerFlags, '-o', program, source], { stdio: 'inherit' });
    return new Native(folder, program);
  }

  /** Writes a workload's input file. */
  prepare(workload: Workload, engine: Core): void {
    engine.restore(workload.state);
    const samples = workload.samples.flatMap(({ spikes: { steps, offsets, indices }, label }) => [
      label,
      ...Array.from({ length: steps }, (_, step) => {
        const neurons = indices.subarray(offsets[step], offsets[step + 1]);
        return [neurons.length, ...neurons];
      }).flat(),
    ]);
    const words = [
      ...stateWords(engine, workload),
      workload.samples.length,
      workload.image.steps,
      ...samples,
    ];
    writeFileSync(this.#input(workload), Int32Array.from(words));
  }

  /** Nanoseconds of each of some runs from the workload's state. */
  time(workload: Workload, repetitions: number): number[] {
    const { task } = workload;
    const output = join(this.#folder, 'output');
    const printed = execFileSync(this.#program, [task, this.#input(workload), output, `${repetitions}`], {
      encoding: 'utf8',
    });
    return printed.trim().split('\n').map(Number);
  }

  /** Where the latest run of the C code left the core otherwise than the engine's: undefined if nowhere. */
  difference(workload: Workload, engine: Core): string | undefined {
    timeSamples(engine, workload);
    const bytes = readFileSync(join(this.#folder, 'output'));
    const found = new Int32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
    const expected = stateWords(engine, workload);
    if (found.length !== expected.length) return `${found.length} words instead of ${expected.length}`;
    const at = expected.findIndex((word, index) => word !== found[index]);
    if (at < 0) return undefined;
    return `${nameOf(at, workload)} is ${expected[at]} in WebAssembly, ${found[at]} in C`;
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true });
  }

  #input({ name }: Workload): string {
    return join(this.#folder, `${name.replaceAll(/\W+/g, '-')}.input`);
  }
}

/** The items of a workload's fields and the lanes' generators, as the C code reads and writes them. */
function stateWords(engine: Core, { image, fields }: Workload): number[] {
  const items = fields.flatMap((name) => [
    ...engine.read(image.fields.findIndex((field) => field.name === name)),
  ]);
  return [...items, ...Int32Array.from(engine.save().generators)];
}

function nameOf(word: number, { image, fields }: Workload): string {
  let item = word;
  for (const name of fields) {
    const count = image.fields.find((field) => field.name === name)?.count ?? 0;
    if (item < count) return `${name}[${item}]`;
    item -= count;
  }
  return `the generator of lane ${item}`;
}

import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { compileModule, createCore, describePlan, engineNames, runSample } from '../../src/engine/index.ts';
import { price } from '../../src/image/index.ts';
import { moduleText } from '../../src/wasm/index.ts';
import { compileProgram } from '../bench/deployment.ts';
import { encodedDigits } from '../bench/workloads.ts';

/*
 * The output quoted in docs/architecture.md must equal the program's: plasticore inspect mnist-snn --plan, or --wat,
 * and the counters of one sample. If the output has changed for a reason, copy it into the page.
 */
const page = readFileSync(new URL('../../docs/architecture.md', import.meta.url), 'utf8');
const image = compileProgram('mnist-snn');
const learn = image.work.indexOf('learn(inputToHidden)');

const quoted = (kind: string): string[] =>
  [...page.matchAll(/```(\w+).*?\n(.*?)```/gs)].flatMap(([, found, text = '']) =>
    found === kind ? [text] : [],
  );

it('quotes the microcode and the plan', () => {
  const source = readFileSync(new URL('../../programs/rules/learn.uc', import.meta.url), 'utf8');
  expect(quoted('uc')).toHaveLength(1);
  for (const text of quoted('uc')) expect(source).toContain(text);
  const plan = describePlan(image, compileModule(image).kernels);
  expect(quoted('plan')).toHaveLength(1);
  for (const text of quoted('plan')) expect(plan).toContain(text);
});

/** Lines without indentation and addresses, their variables numbered in the order of first use. */
function normalised(lines: readonly string[]): string {
  const variables = new Map<string, number>();
  return lines
    .map((line) =>
      line
        .trim()
        .replace(/^(local\.\w+) (\d+)$/, (_, verb, index) => {
          if (!variables.has(index)) variables.set(index, variables.size);
          return `${verb} ${variables.get(index)}`;
        })
        .replace(/offset=\d+/, 'offset'),
    )
    .join('\n');
}

it('quotes WebAssembly that the module contains', () => {
  const all = moduleText(compileModule(image).bytes).split('\n');
  expect(quoted('wat').length).toBeGreaterThan(3);
  for (const text of quoted('wat')) {
    const lines = text.trimEnd().split('\n');
    const wanted = normalised(lines);
    const isFound = all.some((_, from) => normalised(all.slice(from, from + lines.length)) === wanted);
    expect(isFound, text).toBe(true);
  }
});

it.each(engineNames)('quotes the counters and their price, on the %s engine', (engine) => {
  const [sample] = encodedDigits(image, 1, 0);
  if (sample === undefined) throw new Error('no sample');
  const core = createCore(image, { engine });
  runSample(core, sample.spikes, { label: sample.label, learn: true });
  const counters = core.counters();
  const { runs, passes, tiles, items, scannedTiles, reads = [], writes = [] } = counters.work[learn] ?? {};
  const byBank = (words: readonly number[]) =>
    image.banks.map(({ name }, bank) => `${name} ${words[bank]}`).join(', ');
  expect(quoted('counts')).toEqual([
    `runs ${runs}
passes ${passes}
tiles ${tiles}
items ${items}
scannedTiles ${scannedTiles}
reads ${byBank(reads)}
writes ${byBank(writes)}
`,
  ]);
  const { workCycles, energyPj } = price(counters, image.costs);
  const [text = ''] = quoted('price');
  expect(text).toContain(`= ${workCycles[learn]}\n`);
  expect(text).toContain(`total ${Math.round(energyPj.byWork[learn] ?? 0)} pJ`);
});

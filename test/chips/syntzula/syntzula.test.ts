import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { engineNames } from '../../../src/engine/index.ts';
import { findHwModel } from '../../../src/experiment/index.ts';
import { findFile } from '../../../src/fs/index.ts';
import { coreArea, type HwModel, type Source, totalInterval } from '../../../src/hardware/index.ts';
import { commandLine } from '../../cli/in-process.ts';
import { argv } from '../../support/argv.ts';

const here = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

test.each(engineNames)('100 steps of its recording are identical on engine %s', async (engine) => {
  const { status, stdout } = await commandLine(
    argv`verify ${here('./traces/emg.json.br')} --engine ${engine}`,
  );
  expect(stdout).toContain(
    `identical on engine ${engine}: 1700 inputs, 100 outputs, 412 encoded, 794 layer1`,
  );
  expect(stdout).toContain('9 of 9 ran, 69 of 69 instructions');
  expect(status).toBe(0);
});

/** An amount of each source, and its bounds. */
function totalOf(parts: readonly (readonly [value: number, source: Source])[]) {
  const bySource: Record<string, number> = {};
  for (const [value, { name }] of parts) bySource[name] = (bySource[name] ?? 0) + value;
  const intervals = Object.fromEntries(parts.map(([, { name, interval }]) => [name, interval]));
  const value = parts.reduce((sum, [part]) => sum + part, 0);
  return { value, ...totalInterval(bySource, intervals) };
}

/** Synaptic operations of a cycle: two neurons, four synapses each. */
const perCycle = 8;

/**
 * What a synaptic operation takes at full rate, in pJ: each cycle reads a word of both memories of weights and adds
 * eight of them; a potential is read, multiplied and written once for the synapses of its neuron, 19 456 for 272.
 */
function operationPj({ banks, operations, control, clockPower, clockMhz }: HwModel) {
  const [weights, state] = banks;
  const { add, multiply } = operations.integer;
  if (!weights?.wires || !state?.wires || !add || !multiply || !clockPower)
    throw new Error('a part is missing');
  const updates = (perCycle * 272) / 19_456;
  const parts: readonly (readonly [string, number, Source])[] = [
    ['weights', 2 * weights.readPj, weights.sources.readPj],
    ['weights', 2 * weights.wires.readPj, weights.wires.source],
    ['potentials', updates * (state.readPj + state.writePj), state.sources.readPj],
    ['potentials', updates * (state.wires.readPj + state.wires.writePj), state.wires.source],
    ['units', (perCycle + updates) * (add.energyPj[16] ?? 0), add.sources.energyPj],
    ['units', updates * (multiply.energyPj[16] ?? 0), multiply.sources.energyPj],
    ['control', control.energyPj, control.sources.energyPj],
    ['clock', clockPower.uwPerMhz, clockPower.source],
    // 1 uW at 1 MHz is 1 pJ a cycle.
    ...banks.map(({ leakUw, sources }) => ['leakage', leakUw / clockMhz, sources.leakUw] as const),
  ];
  return (only?: string) =>
    totalOf(
      parts
        .filter(([part]) => only === undefined || part === only)
        .map(([, pj, source]) => [pj / perCycle, source]),
    );
}

test('the page has what is predicted of its shape, and says what lies outside', () => {
  const hw = findHwModel({ name: here('./syntzula.yaml'), from: '' }, '', findFile);
  const page = readFileSync('docs/estimators/syntzula.md', 'utf8');
  const um2 = (...units: readonly string[]) => {
    const { byUnit } = coreArea(hw);
    const source = (unit: string): Source => {
      const bank = hw.banks.find(({ name }) => unit === `banks.${name}`);
      const found = bank?.sources.areaUm2 ?? (unit === 'clock' ? hw.clockPower?.area?.source : undefined);
      if (found !== undefined) return found;
      return unit === 'control'
        ? hw.control.sources.areaUm2
        : (hw.operations.integer.add?.sources.areaUm2 as Source);
    };
    const all = Object.entries(byUnit).filter(([unit]) => units.some((begin) => unit.startsWith(begin)));
    return totalOf(all.map(([unit, value]) => [value / 1e6, source(unit)]));
  };
  const pj = operationPj(hw);
  const row = (
    what: string,
    { value, low, high }: ReturnType<typeof totalOf>,
    found: number,
    digits: number,
  ) => {
    const verdict = found < low ? 'below' : found > high ? 'above' : 'inside';
    const [a, b, c] = [value, low, high].map((each) => each.toFixed(digits));
    return `| ${what} | ${a} (${b} to ${c}) | ${found} | ${verdict} |`;
  };
  // As in its layout, and as yosys 0.52 maps its RTL to the cells of the same library.
  expect(page).toContain(row('memories, mm²', um2('banks'), 1.621, 2));
  expect(page).toContain(row('control, mm²', um2('control', 'clock'), 0.077, 3));
  expect(page).toContain(row('units, mm²', um2('operations'), 0.072, 3));
  expect(page).toContain(row('energy of a synaptic operation, pJ', pj(), 36.5, 1));
  for (const part of ['weights', 'potentials', 'units', 'control', 'clock', 'leakage'])
    expect(page).toContain(`${part} ${pj(part).value.toFixed(1)}`);
  expect(page).toContain(`| giga-operations a second | ${(perCycle * hw.clockMhz) / 1000} | 2 | above |`);
});

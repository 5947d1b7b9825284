import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { createCore } from '../../src/engine/index.ts';
import { deploy, noSettings } from '../../src/experiment/index.ts';
import { findFile } from '../../src/fs/index.ts';
import { type HwModel, loadHwModel, Mesh } from '../../src/hardware/index.ts';
import { coreImageOf, price } from '../../src/image/index.ts';

/*
 * The figures of hw-models/truenorth.yaml, derived from the published ones, and the power that docs/truenorth.md
 * predicts from them. P: Merolla et al., Science 345(6197), 2014, and supplement; A: Akopyan et al., IEEE TCAD 34(10),
 * 2015.
 */

function bundled(name: string, costs?: string): HwModel {
  const { text, file } = findFile('hw-model', name, '');
  const set = { path: ['chip', 'costs'], value: costs, place: { file: '--set' } };
  return loadHwModel(
    text,
    file,
    (other, from) => findFile('hw-model', other, from),
    costs === undefined ? [] : [set],
  );
}
const sets = ['corner', 'between', 'sweep'] as const;
const [corner, between, sweep] = sets.map((costs) => bundled('truenorth', costs));
const models = [corner, between, sweep].map(present);

function present<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('not there');
  return value;
}
const bank = (model: HwModel, name: string) => present(model.banks.find((other) => other.name === name));
const toFourDigits = (value: number) => Number(value.toPrecision(4));

// The load: P, main text and S7.
const neurons = 4096 * 256;
const supply = 0.775;
const spikesPerS = neurons * 20;
const eventsPerS = spikesPerS * 128;
const hopsPerAxis = 21.3;
const hopsPerS = spikesPerS * 2 * hopsPerAxis;
const updatesPerS = neurons * 1000;
/** 1 pJ x 1/s = 1e-9 mW. */
const milliwatts = (pj: number, perS: number) => pj * perS * 1e-9;

// A, Fig. 17: powers at 0.8 V and 128 synapses a neuron.
const eventsAt = (hz: number) => neurons * hz * 128;
const slopePj = ((94 - 68) / (eventsAt(95.93) - eventsAt(11.58))) * 1e9;
const at0Hz = 68 - milliwatts(slopePj, eventsAt(11.58));
/** A: no activity, 0.7 V. */
const idle = 42;
const exponent = Math.log(at0Hz / idle) / Math.log(0.8 / 0.7);
const square = (from: number, to = supply) => (to / from) ** 2;
const rowPj = 410 * 0.047;

/** Powers in mW by piece, from a model's own figures. */
function powers(model: HwModel) {
  const { energyPj } = present(model.chip).costs.hop;
  const reads = milliwatts(model.kernels.decide?.energyPjPerItem ?? Number.NaN, updatesPerS);
  const events = milliwatts(model.kernels.synapticEvent?.energyPjPerItem ?? Number.NaN, eventsPerS);
  const hops = milliwatts(energyPj.x + energyPj.y, hopsPerS / 2);
  const fixed = (model.staticPower.powerUw * new Mesh(present(model.chip).mesh).cores) / 1000;
  return { reads, events, hops, static: fixed, all: reads + events + hops + fixed };
}

describe('the figures of truenorth', () => {
  test('the organisation: 4096 cores in a mesh of 64 x 64, rows of 410 bits', () => {
    const { chip, banks, technologyNm, supplyV } = present(between);
    expect({ technologyNm, supplyV }).toEqual({ technologyNm: 28, supplyV: supply });
    expect(chip?.mesh).toEqual({ columns: 64, rows: 64, coresPerTile: 1, numbering: 'by-row' });
    expect(chip?.limits).toMatchObject({ neurons: 256, axonsIn: 256, synapseBits: 256 * 256 });
    const rows = banks.filter(({ name }) => ['crossbar', 'weights', 'neurons'].includes(name));
    expect(rows.reduce((sum, { wordBits }) => sum + wordBits, 0)).toBe(410);
    expect(rows.map(({ capacityBits, wordBits }) => capacityBits / wordBits)).toEqual([256, 256, 256]);
  });

  test('reads: 47 fJ a bit, a row for each neuron and tick', () => {
    for (const { kernels, banks } of models) {
      expect(kernels.decide?.energyPjPerItem).toBe(toFourDigits(rowPj));
      // Nothing is charged twice.
      expect(new Set(banks.map(({ readPj }) => readPj))).toEqual(new Set([0]));
    }
  });

  test('hops: 72 fJ a bit, 32 bits; two digits', () => {
    for (const { chip } of models) expect(chip?.costs.hop.energyPj).toEqual({ x: 2.3, y: 2.3 });
    expect(Number((0.072 * 32).toPrecision(2))).toBe(2.3);
  });

  test('events: the slope between the outer two rates at 0.8 V, less the hops', () => {
    expect(toFourDigits(slopePj)).toBe(2.297);
    // The middle rate is not in the fit.
    expect(at0Hz + milliwatts(slopePj, eventsAt(20.07))).toBeCloseTo(71, 0);
    const pj = slopePj * square(0.8) - (2 * hopsPerAxis * 2.3) / 128;
    for (const { kernels } of models) expect(kernels.synapticEvent?.energyPjPerItem).toBe(toFourDigits(pj));
  });

  test('static power: what is left of the powers without activity after the reads', () => {
    const atSupply = [idle * square(0.7), idle * (supply / 0.7) ** exponent, at0Hz * square(0.8)];
    expect(atSupply.map((power) => power.toFixed(1))).toEqual(['51.5', '58.2', '60.5']);
    const reads = milliwatts(rowPj, updatesPerS);
    expect(models.map(({ staticPower }) => staticPower.powerUw)).toEqual(
      atSupply.map((power) => toFourDigits(((power - reads) / 4096) * 1000)),
    );
  });

  test('time: a step is a tick of 1 ms', () => {
    for (const { chip } of models) expect(chip?.costs.barrier.latencyNs).toEqual([{ tiles: 1, ns: 1e6 }]);
  });

  test('area: a core is 240 x 390 um2', () => {
    const { banks, control } = present(between);
    for (const { name, capacityBits, areaUm2 } of banks)
      if (['crossbar', 'weights', 'neurons'].includes(name))
        expect(areaUm2).toBe(Math.round(capacityBits * 0.152));
    expect(banks.reduce((sum, { areaUm2 }) => sum + areaUm2, control.areaUm2)).toBe(240 * 390);
  });

  test('mean distance along an axis of the mesh: (n^2 - 1) / 3n', () => {
    const mesh = new Mesh(present(present(between).chip).mesh);
    let sum = 0;
    for (let a = 0; a < 64; a++) for (let b = 0; b < 64; b++) sum += mesh.hops(a, b);
    expect(sum / 64 ** 2).toBe((64 ** 2 - 1) / (3 * 64));
    expect((sum / 64 ** 2).toFixed(1)).toBe(String(hopsPerAxis));
  });
});

test.each(['fast', 'reference'])('a core pays for each row once a tick: %s', (engine) => {
  const { image } = deploy(
    {
      program: { name: 'truenorth', from: '' },
      hw: { name: 'truenorth', from: '' },
      precision: 'own',
      seed: 1,
      settings: noSettings,
    },
    findFile,
  );
  const core = createCore(coreImageOf(image), { engine });
  core.trigger(image.events.named.findIndex(({ name }) => name === 'tick'));
  const { energyPj } = price(core.counters(), image.costs);
  expect(energyPj.total).toBeCloseTo(256 * 19.27, 6);
  expect(text).toContain(`${energyPj.total.toFixed(1)} pJ`);
});

const page = readFileSync(new URL('../../docs/truenorth.md', import.meta.url), 'utf8');
/** The page on one line. */
const text = page.replaceAll('\n', ' ');

/** The cells of the row of a table that begins with a cell, without that one and without bold type. */
function row(table: string, first: string): string[] {
  const from = page.slice(page.indexOf(`| ${table} |`));
  const line = from
    .split('\n\n')[0]
    ?.split('\n')
    .find((one) => one.replaceAll('**', '').startsWith(`| ${first} |`));
  if (line === undefined) throw new Error(`no row '${first}'`);
  return line
    .replaceAll('**', '')
    .split('|')
    .slice(2, -1)
    .map((cell) => cell.trim());
}
const one = (value: number) => value.toFixed(1);

describe('the page', () => {
  const all = models.map(powers);
  const shares = present(all[1]);

  test('predicts the power from the pieces', () => {
    const table = 'piece | each';
    const { kernels, chip } = present(between);
    expect(row(table, 'reads')[0]).toBe(`410 x 0.047 = ${rowPj.toFixed(2)} pJ`);
    expect(row(table, 'synaptic events, without hops')[0]).toBe(
      `${kernels.synapticEvent?.energyPjPerItem} pJ`,
    );
    expect(row(table, 'hops')[0]).toBe(`${chip?.costs.hop.energyPj.x} pJ`);
    expect(row(table, 'reads').slice(1)).toEqual(all.map(({ reads }) => one(reads)));
    expect(row(table, 'synaptic events, without hops').slice(1)).toEqual(
      all.map(({ events }) => one(events)),
    );
    expect(row(table, 'hops').slice(1)).toEqual(all.map(({ hops }) => one(hops)));
    const fixed = models.map(({ staticPower }) => staticPower.powerUw).join(', ');
    expect(row(table, 'static, 4096 cores')).toEqual([
      `${fixed} µW`,
      ...all.map((power) => one(power.static)),
    ]);
    expect(row(table, 'predicted').slice(1)).toEqual(all.map((power) => one(power.all)));
    const [least, middle, most] = all.map((power) => power.all.toFixed(0));
    expect(text).toContain(`**Predicted: ${middle} mW, between ${least} and ${most}. Published: 72 mW.**`);
    expect(text).toContain(`The prediction is ${((1 - shares.all / 72) * 100).toFixed(0)} % too low`);
  });

  test('counts', () => {
    expect(text).toContain(`= ${(updatesPerS / 1e9).toFixed(4)} x 10⁹ updates`);
    expect(text).toContain(`= ${(spikesPerS / 1e7).toFixed(4)} x 10⁷ spikes`);
    expect(text).toContain(`= ${(eventsPerS / 1e9).toFixed(4)} x 10⁹ synaptic events`);
    expect(text).toContain(`= ${(hopsPerS / 1e8).toFixed(3)} x 10⁸ hops`);
  });

  test('says what share each piece has', () => {
    const share = (power: number) => `${((power / shares.all) * 100).toFixed(0)} %`;
    expect(text).toContain(
      `Reads (${share(shares.reads)} of the prediction) and hops (${share(shares.hops)})`,
    );
    expect(text).toContain(`events (${share(shares.events)}) and static power (${share(shares.static)})`);
    // What reads and hops get, static power and events lose: the sum is that of the whole-chip powers.
    const [idlePower, event] = [idle * (supply / 0.7) ** exponent, slopePj * square(0.8)];
    expect(shares.all).toBeCloseTo(idlePower + milliwatts(event, eventsPerS), 1);
  });

  test('is as sure as whole mW are', () => {
    const half = [-0.5, 0.5];
    const ends = half.flatMap((low) =>
      half.flatMap((high) =>
        half.flatMap((still) => {
          const slope = (94 + high - 68 - low) / (eventsAt(95.93) - eventsAt(11.58));
          const event = slope * square(0.8) * eventsPerS;
          const atRest = 68 + low - slope * eventsAt(11.58);
          return [(idle + still) * square(0.7) + event, atRest * square(0.8) + event];
        }),
      ),
    );
    expect(text).toContain(`with that it is ${one(Math.min(...ends))} to ${one(Math.max(...ends))} mW`);
  });

  test('what a hop along y would take by its wire', () => {
    // P, Fig. S4: 72 fJ a bit over a core's 240 um; 390 um along y.
    const perUm = 72 / 240;
    const along = (perUm * 390 * 32) / 1000;
    expect(text).toContain(`${one(perUm)} fJ a bit and µm, a hop along y would take ${one(along)} pJ`);
    const moved = milliwatts(along - 2.3, hopsPerS / 2);
    expect(text).toContain(`then ${one(moved)} mW would move from the events to the hops`);
  });

  test('why the reads are in the power without activity', () => {
    const added = milliwatts(rowPj, updatesPerS) * square(supply, 0.7);
    expect(text).toContain(`another ${one(added)} mW`);
    const without = Math.log(at0Hz / (idle + added)) / Math.log(0.8 / 0.7);
    expect(text).toContain(`exponent of ${without.toFixed(2)}`);
    expect(text).toContain(`With them it is ${exponent.toFixed(2)}.`);
  });

  test('holds the pieces against three published totals', () => {
    const at = (volts: number, hz: number) =>
      idle * (volts / 0.7) ** exponent + milliwatts(slopePj * square(0.8, volts), eventsAt(hz));
    const points = [
      [0.75, 20, 65],
      [0.775, 20, 72],
      [0.8, 20.07, 71],
    ] as const;
    for (const [volts, hz, published] of points) {
      const [, pieces, ratio] = row('supply', `${volts} V`);
      expect([pieces, ratio]).toEqual([one(at(volts, hz)), (published / at(volts, hz)).toFixed(3)]);
    }
    const grows = (at(0.775, 20) / at(0.75, 20)).toFixed(3);
    expect(text).toContain(`as predicted, ${(72 / 65).toFixed(3)} against ${grows}`);
  });

  test('predicts it from independent pieces, too', () => {
    const [odin, loihi] = [bundled('odin'), bundled('loihi', 'davies2018')];
    // Horowitz, ISSCC 2014 (45 nm, 0.9 V) and Jouppi et al., ISCA 2021 (7 nm): reads of 64 bits, interpolated
    // geometrically in the logarithm of the node; an addition of 32 bits, scaled by Stillmaker and Baas 2017.
    const others28 = { supplyV: 0.9, addPj: 0.1 * 0.52 };
    const towards7nm = Math.log(45 / 28) / Math.log(45 / 7);
    const pjPerBitOf = (at45: number, at7: number) => (at45 * (at7 / at45) ** towards7nm) / 64;
    const pjPerBits = [pjPerBitOf(10, 7.5), pjPerBitOf(20, 8.5)];
    const kilobytes = (4096 * 256 * 410) / 8192;
    const kilobytesOf = (model: HwModel) =>
      (bank(model, 'synapses').capacityBits + bank(model, 'neurons').capacityBits) / 8192;
    const fixed = [odin, loihi].map(
      (model) => ((model.staticPower.powerUw / kilobytesOf(model)) * kilobytes) / 1000,
    );
    const reads = pjPerBits.map((pj) => milliwatts(pj * 410 * square(others28.supplyV), updatesPerS));
    const { x, y } = present(loihi.chip).costs.hop.energyPj;
    const hops = milliwatts(x + y, hopsPerS / 2);
    const adder = others28.addPj * square(others28.supplyV);
    const events = [milliwatts(adder, eventsPerS), milliwatts(45, spikesPerS)];
    expect(text).toContain(
      `static power of ${one(fixed[0] ?? 0)} (ODIN) to ${one(fixed[1] ?? 0)} mW (Loihi)`,
    );
    expect(text).toContain(`events of ${events.map(one).join(' to ')} mW`);
    const rest = [0, 1].map((at) => (fixed[at] ?? 0) + (events[at] ?? 0));
    const sums = rest.map((power) => one(power + shares.reads + shares.hops));
    expect(text).toContain(`make ${sums.join(' to ')} mW`);
    const others = rest.map((power, at) => power + (reads[at] ?? 0) + hops);
    expect(text).toContain(`it is ${others.map(one).join(' to ')} mW`);
    expect(text).toContain(`${kilobytes.toLocaleString('en').replace(',', ' ')} KB of memory`);
  });
});

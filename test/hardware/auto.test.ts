import { describe, expect, test } from 'vitest';
import { bundledNames, findFile } from '../../src/fs/index.ts';
import { describeOtherShapes, loadHwModel } from '../../src/hardware/index.ts';
import type { Override } from '../../src/text/index.ts';
import { estimate } from './estimate/estimate.ts';
import { edit, failure, files, load, placeOf, tiny } from './tiny.ts';

/** The small model with its bank of neurons left to the estimator. */
const stated = 'readPj: 1, writePj: 2, leakUw: 0, areaUm2: 300, source: paper';
const autos = 'readPj: auto, writePj: auto, leakUw: auto, areaUm2: auto';
const model = edit(tiny, stated, autos);
const csv = 'words,bits,ports,readPj,writePj,leakUw,areaUm2,accessNs\n64,16,3rw,2,3,0.5,100,8\n';

const override = (path: string, value: unknown): Override => ({
  path: path.split('.'),
  value,
  place: { file: `--set hw.${path}` },
});
const overridden = (text: string, ...settings: readonly Override[]) =>
  loadHwModel(text, 'model.yaml', files({ 'sram.csv': csv }), settings);
const neurons = (text: string, ...settings: readonly Override[]) => overridden(text, ...settings).banks[1];

// 512 bits in words of 16, with one port that reads and two that write, at 28 nm and 0.9 V.
const shape = { capacityBits: 512, wordBits: 16, ports: 3, technologyNm: 28, supplyV: 0.9 };

describe('auto', () => {
  test('is what the estimator gives for the shape that the model states', () => {
    expect(neurons(model)).toMatchObject(estimate('sram', shape));
    expect(load(model).figures.kinds).toMatchObject({
      'estimator:sram.energy': 'estimated',
      paper: 'measured',
    });
    const { low, high } = load(model).figures.intervals['estimator:sram.energy'] ?? { low: 1, high: 1 };
    expect([low * high, high > 1.2]).toEqual([expect.closeTo(1, 9), true]);
  });

  test('follows what a file that extends, --set and --vary change; nothing is marked', () => {
    const child = `format: plasticore/hw-model/1\nextends: m\nname: child\nbanks: {neurons: {capacityBits: 2048}}\n`;
    const wide = load(child, { m: model });
    expect(wide.banks[1]).toMatchObject(estimate('sram', { ...shape, capacityBits: 2048 }));
    expect(neurons(model, override('banks.neurons.wordBits', 32))).toMatchObject(
      estimate('sram', { ...shape, wordBits: 32 }),
    );
    expect(neurons(model, override('supplyV', 1.1))).toMatchObject(
      estimate('sram', { ...shape, supplyV: 1.1 }),
    );
    expect(describeOtherShapes(wide.otherShapes)).toEqual([]);
  });

  test('gives way to a number; without a source, the figure says so', () => {
    const set = overridden(model, override('banks.neurons.readPj', 7));
    expect(set.banks[1]).toMatchObject({ readPj: 7, writePj: estimate('sram', shape).writePj });
    expect(set.banks[1]?.sources.readPj.kind).toBe('without a source');
    expect(set.banks[1]?.sources.writePj.kind).toBe('estimated');
  });

  test('of a bank above the largest macro is that of several', () => {
    // Sixteen of 32 kbit, of which one is read: IHP's largest of two ports.
    const at130 = [override('technologyNm', 130), override('supplyV', 1.2), override('clockMhz', 50)];
    const large = [...at130, override('banks.neurons.capacityBits', 2 ** 19)];
    const bank = neurons(model, ...large, override('banks.neurons.largestMacroBits', 2 ** 15));
    const one = estimate('sram', { ...shape, capacityBits: 2 ** 15, technologyNm: 130, supplyV: 1.2 });
    expect(bank).toMatchObject({
      ...one,
      capacityBits: 2 ** 19,
      leakUw: 16 * (one.leakUw ?? 0),
      areaUm2: 16 * (one.areaUm2 ?? 0),
    });
    // Three hold 2.5 macros' words, as equal as words allow.
    const some = neurons(model, ...at130, override('banks.neurons.largestMacroBits', 208));
    const third = estimate('sram', { ...shape, capacityBits: 176, technologyNm: 130, supplyV: 1.2 });
    expect(some).toMatchObject({ readPj: third.readPj, areaUm2: 3 * (third.areaUm2 ?? 0) });
    // Thirteen of 40 bits, as two words fit one of 100: not eleven, of three words each.
    const wide = [
      ...at130,
      override('banks.neurons.wordBits', 40),
      override('banks.neurons.capacityBits', 960),
    ];
    const pairs = neurons(model, ...wide, override('banks.neurons.largestMacroBits', 100));
    const pair = estimate('sram', {
      ...shape,
      capacityBits: 80,
      wordBits: 40,
      technologyNm: 130,
      supplyV: 1.2,
    });
    expect(pairs).toMatchObject({ readPj: pair.readPj, areaUm2: 12 * (pair.areaUm2 ?? 0) });
    // A number that is stated is the bank's.
    const stated = neurons(
      model,
      ...large,
      override('banks.neurons.largestMacroBits', 2 ** 15),
      override('banks.neurons.areaUm2', 7),
    );
    expect(stated).toMatchObject({ areaUm2: 7, leakUw: 16 * (one.leakUw ?? 0) });
  });

  test('of macros too small to estimate says so where their size is stated', () => {
    const of = (bits: number) => () => neurons(model, override('banks.neurons.largestMacroBits', bits));
    expect(of(20)).toThrow(/^banks\.neurons\.largestMacroBits: expected 64 to .* bits to .*, found 20$/);
    expect(failure(of(15)).describe()).toMatch(
      /largestMacroBits.*: expected at least the word's 16 bits, found 15/,
    );
  });

  test("gives way to one's own macros", () => {
    const bank = neurons(edit(model, autos, `${autos}, macros: sram.csv, source: paper`));
    expect(bank).toMatchObject({ readPj: 2, writePj: 3, leakUw: 0.5, areaUm2: 100, accessNs: 8 });
    expect(bank?.sources.readPj.name).toBe('paper');
  });

  test('serves units, registers, fetch, control, the FIFO and hops alike', () => {
    const text = model
      .replace(
        'add: {unitsPerLane: 3, energyPj: {8: 1, 16: 2}, areaUm2: 10, source: paper}',
        'add: {unitsPerLane: 3, energyPj: auto, areaUm2: auto}',
      )
      .replace('pushPj: 1, popPj: 2, areaUm2: 40, source: paper', 'pushPj: auto, popPj: auto, areaUm2: auto')
      .replace('control: {areaUm2: 50,', 'control: {areaUm2: 50, energyPj: auto,')
      .replace(
        'banks:\n',
        'registers: {perLane: 4, energyPj: auto, areaUm2: auto}\nfetch: {energyPj: auto}\nbanks:\n',
      );
    const found = load(text);
    const at = { technologyNm: 28, supplyV: 0.9 };
    const unit = (widthBits: number) => estimate('arithmetic', { widthBits, ...at }, 'integer-add');
    // A datapath of 16 bits.
    expect(found.operations.integer.add).toMatchObject({
      energyPj: { 8: unit(8).energyPj, 16: unit(16).energyPj },
      areaUm2: unit(16).areaUm2,
    });
    const register = (widthBits: number) => estimate('registers', { widthBits, ...at });
    expect(found.registers).toMatchObject({
      energyPj: { 8: register(8).energyPj, 16: register(16).energyPj },
      areaUm2: 4 * (register(16).areaUm2 ?? 0),
    });
    expect(found.fetch?.energyPj).toBe(estimate('fetch', at).energyPj);
    expect(found.control.energyPj).toBe(estimate('fetch', at).energyPj);
    expect(found.router).toMatchObject(estimate('fifo', { depth: 8, ...at }));
    const mesh = findFile('hw-model', 'mesh', '');
    const hops = loadHwModel(
      mesh.text,
      mesh.file,
      (reference, from) => findFile('hw-model', reference, from),
      [override('chip.costSets.loihi.hop.energyPj', { x: 'auto', y: 4 })],
    ).chip?.costs.hop;
    expect(hops?.energyPj).toEqual({ x: estimate('router', { packetBits: 32, ...at }).hopPj, y: 4 });
    expect([hops?.sources.x.kind, hops?.sources.y.kind]).toEqual(['estimated', 'simulated']);
  });
});

describe('wrong input', () => {
  test.each([
    ['technologyNm', 250, 'technologyNm: expected 7 to 180 nm to estimate banks.neurons.readPj, found 250'],
    ['supplyV', 0.3, 'supplyV: expected 0.4 to 1.3 V to estimate banks.neurons.readPj, found 0.3'],
    [
      'banks.neurons.capacityBits',
      2 ** 27,
      'banks.neurons.capacityBits: expected 64 to 67108864 bits to estimate banks.neurons.readPj, found 134217728',
    ],
    [
      'banks.neurons.wordBits',
      4096,
      'banks.neurons.wordBits: expected 1 to 2048 bits to estimate banks.neurons.readPj, found 4096',
    ],
    [
      'banks.neurons.ports',
      { shared: 9 },
      'banks.neurons.ports: expected 1 to 8 ports to estimate banks.neurons.readPj, found 9',
    ],
  ])('beyond the range of an estimator: %s = %j', (path, value, message) => {
    const settings = [override(path, value)];
    if (path.endsWith('wordBits')) settings.push(override('banks.neurons.capacityBits', 8192));
    const text = path.endsWith('ports')
      ? model.replace('ports: {read: 1, write: 2}', 'ports: {shared: 1}')
      : model;
    const fault = failure(() => overridden(text, ...settings));
    expect(fault).toMatchObject({ code: 'range', message, file: `--set hw.${path}` });
    expect(fault.hint).toContain('state the figure as a number');
  });

  test('capacity reaches to 1 Mbit above 45 nm, and access times to 0.45 V', () => {
    const large = [override('technologyNm', 65), override('banks.neurons.capacityBits', 2 ** 21)];
    expect(failure(() => overridden(model, ...large)).message).toBe(
      'banks.neurons.capacityBits: expected 64 to 1048576 bits to estimate banks.neurons.readPj, found 2097152',
    );
    const low = override('supplyV', 0.42);
    expect(failure(() => overridden(model, low)).message).toBe(
      'supplyV: expected 0.45 to 2 V to estimate banks.neurons.accessNs, found 0.42',
    );
    const own = neurons(model, low, override('banks.neurons.accessNs', 3));
    expect(own).toMatchObject({ accessNs: 3, readPj: estimate('sram', { ...shape, supplyV: 0.42 }).readPj });
  });

  test('flavour, temperature and cell are inputs of leakage and area', () => {
    const flavoured = neurons(model, override('banks.neurons.flavour', 'low-standby'));
    expect(flavoured?.leakUw).toBe(estimate('sram', shape, 'low-standby').leakUw);
    const warm = overridden(model, override('temperatureC', 85));
    expect(warm.banks[1]?.leakUw).toBe(estimate('sram', { ...shape, temperatureC: 85 }).leakUw);
    const highs = [overridden(model), warm].map(
      ({ figures }) => figures.intervals['estimator:sram.leakage']?.high ?? 0,
    );
    expect(highs[1]).toBeGreaterThan(6 * (highs[0] ?? 0));
    // A foundry's cell at 28 nm has 0.128 um2 by the law.
    const { areaUm2 = 0 } = neurons(model) ?? {};
    const large = neurons(model, override('banks.neurons.cellUm2', 0.256))?.areaUm2 ?? 0;
    expect(large / areaUm2).toBeCloseTo(2, 1);
    expect(failure(() => overridden(model, override('banks.neurons.cellUm2', 0))).message).toContain(
      'expected the area of a cell in um2',
    );
    expect(failure(() => overridden(model, override('temperatureC', 200))).message).toBe(
      'expected a temperature in degrees Celsius (a number, -40 to 125), found 200',
    );
    // Stated for one temperature, used at another.
    const child = 'format: plasticore/hw-model/1\nextends: m\nname: child\ntemperatureC: 85\n';
    const parent = edit(tiny, 'leakUw: 0', 'leakUw: 1');
    expect(describeOtherShapes(load(child, { m: parent }).otherShapes)).toEqual([
      'energies of banks.synapses, banks.neurons: stated for 25 degrees, used with 85 degrees',
    ]);
  });

  test('in a file, at the input that is beyond', () => {
    const old = edit(model, 'technologyNm: 28', 'technologyNm: 250');
    const { line } = placeOf(old, 'technologyNm: 250');
    expect(failure(() => load(old))).toMatchObject({ code: 'range', file: 'model.yaml', line });
  });

  test('auto where nothing estimates', () => {
    const fault = failure(() => load(edit(tiny, 'powerUw: 9', 'powerUw: auto')));
    expect(fault.message).toBe(
      "staticPower.powerUw: nothing estimates this figure: expected a power in uW (a number, at least 0), found 'auto'",
    );
    expect(failure(() => load(edit(model, 'readPj: auto', 'readPj: automatic'))).message).toBe(
      "banks.neurons.readPj: expected an energy in pJ (a number, at least 0, or auto), found 'automatic'",
    );
  });

  test('an SRAM that is slower than the clock, estimated, stated or of macros', () => {
    // About half a nanosecond for 512 bits in 28 nm.
    const { accessNs = 0 } = estimate('sram', {
      capacityBits: 512,
      wordBits: 16,
      ports: 3,
      technologyNm: 28,
      supplyV: 0.9,
    });
    const slow = failure(() => overridden(model, override('clockMhz', 5000)));
    expect(slow.code).toBe('fit');
    expect(slow.message).toBe(
      `banks.neurons: an access takes ${Number(accessNs.toPrecision(4))} ns, a cycle at 5000 MHz 0.2 ns`,
    );
    expect(slow.hint).toContain('it fits a clock of at most');
    const said = edit(tiny, 'leakUw: 0, areaUm2: 300', 'leakUw: 0, areaUm2: 300, accessNs: 12');
    expect(failure(() => load(said)).message).toBe(
      'banks.neurons: an access takes 12 ns, a cycle at 100 MHz 10 ns',
    );
    expect(load(edit(said, 'accessNs: 12', 'accessNs: 10')).banks[1]?.accessNs).toBe(10);
    const ofMacros = edit(model, autos, `${autos}, macros: sram.csv, source: paper`);
    expect(failure(() => overridden(ofMacros, override('clockMhz', 200))).message).toBe(
      "macros: none with 1r2w answers within the clock's period, 5 ns",
    );
  });

  test('a clock within the interval of an estimated time is remarked, one beyond all of it is not', () => {
    const { accessNs = 0 } = estimate('sram', shape);
    // The interval is a factor of 2: at 3/2 of the time a cycle has, it may not fit; at 5/2, it does.
    const at = (factor: number, ...others: readonly Override[]) =>
      overridden(
        model,
        override('clockMhz', Math.round(1000 / (factor * accessNs))),
        ...others,
      ).clockRemarks.filter((text) => text.includes('banks.neurons'));
    expect(at(3 / 2)).toEqual([
      expect.stringMatching(
        /^an access to banks\.neurons takes [\d.]+ ns by estimate, up to [\d.]+ ns by its interval: /,
      ),
    ]);
    expect(at(5 / 2)).toEqual([]);
    expect(at(3 / 2, override('banks.neurons.accessNs', accessNs))).toEqual([]);
  });

  test('a clock above that of stated figures is remarked where no access time is stated', () => {
    // The small model states its figures at 100 MHz.
    expect(load(tiny).clockRemarks).toEqual([]);
    expect(overridden(tiny, override('clockMhz', 50)).clockRemarks).toEqual([]);
    expect(overridden(tiny, override('clockMhz', 5000)).clockRemarks).toEqual(
      ['synapses', 'neurons'].map(
        (bank) =>
          `no access time is stated for banks.${bank}, whose figures were stated at 100 MHz: whether it keeps up with 5000 MHz is not checked`,
      ),
    );
  });

  test('a lower supply makes it slower, and the clock an error', () => {
    const { text, file } = findFile('hw-model', 'reference', '');
    const at = (...settings: readonly Override[]) =>
      loadHwModel(text, file, (reference, from) => findFile('hw-model', reference, from), settings);
    expect(at(override('clockMhz', 400)).banks).toHaveLength(3);
    expect(failure(() => at(override('clockMhz', 400), override('supplyV', 0.55))).message).toMatch(
      /^banks.weight: an access takes \d+\.\d+ ns, a cycle at 400 MHz 2.5 ns$/,
    );
  });
});

test.each(bundledNames('hw-model'))('the bundled %s has an interval and a kind for every source', (name) => {
  const { text, file } = findFile('hw-model', name, '');
  const { figures } = loadHwModel(text, file, (reference, from) => findFile('hw-model', reference, from));
  expect(Object.keys(figures.kinds)).toEqual(Object.keys(figures.intervals));
  for (const { low, high } of Object.values(figures.intervals)) {
    expect(low).toBeLessThanOrEqual(1);
    expect(high).toBeGreaterThanOrEqual(1);
  }
});

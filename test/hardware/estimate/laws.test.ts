import { describe, expect, test } from 'vitest';
import { outsideOf } from '../../../scripts/estimators/outside.ts';
import { estimators, nominalSupplyV, outOfRange } from '../../../src/hardware/index.ts';
import { estimate, estimatorNamed, withFactor } from './estimate.ts';

/*
 * The laws that figures of silicon obey, at every point of a grid: an architect compares designs along each of these
 * axes, and a figure that turns round on one of them turns the choice round.
 */
const nodes = [180, 150, 130, 110, 90, 65, 55, 45, 40, 32, 28, 22, 20, 16, 14, 12, 10, 7];
/** Of the nominal supply of each node. */
const supplies = [0.7, 0.8, 0.9, 1, 1.1];
const powers = (low: number, high: number): number[] =>
  Array.from({ length: high - low + 1 }, (_, index) => 2 ** (low + index));

type Inputs = Readonly<Record<string, number>>;

/** Every shape of an estimator on the grid, one size at a time and all of them together. */
const shapes: readonly { readonly name: string; readonly kind: string; readonly sizes: readonly Inputs[] }[] =
  [
    ...(estimatorNamed('sram').kinds?.names ?? []).map((kind) => ({
      name: 'sram',
      kind,
      // Flavours differ in nothing but what leaks.
      sizes: (kind === 'standard' ? powers(6, 23) : [2 ** 12]).flatMap((capacityBits) =>
        powers(0, 11)
          .filter((wordBits) => wordBits <= capacityBits)
          .map((wordBits) => ({ capacityBits, wordBits, ports: 1 })),
      ),
    })),
    ...(estimatorNamed('arithmetic').kinds?.names ?? []).map((kind) => ({
      name: 'arithmetic',
      kind,
      sizes: (kind.startsWith('float32') ? [32] : powers(0, 6)).map((widthBits) => ({ widthBits })),
    })),
    { name: 'registers', kind: '', sizes: powers(0, 6).map((widthBits) => ({ widthBits })) },
    { name: 'fetch', kind: '', sizes: [{}] },
    { name: 'control', kind: '', sizes: [0, ...powers(0, 16)].map((controlBits) => ({ controlBits })) },
    { name: 'fifo', kind: '', sizes: powers(0, 16).map((depth) => ({ depth })) },
    { name: 'router', kind: '', sizes: powers(3, 7).map((packetBits) => ({ packetBits })) },
    { name: 'cells', kind: '', sizes: [{}] },
    {
      name: 'wires',
      kind: '',
      sizes: powers(0, 12).map((wordBits) => ({ wordBits, lengthUm: 4 * wordBits })),
    },
    {
      name: 'clock',
      kind: '',
      sizes: powers(0, 16).map((flipFlops) => ({ flipFlops, coreUm2: 40 * flipFlops })),
    },
  ];

const isReached = (name: string, inputs: Inputs, kind = ''): boolean => {
  const estimator = estimatorNamed(name);
  const all = { temperatureC: 25, ...inputs };
  return outOfRange(estimator, all) === undefined && estimator.misfit?.(all, kind) === undefined;
};
const at = (nm: number, share: number): Inputs => ({
  technologyNm: nm,
  supplyV: Math.round(1e6 * share * nominalSupplyV(nm)) / 1e6,
});

/** Points at which a law does not hold, in words; one at most, since thousands would say the same. */
class Faults {
  readonly #found: string[] = [];

  need(holds: boolean, what: () => string): void {
    if (!holds && this.#found.length === 0) this.#found.push(what());
  }

  none(): void {
    expect(this.#found).toEqual([]);
  }
}

/** The figure of one design is at most that of another, but for the last digits of a double. */
const atMost = (less: number | undefined, more: number | undefined): boolean =>
  less !== undefined && more !== undefined && less <= more * (1 + 1e-9);

test('every estimator is on the grid', () => {
  expect([...new Set(shapes.map(({ name }) => name))]).toEqual(estimators.map(({ name }) => name));
});

describe.each(shapes)('$name $kind', ({ name, kind, sizes }) => {
  const of = (inputs: Inputs) => estimate(name, inputs, kind);
  const reached = (inputs: Inputs) => isReached(name, inputs, kind);

  test('a smaller node at the same shape and relative supply costs no more, and takes no longer', () => {
    const faults = new Faults();
    let compared = 0;
    for (const size of sizes)
      for (const share of supplies)
        for (const [index, nm] of nodes.entries()) {
          const [older, newer] = [at(nodes[index - 1] ?? nm, share), at(nm, share)].map((point) => ({
            ...size,
            ...point,
          }));
          if (older === undefined || newer === undefined || index === 0) continue;
          if (![older, newer].every(reached)) continue;
          compared++;
          const [before, after] = [of(older), of(newer)];
          for (const figure of Object.keys(after))
            faults.need(
              figure === 'leakUw' || atMost(after[figure], before[figure]),
              () => `${figure} rises from ${JSON.stringify(older)} to ${JSON.stringify(newer)}`,
            );
        }
    faults.none();
    expect(compared).toBeGreaterThan(40);
  });

  test('a larger one costs more, and no more for each bit', () => {
    const faults = new Faults();
    for (const nm of nodes)
      for (const size of sizes)
        for (const input of Object.keys(size).filter((one) => one !== 'ports')) {
          const small = { ...size, ...at(nm, 1) };
          const large = { ...small, [input]: 2 * (size[input] ?? 0) };
          if (![small, large].every(reached)) continue;
          const [less, more] = [of(small), of(large)];
          for (const figure of Object.keys(less)) {
            // Published multipliers grow a little faster than as the square of the width.
            const most = kind.endsWith('multiply') ? 4.5 : 2;
            const words = () => `${figure} from ${JSON.stringify(small)} to ${JSON.stringify(large)}`;
            faults.need(atMost(less[figure], more[figure]), words);
            faults.need(atMost(more[figure], most * (less[figure] ?? 0)), words);
          }
        }
    faults.none();
  });

  test('a higher supply costs more, leaks more, and is no slower', () => {
    const faults = new Faults();
    for (const nm of nodes)
      for (const size of sizes)
        for (const [index, share] of supplies.entries()) {
          const [low, high] = [supplies[index - 1] ?? share, share].map((one) => ({
            ...size,
            ...at(nm, one),
          }));
          if (low === undefined || high === undefined || index === 0) continue;
          if (![low, high].every(reached)) continue;
          const [before, after] = [of(low), of(high)];
          for (const figure of Object.keys(after)) {
            const [a, b] = figure === 'accessNs' ? [after, before] : [before, after];
            const isStrict = /Pj$|leakUw/.test(figure);
            faults.need(
              atMost(a[figure], b[figure]) && !(isStrict && a[figure] === b[figure]),
              () => `${figure} from ${JSON.stringify(low)} to ${JSON.stringify(high)}`,
            );
          }
        }
    faults.none();
  });
});

describe('a bank', () => {
  const bank = { capacityBits: 2 ** 16, wordBits: 64, ports: 1, technologyNm: 28, supplyV: 0.9 };

  test('rises in all but time with each bit of the word, at equal words as well as at equal capacity', () => {
    for (const wordBits of [8, 16, 32, 64, 128]) {
      const words = 512;
      const [narrow, wide] = [wordBits, 2 * wordBits].map((bits) =>
        estimate('sram', { ...bank, wordBits: bits, capacityBits: words * bits }),
      );
      for (const figure of ['readPj', 'writePj', 'areaUm2']) {
        expect(wide?.[figure]).toBeGreaterThan(narrow?.[figure] ?? 0);
        expect(wide?.[figure]).toBeLessThan(2.5 * (narrow?.[figure] ?? 0));
      }
    }
  });

  test('reaches from 64 bits to 8 Mbit up to 45 nm, and to 1 Mbit above', () => {
    const reaches = (capacityBits: number, technologyNm: number) =>
      isReached('sram', { ...bank, capacityBits, technologyNm });
    for (const nm of nodes) {
      expect([reaches(64, nm), reaches(2 ** 20, nm), reaches(63, nm)]).toEqual([true, true, false]);
      expect(reaches(2 ** 23, nm)).toBe(nm <= 45);
    }
  });

  test('ports cost what the macros of two ports say, and no energy', () => {
    const [one, two] = [1, 2].map((ports) => estimate('sram', { ...bank, ports }));
    // IHP Open PDK, the Liberty files: macros of 256 and of 1024 words of 32 bits, of two ports over one.
    const area = (96_266.6251 / 49_488.4992 + 264_167.2813 / 140_182.6944) / 2;
    const leak = (0.1594504 / 0.0990077 + 0.6378015 / 0.396031) / 2;
    expect((two?.areaUm2 ?? 0) / (one?.areaUm2 ?? 1)).toBeCloseTo(area, 9);
    expect((two?.leakUw ?? 0) / (one?.leakUw ?? 1)).toBeCloseTo(leak, 9);
    expect([two?.readPj, two?.writePj]).toEqual([one?.readPj, one?.writePj]);
  });

  test('leaks more in each flavour than in the one before, and twice as much every 15 degrees', () => {
    const names = estimatorNamed('sram').kinds?.names ?? [];
    const leaks = names.map((kind) => estimate('sram', bank, kind).leakUw ?? 0);
    expect(leaks).toHaveLength(4);
    expect(leaks).toEqual(leaks.toSorted((a, b) => a - b));
    const warm = (temperatureC: number) => estimate('sram', { ...bank, temperatureC }).leakUw ?? 0;
    // The middle of one doubling in 9 and in 47 degrees.
    expect(warm(85) / warm(25)).toBeCloseTo(2 ** ((60 * (1 / 9 + 1 / 47)) / 2), 9);
    expect(withFactor('sram', 'leakUw', { ...bank, temperatureC: 85 }).factor).toBeGreaterThan(
      6 * withFactor('sram', 'leakUw', bank).factor,
    );
  });
});

describe('leakage of standard transistors', () => {
  // As published, in uW: macros of foundries, whose logic is not in it, and whole cores, whose logic is.
  test.each([
    ['IHP, 1024 words of 32 bits', 2 ** 15, 130, 1.2, 0.396031],
    ['SRAM22, 1024 words of 32 bits', 2 ** 15, 130, 1.8, 1.608],
    ['gf180mcu, 512 words of 8 bits', 2 ** 12, 180, 1.8, 0.0807],
    ['the core of ODIN, 36 KB', 36 * 2 ** 13, 28, 0.55, 27.3],
    ['a core of Loihi, 2 Mbit', 2 ** 21, 14, 0.75, 816],
  ])('is within a factor of 2.5: %s', (_, capacityBits, technologyNm, supplyV, uw) => {
    const { leakUw = 0 } = estimate('sram', { capacityBits, wordBits: 8, ports: 1, technologyNm, supplyV });
    expect(Math.abs(Math.log(uw / leakUw))).toBeLessThan(Math.log(2.5));
  });

  test('does not follow the node below the smallest that has a figure', () => {
    const of = (nm: number) =>
      estimate('sram', { capacityBits: 2 ** 15, wordBits: 8, ports: 1, ...at(nm, 1) });
    expect(of(7).leakUw).toBeCloseTo(of(14).leakUw ?? 0, 9);
    expect(of(14).leakUw).toBeGreaterThan(of(28).leakUw ?? 0);
  });
});

describe('figures that no fit has used', () => {
  const outside = estimators.flatMap(({ figures }) =>
    [...new Set(Object.values(figures))].flatMap((quantity) =>
      outsideOf(quantity).map((point) => ({ quantity, ...point })),
    ),
  );

  test('are in no fit', () => {
    for (const { quantity, of, value } of outside)
      expect(quantity.points.filter((point) => point.of === of && point.value === value)).toEqual([]);
  });

  // Shapes and figures as published, so that the table of the estimator cannot move them.
  test.each([
    ['Keckler at 10 nm, 0.75 V', 2 ** 16, 64, 10, 0.75, 2.4],
    ['Keckler at 10 nm, 0.65 V', 2 ** 16, 64, 10, 0.65, 1.8],
    ['six transistors, FD-SOI', 2 ** 17, 32, 28, 0.45, 1.68],
    ['University of Virginia', 2 ** 14, 32, 130, 0.4, 6.24],
    ['CSEM', 2 ** 17, 32, 55, 0.5, 2.5],
    ['Dally 2004', 2 ** 16, 32, 130, 1.2, 50],
  ])('%s lies within the interval', (_, capacityBits, wordBits, technologyNm, supplyV, pj) => {
    const shape = { capacityBits, wordBits, ports: 1, technologyNm, supplyV };
    const { value, factor } = withFactor('sram', 'readPj', shape);
    expect(Math.abs(Math.log(pj / value))).toBeLessThan(Math.log(factor));
    // An interval that holds anything would show nothing.
    expect(factor).toBeLessThan(3.5);
  });

  test('those beyond the interval have a reason', () => {
    expect(outside.length).toBeGreaterThan(60);
    for (const { quantity, of, ratio, technologyNm, because } of outside) {
      const factor = quantity.factor * (quantity.widened?.by({ technologyNm, temperatureC: 25 }) ?? 1);
      const isWithin = Math.abs(Math.log(ratio)) <= Math.log(factor);
      expect([of, isWithin || because.length > 10]).toEqual([of, true]);
    }
  });
});

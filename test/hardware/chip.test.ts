import { describe, expect, test } from 'vitest';
import { loihiWith } from '../support/loihi.ts';
import { edit, failure, load, placeOf, tiny } from './tiny.ts';

/** The small core of tiny.ts, eight times. */
const chip = `${tiny}chip:
  mesh: {columns: 2, rows: 2, coresPerTile: 2, numbering: by-row}
  packet: {bits: 24, payloadBits: 8, source: paper}
  delivery: phases
  limits: {neurons: 32, axonsIn: 64, source: paper}
  costs: first
  costSets:
    first:
      send: {energyPj: 1, latencyNs: 2, source: paper}
      receive: {energyPj: 3, latencyNs: 4, source: paper}
      tile: {energyPj: 5, latencyNs: 6, source: paper}
      hop: {energyPj: {x: 7, y: 8}, latencyNs: {x: 9, y: 10}, source: paper}
      link: {depth: 11, source: paper}
      barrier: {latencyNs: {4: 30, 1: 20}, between: linear, energyPj: 12, source: paper}
    second:
      send: {energyPj: 0, latencyNs: 0, source: paper}
      receive: {energyPj: 0, latencyNs: 0, source: paper}
      tile: {energyPj: 0, latencyNs: 0, source: paper}
      hop: {energyPj: {x: 0.5, y: 0.25}, latencyNs: {x: 1, y: 1}, source: paper}
      barrier: {latencyNs: {1: 100}, between: step, energyPj: 0, source: paper}
      kernels:
        fire: {cyclesPerItem: 2.5, energyPjPerItem: 40, source: paper}
      staticPower: {powerUw: 3, source: paper}
`;
const source = {
  name: 'paper',
  cite: 'A paper',
  kind: 'measured',
  checked: 'primary',
  interval: { low: 1, high: 1 },
};

describe('the chip of an hw-model', () => {
  test('has a barrier for a mesh of any size where its line goes on', () => {
    const long = edit(
      chip,
      '{4: 30, 1: 20}, between: linear',
      '{3: 30, 1: 20}, between: linear, beyond: linear',
    );
    // 5 ns a tile.
    expect(load(long).chip?.costs.barrier.latencyNs).toEqual([
      { tiles: 1, ns: 20 },
      { tiles: 3, ns: 30 },
      { tiles: 4, ns: 35 },
    ]);
    const short = edit(chip, '{4: 30, 1: 20}, between: linear', '{1: 20}, between: linear, beyond: linear');
    expect(failure(() => load(short)).message).toBe(
      'chip.costSets.first.barrier.latencyNs: beyond: linear needs times for two numbers of tiles, found one',
    );
  });

  test('is resolved, with the cost set in use', () => {
    expect(load(chip).chip).toEqual({
      mesh: { columns: 2, rows: 2, coresPerTile: 2, numbering: 'by-row' },
      packet: { bits: 24, payloadBits: 8, perDestination: 'core', source },
      delivery: 'phases',
      limits: {
        neurons: 32,
        axonsIn: 64,
        axonsOut: undefined,
        synapseBits: undefined,
        delay: undefined,
        source,
      },
      costSet: 'first',
      costSets: ['first', 'second'],
      costs: {
        send: { energyPj: 1, latencyNs: 2, source },
        receive: { energyPj: 3, latencyNs: 4, source },
        tile: { energyPj: 5, latencyNs: 6, source },
        hop: { energyPj: { x: 7, y: 8 }, latencyNs: { x: 9, y: 10 }, sources: { x: source, y: source } },
        link: { depth: 11, packetNs: undefined, source },
        barrier: {
          latencyNs: [
            { tiles: 1, ns: 20 },
            { tiles: 4, ns: 30 },
          ],
          between: 'linear',
          energyPj: 12,
          source,
        },
      },
    });
  });

  test('may be absent', () => {
    expect(load(tiny).chip).toBeUndefined();
  });

  test('another cost set brings its kernels and its static power', () => {
    const model = load(edit(chip, 'costs: first', 'costs: second'));
    expect(model.chip?.costs.hop.energyPj).toEqual({ x: 0.5, y: 0.25 });
    expect(model.kernels.fire).toMatchObject({ cyclesPerItem: 2.5, energyPjPerItem: 40, source });
    expect(model.staticPower).toEqual({ powerUw: 3, source });
    expect(load(chip).kernels).toEqual({});
    expect(load(chip).staticPower.powerUw).toBe(9);
  });

  test('is extended key by key', () => {
    const text =
      'format: plasticore/hw-model/1\nextends: chip.yaml\nname: other\nchip: {costs: second, mesh: {columns: 4}}\n';
    const { chip: other } = load(text, { 'chip.yaml': chip });
    expect(other?.mesh).toEqual({ columns: 4, rows: 2, coresPerTile: 2, numbering: 'by-row' });
    expect(other?.costSet).toBe('second');
  });

  test('marks energies that were stated for another node', () => {
    const text =
      'format: plasticore/hw-model/1\nextends: chip.yaml\nname: other\ntechnologyNm: 14\nchip: {costs: second}\n';
    const { otherShapes } = load(text, { 'chip.yaml': chip });
    const entries = otherShapes.filter(({ entry }) => entry.startsWith('chip.')).map(({ entry }) => entry);
    // Zeros are zero at any node, and the first set is not in use.
    expect(entries).toEqual([
      'chip.costSets.second.hop',
      'chip.costSets.second.kernels.fire',
      'chip.costSets.second.staticPower',
    ]);
  });

  /** What is replaced, by what, where the fault is found (the text there), the message. */
  test.each<[string, string, string, string]>([
    [
      'columns: 2',
      'columns: 0',
      '0, rows',
      'chip.mesh.columns: expected a number of columns (a whole number, 1 to 1024), found 0',
    ],
    [
      'coresPerTile: 2',
      'coresPerTile: 0',
      '0, numbering',
      'chip.mesh.coresPerTile: expected a number of cores (a whole number, 1 to 256), found 0',
    ],
    [
      'numbering: by-row',
      'numbering: spiral',
      'spiral',
      "chip.mesh.numbering: expected by-column or by-row, found 'spiral'",
    ],
    [
      'columns: 2, rows: 2',
      'columns: 1024, rows: 1024',
      '{columns',
      'chip.mesh: expected at most 65536 cores, found 2097152',
    ],
    [
      'energyPj: {x: 7, y: 8}',
      'energyPj: {x: 7}',
      '{x: 7}',
      'chip.costSets.first.hop.energyPj.y: missing: expected an energy in pJ (a number, at least 0, or auto)',
    ],
    [
      'x: 0.5',
      'x: -1',
      '-1',
      'chip.costSets.second.hop.energyPj.x: expected an energy in pJ (a number, at least 0), found -1',
    ],
    ['costs: first', 'costs: fist', 'fist', "chip.costs: there is no cost set 'fist'; did you mean 'first'?"],
    [
      '  costs: first\n',
      '',
      'mesh: {',
      'chip.costs: missing: expected the cost set in use, one of first, second',
    ],
    [
      '{4: 30, 1: 20}',
      '{4: 30, 2: 20}',
      '{4: 30',
      'chip.costSets.first.barrier.latencyNs: expected a time for 1 tile, found none',
    ],
    [
      '{4: 30, 1: 20}',
      '{4: 10, 1: 20}',
      '10, 1: 20',
      'chip.costSets.first.barrier.latencyNs.4: expected at least the 20 ns of 1 tile, found 10',
    ],
    [
      '{4: 30, 1: 20}',
      '{3: 30, 1: 20}',
      '{3: 30',
      "chip.costSets.first.barrier.latencyNs: expected a time for the mesh's 4 tiles, or beyond: linear, found none above 3",
    ],
    [
      'payloadBits: 8',
      'payloadBits: 32',
      '32, source',
      "chip.packet.payloadBits: expected at most the packet's 24 bits, found 32",
    ],
    ['delivery: phases', 'delivery: soon', 'soon', "chip.delivery: expected next or phases, found 'soon'"],
    [
      'cyclesPerItem: 2.5, ',
      '',
      '{energyPjPerItem',
      'chip.costSets.second.kernels.fire: states no cycles: expected cyclesPerItem or cyclesPerTile, 0 if another figure contains it, found neither',
    ],
    [
      'link: {depth: 11, source: paper}',
      'link: {source: paper}',
      '{source: paper}\n      barrier: {latencyNs: {4',
      'chip.costSets.first.link: expected depth or packetNs, found neither',
    ],
    [
      'link: {depth: 11, source: paper}',
      'link: {depth: 11, source: papers}',
      'papers',
      "chip.costSets.first.link.source: there is no source 'papers'; did you mean 'paper'?",
    ],
  ])('%s -> %s', (part, replacement, at, message) => {
    const text = edit(chip, part, replacement);
    const error = failure(() => load(text));
    expect(error.parts.message).toBe(message);
    if (part !== '  costs: first\n') expect(error.parts.place).toMatchObject(placeOf(text, at));
  });
});

describe('loihi', () => {
  test('has the published limits', () => {
    const { chip: loihi, technologyNm, supplyV } = loihiWith();
    expect({ technologyNm, supplyV }).toEqual({ technologyNm: 14, supplyV: 0.75 });
    expect(loihi?.mesh).toEqual({ columns: 8, rows: 4, coresPerTile: 4, numbering: 'by-column' });
    expect(loihi?.limits).toMatchObject({
      neurons: 1024,
      axonsIn: 4096,
      axonsOut: 4096,
      synapseBits: 128 * 1024 * 8,
      delay: 62,
    });
  });

  test('with the published figures: Davies et al. 2018, Table 2', () => {
    const { chip: loihi, kernels, staticPower, clockMhz } = loihiWith();
    expect(loihi?.costSet).toBe('davies2018');
    const { tile, hop, link, barrier } = loihi?.costs ?? {};
    expect(tile).toMatchObject({ energyPj: 1.7, latencyNs: 2.1 });
    expect(hop).toMatchObject({ energyPj: { x: 3, y: 4 }, latencyNs: { x: 4.1, y: 6.5 } });
    expect(barrier?.latencyNs).toEqual([
      { tiles: 1, ns: 113 },
      { tiles: 32, ns: 465 },
    ]);
    // 3.44 Gspike/s
    expect(link?.packetNs).toBe(Number((1 / 3.44).toPrecision(4)));
    // A cycle is a nanosecond.
    expect(clockMhz).toBe(1000);
    expect(kernels.denseSynapse).toMatchObject({ cyclesPerItem: 3.5, energyPjPerItem: 23.6 });
    expect(kernels.pairwiseStdp).toMatchObject({ cyclesPerItem: 6.1, energyPjPerItem: 120 });
    const { somaAccess, somaUpdate } = kernels;
    expect(somaAccess).toMatchObject({ cyclesPerItem: 5.3, energyPjPerItem: 52 });
    const active = {
      ns: (somaAccess?.cyclesPerItem ?? 0) + (somaUpdate?.cyclesPerItem ?? 0),
      pj: (somaAccess?.energyPjPerItem ?? 0) + (somaUpdate?.energyPjPerItem ?? 0),
    };
    expect(active).toEqual({ ns: 8.4, pj: 81 });
    // 104 mW for 128 cores is 812.5 uW each; the work that measured it says 816 at most.
    expect(staticPower.powerUw).toBe(816);
  });

  test("with SANA-FE's fit", () => {
    const { chip: loihi, kernels, staticPower } = loihiWith('sanafe');
    expect(loihi?.costs.send).toMatchObject({ energyPj: 111, latencyNs: 5.1 });
    expect(loihi?.costs.link?.depth).toBe(16);
    expect(kernels.somaSpike).toMatchObject({ cyclesPerItem: 30, energyPjPerItem: 69.3 });
    expect(kernels.pairwiseStdp).toMatchObject({ energyPjPerItem: 120 });
    expect(staticPower.powerUw).toBe(0);
  });

  test('the share of the chip that is a core', () => {
    expect(loihiWith().control.areaUm2).toBe(60e6 / 128);
  });
});

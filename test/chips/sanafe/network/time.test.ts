import { describe, expect, test } from 'vitest';
import { directions, Mesh } from '../../../../src/hardware/index.ts';
import { barrierTime } from '../../../../src/machine/index.ts';
import { at, PlasticoreError } from '../../../../src/text/index.ts';
import { Dice } from '../../../engine/random/dice.ts';
import { loihiWith } from '../../../support/loihi.ts';
import { DetailedTime } from './detailed-time.ts';
import { networkEnergy } from './energy.ts';
import { freeNetwork, type NetworkFigures, networkFigures } from './figures.ts';
import { shortestFlight } from './flight.ts';
import { type PlainEntry, plainDetailed } from './plain.ts';
import { simpleTime } from './simple-time.ts';
import { Traffic } from './traffic.ts';

const mesh = new Mesh({ columns: 8, rows: 4, coresPerTile: 4, numbering: 'by-column' });
const costsOf = (set: string) => at([loihiWith(set).chip?.costs], 0);
const barriers = { sanafe: costsOf('sanafe').barrier, davies: costsOf('davies2018').barrier };
const sanafe = networkFigures('sanafe', costsOf('sanafe'));
const davies = networkFigures('davies2018', costsOf('davies2018'));

/*
 * Recorded from SANA-FE: input A on core 0 (tile 0), neurons B and C on core 25 (tile 6: x 1, y 2). A reaches B, and B
 * reaches B and C, over dense synapses. Figures: soma 6.0 ns, 3.7 more if updated, 30.0 more if it fires; send 5.1 ns;
 * receive 16.0 ns; 3.8 ns a synapse event; hops 4.1 and 6.5 ns.
 */
describe('the worked case', () => {
  const traffic = new Traffic(mesh, sanafe);
  const detailed = new DetailedTime(mesh, sanafe);
  const barrier = barrierTime(barriers.sanafe, 2);
  const received = (events: number) => sanafe.receiveTime + events * 3.8;
  const [access, update, spike] = [6, 3.7, 30];
  const pj = { access: 51.2, update: 21.6, spike: 69.3, event: 35.5 };

  /** One step: packets, hops, events; energy of the network; both times. */
  function step(run: () => void) {
    traffic.begin();
    run();
    const { packets, hops, events } = traffic.counters;
    return {
      counts: [packets, hops, events],
      network: networkEnergy(traffic.counters, sanafe).total,
      simple: simpleTime(traffic, barrier),
      detailed: detailed.time(traffic, barrier),
    };
  }

  const cases: [string, () => void, number[], number, number, number][] = [
    [
      'step 1: A fires',
      () => {
        traffic.send(0, 25, 1, received(1));
        traffic.work(25, access + access);
      },
      [1, 3, 1],
      122.4,
      1019.8,
      // 5.1 + 4.1 + 2 x 6.5 + 16.0 + 3.8
      1042,
    ],
    [
      'step 2: B fires, C is idle',
      () => {
        traffic.work(25, access + update + spike);
        traffic.send(25, 25, 2, received(2));
        traffic.work(25, access);
      },
      [1, 0, 2],
      111,
      1050.8,
      1068.4,
    ],
    [
      'step 3: B and C are updated',
      () => traffic.work(25, 2 * (access + update)),
      [0, 0, 0],
      0,
      1019.4,
      1019.4,
    ],
    [
      'step 4: A fires, B and C are updated',
      () => {
        traffic.send(0, 25, 1, received(1));
        traffic.work(25, 2 * (access + update));
      },
      [1, 3, 1],
      122.4,
      1019.8,
      1042,
    ],
    [
      'step 5: B fires, C is updated',
      () => {
        traffic.work(25, access + update + spike);
        traffic.send(25, 25, 2, received(2));
        traffic.work(25, access + update);
      },
      [1, 0, 2],
      111,
      1054.5,
      1068.4,
    ],
  ];

  test.each(cases)('%s', (_, run, counts, network, simple, withCongestion) => {
    const found = step(run);
    expect(found.counts).toEqual(counts);
    expect(found.network).toBeCloseTo(network, 9);
    expect(found.simple.time).toBeCloseTo(simple, 9);
    expect(found.detailed).toBeCloseTo(withCongestion, 9);
  });

  test('what sets the time is told', () => {
    const first = step(cases[0]?.[1] ?? (() => {})).simple;
    expect(first).toMatchObject({ setBy: 'receiving', receiving: { core: 25 }, sending: { core: 25 } });
    expect(first.sending.time).toBe(12);
    expect(step(cases[1]?.[1] ?? (() => {})).simple).toMatchObject({ setBy: 'sending', barrier: 1000 });
  });

  test('the energy of cores is added to that of the network', () => {
    traffic.begin();
    traffic.send(0, 25, 1, received(1));
    const cores = new Float64Array(mesh.cores);
    cores[25] = 2 * pj.access + pj.event;
    const energy = networkEnergy(traffic.counters, sanafe, { cores });
    expect(energy).toMatchObject({ send: 111, receive: 0, tile: 0, hopX: 3, hopY: 8.4, barrier: 0 });
    expect(energy.withCores).toBeCloseTo(102.4 + 35.5 + 122.4, 9);
  });
});

describe('the simple time', () => {
  test('with the published figures can be set by a link', () => {
    const traffic = new Traffic(mesh, davies);
    traffic.begin();
    // Four cores of tile 0 send a thousand packets each over the same link, to two tiles that share the rest.
    for (let packet = 0; packet < 4000; packet++) traffic.send(packet % 4, 16 + (packet % 8), 1, 0.05);
    const { link, setBy, time, receiving } = simpleTime(traffic, barrierTime(barriers.davies, 3));
    expect(setBy).toBe('link');
    // East into tile 4, at x = 1, y = 0.
    expect(link.link).toBe(4 * 4);
    expect(link.time).toBeCloseTo(4000 * 0.2907, 6);
    expect(receiving.time).toBeCloseTo(500 * 0.05, 6);
    expect(time).toBeCloseTo(4000 * 0.2907 + 113 + (2 / 31) * (465 - 113), 6);
  });

  test('of a chip with one core is its work', () => {
    const traffic = new Traffic(new Mesh(), freeNetwork);
    traffic.begin();
    traffic.work(0, 700);
    expect(simpleTime(traffic, 0)).toMatchObject({ time: 700, barrier: 0 });
  });
});

test('the first step of the worked case with the published figures', () => {
  const traffic = new Traffic(mesh, davies);
  traffic.begin();
  traffic.send(0, 25, 1, davies.receiveTime + 3.5);
  traffic.work(25, 2 * 5.3);
  const cores = new Float64Array(mesh.cores);
  cores[25] = 2 * 52 + 23.6;
  const { tile, hopX, hopY, total, withCores } = networkEnergy(traffic.counters, davies, { cores });
  expect({ tile, hopX, hopY }).toEqual({ tile: 1.7, hopX: 3, hopY: 8 });
  expect(total).toBeCloseTo(12.7, 12);
  expect(withCores).toBeCloseTo(140.3, 12);
  // Two tiles: 113 ns and one of 31 parts of what lies between 113 and 465.
  expect(simpleTime(traffic, barrierTime(barriers.davies, 2)).time).toBeCloseTo(10.6 + 113 + 352 / 31, 9);
});

describe('the energy with the published figures', () => {
  test('is paid for each packet at a tile, and for each hop', () => {
    const traffic = new Traffic(mesh, davies);
    traffic.begin();
    traffic.send(0, 25, 1, 3.5);
    traffic.send(0, 1, 1, 3.5);
    const { tile, hopX, hopY, send, total } = networkEnergy(traffic.counters, davies);
    expect({ tile, hopX, hopY, send }).toEqual({ tile: 3.4, hopX: 3, hopY: 8, send: 0 });
    expect(total).toBeCloseTo(14.4, 12);
    expect(shortestFlight(mesh, davies, 0, 25)).toBeCloseTo(2.1 + 4.1 + 2 * 6.5, 12);
  });
});

describe('the detailed time', () => {
  test('needs the depth of links', () => {
    expect(() => new DetailedTime(mesh, davies)).toThrow(PlasticoreError);
    expect(() => new DetailedTime(mesh, davies)).toThrow(
      "the detailed model of time needs the depth of links, which cost set 'davies2018' does not state",
    );
  });

  test.each([1, 2, 3, 4, 5, 6])('is that of a plain transcription, in every bit (%i)', (seed) => {
    const dice = new Dice(seed);
    const shape = new Mesh({
      columns: dice.whole(1, 6),
      rows: dice.whole(1, 5),
      coresPerTile: dice.whole(1, 4),
      numbering: dice.pick(['by-column', 'by-row'] as const),
    });
    const figures: NetworkFigures = { ...sanafe, linkDepth: dice.whole(1, 3), tileTime: dice.whole(0, 2) };
    const traffic = new Traffic(shape, figures);
    const detailed = new DetailedTime(shape, figures);
    let blocked = 0;
    // Several steps, so that nothing of a step is left to the next; small whole numbers, so that many times are equal.
    for (let step = 0; step < 12; step++) {
      traffic.begin();
      const plain = new Map<number, PlainEntry[]>();
      for (let packet = dice.whole(0, 400); packet > 0; packet--) {
        const [core, to] = [dice.whole(0, shape.cores - 1), dice.whole(0, shape.cores - 1)];
        const [work, processing] = [dice.whole(0, 3), dice.whole(1, 30)];
        traffic.work(core, work);
        traffic.send(core, to, 1, processing);
        const entry = {
          delay: work + figures.sendTime,
          packet: {
            to,
            processing,
            route: plainRoute(shape, core, to),
            shortest: flight(shape, figures, core, to),
          },
        };
        plain.set(core, [...(plain.get(core) ?? []), entry]);
      }
      for (let core = 0; core < shape.cores; core++) {
        const rest = dice.whole(0, 20);
        traffic.work(core, rest);
        if (rest > 0) plain.set(core, [...(plain.get(core) ?? []), { delay: rest }]);
      }
      expect(detailed.time(traffic, 600)).toBe(plainDetailed(plain, figures.linkDepth ?? 0) + 600);
      blocked += detailed.journeys.blocked.subarray(0, traffic.packets).filter((time) => time > 0).length;
    }
    expect(blocked).toBeGreaterThan(0);
  });

  /** The port of the source, then the hops, each named by the tile that it leads to and its direction. */
  function plainRoute(shape: Mesh, source: number, destination: number): string[] {
    const links = new Int32Array(shape.longest);
    const hops = shape.route(source, destination, links);
    const names = [...links.subarray(0, hops)].map(
      (link) => `${Math.floor(link / 4)} ${directions[link % 4]}`,
    );
    return [`port of ${source}`, ...names];
  }

  function flight(shape: Mesh, figures: NetworkFigures, source: number, destination: number): number {
    const place = (core: number) => {
      const tile = shape.tileOf[core] ?? 0;
      return [shape.x[tile] ?? 0, shape.y[tile] ?? 0] as const;
    };
    const [[x, y], [toX, toY]] = [place(source), place(destination)];
    return Math.abs(toX - x) * figures.hopTimeX + Math.abs(toY - y) * figures.hopTimeY + figures.tileTime;
  }
});

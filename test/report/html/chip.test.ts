import { describe, expect, test } from 'vitest';
import { makePage, subjectOfRuns } from '../../../src/report/html/page.ts';
import { meshSvg } from '../../../src/report/html/pictures/mesh.ts';
import { draw } from '../../../src/report/html/render.ts';
import { coresAndNetwork } from '../../../src/report/html/sections/chip.ts';
import { makeStudy } from '../../../src/report/html/study.ts';
import { type HandMade, type handMadeReport, handMadeRun, meshOf } from './hand-made.ts';

const sectionOf = (...runs: readonly HandMade[]): string =>
  coresAndNetwork.of(subjectOfRuns(makeStudy(runs.map((run) => handMadeRun(run)))))?.drawn(draw).text ?? '';

/** The cells of a table's rows. */
function rowsOf(text: string, id: string): string[][] {
  const [, table = ''] = new RegExp(`id="${id}".*?<tbody>(.*?)</tbody>`, 's').exec(text) ?? [];
  return [...table.matchAll(/<tr>(.*?)<\/tr>/gs)].map(([, row = '']) =>
    [...row.matchAll(/<t[hd][^>]*>(.*?)<\/t[hd]>/gs)].map(([, cell = '']) => cell),
  );
}

const twoCores: HandMade = { cores: 2, settings: ['program.placement.cores=2'] };
const oneCore: HandMade = { cores: 1, settings: ['program.placement.cores=1'] };

describe('the section of cores and network', () => {
  test('is absent where no run is on a chip of many cores', () => {
    expect(coresAndNetwork.of(subjectOfRuns(makeStudy([handMadeRun()])))).toBeUndefined();
    expect(makePage({ folders: [handMadeRun()] }, draw).text).not.toContain('href="#chip"');
    expect(makePage({ folders: [handMadeRun(twoCores)] }, draw).text).toContain('<section id="chip"');
  });

  test('has what each core holds, does and sends', () => {
    // 125 ns and 375 ns of 500 ns; tile 3 is at x 1, y 1.
    expect(rowsOf(sectionOf(twoCores), 'mesh-1-test-cores')).toEqual([
      ['0', '0, 0', 'hidden 0-0', '400', '0', '0', '25.0 %', '4', '5'],
      ['3', '1, 1', 'hidden 1-1, output 0-1', '400', '48', '16', '75.0 %', '2', '4'],
    ]);
  });

  test('has the load of each link that carries something, the busiest first', () => {
    expect(rowsOf(sectionOf(twoCores), 'mesh-1-test-links')).toEqual([
      ['east from tile 0 to tile 2', '4'],
      ['north from tile 2 to tile 3', '4'],
      ['south from tile 1 to tile 0', '2'],
      ['west from tile 3 to tile 1', '2'],
    ]);
    expect(sectionOf(twoCores)).toContain(
      'The busiest core is 3, 75.0 % of the time; the busiest link leads east from tile 0 to tile 2, 4 packets a sample.',
    );
  });

  test('has the time of a sample by what set it', () => {
    expect(rowsOf(sectionOf(twoCores), 'time-test-table')).toEqual([
      ['a core that computes and sends', '250 ns'],
      ['a core that receives', '100 ns'],
      ['barriers', '100 ns'],
      ['a link', '50.0 ns'],
    ]);
  });

  test('has what the network takes: 100 of 2000 pJ, beside a single core without a network', () => {
    const rows = rowsOf(sectionOf(twoCores, {}), 'network').filter(([, phase]) => phase === 'test');
    expect(rows.map(([, , ...cells]) => cells)).toEqual([
      ['1', '–', '–', '–', '–', '–', '–', '–', '–'],
      // 48 bits of copies and 16 of partial sums.
      ['2', '4', '2', '12', '4', '20.0 %', '100 pJ', '5.00 %', '64'],
    ]);
  });

  test('has the packets that were lost where packets can be: 1 of 6, beside a network that loses none', () => {
    const rows = rowsOf(sectionOf({ ...twoCores, lost: 1 }, oneCore), 'network').filter(
      ([, phase]) => phase === 'test',
    );
    expect(rows.map(([, , ...cells]) => cells.slice(0, 5))).toEqual([
      ['1', '0', '0', '–', '0'],
      ['2', '4', '2', '1', '12'],
    ]);
  });
});

test('designs on different numbers of cores are points of one line', () => {
  const pageOf = (...runs: readonly HandMade[]) =>
    makePage({ folders: runs.map((run) => handMadeRun(run)) }, draw).text;
  expect(pageOf(twoCores)).not.toContain('Scaling over cores');
  const text = pageOf(twoCores, { ...oneCore, energyPj: 1000 });
  expect(text).toContain('data-tip="mp16-8, 1 core: 1.00 nJ"');
  expect(text).toContain('data-tip="mp16-8, 2 cores: 2.00 nJ"');
  const lines = pageOf(
    twoCores,
    oneCore,
    { ...twoCores, precision: 'mp8-8' },
    { ...oneCore, precision: 'mp8-8' },
  );
  for (const name of ['mp16-8, 1 core', 'mp16-8, 2 cores', 'mp8-8, 1 core', 'mp8-8, 2 cores'])
    expect(lines).toContain(`data-tip="${name}: 2.00 nJ"`);
});

describe('the picture of a mesh', () => {
  const near = (value: number): unknown => expect.closeTo(value, 1);
  const marksOf = (svg: string): Map<string, string> =>
    new Map(
      [...svg.matchAll(/<(?:path|rect) data-tip="([^"]*)"([^>]*)>/g)].map(([, tip = '', mark = '']) => [
        tip,
        mark,
      ]),
    );
  const corner = (mark = ''): number[] =>
    [/ x="([\d.]+)"/, / y="([\d.]+)"/].map((at) => Number(at.exec(mark)?.[1]));

  test('has north up, a mark for each core, and links between neighbours alone', () => {
    const shape = { columns: 2, rows: 2, coresPerTile: 1, numbering: 'by-column' as const };
    const marks = marksOf(
      meshSvg({ shape, busy: [0.25, undefined, undefined, 0.75], loads: new Array(16).fill(0) }),
    );
    const [x0 = 0, y0 = 0] = corner(marks.get('core 0: 25.0 % busy'));
    expect(corner(marks.get('core 1: holds nothing'))).toEqual([x0, near(y0 - 110)]);
    expect(corner(marks.get('core 2: holds nothing'))).toEqual([near(x0 + 110), y0]);
    expect(corner(marks.get('core 3: 75.0 % busy'))).toEqual([near(x0 + 110), near(y0 - 110)]);
    // Four pairs of neighbours, two directions each.
    expect([...marks.keys()].filter((tip) => tip.endsWith('packets a sample'))).toHaveLength(8);
  });

  test('puts the cores of a tile side by side', () => {
    const shape = { columns: 1, rows: 1, coresPerTile: 4, numbering: 'by-row' as const };
    const marks = marksOf(meshSvg({ shape, busy: [0.1, 0.2, 0.3, 0.4], loads: [0, 0, 0, 0] }));
    const [x0 = 0, y0 = 0] = corner(marks.get('core 0: 10.0 % busy'));
    // A tile takes 0.62 of a pitch of 110, so that a core of two by two takes 34.1.
    expect(corner(marks.get('core 1: 20.0 % busy'))).toEqual([near(x0 + 34.1), y0]);
    expect(corner(marks.get('core 3: 40.0 % busy'))).toEqual([near(x0 + 34.1), near(y0 + 34.1)]);
  });

  test('fills the space between small tiles with links, two side by side', () => {
    const shape = { columns: 64, rows: 1, coresPerTile: 1, numbering: 'by-row' as const };
    const busy = new Array<number>(64).fill(0.5);
    const marks = marksOf(meshSvg({ shape, busy, loads: new Array<number>(256).fill(3) }));
    const [east = '', west = ''] = ['east from tile 0 to tile 1', 'west from tile 1 to tile 0'].map(
      (name) => marks.get(`${name}: 3 packets a sample`) ?? '',
    );
    // 388 of 440 for 64 tiles: a pitch of 6.06, of which a link is 0.28 wide, and 0.15 aside. No heads: one line each.
    const lineOf = (mark: string) =>
      /d="M\S+ (\S+)L\S+ (\S+)" .*stroke-width="(\S+)"/.exec(mark)?.slice(1).map(Number);
    const [eastY = 0, , eastWide] = lineOf(east) ?? [];
    const [westY = 0, , westWide] = lineOf(west) ?? [];
    expect([eastWide, westWide]).toEqual([1.7, 1.7]);
    expect(Math.abs(eastY - westY)).toBeCloseTo(0.3 * 6.0625, 1);
  });
});

test('a mesh of 256 x 256 has a picture of what is used, and only of that', () => {
  const run = handMadeRun(twoCores);
  const report = JSON.parse(run.report) as ReturnType<typeof handMadeReport>;
  // A packet goes from tile 65 534 to its neighbour: link 4 x 65 535, east.
  const loads = new Array<number>(4 * 65_536).fill(0).with(4 * 65_535, 7);
  const phaseWith = (phase: typeof report.test) => ({
    ...phase,
    perSample: {
      ...phase.perSample,
      counters: { ...phase.perSample.counters, network: { ...meshOf(2).counters.network, loads } },
    },
  });
  const chip = { ...meshOf(2).report.chip, columns: 256, rows: 256, numbering: 'by-row' };
  const large = { ...report, chip, test: phaseWith(report.test) };
  const text =
    coresAndNetwork.of(subjectOfRuns(makeStudy([{ ...run, report: JSON.stringify(large) }])))?.drawn(draw)
      .text ?? '';
  expect(rowsOf(text, 'mesh-1-test-links')).toEqual([['east from tile 65534 to tile 65535', '7']]);
  const [, svg = ''] = /<figure id="mesh-1-test".*?(<svg.*?<\/svg>)/s.exec(text) ?? [];
  expect(svg.match(/data-tip="[^"]*"/g)).toEqual([
    'data-tip="east from tile 65534 to tile 65535: 7 packets a sample"',
    'data-tip="core 0: 25.0 % busy"',
    'data-tip="core 3: 75.0 % busy"',
  ]);
});

test('of many cores, the table has the busiest', () => {
  const sectionOn = (cores: number): string => {
    const run = handMadeRun(twoCores);
    const report = JSON.parse(run.report) as { chip: Record<string, unknown> };
    const core = { slices: [], totalBits: 400, copyBits: 0, sumBits: 0 };
    const held = Array.from({ length: cores }, (_, number) => ({ ...core, core: number }));
    const chip = { ...report.chip, columns: cores, rows: 1, cores: held };
    const many = { ...run, report: JSON.stringify({ ...report, chip }) };
    return coresAndNetwork.of(subjectOfRuns(makeStudy([many])))?.drawn(draw).text ?? '';
  };
  const shown = sectionOn(200);
  const rows = rowsOf(shown, 'mesh-1-test-cores');
  expect(rows).toHaveLength(100);
  // Cores 3 and 0 have computed.
  expect(rows.slice(0, 3).map(([core]) => core)).toEqual(['3', '0', '1']);
  expect(shown).toContain('The 100 busiest of 200 cores');
  expect(
    rowsOf(sectionOn(100), 'mesh-1-test-cores')
      .slice(0, 3)
      .map(([core]) => core),
  ).toEqual(['0', '1', '2']);
});

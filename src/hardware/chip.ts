import * as z from 'zod';
import { choice, expected, key, recordOf, strictObject, suggest, whole } from '../text/index.ts';
import { limitOwners } from './mapping/index.ts';
import {
  chipLimits,
  estimable,
  figureIn,
  kernelCost,
  nameKey,
  nameKeyError,
  nonEmptyText,
  otherKernels,
  positiveWhole,
  type ReportFault,
  sourceName,
  staticPower,
} from './values.ts';

/** How the tiles of a mesh are numbered. */
export const tileOrders = ['by-column', 'by-row'] as const;

/** The time of a barrier for a number of tiles that its table lacks. */
export const barrierSteps = ['linear', 'step'] as const;

/** When a spike reaches its synapses: in the next step, or in a later phase of the same step. */
export const deliveries = ['next', 'phases'] as const;

/** How a spike reaches several cores. */
export const destinations = ['core', 'tree'] as const;

const mesh = strictObject({
  columns: key(whole('a number of columns', 1, chipLimits.side), 'Columns of tiles: places along x.', 8),
  rows: key(whole('a number of rows', 1, chipLimits.side), 'Rows of tiles: places along y.', 4),
  coresPerTile: key(
    whole('a number of cores', 1, chipLimits.coresPerTile),
    'Cores that share a tile, and so its router.',
    4,
  ),
  numbering: key(
    choice(tileOrders),
    'How tiles are numbered. `by-column`: tile t is at x = t div rows, y = t mod rows. `by-row`: at x = t mod columns, y = t div columns. Core c is in tile c div coresPerTile. East is towards larger x, north towards larger y.',
    'by-column',
  ),
  outputBus: key(
    strictObject({
      x: key(whole('a column', 0, chipLimits.side - 1), 'Its column.', 0),
      y: key(whole('a row', 0, chipLimits.side - 1), 'Its row.', 3),
    }),
    'The tile that has no core: packets to it leave the chip. Only for a chip of one core a tile, with a controller of its own. If absent, all tiles have cores.',
    { x: 0, y: 3 },
  ).optional(),
});

/** The cost of one event in the network. */
const perPacket = (meaning: string) =>
  key(
    strictObject({
      energyPj: key(figureIn('pJ'), 'Energy in pJ.', 1.7),
      latencyNs: key(figureIn('ns'), 'Time in ns.', 2.1),
      source: sourceName,
    }),
    meaning,
    { energyPj: 1.7, latencyNs: 2.1, source: 'published' },
  );

const barrier = strictObject({
  latencyNs: key(
    recordOf(z.string().regex(/^[1-9]\d*$/), figureIn('ns'), {
      error: (issue) =>
        issue.code === 'invalid_key'
          ? 'expected a number of tiles (1 or more) as the key'
          : expected('a table from numbers of tiles to times in ns, such as {1: 113, 32: 465}')(issue),
    }),
    'Time in ns that a barrier takes, by the number of tiles that hold neurons. It begins with 1 tile, and does not fall.',
    { 1: 113, 32: 465 },
  ),
  between: key(
    choice(barrierSteps),
    'The time for a number that the table lacks. `linear`: on the line between its neighbours; the table then reaches to all tiles of the mesh. `step`: as for the next smaller number in the table.',
    'linear',
  ),
  beyond: key(
    choice(['refuse', 'linear']),
    'A mesh of more tiles than the table has. `linear`: the line through its last two entries goes on. If absent, `refuse`: such a mesh is refused where the time in between is `linear`.',
    'linear',
  ).optional(),
  tickNs: key(
    figureIn('ns'),
    'Least time in ns of a step, for a chip whose steps begin with the tick of a timer: cores that are done earlier wait for it, a single one as well. If absent, nobody waits.',
    1_000_000,
  ).optional(),
  energyPj: key(figureIn('pJ'), 'Energy in pJ of a barrier.', 0),
  source: sourceName,
});

const link = strictObject({
  depth: key(
    positiveWhole('a number of packets'),
    'Packets that a link holds before it blocks senders. The detailed model of time needs it.',
    16,
  ).optional(),
  packetNs: key(
    figureIn('ns'),
    'Time in ns that a packet occupies a link. If absent, the load of a link never sets the time of a step.',
    0.29,
  ).optional(),
  source: sourceName,
});

const costSet = strictObject({
  send: perPacket('Each packet that a core sends.'),
  receive: perPacket('Each packet that a core receives.'),
  tile: perPacket(
    'Each packet, once, however far it goes: the way from a core through the router of a tile to a core.',
  ),
  hop: key(
    strictObject({
      energyPj: key(
        strictObject({
          x: key(
            estimable('pJ'),
            'Energy in pJ of a hop east or west, or `auto`: [estimated](estimators/router.md).',
            3,
          ),
          y: key(estimable('pJ'), 'Energy in pJ of a hop north or south, or `auto`.', 4),
        }),
        'Energy in pJ of a hop, by axis.',
        { x: 3, y: 4 },
      ),
      latencyNs: key(
        strictObject({
          x: key(figureIn('ns'), 'Time in ns of a hop east or west.', 4.1),
          y: key(figureIn('ns'), 'Time in ns of a hop north or south.', 6.5),
        }),
        'Time in ns of a hop, by axis.',
        { x: 4.1, y: 6.5 },
      ),
      source: sourceName,
    }),
    'Each hop of a packet from a tile to its neighbour.',
    { energyPj: { x: 3, y: 4 }, latencyNs: { x: 4.1, y: 6.5 }, source: 'published' },
  ),
  link: key(link, 'The costs of a link between tiles.', { depth: 16, source: 'fitted' }).optional(),
  barrier: key(barrier, 'The barrier at the end of a step, for which all cores wait.', {
    latencyNs: { 1: 113, 32: 465 },
    between: 'linear',
    energyPj: 0,
    source: 'published',
  }),
  kernels: key(
    recordOf(nameKey, kernelCost, { error: nameKeyError }).prefault({}),
    "Stated costs of kernels in this set. They replace those of the same name in the model's `kernels`.",
    { denseSynapse: { cyclesPerItem: 3.5, energyPjPerItem: 23.6, source: 'published' } },
  ),
  otherKernels,
  staticPower: key(staticPower, "Static power of a core in this set, instead of the model's `staticPower`.", {
    powerUw: 816,
    source: 'idle',
  }).optional(),
});

/** The part of an hw-model about a chip of many cores. */
export const chipSection = strictObject({
  mesh: key(mesh, 'The cores, in tiles on a mesh. Packets go along x first, then along y.', {
    columns: 8,
    rows: 4,
    coresPerTile: 4,
    numbering: 'by-column',
  }),
  packet: key(
    strictObject({
      bits: key(whole('a number of bits', 1, 4096), 'Bits of a packet, payload included.', 32),
      payloadBits: key(
        whole('a number of bits', 0, 4096),
        'Bits of it that carry a value beside the address.',
        0,
      ),
      perDestination: key(
        choice(destinations),
        'How a spike reaches several cores. `core`: in one packet for each. `tree`: in one packet, which forks on its way and passes each link once.',
        'tree',
      ).default('core'),
      source: sourceName,
    }),
    'The packet that carries a spike to a core that holds synapses of it.',
    { bits: 32, payloadBits: 0, source: 'published' },
  ).optional(),
  delivery: key(
    choice(deliveries),
    'When a spike reaches its synapses. `next`: in the next step, on any core. `phases`: in the same step if the program says so, with a barrier between the phases of the step.',
    'next',
  ),
  limits: key(
    strictObject({
      neurons: key(positiveWhole('a number of neurons'), 'Neurons of a core.', 1024).optional(),
      axonsIn: key(positiveWhole('a number of axons'), 'Axons that may enter a core.', 4096).optional(),
      axonsOut: key(
        positiveWhole('a number of axons'),
        'Axons that may leave a core, one for each neuron and destination core.',
        4096,
      ).optional(),
      synapseBits: key(positiveWhole('a number of bits'), 'Bits of synapses of a core.', 1048576).optional(),
      delay: key(
        positiveWhole('a number of steps'),
        'The longest delay of a synapse, in steps: the length of the ring in which spikes wait.',
        62,
      ).optional(),
      of: key(
        choice(limitOwners).default('silicon'),
        'The source of the limits. `silicon`: the chip holds no more. `mapper`: the tool of its makers takes no more, or no more by default, and the chip might.',
        'mapper',
      ),
      source: sourceName,
    }),
    'The most that a core holds, beside the capacities of its banks.',
    { neurons: 1024, axonsIn: 4096, source: 'published' },
  ).optional(),
  costs: key(
    nonEmptyText('the name of a cost set'),
    'The cost set in use. May be left out if there is only one. The setting `hw.chip.costs=NAME` chooses another.',
    'published',
  ).optional(),
  costSets: key(
    recordOf(nameKey, costSet, { error: nameKeyError }),
    'The costs of the network, by name of the set: one chip may have figures from several sources that contradict each other.',
    {
      published: {
        send: { energyPj: 0, latencyNs: 0, source: 'within' },
        receive: { energyPj: 0, latencyNs: 0, source: 'within' },
        tile: { energyPj: 1.7, latencyNs: 2.1, source: 'published' },
        hop: { energyPj: { x: 3, y: 4 }, latencyNs: { x: 4.1, y: 6.5 }, source: 'published' },
        barrier: {
          latencyNs: { 1: 113, 32: 465 },
          between: 'linear',
          energyPj: 0,
          source: 'published',
        },
      },
    },
  ),
});

export type ChipFile = z.infer<typeof chipSection>;
export type CostSetFile = ChipFile['costSets'][string];

/** The checks of `chip:` that involve several keys. Each fault is reported at the value that causes it. */
export function checkChip(chip: ChipFile, hasController: boolean, report: ReportFault): void {
  const { columns, rows, coresPerTile } = chip.mesh;
  const cores = columns * rows * coresPerTile;
  if (cores > chipLimits.cores)
    report(['chip', 'mesh'], `expected at most ${chipLimits.cores} cores, found ${cores}`);
  checkOutputBus(chip.mesh, hasController, report);
  if (chip.packet !== undefined && chip.packet.payloadBits > chip.packet.bits) {
    const { bits, payloadBits } = chip.packet;
    report(
      ['chip', 'packet', 'payloadBits'],
      `expected at most the packet's ${bits} bits, found ${payloadBits}`,
    );
  }
  checkChoice(chip, report);
  const inUse = chip.costs ?? Object.keys(chip.costSets)[0];
  for (const [name, { barrier, link }] of Object.entries(chip.costSets)) {
    if (link !== undefined && link.depth === undefined && link.packetNs === undefined)
      report(['chip', 'costSets', name, 'link'], 'expected depth or packetNs, found neither');
    const path = ['chip', 'costSets', name, 'barrier', 'latencyNs'];
    checkBarrier(barrier, path, report);
    // A mesh that was made larger needs a time for its tiles in the set in use alone.
    if (name === inUse && cores <= chipLimits.cores) checkReach(barrier, columns * rows, path, report);
  }
}

function checkOutputBus(
  { columns, rows, coresPerTile, outputBus }: ChipFile['mesh'],
  hasController: boolean,
  report: ReportFault,
): void {
  if (outputBus === undefined) return;
  const path = ['chip', 'mesh', 'outputBus'];
  const { x, y } = outputBus;
  if (!hasController)
    report(path, 'only a controller of its own sends packets to an output bus, and this model has none');
  if (coresPerTile !== 1) report(path, `expected one core in a tile, found ${coresPerTile}`);
  if (x >= columns) report([...path, 'x'], `expected a column from 0 to ${columns - 1}, found ${x}`);
  if (y >= rows) report([...path, 'y'], `expected a row from 0 to ${rows - 1}, found ${y}`);
  if (columns * rows === 1) report(path, 'the mesh has one tile, and so no core beside the output bus');
}

function checkChoice({ costs, costSets }: ChipFile, report: ReportFault): void {
  const names = Object.keys(costSets);
  if (names.length === 0) report(['chip', 'costSets'], 'expected at least one cost set, found none');
  else if (costs === undefined) {
    if (names.length > 1)
      report(['chip', 'costs'], `missing: expected the cost set in use, one of ${names.join(', ')}`);
  } else if (!names.includes(costs)) {
    report(['chip', 'costs'], `there is no cost set '${costs}'; ${suggest(costs, names)}`);
  }
}

type Barrier = CostSetFile['barrier'];

function checkBarrier({ latencyNs }: Barrier, path: readonly string[], report: ReportFault): void {
  const table = barrierTable(latencyNs);
  if (table[0]?.tiles !== 1) report(path, 'expected a time for 1 tile, found none');
  for (const [index, { tiles, ns }] of table.entries()) {
    const before = table[index - 1];
    if (before !== undefined && ns < before.ns)
      report(
        [...path, tiles],
        `expected at least the ${before.ns} ns of ${before.tiles === 1 ? '1 tile' : `${before.tiles} tiles`}, found ${ns}`,
      );
  }
}

function checkReach(
  { latencyNs, between, beyond }: Barrier,
  tiles: number,
  path: readonly string[],
  report: ReportFault,
): void {
  const table = barrierTable(latencyNs);
  const most = table.at(-1)?.tiles ?? 0;
  if (most >= tiles) return;
  const goesOn = beyond === 'linear';
  if (!goesOn && between === 'linear')
    report(
      path,
      `expected a time for the mesh's ${tiles} tiles, or beyond: linear, found none above ${most}`,
    );
  else if (goesOn && table.length < 2)
    report(path, 'beyond: linear needs times for two numbers of tiles, found one');
}

/** The table of a barrier, ascending by number of tiles. */
export function barrierTable(
  latencyNs: CostSetFile['barrier']['latencyNs'],
): readonly { readonly tiles: number; readonly ns: number }[] {
  return Object.entries(latencyNs)
    .map(([tiles, ns]) => ({ tiles: Number(tiles), ns }))
    .sort((a, b) => a.tiles - b.tiles);
}

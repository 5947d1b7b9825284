import { writeNpz } from '../../../src/data/index.ts';
import type { RunFolder } from '../../../src/report/html/input.ts';

/** The differences between hand-made runs; everything else is the same in all of them. */
export interface HandMade {
  readonly precision?: string;
  readonly seed?: number;
  readonly accuracy?: number;
  /** Null for a core whose energies nobody knows. */
  readonly energyPj?: number | null;
  readonly experiment?: string;
  readonly settings?: readonly string[];
  readonly chance?: number;
  readonly samples?: number;
  readonly remarks?: readonly { readonly about: string; readonly text: string }[];
  /** How many cores of a mesh of 2 x 2 hold the network; a single core without a network if absent. */
  readonly cores?: 1 | 2;
  /** Packets that its network loses in a sample; none can be lost if absent. */
  readonly lost?: number;
  /** A life of two stages: see {@link lifeOf}. */
  readonly life?: { readonly matrix: readonly (readonly (number | null)[])[]; readonly joint?: true };
  readonly history?: readonly { readonly accuracy: number; readonly validationAccuracy?: number }[];
}

const unknownEnergy = {
  total: null,
  byUnit: {},
  byKernel: ['fire(hidden)', 'integrate(in)', 'never(in)'].map((name) => ({ name, energyPj: null })),
  bySource: {},
  bySourceKind: {},
  interval: null,
};

/**
 * A run of a network of 16 inputs, 2 hidden neurons and 2 outputs, whose figures can be checked in the head: a test
 * sample takes 100 cycles, 60 of them in `integrate(in)` for 30 items in 5 tiles of 16 lanes, and `energyPj`, of which
 * three quarters go to the state bank and three quarters rest on measured figures.
 */
export function handMadeReport(own: HandMade = {}) {
  const { precision = 'mp16-8', seed = 1, accuracy = 0.5, energyPj: totalPj = 2000 } = own;
  const energyPj = totalPj ?? 0;
  const onChip =
    own.cores === undefined ? { networkPj: 0, counters: {}, report: {} } : meshOf(own.cores, own.lost);
  const history = own.history ?? [{ accuracy: 0.25 }, { accuracy: 0.75 }];
  const kernel = { counts: null, runs: 1, passes: 1, scannedTiles: 0, wordsRead: 0, wordsWritten: 0 };
  const perSample = {
    counters: {
      steps: 2,
      cycles: 100,
      sops: 30,
      updates: 0,
      spikes: { input: 3, hidden: 1, output: 0 },
      router: { pushes: 4, pops: 4, drops: 0, stalls: 0 },
      byKernel: [
        { ...kernel, name: 'fire(hidden)', items: 4, tiles: 2, cycles: 40, boundBy: 'integer add' },
        { ...kernel, name: 'integrate(in)', items: 30, tiles: 5, cycles: 60, boundBy: 'issue' },
        { ...kernel, name: 'never(in)', items: 0, tiles: 0, cycles: 0, boundBy: 'issue' },
      ],
      byBank: [],
      ...onChip.counters,
    },
    energyPj:
      totalPj === null
        ? unknownEnergy
        : {
            total: energyPj,
            byUnit: {
              add: energyPj / 4,
              'state bank': (3 * energyPj) / 4 - onChip.networkPj,
              random: 0,
              ...(own.cores !== undefined && { network: onChip.networkPj }),
            },
            byKernel: [
              { name: 'fire(hidden)', energyPj: energyPj / 4 },
              { name: 'integrate(in)', energyPj: energyPj / 2 },
              { name: 'never(in)', energyPj: 0 },
            ],
            bySource: {},
            bySourceKind: { derived: energyPj / 4, measured: (3 * energyPj) / 4 },
            interval: null,
          },
    latencyNs: 500,
  };
  const chance = own.chance === undefined ? {} : { chance: own.chance };
  const phase = {
    accuracy,
    samples: own.samples ?? 4,
    ...chance,
    ...perSample,
    energyPjPerSop: null,
    perSample,
  };
  const field = { bank: 'shadow', allocatedBits: 0 };
  return {
    schema: 'plasticore/report/1',
    remarks: own.remarks ?? [],
    train: {
      ...phase,
      accuracy: history.at(-1)?.accuracy ?? null,
      perSample: history.length === 0 ? null : perSample,
      history: history.map((epoch, index) => ({ epoch: index, ...epoch })),
    },
    test: phase,
    ...(own.life && { life: lifeOf(own.life) }),
    memory: {
      fields: [
        {
          ...field,
          name: 'in.shadow',
          bitsPerItem: 16,
          count: 32,
          totalBits: 512,
          neededFor: 'learning' as const,
        },
        {
          ...field,
          name: 'in.weight',
          bitsPerItem: 8,
          count: 32,
          totalBits: 256,
          neededFor: 'inference' as const,
        },
        {
          ...field,
          name: 'hidden.v',
          bitsPerItem: 16,
          count: 2,
          totalBits: 32,
          neededFor: 'inference' as const,
        },
      ],
      totalBits: 800,
      allocatedBits: 1024,
      inferenceBits: 288,
      savings: [
        { basis: 'training', inferenceWeights: 'stored', bits: 800, fp32Bits: 1088, ratio: 1 - 800 / 1088 },
        {
          basis: 'training, FP32 with gradients',
          inferenceWeights: 'stored',
          bits: 800,
          fp32Bits: 2112,
          ratio: 1 - 800 / 2112,
        },
        { basis: 'training', inferenceWeights: 'sliced', bits: 544, fp32Bits: 1088, ratio: 0.5 },
      ],
    },
    core: {
      clockMhz: 200,
      area: { totalUm2: 0, cores: 1, byUnit: {}, bySource: {}, interval: { low: 0, high: 0 } },
      lanes: 16,
      kernels: ['fire(hidden)', 'integrate(in)', 'never(in)'].map((name) => ({
        name,
        intervalCycles: 1,
        passCycles: 1,
        runCycles: 1,
        boundBy: 'issue',
        utilisation: { 'integer add': 0.5, issue: 1, 'state bank': 0.25, 'weight bank': 0.125, random: 0 },
      })),
    },
    network: {
      input: 'input',
      populations: [
        { name: 'input', size: 16 },
        { name: 'hidden', size: 2 },
        { name: 'output', size: 2 },
      ],
      projections: [{ name: 'in', from: 'input', to: 'hidden' }],
    },
    ...onChip.report,
    neurobench: {},
    provenance: {
      plasticore: '0.1.0',
      experiment: own.experiment ?? 'tiny',
      program: 'tiny',
      hwModel: precision === 'fp32' ? 'fp32' : 'reference',
      precision,
      seed,
      epochs: history.length,
      encoder: 'bernoulli',
      ...(own.life && { life: `{"stages":["one","two"]${own.life.joint ? ',"isJoint":true' : ''}}` }),
      limit: null,
      settings: own.settings ?? [],
      data: { name: 'dots', description: 'four dots', train: 4, test: 4, sha256: 'd0' },
      sources: [{ file: 'tiny.yaml', sha256: '50' }],
      imageSha256: '1a'.repeat(32),
    },
    timing: { wallSeconds: 1, host: 'a machine that nobody should see' },
  };
}

/** A life that learns a class in each of its two stages, for 3000 pJ and 2000 ns each, from four samples. */
function lifeOf({ matrix, joint }: NonNullable<HandMade['life']>) {
  const costs = { updates: 8, sops: 12, cycles: 400, energyPj: 3000, latencyNs: 2000 };
  const perSample = { updates: 2, sops: 3, cycles: 100, energyPj: 750, latencyNs: 500 };
  const names = joint ? ['all together'] : ['one', 'two'];
  return {
    ...(joint && { joint }),
    tasks: [
      { name: 'one', samples: 2 },
      { name: 'two', samples: 2 },
    ],
    stages: names.map((name, stage) => ({
      name,
      passes: 1,
      samples: 4,
      tasks: joint ? [0, 1] : [stage],
      newClasses: 1,
      classes: stage + 1,
      bitsPerClass: 800 / (stage + 1),
      costs,
      perSample,
      perClass: costs,
    })),
    tests: matrix.map((byTask, stage) => ({
      stage,
      byTask,
      accuracy: byTask[0] ?? 0,
      met: byTask[0] ?? 0,
      old: null,
      new: byTask[stage] ?? null,
    })),
    averageAccuracy: 0.5,
    incrementalAccuracy: 0.75,
    forgetting: joint ? null : 0.5,
    backwardTransfer: joint ? null : -0.5,
    forwardTransfer: null,
  };
}

/**
 * Tiles 0 and 1 are at x 0, y 0 and y 1; tiles 2 and 3 at x 1. On two cores, hidden neuron 0 is on core 0 and the rest
 * on core 3: four spikes go east to tile 2, then north to tile 3; two values go back, west to tile 1, then south. A
 * sample takes 500 ns, 100 of them at barriers.
 */
export function meshOf(cores: 1 | 2, lost?: number) {
  const isCut = cores === 2;
  const loads = new Array<number>(16).fill(0);
  if (isCut) [loads[8], loads[15], loads[5], loads[2]] = [4, 4, 2, 2];
  const core = { totalBits: 400, copyBits: 0, sumBits: 0 };
  return {
    networkPj: isCut ? 100 : 0,
    counters: {
      network: {
        timePs: 500_000,
        sendingPs: 250_000,
        receivingPs: 100_000,
        linkPs: 50_000,
        barrierPs: 100_000,
        barrier: 4,
        send: isCut ? 6 : 0,
        receive: isCut ? 9 : 3,
        tile: isCut ? 6 : 0,
        values: isCut ? 2 : 0,
        hopX: isCut ? 6 : 0,
        hopY: isCut ? 6 : 0,
        busyPs: [125_000, 0, 0, isCut ? 375_000 : 0],
        sent: isCut ? [4, 0, 0, 2] : [0, 0, 0, 0],
        received: isCut ? [5, 0, 0, 4] : [3, 0, 0, 0],
        loads,
        ...(lost !== undefined && { lost }),
      },
    },
    report: {
      chip: {
        costSet: 'round',
        columns: 2,
        rows: 2,
        coresPerTile: 1,
        numbering: 'by-column' as const,
        delivery: 'phases' as const,
        cores: isCut
          ? [
              { ...core, core: 0, slices: [{ population: 'hidden', first: 0, last: 0 }] },
              {
                ...core,
                core: 3,
                copyBits: 48,
                sumBits: 16,
                slices: [
                  { population: 'hidden', first: 1, last: 1 },
                  { population: 'output', first: 0, last: 1 },
                ],
              },
            ]
          : [{ ...core, core: 0, slices: [{ population: 'hidden', first: 0, last: 1 }] }],
      },
    },
  };
}

/** The folder of such a run, with the other files as they are given. */
export function handMadeRun(own: HandMade = {}, files: Partial<RunFolder> = {}): RunFolder {
  const report = handMadeReport(own);
  const { precision, seed } = report.provenance;
  return { name: `cells/${precision}-seed${seed}`, report: JSON.stringify(report), ...files };
}

/** Label 0 answered twice right and once taken for 1; label 1 answered right. */
export const predictionsFile = 'sample,label,prediction\n0,0,0\n1,0,1\n2,1,1\n3,0,0\n';

/** Weights of 16 inputs to 2 neurons: +127 from the first input to the first neuron, -127 to the second, else 0. */
export const weightsFile = () =>
  writeNpz({
    'in.weight': { shape: [16, 2], data: Int8Array.from({ length: 32 }, (_, at) => [127, -127][at] ?? 0) },
    'in.weight.scale': { shape: [], data: Float64Array.of(1 / 128) },
  });

/** Two samples of two steps: the input spikes 0 | 5, 15 | - | 1, hidden neuron 1 in the last step. */
export const recordingFile = () =>
  writeNpz({
    'input.spikes.indices': { shape: [4], data: Uint32Array.of(0, 5, 15, 1) },
    'input.spikes.offsets': { shape: [5], data: Uint32Array.of(0, 1, 3, 3, 4) },
    'hidden.spikes.indices': { shape: [1], data: Uint32Array.of(1) },
    'hidden.spikes.offsets': { shape: [5], data: Uint32Array.of(0, 0, 0, 0, 1) },
    label: { shape: [2], data: Uint16Array.of(0, 1) },
    prediction: { shape: [2], data: Uint16Array.of(0, 0) },
  });

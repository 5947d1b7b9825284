/** Every kind of file that is read, except images (test/image), with its reader. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, brotliDecompressSync, gzipSync } from 'node:zlib';
import { compileCore } from '../../src/compiler/index.ts';
import { readPng } from '../../src/data/formats/png.ts';
import {
  type NamedArrays,
  npzDataset,
  readIdx,
  readNpy,
  readNpz,
  readShd,
  shdDataset,
  writeIdx,
  writeNpy,
  writeNpz,
} from '../../src/data/index.ts';
import { loadDataset } from '../../src/data/node.ts';
import {
  findProgram,
  limitData,
  loadExperiment,
  parseSettings,
  resolveCell,
  runCell,
  runIdentity,
} from '../../src/experiment/index.ts';
import { readCheckpoint, readFinished, runInFolder, writeCheckpoint } from '../../src/experiment/node.ts';
import { bundledNames, findFile, unpack } from '../../src/fs/index.ts';
import { loadHwModel } from '../../src/hardware/index.ts';
import { importNir, inputSpikes, rulesOf, withReadings } from '../../src/import/index.ts';
import { conventions, itemCount, type NirGraph, NirNetwork, readNir } from '../../src/nir/index.ts';
import { createProgram, withWeights } from '../../src/program/index.ts';
import { makePage } from '../../src/report/html/page.ts';
import { readStudy } from '../../src/report/index.ts';
import { type Find, mostUnpackedTextBytes } from '../../src/text/index.ts';
import { formatTrace, readTrace } from '../../src/trace/index.ts';
import { recordedFormats } from '../chips/recorded-formats.ts';
import { smallProgram, smallRules } from '../compiler/small.ts';
import { edit, tiny } from '../hardware/tiny.ts';
import { battery, bytesOf } from '../nir/files.ts';
import { manyDesigns } from '../report/html/many-designs.ts';
import { programOf, roundCore } from '../support/core.ts';
import { goldenNames } from '../support/golden.ts';
import { hdf5File } from '../support/hdf5.ts';
import { pngFile } from '../support/png.ts';
import { smallTrace } from '../trace/golden/small-trace.ts';

/** A file that is whole, and what is done with it or with what is left of it. */
export interface Specimen {
  readonly kind: string;
  readonly isText: boolean;
  readonly bytes: Uint8Array;
  read(bytes: Uint8Array): unknown;
}

const utf8 = new TextEncoder();
const textOf = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

/** A finder that gives a damaged text for one file. */
function finding(file: string, text: string): Find {
  const find = (...[kind, reference, from]: Parameters<Find>) => {
    const found = findFile(kind, reference, from);
    return found.file === file ? { ...found, text } : found;
  };
  return Object.assign(find, findFile.bytes && { bytes: findFile.bytes });
}

/** All specimens; those that are made by runs are made in the folder. */
export async function specimens(folder: string): Promise<readonly Specimen[]> {
  return [...deployments(), ...data(folder), ...traces(), ...(await results(folder))];
}

/** YAML files and microcode: they are loaded, and compiled where they can be. */
function deployments(): Specimen[] {
  // Whole chips take many seconds to compileCore, damaged or not.
  const whole = new Set(['loihi-chip', 'sparse-16k', 'truenorth-chip']);
  const bundled = bundledNames('experiment').filter((name) => !whole.has(name));
  const references = [...bundled, './test/rtl/lif8-experiment.yaml'];
  return references.flatMap((reference) => {
    const source = findFile('experiment', reference, '');
    const { spec } = loadExperiment(source);
    const program = findProgram({ name: spec.program, from: source.file }, findFile);
    const hw = findFile('hw-model', spec.hw, source.file);
    // With what the experiment sets of the program and the core.
    const deploy = (find: Find) => resolveCell(loadExperiment(source), { seed: 1 }, find);
    const part = (
      kind: string,
      { file, text }: { readonly file: string; readonly text: string },
    ): Specimen => ({
      kind,
      isText: true,
      bytes: utf8.encode(text),
      read: (bytes) => deploy(finding(file, textOf(bytes))),
    });
    const [main, ...rules] = program.sources;
    return [
      {
        kind: 'experiment',
        isText: true,
        bytes: utf8.encode(source.text),
        read: (bytes) =>
          resolveCell(loadExperiment({ ...source, text: textOf(bytes) }), { seed: 1 }, findFile),
      },
      ...(main === undefined ? [] : [part('program', main)]),
      ...rules.map((rule) => part('microcode', rule)),
      part('hw-model', hw),
    ];
  });
}

function data(folder: string): Specimen[] {
  const float = Float32Array.from({ length: 60 }, (_, index) => (index % 7) / 7);
  const labels = Uint8Array.from({ length: 20 }, (_, index) => index % 2);
  const npz = writeNpz({
    x: { shape: [20, 3], data: float },
    y: { shape: [20], data: labels },
    x_test: { shape: [20, 3], data: float },
    y_test: { shape: [20], data: Float64Array.from(labels), dtype: '<i8' },
  });
  const images = writeIdx({
    shape: [6, 2, 2],
    data: Uint8Array.from({ length: 24 }, (_, index) => index * 9),
  });
  const events = (deflate: boolean) => {
    const storage = { chunk: 2, deflate };
    return hdf5File({
      'spikes/times': {
        rows: [[0x3400, 0x3800], [0x3c00], [0x3400, 0x3400, 0x4000]],
        type: 'float16',
        storage,
      },
      'spikes/units': { rows: [[5, 699], [0], [1, 2, 3]], type: 'uint16', storage },
      labels: { values: [1, 0, 1], type: 'uint16', storage },
      'extra/keys': { strings: ['zero', 'one'] },
      'extra/speaker': { values: [0, 1, 2], type: 'uint16' },
    });
  };
  const csv =
    'words,bits,ports,readPj,writePj,leakUw,areaUm2,accessNs\n64,16,1rw,2,3,0.5,100,8\n256,32,1r1w,7,9,2,900,2.5\n512,8,2RW,1,1.5,1,400,3\n';
  const withMacros = edit(tiny, 'readPj: 3, writePj: 4, leakUw: 1, areaUm2: 700, ', 'macros: ./sram.csv, ');
  const readings =
    'format: plasticore/readings/1\nfrom: snntorch\nall: {dt: 0.001}\nnodes:\n  lif: {reset: zero, fires: reaches}\n';
  const lif = { type: 'LIF', parameters: new Map() } as const;
  const specimen = (kind: string, bytes: Uint8Array, read: Specimen['read'], isText = false): Specimen => ({
    kind,
    isText,
    bytes,
    read,
  });
  const onDisk = (name: string) => (bytes: Uint8Array) => {
    const path = join(folder, name);
    writeFileSync(path, bytes);
    return loadDataset(path);
  };
  return [
    specimen('npz', npz, (bytes) => npzDataset(bytes, 'a.npz')),
    specimen('npz file', npz, onDisk('a.npz')),
    specimen('npy', writeNpy({ shape: [4, 15], data: float }), (bytes) => readNpy(bytes, 'a.npy')),
    specimen('png', pngFile({ width: 2, type: 3, lines: [[0, 1]], palette: [9, 8, 7, 6, 5, 4] }), (bytes) =>
      readPng({ name: 'a.png', bytes }),
    ),
    specimen('csv', utf8.encode('label,a,b\n0,1,2\n"1",3,4\n0,5,6\n'), onDisk('a.csv')),
    specimen('idx', images, (bytes) => readIdx({ name: 'a', bytes }, 3)),
    specimen('idx.gz', gzipSync(images), (bytes) => readIdx({ name: 'a.gz', bytes }, 3)),
    specimen('hdf5', events(false), (bytes) => readShd({ name: 'a.h5', bytes })),
    specimen('hdf5 deflated', events(true), (bytes) => shdDataset('a', [{ name: 'a.h5', bytes }])),
    ...['net_conv_lif_sumpool', 'recurrent_two_populations', 'subgraph_two_levels'].map((name) =>
      specimen('nir', bytesOf(battery, `${name}.nir`), async (bytes) => {
        const network = new NirNetwork(await readNir({ name: 'a.nir', bytes }), conventions.strict);
        const inputs = [...network.inputs].map(
          ([node, shape]) => [node, new Float64Array(2 * itemCount(shape)).fill(1)] as const,
        );
        network.run(new Map(inputs), 2);
        return imported(await readNir({ name: 'a.nir', bytes }));
      }),
    ),
    specimen('hdf5.gz', gzipSync(events(true)), onDisk('a.h5.gz')),
    ...namedArrays(folder).map(([bytes, read]) => specimen('named arrays', bytes, read)),
    specimen('weights', weightsFile(), (bytes) => {
      const program = withWeights(programOf(smallProgram, { 'rule.uc': smallRules }), {
        bytes,
        file: 'w.npz',
      });
      return compileCore(program, loadHwModel(roundCore, 'round.yaml', unknownFile), {
        precision: 'mp16-8',
        seed: 1,
      });
    }),
    specimen(
      'macros',
      utf8.encode(csv),
      (bytes) =>
        loadHwModel(withMacros, 'h.yaml', (name, from) =>
          name.endsWith('.csv') ? { text: textOf(bytes), file: name } : findFile('hw-model', name, from),
        ),
      true,
    ),
    specimen(
      'readings',
      utf8.encode(readings),
      (bytes) => rulesOf(withReadings({}, textOf(bytes), 'r.yaml'), { nodes: new Map([['lif', lif]]) }),
      true,
    ),
    specimen(
      'setting',
      utf8.encode('program.parameters.gain={value: 2, add: {1: 3}}'),
      (bytes) => parseSettings([textOf(bytes)]),
      true,
    ),
  ];
}

/** Files of arrays with names of their own, and their readers. */
function namedArrays(folder: string): (readonly [Uint8Array, Specimen['read']])[] {
  const spikes = Uint8Array.from({ length: 60 }, (_, index) => Number(index % 4 === 0));
  const labels = { shape: [5], data: Uint8Array.of(0, 1, 2, 0, 1) };
  const packed = writeNpz({
    x: { shape: [5, 3, 4], data: spikes },
    y: labels,
    t: { shape: [6], data: Float32Array.of(0.1, 0.2, 0.1, 0.3, 0.2, 0.4) },
    c: { shape: [6], data: Uint8Array.of(0, 3, 1, 2, 2, 9) },
    at: { shape: [6], data: Uint32Array.of(0, 2, 2, 3, 5, 6) },
  });
  const hdf5 = hdf5File({
    'a/x': { values: [...spikes], shape: [5, 3, 4], type: 'uint8' },
    'a/y': { values: [...labels.data], type: 'int64' },
    t: { rows: [[0.5], [], [0.25, 0.75], [1], [2]], type: 'float32' },
    c: { rows: [[7], [], [0, 1], [2], [3]], type: 'uint16' },
  });
  const read =
    (name: string, arrays: NamedArrays): Specimen['read'] =>
    (bytes) => {
      const path = join(folder, name);
      writeFileSync(path, bytes);
      return loadDataset(path, { arrays });
    };
  return [
    [packed, read('n.npz', { train: { spikes: 'x', labels: 'y' } })],
    [packed, read('n.npz', { test: { times: 't', units: 'c', offsets: 'at', labels: 'y' } })],
    [hdf5, read('n.h5', { test: { spikes: 'a/x', labels: 'a/y' } })],
    [hdf5, read('n.h5', { test: { features: 'a/x', labels: 'a/y' } })],
    [hdf5, read('n.h5', { test: { times: 't', units: 'c' } })],
  ];
}

/** A graph of NIR as a program. */
function imported(graph: NirGraph): unknown {
  const widths = { weightBits: 8, accumulatorBits: 16 };
  const { description, arrays } = importNir(
    { graph, rules: conventions.strict, input: inputSpikes, name: 'a', file: 'a.nir', steps: 4 },
    { widths },
  );
  const bytes = writeNpz(arrays);
  return createProgram(description, { arrays: (file) => ({ file, bytes }) });
}

/** Weights of the small program: shadow weights, and floats with their scale. */
function weightsFile(): Uint8Array {
  return writeNpz({
    'p.shadow': { shape: [6, 5], data: Int16Array.from({ length: 30 }, (_, index) => index * 300) },
    'loop.weight': { shape: [5, 5], data: new Float32Array(25).fill(0.25) },
    'loop.weight.scale': { shape: [], data: Float64Array.of(2 ** -7) },
    'in.trace': { shape: [6], data: Uint8Array.of(1, 2, 3, 4, 5, 6) },
  });
}

const unknownFile = (): never => {
  throw new Error('nothing is named');
};

function traces(): Specimen[] {
  const golden = 'test/golden/traces';
  const small = utf8.encode(formatTrace(smallTrace()));
  const recorded = Object.values(goldenNames)
    .flat()
    .map((name) => readFileSync(join(golden, `${name}.json.br`)));
  const packed = [brotliCompressSync(small), ...recorded];
  const plain = packed.map((bytes): Uint8Array => brotliDecompressSync(bytes));
  return [
    ...[small, ...plain].map((bytes) => ({
      kind: 'trace',
      isText: true,
      bytes,
      read: (damaged: Uint8Array) => readTrace(textOf(damaged), 't.json', recordedFormats),
    })),
    ...[
      ...packed.map((bytes) => ['t.json.br', bytes] as const),
      ...plain.map((bytes) => ['t.json.gz', gzipSync(bytes)] as const),
    ].map(([name, bytes]) => ({
      kind: `trace${name.slice(6)}`,
      isText: false,
      bytes,
      read: (damaged: Uint8Array) =>
        readTrace(textOf(unpack(name, damaged, mostUnpackedTextBytes)), name, recordedFormats),
    })),
  ];
}

/** What runs and sweeps leave. */
async function results(folder: string): Promise<Specimen[]> {
  const out = join(folder, 'run');
  const cell = resolveCell(
    loadExperiment(findFile('experiment', 'mnist-snn', '')),
    {
      limit: 20,
      epochs: 1,
      settings: parseSettings(['program.populations.hidden.size=16', 'program.steps=5']),
    },
    findFile,
  );
  const embedded = limitData(await loadDataset(undefined), 20);
  const load = async () => embedded;
  if (!existsSync(out)) await runInFolder(cell, { out, record: 'v:hidden,spikes:*', load });
  const identity = runIdentity(cell, embedded, undefined);
  const checkpoint = join(folder, 'checkpoint.msgpack');
  await runCell(cell, embedded, { onCheckpoint: (state) => writeCheckpoint(checkpoint, identity, state) });
  const bytesOf = (name: string) => readFileSync(join(out, name));
  const report = bytesOf('report.json').toString('utf8');
  const page = (changed: {
    readonly report?: string;
    readonly predictions?: string;
    readonly weights?: Uint8Array;
    readonly recording?: Uint8Array;
  }) =>
    makePage(
      {
        folders: [
          {
            name: 'run',
            report: changed.report ?? report,
            predictions: changed.predictions ?? bytesOf('predictions.csv').toString('utf8'),
            weights: () => changed.weights ?? bytesOf('weights.npz'),
            recording: () => changed.recording ?? bytesOf('record.npz'),
          },
        ],
      },
      () => '',
    );
  const failure = {
    schema: 'plasticore/failure/1',
    identity,
    code: 'run',
    message: 'a value is not a number',
    place: { file: 'a.uc', line: 3 },
  };
  const onDisk = (
    name: string,
    text: string | Uint8Array,
    read: (path: string, own: string) => unknown,
  ): Specimen => ({
    kind: name,
    isText: typeof text === 'string',
    bytes: typeof text === 'string' ? utf8.encode(text) : text,
    read: (bytes) => {
      const own = join(folder, `of ${name}`);
      mkdirSync(own, { recursive: true });
      const path = join(own, name);
      writeFileSync(path, bytes);
      return read(path, own);
    },
  });
  return [
    {
      kind: 'report.json',
      isText: true,
      bytes: utf8.encode(report),
      read: (bytes) => page({ report: textOf(bytes) }),
    },
    {
      kind: 'study.json',
      bytes: Buffer.from(JSON.stringify(manyDesigns(10))),
      read: (bytes) => makePage({ folders: [], study: readStudy(textOf(bytes)) }, () => ''),
      isText: true,
    },
    {
      kind: 'predictions.csv',
      isText: true,
      bytes: bytesOf('predictions.csv'),
      read: (bytes) => page({ predictions: textOf(bytes) }),
    },
    {
      kind: 'weights.npz',
      isText: false,
      bytes: bytesOf('weights.npz'),
      read: (bytes) => page({ weights: bytes }),
    },
    {
      kind: 'record.npz',
      isText: false,
      bytes: bytesOf('record.npz'),
      read: (bytes) => page({ recording: bytes }),
    },
    {
      kind: 'npz of a run',
      isText: false,
      bytes: bytesOf('weights.npz'),
      read: (bytes) => readNpz(bytes, 'w.npz'),
    },
    onDisk('checkpoint.msgpack', readFileSync(checkpoint), (path) =>
      readCheckpoint(path, identity, { cell, data: embedded }),
    ),
    onDisk('report.json', report, (_, own) => readFinished(own)),
    onDisk('failure.json', JSON.stringify(failure, null, 2), (_, own) => readFinished(own)),
  ];
}

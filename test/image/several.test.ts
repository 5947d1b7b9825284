import { describe, expect, it } from 'vitest';
import { runSample } from '../../src/engine/index.ts';
import { deploy, parseSettings } from '../../src/experiment/index.ts';
import { findFile } from '../../src/fs/index.ts';
import {
  type Image,
  learntImage,
  memoryFiles,
  type PlacedCore,
  readImage,
  writeImage,
} from '../../src/image/index.ts';
import { createMachine, type Machine } from '../../src/machine/index.ts';
import { failure } from '../hardware/tiny.ts';
import { spikeTrain } from '../support/core.ts';

const named = (name: string) => ({ name, from: '' });
const { image } = deploy(
  {
    program: named('mnist-snn'),
    hw: named('mesh'),
    precision: 'mp16-8',
    seed: 1,
    settings: parseSettings(['program.placement.cores=4']),
  },
  findFile,
);
const again = (of: Image): Image => readImage(writeImage(of), 'several.pcore');
const spikes = spikeTrain(
  ...Array.from({ length: 8 }, (_, step) => [...Array(784).keys()].filter((n) => (n + step) % 7 === 0)),
);

function learn(machine: Machine): Machine {
  runSample(machine, spikes, { label: 3, learn: true });
  return machine;
}

describe('the image of a program on several cores', () => {
  it('is a file, and runs as before', () => {
    const read = again(image);
    expect(read).toEqual(image);
    expect(read.cores.length).toBeGreaterThan(1);
    const [found, expected] = [learn(createMachine(read)), learn(createMachine(image))];
    expect(found.save()).toEqual(expected.save());
    expect(found.counters()).toEqual(expected.counters());
  });

  it('starts with what it has learnt, on every core', () => {
    const taught = learn(createMachine(image));
    const learnt = again(learntImage(image, (field) => taught.read(field), 1));
    const weights = (of: Machine) =>
      image.fields.flatMap(({ name }, field) =>
        /\.(weight|shadow)$/.test(name) ? [[name, of.read(field)]] : [],
      );
    expect(weights(createMachine(learnt))).toEqual(weights(taught));
    expect(weights(createMachine(image))).not.toEqual(weights(taught));
    expect(learnt.provenance.learnt).toEqual({ samples: 1 });
  });

  it('has the memory files of each core in a folder', () => {
    const names = memoryFiles(image).map(({ name }) => name);
    const folders = [...new Set(names.map((name) => name.split('/')[0]))];
    expect(folders).toEqual(image.cores.map(({ number }) => `core${number}`));
    for (const folder of folders) expect(names).toContain(`${folder}/map.json`);
  });

  it.each<[string, (of: Image) => object, string]>([
    ['a core beyond the chip', (of) => renumbered(of, 4000), 'cores.'],
    ['two cores of one number', (of) => renumbered(of, 0), 'cores.1.number: expected ascending numbers'],
    [
      'a list that names another core',
      (of) => ({ lists: { ...of.lists, sample: [{ does: 'run', on: [onCore(999)], emits: undefined }] } }),
      'lists.sample.0.on.0.core: there is no core 999',
    ],
    [
      'a placement on a core that does not hold the neurons',
      ({ placement }) => ({
        placement: { ...placement, output: [{ first: 0, size: 10, core: 31 }] },
      }),
      'placement.output.0.core: core 31 does not hold these neurons',
    ],
    [
      'neurons on no core',
      ({ placement }) => ({ placement: { ...placement, output: [] } }),
      'placement.output: expected 10 neurons, found 0',
    ],
    [
      'cells that fail on one core alone',
      ({ cores, banks }) => ({
        cores: cores.map((core, index) => (index === 1 ? withFaults(core, banks.length) : core)),
      }),
      'cores.1.image.faults: expected those of all cores',
    ],
    [
      'packets that are lost where there is no network',
      () => ({ chip: undefined, lostPackets: { seed: 1, rate: 0.1 } }),
      'lostPackets: without a chip, there is no network',
    ],
    ['a rate above 1', () => ({ lostPackets: { seed: 1, rate: 1.5 } }), 'lostPackets.rate'],
  ])('is refused with the place: %s', (_, change, message) => {
    const error = failure(() => again({ ...image, ...change(image) }));
    expect(error.code).toBe('image');
    expect(error.message).toContain(message);
  });
});

const withFaults = (core: PlacedCore, banks: number): PlacedCore => ({
  ...core,
  image: {
    ...core.image,
    faults: { seed: 1, errors: 'stuck', prefers: 'either', rates: Array.from({ length: banks }, () => 0) },
  },
});

const onCore = (core: number) => ({ core, event: 0, first: 0, size: 1 });

const renumbered = ({ cores }: Image, number: number) => ({
  cores: cores.map((core, index) => (index === 1 ? { ...core, number } : core)),
});

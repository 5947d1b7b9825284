import { describe, expect, test } from 'vitest';
import { defaultCueAccumulation } from '../../../src/data/index.ts';
import { experimentJsonSchema, loadExperiment, parseSettings } from '../../../src/experiment/index.ts';
import { expectError } from '../../support/errors.ts';

const text = `format: plasticore/experiment/1
name: tiny
program: net
hw: chip
precisions: [mp8-4, mp16-8, fp32]
seeds: [1, 2]
encoder: phase
epochs: 2
parameters: {gain: 1}
precisionParameters:
  mp8-4: {gain: 2}
default: {precision: mp16-8, seed: 2}
`;
const load = (from = '', to = '') => loadExperiment({ text: text.replace(from, to), file: 'e.yaml' });

describe('an experiment', () => {
  test('is a mapping', () => {
    const of = (yaml: string) => () => loadExperiment({ text: yaml, file: 'e.yaml' });
    expectError(of(''), 'invalid-value', 'e.yaml: expected a mapping, found nothing');
    expectError(of('- name: x\n'), 'invalid-value', 'e.yaml:1:1: expected a mapping, found a list of 1');
    expectError(of('tiny\n'), 'invalid-value', "e.yaml:1:1: expected a mapping, found 'tiny'");
    const settings = parseSettings(['experiment.epochs=2']).experiment;
    const set = () => loadExperiment({ text: '', file: 'e.yaml' }, settings);
    expectError(set, 'invalid-value', 'e.yaml: expected a mapping, found nothing');
  });

  test('is read, with defaults for what is left out', () => {
    const { spec } = loadExperiment({ text: text.replace('encoder: phase\n', ''), file: 'e.yaml' });
    expect(spec).toMatchObject({ epochs: 2, encoder: 'bernoulli', set: {}, description: '' });
    expect(spec).toMatchObject({ validation: 1 / 6, sweep: {} });
    expect(spec.data).toBeUndefined();
    expect(spec.precisionParameters).toEqual({ 'mp8-4': { gain: 2 } });
  });

  test('runs its first precision and its first seed unless it says otherwise', () => {
    const cell = 'default: {precision: mp16-8, seed: 2}\n';
    expect(load(cell).spec.default).toEqual({ precision: 'mp8-4', seed: 1 });
    expect(load('precision: mp16-8, ').spec.default).toEqual({ precision: 'mp8-4', seed: 2 });
    expect(load(', seed: 2').spec.default).toEqual({ precision: 'mp16-8', seed: 1 });
  });

  test('bins of events have defaults; their name alone takes them all', () => {
    const encoderOf = (yaml: string, ...set: readonly string[]) =>
      loadExperiment(
        { text: text.replace('phase', yaml), file: 'e.yaml' },
        parseSettings(set.map((setting) => `experiment.encoder.${setting}`)).experiment,
      ).spec.encoder;
    const plain = { bins: { ms: 10 }, groupChannels: 1, jitterChannels: 0, stopAfterLastSpike: true };
    expect(encoderOf('bins')).toEqual(plain);
    expect(encoderOf('{bins: {}}')).toEqual(plain);
    expect(encoderOf('{bins: {ms: 2.5}, jitterChannels: 4}')).toEqual({
      ...plain,
      bins: { ms: 2.5 },
      jitterChannels: 4,
    });
    expect(encoderOf('{bins: {ms: 5}}', 'jitterChannels=3', 'bins.ms=20')).toEqual({
      ...plain,
      bins: { ms: 20 },
      jitterChannels: 3,
    });
    expect(encoderOf('{channels: {first: 200, last: 699}, counts: true, bins: {ms: 5}}')).toEqual({
      ...plain,
      bins: { ms: 5 },
      channels: { first: 200, last: 699 },
      counts: true,
    });
    const augment = {
      stretchTime: 0.1,
      scaleChannels: { by: 0.05, centre: 550 },
      shiftChannels: 6,
      equalise: { doublings: 0.3, knots: 7 },
    };
    expect(encoderOf(`{augment: ${JSON.stringify(augment)}, bins: {}}`, 'augment.equalise.knots=5')).toEqual({
      ...plain,
      augment: { ...augment, equalise: { doublings: 0.3, knots: 5 } },
    });
    expectError(() => encoderOf('{bins: {}}', 'jiter=3'), 'unknown-key', "set 'experiment.encoder.jiter'");
  });

  test.each([
    ['data: x.npz\ntask: {cueAccumulation: {}}', "'data' and 'task' exclude each other"],
    [
      'task: {cueAccumulation: {}}\nsplit: {holdOut: {speakers: file}}',
      "'task' and 'split' exclude each other",
    ],
    ['odin: {}\nreckon: {targetFrom: 3}', "'odin' and 'reckon' exclude each other"],
  ])('refuses %s', (keys, message) => {
    expectError(() => load('epochs', `${keys}\nepochs`), 'invalid-value', 'e.yaml:9:', message);
  });

  test('a task has defaults, and says what is no part of it', () => {
    const taskOf = (yaml: string) => load('epochs', `task: {cueAccumulation: ${yaml}}\nepochs`).spec.task;
    expect(taskOf('{}')).toEqual({ cueAccumulation: defaultCueAccumulation });
    expect(taskOf('{cues: 3, minorityShare: 0}')).toEqual({
      cueAccumulation: { ...defaultCueAccumulation, cues: 3, minorityShare: 0 },
    });
    expectError(() => taskOf('{cue: 3}'), 'unknown-key', "did you mean 'cues'?");
    expectError(
      () => taskOf('{minorityShare: 0.6}'),
      'invalid-value',
      'a share of the cues (0 to 0.5), found 0.6',
    );
    expectError(() => taskOf('{delayMs: 900000}'), 'invalid-value', 'at most 600000 ms, found 901200');
    expectError(() => taskOf('{cueHz: 2000}'), 'invalid-value', '(0 to 1000 Hz), found 2000');
  });

  test('what is held out for validation is a share, speakers, or recordings by their numbers', () => {
    const validationOf = (yaml: string) => load('epochs', `validation: ${yaml}\nepochs`).spec.validation;
    expect(validationOf('{fraction: 0.1}')).toBe(0.1);
    expect(validationOf('{speakers: [0, 3]}')).toEqual({ speakers: [0, 3] });
    expect(validationOf('{recordings: {multiplesOf: 6}}')).toEqual({ recordings: { multiplesOf: 6 } });
    expectError(
      () => validationOf('{fraction: 0.1, speakers: [0]}'),
      'invalid-value',
      'e.yaml:8:',
      'validation: expected one of fraction, speakers and recordings, found fraction and speakers',
    );
    expectError(() => validationOf('{}'), 'invalid-value', 'fraction, speakers and recordings, found none');
    expectError(() => validationOf('{speakers: []}'), 'invalid-value', 'expected at least one speaker');
    expectError(() => validationOf('{speakers: 0}'), 'invalid-value', 'such as [0], found 0');
    expectError(
      () => validationOf('{recordings: {multiplesOf: 1}}'),
      'invalid-value',
      'validation.recordings.multiplesOf: expected a number (a whole number, 2 to 4294967295), found 1',
    );
  });

  test('a split holds speakers out: those it lists, or those that the data list', () => {
    const splitOf = (speakers: string) =>
      load('epochs', `split: {holdOut: {speakers: ${speakers}}}\nepochs`).spec.split?.holdOut;
    expect(splitOf('[4, 5]')).toEqual({ speakers: [4, 5] });
    expect(splitOf('file')).toEqual({ speakers: 'file' });
    expect(load().spec.split).toBeUndefined();
  });

  test('a split holds out parts: recordings, of all speakers or of some', () => {
    const splitOf = (holdOut: string) =>
      load('epochs', `speakers: {known: [0, 1], new: [2]}\nsplit: {holdOut: ${holdOut}}\nepochs`).spec.split
        ?.holdOut;
    expect(splitOf('{recordings: {last: 4}}')).toEqual({ recordings: { first: 0, last: 4 } });
    expect(splitOf('[{speakers: new, recordings: {first: 5, last: 9}}, {speakers: file}]')).toEqual([
      { speakers: [2], recordings: { first: 5, last: 9 } },
      { speakers: 'file' },
    ]);
    for (const [holdOut, message] of [
      ['{}', 'split.holdOut: expected speakers, recordings or samplesPerClass'],
      ['[]', 'split.holdOut: expected at least one part'],
      ['4', 'split.holdOut: expected a part such as {speakers: [4, 5]}, or a list of parts, found 4'],
      ['{recordings: {first: 4, last: 3}}', 'recordings.last: expected a recording from 4 on, found 3'],
      ['{speakers: old}', "the experiment has no group of speakers 'old'"],
      [
        '[{speakers: 4}]',
        "such as [4, 5], a group of 'speakers', or file for those that the data list, found 4",
      ],
    ] as const)
      expectError(() => splitOf(holdOut), 'invalid-value', message);
    expectError(
      () => load('epochs', 'speakers: {file: [1]}\nepochs'),
      'invalid-value',
      "'file' stands for the speakers that the data list, and is no name of a group",
    );
  });

  test('a group of speakers stands for its numbers in a life', () => {
    const life = 'speakers: {known: [0, 1]}\nlife: [{speakers: known}, {speakers: [2]}, {}]\nepochs';
    expect(load('epochs', life).spec.life?.map(({ speakers }) => speakers)).toEqual([[0, 1], [2], undefined]);
  });

  test.each([
    ['encoder: phase', 'encoder: phas', "unknown encoder 'phas'; did you mean 'phase'?"],
    ['encoder: phase', 'encoder: population', "encoder 'population' has options: expected {population: ...}"],
    ['  mp8-4: {gain', '  mp8-8: {gain', "e.yaml:11:10: 'mp8-8' is not one of the experiment's precisions"],
    ['seed: 2}', 'seed: 3}', "e.yaml:12:36: '3' is not one of the experiment's seeds"],
    ['precision: mp16-8', 'precision: mp16-4', "did you mean 'mp16-8'?"],
    ['[mp8-4,', '[mp8,', "'mp8' is not a precision"],
    ['[1, 2]', '[1, 2, 1]', "e.yaml:6:15: '1' is listed twice"],
    ['[1, 2]', '[-1]', 'expected a seed of 32 bits'],
    ['epochs: 2', 'epochs: two', "found 'two'"],
    ['name: tiny\n', '', 'name: missing: expected a name'],
    ['experiment/1', 'experiment/7', 'it needs plasticore 7.0 or later'],
    ['phase', '{bins: {ms: 0}}', 'e.yaml:7:22: encoder.bins.ms: expected a width above 0 ms'],
    [
      'phase',
      '{bins: {}, channels: {first: 9, last: 8}}',
      'e.yaml:7:48: encoder.channels.last: expected a channel from 9 on, which is the first, found 8',
    ],
    ['phase', '{bins: {}, channels: [2, 3]}', 'encoder.channels'],
    ['phase', '{bins: {}, counts: 15}', 'expected true or false, found 15'],
    ['phase', '{counts: true}', 'encoder.bins: expected bins, for spikes with their times, or delta'],
    ['phase', '{bins: {}, delta: {threshold: 4}}', 'encoder.delta: expected nothing beside it'],
    ['phase', '{population: {width: 8}, delta: {threshold: 4}}', 'encoder.delta: expected nothing beside it'],
    ['phase', '{population: {width: 8}, groupChannels: 2}', 'encoder.population: expected nothing beside it'],
    ['phase', '{delta: {threshold: 0}}', 'encoder.delta.threshold: expected a distance between features'],
    [
      'phase',
      '{bins: {}, augment: {stretchTime: 1}}',
      'augment.stretchTime: expected a share of the time (a number from 0 to below 1), found 1',
    ],
    ['phase', '{bins: {}, augment: {stretchTime: -0.1}}', 'from 0 to below 1), found -0.1'],
    [
      'phase',
      '{bins: {}, augment: {scaleChannels: {by: 0.1}}}',
      'augment.scaleChannels.centre: expected a channel',
    ],
    [
      'phase',
      '{bins: {}, augment: {shiftChannels: far}}',
      "expected a number of channels (a number from 0 to 65536), found 'far'",
    ],
    [
      'phase',
      '{bins: {}, augment: {equalise: {doublings: 9, knots: 7}}}',
      'expected a power of 2 (a number from 0 to 8), found 9',
    ],
    [
      'phase',
      '{bins: {}, augment: {equalise: {doublings: 1, knots: 1}}}',
      'expected a number of knots (a whole number, 2 to 64), found 1',
    ],
    [
      'phase',
      '{bins: {}, jitterChannels: 4, augment: {shiftChannels: 6}}',
      'encoder.augment.shiftChannels: expected no shift beside jitterChannels: 4',
    ],
    ['phase', '{bins: {}, groupChannels: 0}', 'expected a number of channels', 'found 0'],
    ['phase', '{bins: {}, jitterChannels: -1}', '(a whole number, 0 to 65536)', 'found -1'],
    ['phase', '{bins: {}, stopAfterLastSpike: 1}', 'expected true or false, found 1'],
    [
      'phase',
      '[bins]',
      'expected bernoulli, bernoulli255, constant, graded, phase, bins, steps or {bins: {ms: 10}',
      'found ["bins"]',
    ],
    ['epochs', 'split: {}\nepochs', 'split.holdOut'],
    [
      'epochs',
      'split: {holdOut: {speakers: all}}\nepochs',
      "the experiment has no group of speakers 'all'",
      'name them: speakers: {all: [4]}',
    ],
    ['epochs', 'split: {holdOut: {speakers: []}}\nepochs', 'split.holdOut.speakers'],
    ['epochs', 'split: {holdOut: {speakers: [x]}}\nepochs', 'the number of a speaker', "found 'x'"],
    ['epochs: 2', 'epochs: 2\nvalidation: {fraction: 1}', 'expected a share below 1, found 1'],
    ['epochs: 2', 'epochs: 2\nsweep: {hw.lanes: 8}', 'expected a list of values, found 8'],
    ['epochs: 2', 'epochs: 2\nsweep: {hw.lanes: []}', 'expected at least one value'],
    ['{gain: 1}', '{gain: [1]}', 'expected a number, a formula'],
  ] as const)('with %j replaced by %j is refused', (from, to, ...parts) => {
    expectError(() => load(from, to), 'invalid-value', ...parts);
  });

  test.each([
    ['encoder: phase', 'encodr: phase', "e.yaml:7:1: unknown key 'encodr'; did you mean 'encoder'?"],
    ['phase', '{bins: {ms: 10}, jiterChannels: 4}', "7:27: unknown key 'jiterChannels'; did you"],
    ['phase', '{bins: {}, augment: {shift: 6}}', "unknown key 'shift'"],
    ['epochs: 2', 'epochs: 2\nvalidation: {share: 0.5}', "unknown key 'share'"],
  ])('with %j replaced by %j has an unknown key', (from, to, message) => {
    expectError(() => load(from, to), 'unknown-key', message);
  });

  test('its JSON Schema has the keys of the format', () => {
    const schema = experimentJsonSchema() as {
      properties: object;
      required: string[];
      additionalProperties: unknown;
    };
    expect(schema.additionalProperties).toBe(false);
    expect(Object.keys(schema.properties)).toContain('precisionParameters');
    expect([...schema.required].sort()).toEqual(
      ['epochs', 'format', 'hw', 'name', 'precisions', 'program', 'seeds'].sort(),
    );
  });
});

import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { loadExperiment, parseSettings } from '../../src/experiment/index.ts';
import { parseVary, type SweepChoice } from '../../src/explore/index.ts';
import { cellName } from '../../src/explore/space/index.ts';
import { findFile } from '../../src/fs/index.ts';
import { expectError } from '../support/errors.ts';
import { type SweptDesign, sweptDesigns } from '../support/sweep.ts';

const source = findFile('experiment', 'mnist-snn', '');

function designsOf(choice: SweepChoice & { readonly sweep?: string } = {}): readonly SweptDesign[] {
  const { sweep = '', ...rest } = choice;
  const experiment = loadExperiment({ ...source, text: `${source.text}\n${sweep}` });
  return sweptDesigns(experiment, { precisions: ['mp16-8'], ...rest });
}

const digestOf = (value: unknown) =>
  createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 6);

const vary = (...options: readonly string[]) => ({ vary: parseVary(options) });

describe('the designs of a sweep', () => {
  test('are precisions with every value of each axis, the last axis fastest', () => {
    const sweep = 'sweep: {program.parameters.gain: [0, 2], hw.lanes: [8, 32]}';
    const designs = designsOf({ sweep, precisions: ['mp16-8', 'fp32'] });
    expect(designs.map(({ name }) => name)).toEqual([
      'mp16-8_gain=0_lanes=8',
      'mp16-8_gain=0_lanes=32',
      'mp16-8_gain=2_lanes=8',
      'mp16-8_gain=2_lanes=32',
      'fp32_gain=0_lanes=8',
      'fp32_gain=0_lanes=32',
      'fp32_gain=2_lanes=8',
      'fp32_gain=2_lanes=32',
    ]);
    expect(designs[2]?.values).toEqual({ 'program.parameters.gain': 2, 'hw.lanes': 8 });
    expect([3, 4].map((seed) => cellName(designs[2]?.name ?? '', seed))).toEqual([
      'mp16-8_gain=2_lanes=8_seed=3',
      'mp16-8_gain=2_lanes=8_seed=4',
    ]);
  });

  test('compile with their values, which go before those of the experiment and of its precision', () => {
    const [few] = designsOf({ precisions: ['mp16-4'], ...vary('program.parameters.gain=1', 'hw.lanes=8') });
    const cell = few?.compile(5);
    expect(cell).toMatchObject({ image: { seed: 5, core: { precision: 'mp16-4', lanes: 8 } } });
    // The experiment says 2 at mp16-4.
    expect(cell?.settings.filter((setting) => setting.startsWith('program.parameters.gain'))).toEqual([
      'program.parameters.gain=1',
    ]);
  });

  test('vary keys of the experiment, too', () => {
    const designs = designsOf(vary('experiment.epochs=1,2', 'experiment.encoder=bernoulli,phase'));
    const cells = designs.map((design) => design.compile(1));
    expect(cells.map(({ epochs, encoder }) => [epochs, encoder])).toEqual([
      [1, designsOf()[0]?.compile(1).encoder],
      [1, designsOf({ ...vary('experiment.encoder=phase') })[0]?.compile(1).encoder],
      [2, cells[0]?.encoder],
      [2, cells[1]?.encoder],
    ]);
    expect(cells[0]?.encoder).not.toEqual(cells[1]?.encoder);
  });

  test.each([
    vary('hw=reference,large', 'program=mnist-snn'),
    { sweep: 'sweep: {hw: [reference, large], program: [mnist-snn]}' },
  ])('vary whole chips and programs', (axes) => {
    const designs = designsOf(axes);
    expect(designs.map(({ name }) => name)).toEqual([
      'mp16-8_hw=reference_program=mnist-snn',
      'mp16-8_hw=large_program=mnist-snn',
    ]);
    expect(designs.map((design) => design.compile(1).image.core.hwModel)).toEqual(['reference', 'large']);
  });

  test('leave speakers out in turn', () => {
    const sweep = 'validation: {speakers: [0]}';
    const designs = designsOf({
      sweep,
      validate: true,
      ...vary('experiment.validation.speakers=[0],[1, 2]'),
    });
    expect(designs.map((design) => design.compile(1).validation)).toEqual([
      { speakers: [0] },
      { speakers: [1, 2] },
    ]);
  });

  test('--vary replaces an axis of the experiment and adds others', () => {
    const sweep = 'sweep: {program.parameters.gain: [0, 2], hw.lanes: [8, 32]}';
    const names = designsOf({ sweep, ...vary('hw.lanes=4', 'program.steps=5,6') }).map(({ name }) => name);
    expect(names).toEqual([
      'mp16-8_gain=0_lanes=4_steps=5',
      'mp16-8_gain=0_lanes=4_steps=6',
      'mp16-8_gain=2_lanes=4_steps=5',
      'mp16-8_gain=2_lanes=4_steps=6',
    ]);
  });

  test('have names that are names of folders', () => {
    const names = (...options: readonly string[]) => designsOf(vary(...options)).map(({ name }) => name);
    // What is no plain word has the first digits of the SHA-256 of its JSON: printf '"../a.uc"' | sha256sum
    expect(names('program.parameters.hiddenRate={value: 6, add: {1: 1}},7')).toEqual([
      `mp16-8_hiddenRate=value-6-add-1-1-${digestOf({ value: 6, add: { 1: 1 } })}`,
      'mp16-8_hiddenRate=7',
    ]);
    expect(names('program.microcode.update=../a.uc,../b.uc')).toEqual([
      `mp16-8_update=a.uc-${digestOf('../a.uc')}`,
      `mp16-8_update=b.uc-${digestOf('../b.uc')}`,
    ]);
    // Words that differ in case alone, and a text that is shown as another value is.
    expect(names('program.readout=Output.v,output.V,true,"true"')).toEqual([
      `mp16-8_readout=Output.v-${digestOf('Output.v')}`,
      `mp16-8_readout=output.V-${digestOf('output.V')}`,
      'mp16-8_readout=true',
      `mp16-8_readout=true-${digestOf('true')}`,
    ]);
    expect(names('program.parameters.threshold=1.5,-2')).toEqual([
      'mp16-8_threshold=1.5',
      'mp16-8_threshold=-2',
    ]);
    // A name does not depend on the other values.
    expect(names('program.microcode.update=./c.uc,../b.uc')[1]).toBe(
      names('program.microcode.update=../b.uc')[0],
    );
    // As much of the path as tells axes apart.
    expect(names('program.populations.hidden.size=8', 'program.populations.input.size=9')).toEqual([
      'mp16-8_hidden.size=8_input.size=9',
    ]);
  });

  test.each([
    [['hw.lanes'], `vary 'hw.lanes': expected path=value,value,..., found 'hw.lanes'`],
    [['hw.lanes='], `vary 'hw.lanes': expected path=value,value,...`],
    [['hw.lanes=[1'], `vary 'hw.lanes': expected path=value,value,...`],
    [['hw.lanes=8,16,8'], `vary 'hw.lanes': '8' is listed twice`],
    [['hw.lanes=8', 'hw.lanes=16'], `vary 'hw.lanes': is varied twice`],
    [
      ['hardware.lanes=8'],
      "vary 'hardware.lanes': a path begins with program, hw, experiment, found 'hardware'",
    ],
    [['experiment.seeds=1'], "'experiment.seeds' cannot be varied"],
    [['experiment.validation.fraction=0.1'], "'experiment.validation.fraction' cannot be varied"],
    [['experiment.epochs=1,x'], `vary 'experiment.epochs': expected a number of epochs`],
  ] as const)('%j is refused', (options, message) => {
    let described = '';
    try {
      designsOf(vary(...options));
    } catch (error) {
      described = String((error as { describe?: () => string }).describe?.());
    }
    expect(described).toContain(message);
  });

  test('what is set or chosen for all cells cannot be varied as well', () => {
    const settings = parseSettings(['hw.lanes=8']);
    expectError(
      () => designsOf({ settings, ...vary('hw.lanes=8,16') }),
      'usage',
      "set 'hw.lanes': 'hw.lanes' is set, but 'hw.lanes' is varied",
    );
    expectError(
      () => designsOf({ settings: parseSettings(['hw.banks.weight.ports=1']), ...vary('hw.banks={}') }),
      'usage',
      "'hw.banks.weight.ports' is set, but 'hw.banks' is varied",
    );
    expectError(() => designsOf({ epochs: 3, ...vary('experiment.epochs=1,2') }), 'usage', "'epochs'");
    expectError(() => designsOf({ hw: 'reference', ...vary('experiment.hw=reference') }), 'usage', "'hw'");
  });
});

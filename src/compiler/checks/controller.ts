import { coreNumbers, type HwModel } from '../../hardware/index.ts';
import { type Program, refuse } from '../../program/index.ts';
import { PlasticoreError } from '../../text/index.ts';

/**
 * A core with its own controller runs only named events; a core without one runs samples and steps.
 *
 * @throws PlasticoreError `fit` if program and core do not match
 */
export function checkController({ spec, locate }: Program, hw: HwModel): void {
  const [name] = Object.keys(spec.events.on);
  const { sample, tick, spike, previousSpike } = spec.events;
  const triggered = [spike, previousSpike].flatMap((lists) => Object.values(lists));
  const runsOnSamples = [sample, tick, ...triggered].some((list) => list.length > 0);
  if (hw.controller !== undefined && (name === undefined || runsOnSamples)) {
    throw new PlasticoreError(
      'fit',
      `hw-model '${hw.name}' has its own controller, which triggers named events: '${spec.name}' runs on samples and steps`,
      {
        ...locate(['events']),
        hint: 'choose another hw-model, or write a program whose events are events.on and nothing else',
      },
    );
  }
  if (name === undefined || hw.controller !== undefined) return;
  throw new PlasticoreError(
    'fit',
    `hw-model '${hw.name}' has no controller that could trigger event '${name}'`,
    { ...locate(['events', 'on', name]), hint: 'use an hw-model with a controller, or events.spike' },
  );
}

/**
 * An array with contents for each core of a chip has them for as many as there are.
 *
 * @throws PlasticoreError `invalid-value`
 */
export function checkCoreArrays(program: Program, { name, chip }: HwModel): void {
  const cores = chip === undefined ? 1 : coreNumbers(chip.mesh).length;
  for (const array of program.arrays.values())
    if (array.cores !== undefined && array.cores !== cores)
      refuse(
        program,
        array.path,
        `'${array.name}' has contents for ${array.cores} cores; hw-model '${name}' has ${cores}`,
        'the first dimension of the array counts the cores; without it, all start alike',
      );
}

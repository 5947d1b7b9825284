import { join } from 'node:path';
import { writeTogether } from '../fs/index.ts';
import { synthesisedModel } from '../rtl/index.ts';
import {
  familyOf,
  partOf,
  type Synthesis,
  type SynthesisTarget,
  type UsedResource,
  versionOf,
} from '../rtl/node.ts';
import { PlasticoreError } from '../text/index.ts';
import { type CoreToSynthesise, synthesisedOf } from './rtl-synthesis.ts';

/**
 * Writes the hw-model of a core on an FPGA, with what it takes of the part and the clock at which it may run; for a
 * board, with what is around the core.
 *
 * @throws PlasticoreError `run` if the router does not say what there is of a resource
 */
export function synthesisedPart(
  folder: string,
  target: SynthesisTarget,
  core: CoreToSynthesise,
  { clockMhz, used }: Synthesis,
): string {
  const { router, block, large, multiplierBits } = familyOf(target);
  const tools = `${versionOf('yosys')} and ${versionOf(router)}`;
  const of = (what: UsedResource['is']): UsedResource => {
    const found = used.find(({ is }) => is === what);
    if (found === undefined)
      throw new PlasticoreError('run', `${router} does not say how many ${what} there are`);
    return found;
  };
  const kinds = { block, ...(large && { large }) };
  const blocks = Object.entries(kinds).map(([name, shape]) => ({
    name,
    shape,
    ...of(name as 'block' | 'large'),
  }));
  const part = partOf(target);
  const { program, core: shape } = core.image;
  const fpga = {
    part,
    luts: of('luts').available,
    multipliers: { count: of('multipliers').available, bits: multiplierBits },
    memories: Object.fromEntries(
      blocks.map(({ name, shape, available }) => [name, { count: available, ...shape }]),
    ),
    source: 'synthesis',
    core: {
      ...{ program, precision: shape.precision, lanes: shape.lanes },
      luts: of('luts').used,
      multipliers: of('multipliers').used,
      blocks: Object.fromEntries(blocks.map(({ name, used: own }) => [name, own])),
      source: 'synthesis',
    },
  };
  // Rounded down: the core does not run at more.
  const clock = Math.floor(10 * clockMhz) / 10;
  const file = `${core.hw.name}-${target}.yaml`;
  const text = synthesisedModel(synthesisedOf(core, tools), target, { clockMhz: clock, fpga });
  writeTogether(folder, [[file, text]]);
  return `${join(folder, file)}: an hw-model with what the core takes, and its clock`;
}

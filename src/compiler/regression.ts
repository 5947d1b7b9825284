import type { ProgramView } from '../image/index.ts';
import { programLimits, refuse } from '../program/index.ts';
import type { FieldDraft } from './fields/index.ts';
import type { CompileTarget } from './target.ts';

/**
 * How samples ask for a number; undefined where they ask for a class.
 *
 * @throws PlasticoreError where the core cannot hold the number, and where several items of the readout would answer
 */
export function imageRegressionOf(
  { program, hw, parameters }: CompileTarget,
  readout: FieldDraft | undefined,
): ProgramView['regression'] {
  const { regression } = program.spec;
  if (regression === undefined) return undefined;
  const path = ['regression'];
  const whole = (key: 'bits' | 'unit'): number =>
    parameters.whole(regression[key], 1, key, program.locate([...path, key]));
  const [bits, unit] = [whole('bits'), whole('unit')];
  if (readout === undefined || hw.controller !== undefined)
    return refuse(program, path, 'only a program of samples, with a readout, answers with a number');
  const most = Math.min(programLimits.labelBits, hw.datapathBits - 1);
  if (bits > most)
    refuse(
      program,
      [...path, 'bits'],
      `bits: on a datapath of ${hw.datapathBits}, a sample asks for a number of at most ${most}, found ${bits}`,
    );
  if (readout.count !== 1)
    refuse(
      program,
      ['readout'],
      `expected a readout of one item, which answers with a number; '${readout.name}' has ${readout.count}`,
    );
  return { bits, unit };
}

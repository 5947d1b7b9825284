import { refuse } from '../../program/index.ts';
import { PlasticoreError } from '../../text/index.ts';
import { offered } from '../precision.ts';
import type { CompileTarget } from '../target.ts';
import type { FieldDraft } from './draft.ts';

/**
 * The weights of a projection. If a rule writes them, there are two fields: `weight` is a view of `shadow`. The core
 * stores the view as a copy, or slices it on the read path. If the view drops no bits, or on float32, the shadow is the
 * only copy.
 *
 * @param firstIndex the index of the first of these fields
 */
export function weightFields(
  target: CompileTarget,
  owner: string,
  isPlastic: boolean,
  shape: { readonly rows: number; readonly rowLength: number },
  firstIndex: number,
): FieldDraft[] {
  const { program, hw, precision } = target;
  const place = program.locate(['projections', owner]);
  if (offered(hw).includes('own')) {
    throw new PlasticoreError(
      'invalid-value',
      `projection '${owner}': hw-model '${hw.name}' offers no widths for weights`,
      { ...place, hint: "write 'weights: none' and declare fields of its own" },
    );
  }
  const isFloat = hw.arithmetic === 'float32';
  const common = {
    ...shape,
    record: undefined,
    perWord: false,
    at: undefined,
    bank: undefined,
    place,
    kind: 'real' as const,
    storage: isFloat ? ('float32' as const) : ('integer' as const),
    signed: true,
    count: shape.rows * shape.rowLength,
  };
  const weight = {
    ...common,
    name: `${owner}.weight`,
    bits: isFloat ? 32 : precision.weightBits,
    overflow: 'saturate' as const,
    storedView: undefined,
    purpose: 'weight' as const,
  };
  const { cut } = program.spec.projections[owner] ?? {};
  if (cut !== undefined) return cutWeights(target, owner, isPlastic, weight);
  if (!isPlastic) return [{ ...weight, view: undefined, stored: true }];
  const droppedBits = precision.shadowBits - precision.weightBits;
  const isCopied = !isFloat && droppedBits > 0 && hw.inferenceWeights === 'stored';
  return [
    {
      ...common,
      name: `${owner}.shadow`,
      bits: isFloat ? 32 : precision.shadowBits,
      overflow: 'saturate-symmetric',
      view: undefined,
      storedView: isCopied ? firstIndex + 1 : undefined,
      stored: true,
      purpose: isFloat ? 'weight' : 'shadow',
    },
    { ...weight, view: { of: firstIndex, droppedBits }, stored: isCopied },
  ];
}

/** The weights of a projection whose inference weights kernels cut: both are stored, and neither is a view. */
function cutWeights(
  target: CompileTarget,
  owner: string,
  isPlastic: boolean,
  weight: Omit<FieldDraft, 'view' | 'stored'>,
): FieldDraft[] {
  const { program, hw, precision } = target;
  const path = ['projections', owner, 'cut'];
  if (hw.arithmetic === 'float32' || hw.inferenceWeights !== 'stored')
    refuse(
      program,
      path,
      `kernels cut the inference weights of '${owner}', and hw-model '${hw.name}' ${hw.arithmetic === 'float32' ? 'has floats, of which no bits are cut' : 'stores none: it slices them on the read path'}`,
      'inferenceWeights: stored, on a core of integers',
    );
  const extraBits = extraBitsOf(target, owner);
  const draft = { ...weight, bits: precision.weightBits + extraBits, view: undefined, stored: true };
  if (!isPlastic) return [draft];
  const bits = precision.shadowBits + extraBits;
  return [{ ...draft, name: `${owner}.shadow`, bits, purpose: 'shadow' }, draft];
}

/** Bits of both weights of a projection beyond those of the precision. */
export function extraBitsOf({ program, parameters, precision, hw }: CompileTarget, owner: string): number {
  const { cut } = program.spec.projections[owner] ?? {};
  if (cut === undefined) return 0;
  const path = ['projections', owner, 'cut', 'extraBits'];
  const extraBits = parameters.whole(cut.extraBits, 0, 'extraBits', program.locate(path));
  if (precision.shadowBits + extraBits > hw.datapathBits)
    refuse(
      program,
      path,
      `extraBits: the datapath of '${hw.name}' holds at most ${hw.datapathBits}, found ${precision.shadowBits} + ${extraBits}`,
    );
  return extraBits;
}

import type { HwModel } from '../../hardware/index.ts';
import { PlasticoreError } from '../../text/index.ts';
import type { FieldDraft } from './draft.ts';

/**
 * Marks the fields in banks whose cells fail.
 *
 * @throws PlasticoreError `fit` where such a field says where spikes go, or when
 */
export function withFaults(drafts: readonly FieldDraft[], hw: HwModel): FieldDraft[] {
  const { faults } = hw;
  if (faults === undefined) return [...drafts];
  return drafts.map((draft): FieldDraft => {
    const bank = draft.bank ?? hw.placement[draft.purpose];
    if (!draft.stored || faults.rate === 0 || !faults.banks.includes(bank)) return draft;
    if (draft.fixed === true || draft.use !== undefined)
      throw new PlasticoreError(
        'fit',
        `${draft.name} lies in bank '${bank}', whose cells fail: it says ${draft.use === undefined ? 'where spikes go' : 'when spikes arrive'}, which must hold`,
        { ...draft.place, hint: `leave '${bank}' out of faults.banks, or choose a program without it` },
      );
    return { ...draft, faulty: true };
  });
}

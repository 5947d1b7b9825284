import * as z from 'zod';
import { expected, key, strictObject } from '../text/index.ts';
import { type DataPart, dataParts } from './activity-schema.ts';
import { sourceName } from './schema-values.ts';

const aShare = expected('a share (a number, 0 to 1)');
const share = () => z.number({ error: aShare }).min(0, { error: aShare }).max(1, { error: aShare });
const shareAboveZero = expected('a share (a number above 0, at most 1)');
const dataShares: Readonly<Record<DataPart, string>> = {
  units: 'Of an operation of a unit.',
  registers: 'Of an access to a register.',
  wires: 'Of carrying a word between a bank and the lanes.',
  banks:
    'Of reading or writing a word. The rest is the clock of the bank, its decoder, and bit lines that are precharged.',
};
/** How the energies of a model depend on data. */
export const activity = strictObject({
  togglesPerBit: key(
    z.number({ error: shareAboveZero }).gt(0, { error: shareAboveZero }).max(1, { error: shareAboveZero }),
    'The share of the bits of a word, or of an operand, that differ from the one before, for which the energies of this model hold. If absent, 0.5: random data.',
    0.25,
  ).optional(),
  between: key(
    z.tuple([share(), share()], { error: expected('two shares, such as [0.125, 1]') }),
    'The bounds of the true share, where it is not measured. If absent, 0.125 and 1.',
    [0.125, 0.5],
  ).optional(),
  dataShare: key(
    strictObject(
      Object.fromEntries(
        dataParts.map((part) => [part, key(share(), dataShares[part], 0.1).optional()]),
      ) as Record<DataPart, z.ZodOptional<ReturnType<typeof share>>>,
    ),
    'The share of an energy that follows the toggles, at `togglesPerBit`; the rest does not depend on data. Shares that are absent are [assumed](activity.md).',
    { banks: 0.1 },
  ).optional(),
  source: sourceName,
});

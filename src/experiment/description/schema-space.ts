import * as z from 'zod';
import { objectiveNames } from '../../report/index.ts';
import { key, list, recordOf, strictObject, wanted } from '../../text/index.ts';

const formula = (what: string) => z.string({ error: wanted(`${what}, such as 'lanes * 8 <= wordBits'`) });

const values = list(z.unknown(), 'a list of values').min(1, { error: 'expected at least one value' });

const axis = z.union(
  [
    values,
    strictObject({
      path: key(
        z.string({ error: wanted('a path') }),
        'The value that it sets, as a key of `vary` spells it. If absent, it sets nothing by itself, and formulas know it.',
        'hw.lanes',
      ).optional(),
      values: key(values, 'Its values, in order; neighbours are one step apart.', [8, 16, 32]),
    }),
  ],
  { error: wanted('a list of values, or {path: ..., values: [...]}') },
);

const objective = z.enum(objectiveNames, { error: wanted(`${objectiveNames.join(', ')}`) });

/** The keys of a space of designs: a section of an experiment, or a file of its own. */
export const spaceShape = {
  axes: key(
    recordOf(z.string(), axis, { error: wanted('axes by name') }).refine(
      (axes) => Object.keys(axes).length > 0,
      { error: 'expected at least one axis' },
    ),
    'The choices: lists of values by path, or by a name for formulas with `path` and `values`. `precision` chooses among precisions.',
    {
      precision: ['mp8-4', 'mp16-8'],
      'hw.lanes': [8, 16],
      hidden: { path: 'program.populations.hidden.size', values: [64, 128] },
    },
  ),
  set: key(
    recordOf(z.string(), z.union([z.number(), formula('a formula')])).prefault({}),
    'Values that are derived from the choices: formulas by path. They know each axis with numbers by its name, and `weightBits` and `shadowBits` of the precision.',
    { 'hw.banks.weight.wordBits': 'lanes * weightBits' },
  ),
  conditions: key(
    z.array(formula('a condition')).default([]),
    'Formulas that a design has to meet to be a design at all.',
    ['lanes * weightBits <= 512'],
  ),
  constraints: key(
    z.array(formula('a constraint')).default([]),
    'Formulas that the figures of a design have to meet to be on the front: `accuracy` (0 to 1), `energyPj`, `energyNj`, `energyUj` and `latencyNs`, `latencyUs`, `latencyMs` of an inference, the same for `training`: `trainingEnergyPj` and so on, `areaUm2`, `areaMm2`, `bits`, `inferenceBits`, and `powerMw` or `powerUw`: the energy of an inference, static and dynamic, over its latency.',
    ['areaMm2 <= 1', 'latencyMs <= 0.5'],
  ),
  objectives: key(
    list(objective, 'a list of objectives')
      .min(1, { error: 'expected at least one objective' })
      .default(['accuracy', 'energy', 'area']),
    'The figures to optimise: `accuracy` is maximised, all others are minimised. `energy`, `latency` and `power` are those of an inference, `bits` all memory that learning needs. Formulas are for `constraints`.',
    ['accuracy', 'energy', 'area'],
  ),
};

export const spaceSection = strictObject(spaceShape);
export type SpaceSpec = z.infer<typeof spaceSection>;

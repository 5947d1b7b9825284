import { type Conventions, conventions, type Framework, type NirGraph } from '../nir/index.ts';
import { option, PlasticoreError } from '../text/index.ts';
import type { Decision } from './record.ts';

/** Kinds of reset, by their names on a command line. */
export const resetNames = ['zero', 'subtract', 'value', 'zero-late', 'subtract-late'] as const;
/** When a neuron fires, by its name on a command line. */
export const firesNames = ['above', 'reaches', 'each'] as const satisfies readonly Conventions['fires'][];
type ResetName = (typeof resetNames)[number];

/** Choices of the user where the file leaves them open. */
export interface GivenRules {
  readonly from?: Framework | undefined;
  readonly dt?: number | undefined;
  readonly reset?: ResetName | undefined;
  readonly fires?: Conventions['fires'] | undefined;
}

const words: Readonly<Record<Exclude<keyof Conventions, 'dt'>, string>> = {
  leak: 'how potentials leak',
  normalised: 'whether an exponential leak scales the input',
  current: 'how currents take their input',
  fires: 'when a neuron fires',
  reset: 'what a spike does to the potential',
  start: 'where potentials start',
};

/**
 * The conventions to use, each with its reason.
 *
 * @throws PlasticoreError `usage` for a reset to zero of neurons that reset to another value
 */
export function rulesOf(
  { from, dt, reset, fires }: GivenRules,
  graph: Pick<NirGraph, 'nodes'>,
): {
  readonly rules: Conventions;
  readonly decisions: readonly Decision[];
} {
  const own: Conventions = conventions[from ?? 'strict'];
  const rules: Conventions = {
    ...own,
    ...(dt !== undefined && { dt }),
    ...(reset !== undefined && { reset: resetOf(reset, own) }),
    ...(fires !== undefined && { fires }),
  };
  if (reset === 'zero' && rules.reset === 'value') refuseOtherReset(graph);
  const convention =
    from === undefined
      ? 'default: the equations of NIR at their word; the file does not say'
      : `convention of ${from}`;
  const given = new Map<string, string>([
    ...(reset === undefined ? [] : [['reset', 'given'] as const]),
    ...(fires === undefined ? [] : [['fires', 'given'] as const]),
  ]);
  const decisions: Decision[] = [
    { what: 'time step (dt)', value: rules.dt, why: dt === undefined ? convention : 'given' },
  ];
  for (const [key, what] of entries(words))
    decisions.push({
      what: `${what} (${key})`,
      value: rules[key],
      why: given.get(key) ?? convention,
    });
  return { rules, decisions };
}

/** A reset to zero that acts at once equals one to v_reset if that is zero, as in most files. */
function refuseOtherReset({ nodes }: Pick<NirGraph, 'nodes'>): void {
  for (const [name, { parameters }] of nodes) {
    const other = parameters.get('v_reset')?.values.find((value) => value !== 0);
    if (other === undefined) continue;
    throw new PlasticoreError(
      'usage',
      `${option('reset', 'zero')}: node '${name}' has a v_reset of ${other}`,
      {
        hint: `${option('reset', 'value')} resets to v_reset`,
      },
    );
  }
}

function entries<Key extends string>(record: Readonly<Record<Key, string>>): [Key, string][] {
  return Object.entries(record) as [Key, string][];
}

/** `zero` and `subtract` act when the framework's reset acts. */
function resetOf(name: ResetName, { reset }: Conventions): Conventions['reset'] {
  const isLate = reset.endsWith('late');
  if (name === 'zero') return isLate ? 'zero-late' : 'value';
  if (name === 'subtract') return isLate ? 'subtract-late' : 'subtract';
  return name;
}

import type { ImageOperand, Parameter } from '../../image/index.ts';
import { refuse } from '../../program/index.ts';
import { Faults, nearest, type Place, PlasticoreError, suggest } from '../../text/index.ts';
import type { KernelUse } from '../lists/index.ts';
import type { Target } from '../target.ts';

/** Values of a kernel's parameters by name, one per interval of the schedule. */
export type ParameterValues = ReadonlyMap<string, readonly number[]>;

/**
 * The values of the parameters in a kernel's text, `#rate`: those that `with` gives to this use of the kernel, else the
 * program's.
 *
 * @throws PlasticoreError for names that neither defines, and for values that are not 32-bit integers
 */
export function parameterValues(use: KernelUse, target: Target): ParameterValues {
  const faults = new Faults();
  const values = new Map<string, readonly number[]>();
  for (const { operands, place } of use.kernel.body) {
    for (const operand of operands)
      if (operand.is === 'parameter')
        faults.attempt(() => values.set(operand.name, valuesOf(operand.name, place, use, target)));
  }
  faults.throwIfAny();
  return values;
}

/**
 * Refuses a value of `with` that the kernel does not read: the name may be misspelled, or the kernel may have replaced
 * another one that read it.
 */
export function checkRead(
  { kernel, path, with: given }: KernelUse,
  values: ParameterValues,
  target: Target,
): void {
  const unread = Object.keys(given).find((name) => !values.has(name));
  if (unread === undefined) return;
  const near = nearest(unread, [...values.keys()]);
  const read = values.size === 0 ? 'none' : [...values.keys()].map((name) => `#${name}`).join(', ');
  refuse(
    target.program,
    [...path, 'with', unread],
    `kernel '${kernel.name}' does not read '#${unread}' (it reads ${read})`,
    near === undefined
      ? `leave '${unread}' out of 'with', or use #${unread} in the kernel, at ${kernel.place.file}:${kernel.place.line}`
      : `did you mean '${near}'?`,
  );
}

function valuesOf(name: string, place: Place, use: KernelUse, target: Target): readonly number[] {
  const { program, parameters } = target;
  const own = use.with[name];
  if (own === undefined && !parameters.names.includes(name)) {
    throw new PlasticoreError(
      'microcode',
      `parameter '#${name}' is not defined: neither by 'with' nor by program '${program.spec.name}'`,
      { ...place, hint: suggest(name, [...Object.keys(use.with), ...parameters.names]) },
    );
  }
  const where = own === undefined ? parameters.placeOf(name) : program.locate([...use.path, 'with', name]);
  const values = parameters.valuesOf(own ?? name, where);
  const wrong = values.find((value) => !Number.isInteger(value) || Math.abs(value) >= 2 ** 31);
  if (wrong === undefined) return values;
  throw new PlasticoreError(
    'invalid-value',
    `parameter '${name}' is ${wrong}; microcode takes whole numbers of 32 bits`,
    where,
  );
}

/** The parameters that change with the epoch, collected while kernels are bound. */
export class Schedule {
  readonly parameters: Parameter[] = [];

  /** The operand for a parameter with these values: a number if they are equal, else an entry of the schedule. */
  operand(name: string, values: readonly number[]): ImageOperand {
    const first = values[0] ?? 0;
    if (values.every((value) => value === first)) return { is: 'number', value: first };
    // Two uses of a kernel over one owner may give the same name different schedules.
    const known = this.parameters.findIndex(
      (parameter) => parameter.name === name && parameter.values.every((value, i) => value === values[i]),
    );
    if (known >= 0) return { is: 'parameter', parameter: known };
    this.parameters.push({ name, values });
    return { is: 'parameter', parameter: this.parameters.length - 1 };
  }
}

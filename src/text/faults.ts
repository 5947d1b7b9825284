import { append } from './ends.ts';
import { PlasticoreError } from './error.ts';

/**
 * Collects the faults of a check whose parts do not depend on each other, so that a person who wrote a text learns of
 * all of them at once.
 */
export class Faults {
  readonly #found: PlasticoreError[] = [];

  get isEmpty(): boolean {
    return this.#found.length === 0;
  }

  get count(): number {
    return this.#found.length;
  }

  add(fault: PlasticoreError): void {
    this.#found.push(fault);
    append(this.#found, fault.others);
  }

  /** Does a part of the check. @returns undefined if it has a fault, which is kept */
  attempt<T>(part: () => T): T | undefined {
    try {
      return part();
    } catch (error) {
      if (!(error instanceof PlasticoreError)) throw error;
      this.add(error);
      return undefined;
    }
  }

  /**
   * Ends the check.
   *
   * @throws PlasticoreError if faults were found: the first, with the others, in the order of the texts
   */
  throwIfAny(): void {
    const [first, ...others] = inTextOrder(withoutRepeats(this.#found)).map(alone);
    if (first === undefined) return;
    const { code, message, place } = first.parts;
    throw new PlasticoreError(code, message, place, others);
  }

  /**
   * Ends the check: the result that its parts made.
   *
   * @throws PlasticoreError as {@link throwIfAny} does
   */
  complete<T>(result: T | undefined): T {
    this.throwIfAny();
    if (result === undefined) throw new Error('a check without a fault and without a result');
    return result;
  }
}

/**
 * No fault twice, and one for each place in microcode: the others often follow from it, or repeat it for another use.
 */
function withoutRepeats(faults: readonly PlasticoreError[]): PlasticoreError[] {
  const kept = new Map<string, PlasticoreError>();
  for (const fault of faults) {
    const { code, file, line, column } = fault;
    const isLine = line !== undefined && (code === 'microcode' || code === 'range');
    const key = isLine ? `${file}:${line}:${column}` : alone(fault).describe();
    if (!kept.has(key)) kept.set(key, fault);
  }
  return [...kept.values()];
}

/** File by file as they occur, from the top of each to the bottom. */
function inTextOrder(faults: readonly PlasticoreError[]): PlasticoreError[] {
  const files = [...new Set(faults.map(({ file }) => file))];
  return [...faults].sort(
    (a, b) =>
      files.indexOf(a.file) - files.indexOf(b.file) ||
      (a.line ?? 0) - (b.line ?? 0) ||
      (a.column ?? 0) - (b.column ?? 0),
  );
}

function alone(fault: PlasticoreError): PlasticoreError {
  const { code, message, place } = fault.parts;
  return new PlasticoreError(code, message, place);
}

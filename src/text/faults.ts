import type * as z from 'zod';
import { append } from './ends.ts';
import { type Path, PlasticoreError } from './error.ts';

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

/**
 * The issues of a failed check, with the alternatives of a union resolved: if a value has the shape of one alternative,
 * the fault inside it says more than that none of them fits.
 */
export function flatIssues(issues: readonly z.core.$ZodIssue[]): z.core.$ZodIssue[] {
  return issues.flatMap((issue) => {
    if (issue.code !== 'invalid_union') return [issue];
    const inside = issue.errors
      .flat()
      .map((inner): z.core.$ZodIssue => ({ ...inner, path: [...issue.path, ...inner.path] }))
      .filter(({ code, path }) => code === 'unrecognized_keys' || path.length > issue.path.length);
    return inside.length === 0 ? [issue] : flatIssues(inside);
  });
}

/**
 * The issues of a failed check to report, one for each fault: of a union, the one that says most; a wrong format alone,
 * for the file is meant for something else. A mapping with an unknown key is reported for that alone: what it lacks is
 * probably that key, misspelled.
 *
 * @param value what was checked
 */
export function issuesToReport(issues: readonly z.core.$ZodIssue[], value: unknown): z.core.$ZodIssue[] {
  const foreign = issues.find((issue) => issue.code === 'custom' && issue.params?.foreign === true);
  if (foreign !== undefined) return [foreign];
  const deepest = issues.map((issue) => deepestIssue(flatIssues([issue])));
  const nameOf = (path: Path): string => JSON.stringify(path);
  const misspelled = new Set(
    deepest.filter(({ code }) => code === 'unrecognized_keys').map((issue) => nameOf(pathOf(issue))),
  );
  const bounded = new Set<string>();
  return deepest.filter((issue) => {
    if (issue.code === 'unrecognized_keys') return true;
    const path = pathOf(issue);
    // A number below one bound is below the next, too.
    if (issue.code === 'too_small' || issue.code === 'too_big') {
      if (bounded.has(nameOf(path))) return false;
      bounded.add(nameOf(path));
    }
    const isMissing = path.length > 0 && valueAt(value, path) === undefined;
    return !misspelled.has(nameOf(path)) && !(isMissing && misspelled.has(nameOf(path.slice(0, -1))));
  });
}

export function pathOf({ path }: z.core.$ZodIssue): (string | number)[] {
  return path.filter((part) => typeof part !== 'symbol');
}

/** The value at a path; undefined where there is none. */
export function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (part, key) =>
      typeof part === 'object' && part !== null && Object.hasOwn(part, key)
        ? Reflect.get(part, key)
        : undefined,
    value,
  );
}
/** Of the alternatives of a union: an unknown key, which says most; then the fault that lies deepest. */
function deepestIssue(issues: readonly z.core.$ZodIssue[]): z.core.$ZodIssue {
  const [first] = [...issues].sort((a, b) => weight(b) - weight(a));
  if (first === undefined) throw new Error('a failed check without an issue');
  return first;
}

function weight(issue: z.core.$ZodIssue): number {
  return (issue.code === 'unrecognized_keys' ? 1000 : 0) + issue.path.length;
}

import type * as z from 'zod';
import type { Path } from './error.ts';

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

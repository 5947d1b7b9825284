import type * as z from 'zod';

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

import type { z } from 'zod';

/**
 * What a check found, with the alternatives of a union taken apart: where a value has the form of one of them, what is
 * wrong inside says more than that none fits.
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

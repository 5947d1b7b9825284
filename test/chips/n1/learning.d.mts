/** The text of the kernels `learn0` to `learn3`: see learning.mjs. */
export function learningText(words: Readonly<Record<string, string>>, used: ReadonlySet<number>): string;

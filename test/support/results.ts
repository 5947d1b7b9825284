import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

/** Every file below a folder, by path: its bytes; for a report, without `timing`, the one part that may differ. */
export function resultsIn(folder: string): Record<string, string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  const entries = files.map(({ parentPath, name }) => {
    const path = join(parentPath, name);
    const bytes = readFileSync(path);
    if (name !== 'report.json') return [relative(folder, path), bytes.toString('latin1')] as const;
    const { timing, ...rest } = JSON.parse(bytes.toString('utf8')) as { readonly timing: unknown };
    if (timing === undefined) throw new Error(`${path} has no timing`);
    return [relative(folder, path), JSON.stringify(rest)] as const;
  });
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { root } from '../support/root.ts';

/** One import of a source file by another, both as paths from `src/`. */
export interface Import {
  readonly from: string;
  readonly to: string;
}

const src = resolve(root, 'src');

/** The source files, as paths from `src/`. */
export function sourceFiles(): string[] {
  return readdirSync(src, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.tsx?$/.test(file))
    .sort();
}

/** Every import between source files: `import`, `export … from` and `import()`, types included. */
export function sourceImports(): Import[] {
  return sourceFiles().flatMap((from) => {
    const text = readFileSync(join(src, from), 'utf8');
    const paths = text.matchAll(/(?:\bfrom|\bimport\(?)\s*'(\.{1,2}\/[^']+)'/g);
    return [...paths].map(([, path = '']) => ({
      from,
      to: relative(src, resolve(src, dirname(from), path)),
    }));
  });
}

/** The room of a file: the folder of `src/` that it is in, or its own name at the top. */
export function roomOf(file: string): string {
  return file.split('/')[0] ?? file;
}

/** A cycle of imports between files, the first file again at the end; undefined where there is none. */
export function findCycle(imports: readonly Import[]): string[] | undefined {
  const targets = new Map<string, string[]>();
  for (const { from, to } of imports) targets.set(from, [...(targets.get(from) ?? []), to]);
  const done = new Set<string>();
  const visit = (file: string, path: readonly string[]): string[] | undefined => {
    const at = path.indexOf(file);
    if (at >= 0) return [...path.slice(at), file];
    if (done.has(file)) return undefined;
    for (const target of targets.get(file) ?? []) {
      const cycle = visit(target, [...path, file]);
      if (cycle !== undefined) return cycle;
    }
    done.add(file);
    return undefined;
  };
  for (const file of targets.keys()) {
    const cycle = visit(file, []);
    if (cycle !== undefined) return cycle;
  }
  return undefined;
}

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { domains, roleMeanings } from '../../src/isa/index.ts';
import { root } from '../support/root.ts';
import { codeFiles, codeOf } from './code.ts';

/*
 * A name means one thing in the whole house: no two rooms export it. Public entries pass on what rooms export, and give
 * none of those names to anything else. A word of the glossary that is a type is one type alone.
 */
const doors = ['index.ts', 'node.ts', 'bundled.ts'];
const entries = ['index.ts', 'node.ts', 'internals.ts', 'chips/kit.ts'];

/** `plasticore/node` finds files by itself; the library's function of the same name is told how to find them. */
const bound = new Map([['node.ts', ['loadCore']]]);

const declared = /^export (?:async |abstract )?(?:const|class|function\*?|interface|type) (\w+)/gm;

/** The names that a file exports, each with the file and the name of its declaration. */
function exportsOf(file: string): Map<string, string> {
  const found = new Map<string, string>();
  const code = codeOf(join('src', file));
  const from = (path: string) => exportsOf(join(dirname(file), path));
  for (const [, path = ''] of code.matchAll(/^export \* from '(.+)';/gm))
    for (const [name, origin] of from(path)) found.set(name, origin);
  for (const [, list = '', path] of code.matchAll(/^export (?:type )?\{([^}]*)\}(?: from '(.+)')?;/gm)) {
    // What a package exports has its own name.
    const there = path?.startsWith('.') ? from(path) : undefined;
    for (const [, name = '', as = name] of list.matchAll(/(?:type )?(\w+)(?: as (\w+))?/g))
      found.set(as, there?.get(name) ?? `${file}: ${name}`);
  }
  for (const [, name = ''] of code.matchAll(declared)) found.set(name, `${file}: ${name}`);
  return found;
}

const rooms = readdirSync(join(root, 'src'), { withFileTypes: true }).flatMap((entry) =>
  entry.isDirectory() ? entry.name : [],
);
const ofRooms = rooms.flatMap((room) =>
  doors
    .map((door) => join(room, door))
    .filter((door) => existsSync(join(root, 'src', door)))
    .flatMap((door) => [...exportsOf(door)].map(([name, origin]) => ({ name, origin, room }))),
);

/**
 * Names that two files export: the function of `plasticore/node` calls the library's, and the fast engine and `rtl`
 * have the same steps, a plan of each kernel and a writer of modules, of which no file sees both.
 */
const sharedByFiles = new Set(['KernelPlan', 'loadCore', 'moduleText', 'planKernels']);

test('no name is exported by two rooms', () => {
  const roomOf = new Map(ofRooms.map(({ name, room }) => [name, room]));
  const shared = ofRooms.filter(({ name, room }) => roomOf.get(name) !== room);
  expect(shared.map(({ name, room }) => `${name}: ${room}, ${roomOf.get(name)}`)).toEqual([]);
});

test('no name is exported by two files, but for those listed', () => {
  const files = new Map<string, Set<string>>();
  for (const file of codeFiles('src'))
    for (const [, name = ''] of codeOf(file).matchAll(declared))
      files.set(name, (files.get(name) ?? new Set()).add(file));
  const shared = [...files].filter(([name, own]) => own.size > 1 && !sharedByFiles.has(name));
  expect(shared.map(([name, own]) => `${name}: ${[...own].join(', ')}`)).toEqual([]);
});

test.each(entries)('%s gives no name of a room a second meaning', (entry) => {
  const origins = new Map(ofRooms.map(({ name, origin }) => [name, origin]));
  const other = [...exportsOf(entry)].filter(([name, origin]) => (origins.get(name) ?? origin) !== origin);
  expect(other.map(([name]) => name)).toEqual(bound.get(entry) ?? []);
});

test('exports are found, by whatever they pass through', () => {
  const found = exportsOf('internals.ts');
  expect(found.get('Mesh')).toBe('hardware/mesh.ts: Mesh');
  expect(found.get('nirConventions')).toBe('nir/conventions.ts: conventions');
  expect(found.get('createMachine')).toBe('machine/create.ts: createMachine');
  expect(exportsOf('random/index.ts').get('crc32')).toBe('random/digest.ts: crc32');
  expect(ofRooms.length).toBeGreaterThan(500);
});

/** Terms of the glossary, each with its meaning and its types. */
const glossary = [
  ...readFileSync(join(root, 'docs/glossary.md'), 'utf8').matchAll(/^\| (.+) \| (.+) \|(?: (.+))? \|$/gm),
].map(([, term = '', meaning = '', types = '']) => ({ term, meaning, types: quoted(types) }));

function quoted(text: string): string[] {
  return [...text.matchAll(/`(\w+)`/g)].map(([, name = '']) => name);
}

test('a type of the glossary is declared once', () => {
  const files = new Map<string, string[]>();
  for (const file of codeFiles('src'))
    for (const [, name = ''] of codeOf(file).matchAll(declared))
      files.set(name, [...(files.get(name) ?? []), file]);
  const types = glossary.flatMap((row) => row.types);
  expect(types.length).toBeGreaterThan(30);
  expect(types.filter((type) => files.get(type)?.length !== 1)).toEqual([]);
});

test('the domains and the roles of the glossary are those of microcode', () => {
  const inRow = (term: string) => quoted(glossary.find((row) => row.term === term)?.meaning ?? '').sort();
  expect(inRow('domain')).toEqual(domains.map(({ name }) => name).sort());
  expect(inRow('role')).toEqual(Object.keys(roleMeanings).sort());
});

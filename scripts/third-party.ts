/** What a bundle takes in of other packages, and the licences that have to be passed on with it. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

interface Package {
  /** Name and version. */
  readonly title: string;
  readonly licences: readonly string[];
}

/** @param inputs paths of the files in a bundle */
export function packagesOf(inputs: readonly string[]): Package[] {
  const folders = inputs.flatMap((path) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? []);
  // One version may be installed at several places.
  const packages = new Map([...new Set(folders)].map(packageIn).map((each) => [each.title, each]));
  return [...packages.values()].sort((a, b) => (a.title < b.title ? -1 : 1));
}

function packageIn(folder: string): Package {
  const { name, version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
    readonly name: string;
    readonly version: string;
  };
  const further = join(folder, 'licenses');
  const files = [folder, ...(existsSync(further) ? [further] : [])].flatMap((each) =>
    readdirSync(each, { withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(each, entry.name)),
  );
  const own = files
    .filter((file) => /^(licen[cs]e|notice|copyright|copying)/i.test(basename(file)))
    .map((file) => readFileSync(file, 'utf8').trim());
  const licences = own.length > 0 ? own : inReadme(files);
  if (licences.length === 0) throw new Error(`${folder}: bundled without its licence`);
  return { title: `${name} ${version}`, licences };
}

/** Some packages have their licence at the end of their readme alone. */
function inReadme(files: readonly string[]): string[] {
  const [readme] = files.filter((file) => /^readme/i.test(basename(file)));
  const [, section] = readme === undefined ? [] : readFileSync(readme, 'utf8').split(/^#+ *licen[cs]e *$/im);
  return section === undefined || !/copyright/i.test(section) ? [] : [section.trim()];
}

/** The text to ship with a bundle. */
export function licenceText(packages: readonly Package[]): string {
  return packages
    .flatMap(({ title, licences }) => [`${title}\n${'='.repeat(title.length)}`, ...licences])
    .join('\n\n')
    .concat('\n');
}

/**
 * The message for a format version newer than the one that this release reads; undefined for any other. Format N came
 * with release N of the package's major line.
 *
 * @param found a name that ends in a number: `plasticore/program/2`, `image version 3`
 * @param read the one that this release reads
 */
export function newerFormat(found: string, read: string): string | undefined {
  const [, name, version] = /^(.*\D)(\d{1,9})$/.exec(found) ?? [];
  const [, known, latest] = /^(.*\D)(\d+)$/.exec(read) ?? [];
  if (name === undefined || name !== known || Number(version) <= Number(latest)) return undefined;
  return `'${found}' is newer than this release reads ('${read}'); it needs plasticore ${version}.0 or later`;
}

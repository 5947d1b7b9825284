/** What a run of a search calls its hw-model: it stands for all that share its counts. */
const sharedModel = 'shared';

/**
 * Whether a report is of a run that designs of a search share. Its prices mean nothing; those of the designs are in
 * `explore.json`. An hw-model may have the same name, but then the report has the hash of an image, of 64 digits.
 */
export function isSharedRun({
  provenance: { hwModel, imageSha256 },
}: {
  readonly provenance: { readonly hwModel: string; readonly imageSha256: string };
}): boolean {
  return hwModel === sharedModel && imageSha256.length < 64;
}

export const sharedRunMessage = 'is a run of a search: its prices mean nothing';

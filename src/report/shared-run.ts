/** What a run that designs share calls its hw-model. */
export const sharedModel = 'shared';

/** The digits of an image's SHA-256. */
const imageDigits = 64;

/**
 * Whether a report is of a run that designs of a search share. Its prices mean nothing; those of the designs are in
 * `study.json`. Instead of the hash of an image it has the shorter one of what the designs do alike.
 */
export function isSharedRun({
  provenance: { imageSha256 },
}: {
  readonly provenance: { readonly imageSha256: string };
}): boolean {
  return imageSha256.length < imageDigits;
}

export const sharedRunMessage = 'is a run of a search: its prices mean nothing';

import type { Field, Image } from '../../image/index.ts';

/** Where the fields of a program are, and which of them list the targets of projections. */
export type ProgramMemory = Pick<Image, 'layouts' | 'projections' | 'banks'> & {
  readonly fields: readonly Omit<Field, 'neededFor'>[];
};

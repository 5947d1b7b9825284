/** Short guided tours. Each page is a saved state of the playground with a text beside it. */
import { binding } from './binding.tsx';
import { bits } from './bits.tsx';
import { learning } from './learning.tsx';
import type { Lesson } from './lesson.ts';
import { lifetime } from './lifetime.tsx';
import { odin } from './odin.tsx';
import { rounding } from './rounding.tsx';

export const lessons: readonly Lesson[] = [rounding, bits, binding, learning, odin, lifetime];

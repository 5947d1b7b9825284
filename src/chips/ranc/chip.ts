import type { Chip } from '../api.ts';

/**
 * RANC: cores of axons and neurons with a crossbar, ticks, and a mesh of FIFO routers. No experiment runs on it yet.
 *
 * Source: J. Mack et al., IEEE TCAD 40(11), 2021.
 */
export const ranc: Chip = { name: 'ranc', golden: async () => [(await import('./replay.ts')).rancGolden] };
